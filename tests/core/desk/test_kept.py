"""Promises for reports: kept, broken, by how much of their own clock, superseded for neither."""

import datetime as dt
import random
from typing import Any

import pytest
from sqlalchemy import select

from core.clocks.calendar import Shift
from core.desk import calendars, promises
from core.desk.answers import Refused
from core.desk.explaining import State
from core.desk.promises import Asked, Promise
from core.migrate import standard
from core.tables import Deadline
from core.workflow import model as m
from tests.core.desk.lived import live
from tests.core.desk.promised import apply, promising, publish
from tests.factories import SOUND, TRIAGED, Desk

MINUTE = dt.timedelta(minutes=1)
RULED = (m.Mark("decided", "liability"),)


def listed(desk: Desk, **asked: Any) -> list[Promise]:
    found = desk.db.read(promises.page, desk.who("Tom"), Asked(**asked), None)
    assert isinstance(found, list)
    return found


def tally(desk: Desk, key: str, **asked: Any) -> promises.Tally:
    found = desk.db.read(promises.tallies, desk.who("Tom"), Asked(**asked))
    assert isinstance(found, list)
    return next(one for one in found if one.key == key)


def test_kept_broken_and_superseded_are_told_apart(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, promising(60, stops=RULED))
    soon, late, going = (desk.at_stage("adjudication") for _ in range(3))
    desk.must(soon, "rule_buyer", SOUND)
    desk.pass_time(minutes=80)
    desk.must(late, "rule_buyer", SOUND)
    assert tally(desk, "promise").counts == {"kept": 1, "broken": 1, "late": 1}
    assert tally(desk, "promise").kept == 50
    publish(desk, standard())
    apply(desk)
    assert tally(desk, "promise").counts == {"kept": 1, "broken": 1, "superseded": 1}
    states = {one.number: one.state for one in listed(desk, level="promise")}
    numbers = [desk.at(dispute).row.number for dispute in (soon, late, going)]
    assert [states[n] for n in numbers] == [State.KEPT, State.BROKEN, State.SUPERSEDED]
    (broken,) = listed(desk, state="broken", level="promise")
    assert round(-broken.left / MINUTE) == 20


def test_undone_decision_kept_nothing_and_promised_nothing(any_desk: Desk) -> None:
    desk = any_desk
    dispute = desk.at_stage("triage")
    desk.must(dispute, "no_evidence", TRIAGED)
    desk.undo(dispute)
    assert tally(desk, "triage").counts == {"superseded": 1, "running": 1}
    assert tally(desk, "ruling").counts == {"superseded": 1}
    desk.must(dispute, "request_both", TRIAGED)
    assert tally(desk, "triage").counts == {"superseded": 1, "kept": 1}


def test_lateness_is_told_on_the_promise_s_own_clock(desk: Desk) -> None:
    """A weekend and a wait lie behind the end: neither makes it later."""
    week = ((Shift(540, 1080),),) * 5 + ((),) * 2
    hours = calendars.CalendarInfo("工作日", "Office", "UTC", week)
    assert desk.db.transact(calendars.add, desk.who("Sun Wei"), "office", hours) == "office"
    publish(desk, promising(30, calendar="office", pauses=True))
    at = desk.now().replace(hour=17, minute=0, second=5, microsecond=0)
    friday = at + dt.timedelta(days=11 - at.weekday())
    desk.pass_time(seconds=(friday - desk.now()).total_seconds())
    dispute = desk.at_stage("triage")
    desk.pass_time(minutes=50)
    desk.must(dispute, "request_both", TRIAGED)
    desk.pass_time(days=3)
    (late,) = listed(desk, level="promise")
    assert (late.state, round(-late.left / MINUTE)) == (State.LATE, 20)


def test_list_is_narrowed_paged_and_for_those_who_may_see(desk: Desk) -> None:
    for _ in range(30):
        desk.open()
    desk.pass_time(days=3)
    desk.open()
    first = listed(desk)
    assert len(first) == 31
    assert len(listed(desk, since=desk.now() - dt.timedelta(days=1))) == 1
    assert len(listed(desk, until=desk.now() - dt.timedelta(days=1))) == 30
    beneath = desk.db.read(promises.page, desk.who("Tom"), Asked(), first[9].id)
    assert isinstance(beneath, list)
    assert [one.id for one in beneath] == [one.id for one in first[10:]]
    stranger = desk.who("Tom").__class__("agent", 10_000)
    assert isinstance(desk.db.read(promises.page, stranger, Asked(), None), Refused)


@pytest.mark.parametrize("seed", range(3))
def test_tally_is_what_somebody_counts_row_by_row(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(6):
        live(desk, chance, most=20)
        desk.pass_time(minutes=chance.randrange(900))
        desk.sweep()
    now = desk.now()
    counted: dict[str, int] = {}
    for row in desk.rows(select(Deadline)):
        if row.superseded:
            how = "superseded"
        elif row.stopped_at is not None:
            late = row.due_at is not None and row.stopped_at > row.due_at
            how = "broken" if late else "kept"
        else:
            how = "held" if row.due_at is None else "late" if row.due_at < now else "running"
        counted[how] = counted.get(how, 0) + 1
    found = desk.db.read(promises.tallies, desk.who("Tom"), Asked())
    assert isinstance(found, list)
    told: dict[str, int] = {}
    for one in found:
        for how, count in one.counts.items():
            told[how] = told.get(how, 0) + count
    assert told == counted
