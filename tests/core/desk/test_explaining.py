"""Why a promise is due then, in words that both languages have (row U, G6, G7)."""

import datetime as dt
from typing import Any

import pytest

from core import deadline_words
from core.clocks.calendar import Shift
from core.deadline_words import Tongue
from core.desk import calendar_days, calendars, documents, explaining
from core.desk.explaining import Explained
from core.desk.special import Special
from core.migrate import standard
from core.workflow import model as m
from core.workflow.terms import Hears
from tests.core.workflow.edits import add
from tests.factories import SOUND, TRIAGED, Desk

LABEL = m.Label("方案时限", "Give a plan")
LEVELS = "workflows/dispute/service_levels"
HOUR = dt.timedelta(hours=1)


def promise(desk: Desk, minutes: int, **more: Any) -> None:
    """Publishes the standard document with a promise of this length beside its own."""
    given = {"starts": (m.Mark("opened"),), "ladder": "desk", **more}
    desk.db.transact(
        documents.publish, add(standard(), LEVELS, m.ServiceLevel("plan", LABEL, minutes, **given))
    )


def office(desk: Desk) -> dt.datetime:
    """Office hours in UTC, with a Tuesday off; it becomes five past five on the Friday before."""
    week = ((Shift(540, 1080),),) * 5 + ((),) * 2
    info = calendars.CalendarInfo("工作日", "Office", "UTC", week)
    actor = desk.who("Sun Wei")
    assert desk.db.transact(calendars.add, actor, "office", info) == "office"
    today = desk.now().replace(hour=17, minute=5, second=10, microsecond=0)
    friday = today + dt.timedelta(days=11 - today.weekday())
    holiday = Special((friday + dt.timedelta(days=4)).date(), (), "元旦", "New Year")
    desk.db.transact(calendar_days.put, actor, "office", 1, [holiday])
    desk.pass_time(seconds=(friday - desk.now()).total_seconds())
    return friday


def plan(desk: Desk, dispute: int) -> Explained:
    """The promise, explained."""
    found = desk.db.read(lambda c, now: explaining.explained(c, dispute, now=now))
    return next(one for one in found if one.level.key == "plan")


def said(one: Explained, locale: str = "en") -> list[str]:
    names = {(Hears.CHANNEL, "escalation"): "escalations"}
    tongue = Tongue(locale, lambda at: f"{at:%a %H:%M}", names=names)
    return deadline_words.because(one, tongue) + deadline_words.following(one, tongue)


def test_weekend_night_and_holiday_between_start_and_end_are_told(any_desk: Desk) -> None:
    office(any_desk)
    promise(any_desk, 18 * 60 + 30, calendar="office")
    dispute = any_desk.open()
    told = said(plan(any_desk, dispute))
    assert told[0] == "Started Fri 17:05, when the dispute comes in."
    assert told[1] == "It lasts 18 hr 30 min, counted only while “Office” is open."
    assert told[2].startswith("Not counted on the way: 1 day 6 hr outside the day’s hours, 2 days ")
    assert "on days off (" in told[2]
    assert "1 day for New Year (" in told[2]
    assert told[3] == "So it is due Wed 17:35."
    assert told[4].startswith("Used so far: ")
    assert told[5] == "Next, Wed 12:57: told to the dispute’s thread."
    chinese = said(plan(any_desk, dispute), "zh_CN")
    assert "元旦" in chinese[2]
    assert "工作日" in chinese[1]


def test_each_pause_is_told_with_the_stage_that_was_waited_at(any_desk: Desk) -> None:
    promise(any_desk, 600, pauses=True)
    dispute = any_desk.at_stage("triage")
    any_desk.pass_time(hours=1)
    any_desk.must(dispute, "request_both", TRIAGED)
    any_desk.pass_time(hours=5)
    held = said(plan(any_desk, dispute))
    assert "while the dispute waits at “Awaiting evidence”" in held[2]
    assert held[3] == "While it stands still, it is due at no moment."
    assert held[-1].startswith("Next, after another 6 hr 30 min of its own time: ") or (
        held[-1].startswith("Next, after another 6 hr 29 min of its own time: ")
    )
    for party in ("buyer", "merchant"):
        any_desk.done(dispute, party)
    going = said(plan(any_desk, dispute))
    assert "(5 hr), while the dispute waited at “Awaiting evidence”" in going[2]
    one = plan(any_desk, dispute)
    assert one.due_at == one.account.due


def test_broken_promise_says_by_how_much_and_a_kept_one_what_was_left(any_desk: Desk) -> None:
    ruled = (m.Mark("decided", "liability"),)
    promise(any_desk, 60, stops=ruled)
    late = any_desk.at_stage("adjudication")
    any_desk.pass_time(hours=3)
    assert plan(any_desk, late).state is explaining.State.LATE
    any_desk.must(late, "rule_buyer", SOUND)
    one = plan(any_desk, late)
    assert one.state is explaining.State.BROKEN
    assert round(one.over / HOUR) == 2
    assert "which is 2 hr too much" in said(one)[-1]
    soon = any_desk.at_stage("adjudication")
    any_desk.must(soon, "rule_buyer", SOUND)
    kept = plan(any_desk, soon)
    assert kept.state is explaining.State.KEPT
    assert said(kept)[-1].startswith("Kept: ")
    assert kept.coming == ()


def test_next_of_the_ladder_names_the_channel(any_desk: Desk) -> None:
    promise(any_desk, 60)
    dispute = any_desk.open()
    any_desk.pass_time(minutes=50)
    any_desk.sweep()
    assert (
        "the time is over; told to the dispute’s thread, #escalations"
        in said(plan(any_desk, dispute))[-1]
    )
    any_desk.pass_time(minutes=20)
    any_desk.sweep()
    told = said(plan(any_desk, dispute))[-1]
    assert told == "Nothing more comes of it: everybody who should hear has heard."


def test_calendar_that_is_edited_after_the_end_does_not_rewrite_it(any_desk: Desk) -> None:
    office(any_desk)
    promise(any_desk, 19 * 60, calendar="office")
    dispute = any_desk.open()
    any_desk.party(dispute, "buyer", "withdraw")
    before = plan(any_desk, dispute)
    longer = calendars.CalendarInfo("工作日", "Office", "UTC", ((Shift(0, 1440),),) * 7)
    any_desk.db.transact(calendars.change, any_desk.who("Sun Wei"), "office", 2, longer)
    after = plan(any_desk, dispute)
    assert after.due_at == before.due_at
    assert after.account.due != before.account.due
    assert any(sentence.startswith("Its calendar was edited") for sentence in said(after))


@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_to_the_outside_no_decision_is_named_that_started_a_promise(
    desk: Desk, locale: str
) -> None:
    promise(desk, 60, starts=(m.Mark("decided", "liability"),))
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_merchant", SOUND)
    one = plan(desk, dispute)
    inward = deadline_words.because(one, Tongue(locale, str))
    outward = deadline_words.because(one, Tongue(locale, str, outward=True))
    words = {"en": "liab", "zh_CN": "责任"}
    assert words[locale] in inward[0]
    assert words[locale] not in " ".join(outward)
