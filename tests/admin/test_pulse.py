"""The operator's page of the desk's own state, and what machines read of it (G10, K14, M8)."""

from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import Client

import app
import scheduler
from core.desk.auditing import REASONS
from core.i18n import say
from core.pulse import Pulse
from tests.factories import Desk
from tests.panel import Panel, settings_for

TOKEN = "a token of sixteen and more"


@pytest.fixture
def machine(desk: Desk) -> Iterator[Client]:
    """What asks the doors without signing in."""
    made = app.parts(settings_for(desk, slack_bot_token="xoxb-1", metrics_token=TOKEN))
    yield Client(app.web(made))
    made.bot.close()
    made.database.close()


def gauges(machine: Client) -> dict[str, float]:
    """What Prometheus reads, by name and labels."""
    page = machine.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert page.status_code == 200
    return {
        ":".join(
            [sample.name, *(value for _, value in sorted(sample.labels.items()))]
        ): sample.value
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
    }


def late(desk: Desk) -> None:
    """A deadline is due, and nobody acts on it."""
    desk.open()
    desk.pass_time(hours=3)


def test_page_says_that_all_is_well_and_who_sweeps(panel: Panel) -> None:
    pulse = Pulse(panel.desk.db)
    pulse.take()
    page = panel.visitor("Olga").get("/pulse/").text
    assert "All that was due is done." in page
    assert pulse.key in page
    assert "none is set (REDRESS_HEARTBEAT_URL)" in page


def test_page_says_what_was_not_done_and_what_to_do(panel: Panel) -> None:
    late(panel.desk)
    page = panel.visitor("Olga").get("/pulse/").text
    assert "Deadlines that are due and were not acted on: 1." in page
    assert "See whether a scheduler sweeps, below" in page
    scheduler.tick(panel.desk.db)
    assert "No scheduler sweeps" in panel.visitor("Olga").get("/pulse/").text


def test_only_operators_see_it(panel: Panel) -> None:
    assert panel.visitor("Tom").get("/pulse/").status_code == 403


@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_each_reason_is_told_with_what_to_do(locale: str) -> None:
    for reason in REASONS:
        assert say(f"pulse.trouble.{reason}", locale, number=2)
        assert say(f"panel.pulse.fix.{reason}", locale)


def test_monitor_that_asks_is_told_in_one_word(desk: Desk, machine: Client) -> None:
    answer = machine.get("/pulse")
    assert (answer.status_code, answer.text) == (503, "no scheduler sweeps\n")
    Pulse(desk.db).take()
    answer = machine.get("/pulse")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    late(desk)
    answer = machine.get("/pulse")
    assert (answer.status_code, answer.text) == (503, "deadlines 1\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_prometheus_reads_lag_and_backlog(desk: Desk, machine: Client) -> None:
    Pulse(desk.db).take()
    late(desk)
    found = gauges(machine)
    assert found["redress_not_done:deadlines"] == 1
    assert found["redress_not_done:probe"] == 0
    assert found["redress_deadline_lag_seconds"] > 3_600
    assert found["redress_messages_waiting:post"] == 1  # the card
    assert found["redress_messages_waiting:market"] == 0
    assert found["redress_schedulers"] == 1
    assert found["redress_disputes_open:intake:dispute"] == 1
    assert found["redress_disputes_overdue:intake:dispute"] == 1
    assert found["redress_audit_age_seconds"] >= 0
    scheduler.tick(desk.db)
    assert gauges(machine)["redress_deadline_lag_seconds"] == 0


@pytest.mark.parametrize("bearer", ["", "Bearer wrong", f"Basic {TOKEN}", "Bearer \xff"])
def test_figures_are_for_whoever_brings_the_token(machine: Client, bearer: str) -> None:
    answer = machine.get("/metrics", headers={"Authorization": bearer})
    assert answer.status_code == 401
    assert "redress_" not in answer.text


def test_without_a_token_there_are_no_figures(desk: Desk) -> None:
    made = app.parts(settings_for(desk, slack_bot_token="xoxb-1"))
    answer = Client(app.web(made)).get("/metrics", headers={"Authorization": "Bearer "})
    assert b"redress_" not in answer.data
    made.bot.close()
    made.database.close()
