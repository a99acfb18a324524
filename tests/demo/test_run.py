"""`redress demo`, as a newcomer starts it: every seat can be taken, and time is already passing."""

import re
from collections.abc import Iterator

import httpx
import pytest

from core.desk.disputes import PAGE
from sandbox.client import Sandbox
from tests.demo.running import demonstration
from tests.demo.seats import sit_down
from tests.waiting import eventually


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A running demonstration."""
    with demonstration(tmp_path_factory.mktemp("demo")) as first:
        yield first
    for offset in range(3):  # nothing stays behind
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{first + offset}/", trust_env=False)


def test_each_seat_leads_into_the_product(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as browser:
        page = browser.get("/").text
        assert page.count(f"http://127.0.0.1:{port + 1}/?as=") == 12
        for role, sees in (("supervisor", "Option sets"), ("operator", "Messages")):
            assert sees in sit_down(browser, role).text


def test_disputes_stand_in_every_stage_and_one_is_overdue_within_the_minute(port: int) -> None:
    with Sandbox(f"http://127.0.0.1:{port + 1}") as slack:
        for channel in ("intake", "triage", "evidence-review", "adjudication", "verification"):
            eventually(lambda channel=channel: slack.messages(channel))
        eventually(lambda: slack.messages("escalation"))
        assert "Overdue" in slack.messages("escalation")[0]["text"]


def test_agent_takes_a_dispute_and_its_card_moves_on(port: int) -> None:
    with Sandbox(f"http://127.0.0.1:{port + 1}") as slack:
        card = next(m for m in slack.messages("intake") if "Waiting for somebody" in m["text"])
        before = len(slack.messages("triage"))
        outcome = slack.act_as("U0TOM").click("intake", card["ts"], "take")
        assert outcome["ok"], outcome
        eventually(lambda: len(slack.messages("triage")) > before)


def test_new_disputes_flow_in_beside_those_of_the_past(port: int) -> None:
    with Sandbox(f"http://127.0.0.1:{port + 1}") as sandbox:
        eventually(lambda: "V32" in str(sandbox.messages("C0INTAKE")))


def test_the_panel_is_entered_through_the_sandbox_too(port: int) -> None:
    with httpx.Client(follow_redirects=True, trust_env=False) as browser:
        page = browser.get(f"http://127.0.0.1:{port}/panel/sign-in")
        assert page.url.port == port + 1
        ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
        assert ticket is not None
        form = {"ticket": ticket[1], "person": "U0GRACE", "decision": "allow"}
        landed = browser.post(f"http://127.0.0.1:{port + 1}/oauth/consent", data=form)
        assert landed.url.path.startswith("/panel/")
        assert "Grace Hall" in landed.text


def test_emergency_waits_and_its_three_teams_have_heard_of_it(port: int) -> None:
    with Sandbox(f"http://127.0.0.1:{port + 1}") as slack:
        for channel in ("tech", "service", "risk"):
            eventually(lambda channel=channel: slack.messages(channel))
            assert len(slack.messages(channel)) == 1
        eventually(lambda: "V400000" in str(slack.messages("emergency")))


def test_past_is_in_the_panel_and_not_in_slack(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as browser:
        sit_down(browser, "supervisor")
        found = browser.get("/panel/disputes/?state=finished&age=5").text  # more than a week old
        assert found.count('<a class="number"') == PAGE
    with Sandbox(f"http://127.0.0.1:{port + 1}") as slack:
        told = str([slack.messages(channel) for channel in ("intake", "verification")])
        assert not re.search(r"V3\d{5}", told)  # the numbers of orders of the past
