"""Promises that run with the dispute: what starts, stops and holds them (G6, G7, G8, rule 12)."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

import scheduler
from core.clocks.calendar import Shift
from core.desk import calendars, documents, reckoning
from core.desk.answers import Refused
from core.desk.overdue import Swept
from core.migrate import standard
from core.tables import Deadline, Escalation, Outbox
from core.workflow import model as m
from tests.core.workflow.edits import add, put
from tests.factories import SOUND, TRIAGED, Desk

SOON = dt.timedelta(seconds=30)  # what a test takes
LABEL = m.Label("承诺", "A promise")
OPENED = (m.Mark("opened"),)
RULED = (m.Mark("decided", "liability"),)
LEVELS = "workflows/dispute/service_levels"


def promise(desk: Desk, minutes: int, **more: Any) -> None:
    """Publishes the standard document with a promise of this length beside its own."""
    level = m.ServiceLevel("promise", LABEL, minutes, **{"starts": OPENED, **more})
    desk.db.transact(documents.publish, add(standard(), LEVELS, level))


def kept(desk: Desk) -> list[Any]:
    """The runnings of the promise, oldest first."""
    return desk.rows(
        select(Deadline).where(Deadline.service_level == "promise").order_by(Deadline.id)
    )


def test_promise_runs_from_stage_to_stage_until_what_stops_it(any_desk: Desk) -> None:
    desk = any_desk
    promise(desk, 600, stops=RULED)
    dispute = desk.at_stage("adjudication")
    (running,) = kept(desk)
    assert running.stopped_at is None
    assert running.due_at == running.started_at + dt.timedelta(minutes=600)
    desk.pass_time(minutes=30)
    desk.must(dispute, "rule_buyer", SOUND)
    (running,) = kept(desk)
    assert desk.now() - running.stopped_at < SOON
    assert running.next_at is None
    desk.pass_time(days=2)
    desk.sweep()
    assert desk.rows(select(Escalation).where(Escalation.deadline_id == running.id)) == []
    assert desk.differences() == []


def test_end_of_the_dispute_stops_every_promise(any_desk: Desk) -> None:
    promise(any_desk, 600)
    dispute = any_desk.at_stage("adjudication")
    any_desk.party(dispute, "buyer", "withdraw")
    (running,) = kept(any_desk)
    assert running.stopped_at is not None
    assert any_desk.differences() == []


def test_what_pauses_stands_still_while_the_dispute_is_hidden(any_desk: Desk) -> None:
    desk = any_desk
    promise(desk, 600, pauses=True)
    dispute = desk.at_stage("triage")
    desk.pass_time(minutes=100)
    desk.must(dispute, "request_both", TRIAGED)
    (held,) = kept(desk)
    assert (held.due_at, held.next_at) == (None, None)
    desk.pass_time(hours=20)
    desk.sweep()
    for party in ("buyer", "merchant"):
        desk.done(dispute, party)
    (going,) = kept(desk)
    assert abs(going.due_at - (desk.now() + dt.timedelta(minutes=500))) < SOON
    desk.pass_time(minutes=501)
    assert desk.sweep().escalated >= 1
    assert desk.rows(select(Escalation).where(Escalation.deadline_id == going.id)) != []
    assert desk.differences() == []


def test_what_does_not_pause_runs_on_while_the_dispute_is_hidden(desk: Desk) -> None:
    promise(desk, 600)
    dispute = desk.at_stage("awaiting_evidence")
    desk.pass_time(hours=10)
    assert desk.sweep() == Swept(escalated=1)
    assert desk.stage(dispute) == "awaiting_evidence"  # nothing is decided by it (G5)
    assert desk.differences() == []


def test_promise_is_made_to_the_disputes_that_it_is_meant_for(desk: Desk) -> None:
    phones = (m.Condition("category", "in", ("digital",)),)
    promise(desk, 600, starts=(m.Mark("left", "triage"),), when=phones)
    desk.must(desk.at_stage("triage"), "no_evidence", {**TRIAGED, "category": "digital"})
    desk.must(desk.at_stage("triage"), "no_evidence", {**TRIAGED, "category": "food"})
    assert len(kept(desk)) == 1


def test_promise_that_is_met_at_once_is_noted_as_kept(desk: Desk) -> None:
    promise(desk, 60, stops=(m.Mark("entered", "intake"),))
    desk.open()
    (running,) = kept(desk)
    assert (running.stopped_at, running.next_at) == (running.started_at, None)


def test_second_start_begins_nothing_anew_until_it_was_stopped(desk: Desk) -> None:
    asked = (m.Mark("decided", "request"),)
    promise(desk, 6000, starts=asked, stops=(m.Mark("entered", "adjudication"),))
    dispute = desk.at_stage("awaiting_evidence")
    for party in ("buyer", "merchant"):
        desk.done(dispute, party)
    desk.must(dispute, "again_buyer", SOUND)
    assert [row.run for row in kept(desk)] == [1]


def test_undone_decision_gave_no_promise_and_stopped_none(any_desk: Desk) -> None:
    desk = any_desk
    promise(desk, 600, pauses=True, stops=(m.Mark("left", "adjudication"),))
    dispute = desk.at_stage("triage")
    (before,) = kept(desk)
    desk.must(dispute, "request_both", TRIAGED)
    desk.undo(dispute)
    (after,) = kept(desk)
    assert (after.due_at, after.next_at, after.pauses) == (before.due_at, before.next_at, [])
    desk.must(dispute, "no_evidence", TRIAGED)
    desk.must(dispute, "rule_buyer", SOUND)
    assert kept(desk)[0].stopped_at is not None
    desk.undo(dispute)
    (again,) = kept(desk)
    assert (again.stopped_at, again.due_at) == (None, before.due_at)
    assert desk.differences() == []


def test_first_time_limit_of_a_stage_that_fits_runs_and_no_other(desk: Desk) -> None:
    timeouts = (m.Condition("entered", "in", ("buyer_timeout",)),)
    short = m.ServiceLevel("short", LABEL, 30, "intake", when=timeouts)
    respond = standard().workflows[0].service_levels
    desk.db.transact(
        documents.publish,
        put(standard(), "workflows/dispute", service_levels=(short, *respond)),
    )
    desk.open(entered="buyer_timeout")
    desk.open(entered="unsettled")
    names = select(Deadline.service_level).order_by(Deadline.id)
    assert desk.rows(names) == [("short",), ("respond",)]


def office(desk: Desk) -> dt.datetime:
    """Gives the desk office hours, Monday to Friday from nine to six UTC; a Monday to come."""
    hours = calendars.CalendarInfo(
        "工作日", "Office", "UTC", ((Shift(540, 1080),),) * 5 + ((),) * 2
    )
    assert desk.db.transact(calendars.add, desk.who("Sun Wei"), "office", hours) == "office"
    today = desk.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return today + dt.timedelta(days=7 - today.weekday())


def wait_until(desk: Desk, moment: dt.datetime) -> None:
    desk.pass_time(seconds=(moment - desk.now()).total_seconds())


def test_minutes_are_those_of_its_calendar(desk: Desk) -> None:
    monday = office(desk)
    promise(desk, 60, calendar="office")
    wait_until(desk, monday + dt.timedelta(days=4, hours=17, minutes=30))
    desk.open()
    (running,) = kept(desk)
    assert abs(running.due_at - (monday + dt.timedelta(days=7, hours=9, minutes=30))) < SOON


def test_ladder_goes_on_after_the_end(any_desk: Desk) -> None:
    desk = any_desk
    later = m.LadderLevel("later", "after", 120, "channel", "intake")
    ladder = add(standard(), "ladders/desk/levels", later)
    desk.db.transact(documents.publish, ladder)
    desk.open()
    desk.pass_time(hours=1)
    assert desk.sweep() == Swept(escalated=1)
    desk.pass_time(minutes=119)
    assert desk.sweep() == Swept()
    desk.pass_time(minutes=1)
    assert desk.sweep() == Swept(escalated=1)
    assert desk.sweep() == Swept()
    lanes = select(Outbox.lane).where(Outbox.kind == "alert").order_by(Outbox.id)
    assert desk.rows(lanes) == [("post:escalation",), ("post:intake",)]
    assert desk.differences() == []


def test_nobody_is_told_at_night_and_the_promise_is_broken_all_the_same(desk: Desk) -> None:
    monday = office(desk)
    quiet = put(standard(), "ladders/desk", calendar="office")
    desk.db.transact(documents.publish, quiet)
    wait_until(desk, monday + dt.timedelta(hours=20))
    desk.open()
    desk.pass_time(hours=2)
    assert desk.sweep() == Swept(escalated=1)  # its thread says so
    alerts = select(Outbox.id).where(Outbox.kind == "alert")
    assert desk.rows(alerts) == []
    wait_until(desk, monday + dt.timedelta(days=1, hours=8, minutes=59))
    assert desk.sweep() == Swept()
    wait_until(desk, monday + dt.timedelta(days=1, hours=9, minutes=1))
    assert desk.sweep() == Swept(escalated=1)
    assert len(desk.rows(alerts)) == 1


def test_running_deadlines_follow_a_calendar_that_is_edited(any_desk: Desk) -> None:
    desk = any_desk
    monday = office(desk)
    promise(desk, 60, calendar="office")
    wait_until(desk, monday + dt.timedelta(hours=17, minutes=30))
    desk.open()
    (before,) = kept(desk)
    later = calendars.CalendarInfo("工作日", "Office", "UTC", ((Shift(540, 1200),),) * 7)
    desk.db.transact(calendars.change, desk.who("Sun Wei"), "office", 1, later)
    scheduler.reckon(desk.db)
    (after,) = kept(desk)
    assert before.due_at - after.due_at == dt.timedelta(hours=15)  # the next morning, this evening
    assert desk.db.read(reckoning.changed) == []
    wait_until(desk, monday + dt.timedelta(hours=18, minutes=31))
    desk.sweep()
    assert desk.rows(select(Escalation).where(Escalation.deadline_id == after.id)) != []
    assert desk.differences() == []


def test_calendar_that_a_promise_counts_by_stays(desk: Desk) -> None:
    office(desk)
    promise(desk, 60, calendar="office")
    remove = (calendars.remove, desk.who("Sun Wei"), "office", 1)
    assert desk.db.transact(*remove) == Refused("calendar_in_use")
    dispute = desk.open()
    desk.db.transact(documents.publish, standard())
    assert desk.db.transact(*remove) == Refused("calendar_in_use")  # one runs by it still
    desk.party(dispute, "buyer", "withdraw")
    assert desk.db.transact(*remove) is None


def test_document_that_counts_by_no_calendar_of_the_desk_is_not_published(desk: Desk) -> None:
    with pytest.raises(documents.NotPublishable) as error:
        promise(desk, 60, calendar="nowhere")
    place = ("dispute", "service_levels", "promise")
    assert [(one.key, one.place) for one in error.value.problems] == [("calendar_unknown", place)]
    quiet = put(standard(), "ladders/desk", calendar="nowhere")
    with pytest.raises(documents.NotPublishable):
        desk.db.transact(documents.publish, quiet)
