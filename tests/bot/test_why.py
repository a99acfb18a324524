"""Why then: out of the details, who used the time and why each promise is due when it is (G6)."""

import datetime as dt
import random

import pytest

from blockkit.validator import validate_view
from bot.cards.why import bar, why
from core.desk import about_time
from core.desk.time_used import USERS
from tests.bot.office import Office
from tests.bot.sights import wait_for_modals, wait_modal
from tests.core.desk.promised import at_random
from tests.factories import TRIAGED, Desk

HOUR = dt.timedelta(hours=1)


def test_details_lead_to_why_each_promise_is_due_then(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    desk.pass_time(minutes=30)
    at_work.settle()
    at_work.press(dispute, "more", value=f"{desk.visit(dispute)}:DETAILS")
    wait_modal(at_work, "Tom")
    at_work.person("Tom").click_view("why")
    wait_for_modals(at_work, "Tom", 2)
    told = str(at_work.person("Tom").modals()[-1])
    assert "*Decide triage*" in told
    assert "when the dispute came to “Triage”" in told
    assert "counted round the clock" in told
    assert "`█` platform: 30 min (100 %)" in told
    assert "*Take the dispute*" in told  # ended before, and kept


@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_modal_of_many_promises_stays_within_what_slack_takes(desk: Desk, locale: str) -> None:
    at_random(desk, random.Random(3))
    dispute = desk.at_stage("triage")
    desk.must(dispute, "request_both", TRIAGED)
    desk.pass_time(days=9)
    found = desk.db.read(about_time.about, desk.visit(dispute))
    assert found is not None
    many = about_time.About(found.number, found.promises * 20, found.used, found.names)
    assert list(validate_view(why(many, locale))) == []


def test_bar_shows_everybody_who_had_any_time() -> None:
    used = {user: (n * 40 + 1) * HOUR for n, user in enumerate(USERS)}
    (block,) = bar(used, "en")
    _, drawn, *lines = block["text"]["text"].split("\n")
    assert [sign for sign in "█▓▒░·" if sign not in drawn] == []
    assert len(lines) == len(USERS)
    assert sum(int(line.rpartition("(")[2].split()[0]) for line in lines) == 100
    assert bar({}, "en") == []
