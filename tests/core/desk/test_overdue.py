"""Whatever is due is acted on, once, however late and by however many (G5, G8, G9, W5)."""

import datetime as dt
import threading
import time
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update

from core.db import Database
from core.desk import documents, overdue
from core.desk.overdue import Swept
from core.migrate import standard
from core.tables import Deadline, Document, Escalation, Event, Outbox
from core.workflow import model as m
from core.workflow.text import to_json
from tests.core.workflow.edits import look, put
from tests.factories import SOUND, TRIAGED, Desk

WARNED, SOON, END, LATE = range(
    4
)  # the places on the standard ladder, the promise's end among them


def levels(desk: Desk) -> list[tuple[int, int]]:
    """Every level that fired, by deadline."""
    rows = desk.rows(
        select(Escalation.deadline_id, Escalation.level).order_by(
            Escalation.fired_at, Escalation.deadline_id, Escalation.level
        )
    )
    return [(row.deadline_id, row.level) for row in rows]


def told(desk: Desk) -> list[tuple[str, str]]:
    """What was told of time: the kind of message and its lane, oldest first."""
    messages = (
        select(Outbox.kind, Outbox.lane)
        .join(Event, Event.id == Outbox.data["event"].as_integer())
        .where(Event.kind.in_(("warned", "escalated")))
        .order_by(Outbox.id)
    )
    return [(row.kind, row.lane) for row in desk.rows(messages)]


def test_stage_warns_once_and_escalates_once(any_desk: Desk) -> None:
    any_desk.open()  # sixty minutes to take; three quarters and fifteen minutes before are one
    for minutes, swept in (
        (44, Swept()),
        (1, Swept(warned=1)),
        (14, Swept()),
        (1, Swept(escalated=1)),
        (600, Swept()),
    ):
        any_desk.pass_time(minutes=minutes)
        assert any_desk.sweep() == swept
        assert any_desk.sweep() == Swept()
    assert levels(any_desk) == [(1, WARNED), (1, SOON), (1, END), (1, LATE)]
    heard = [("line", "post:intake"), ("line", "post:intake"), ("alert", "post:escalation")]
    assert told(any_desk) == heard
    assert any_desk.differences() == []


def test_after_a_day_asleep_only_the_level_that_matters_fires(any_desk: Desk) -> None:
    for _ in range(3):
        any_desk.open()
    any_desk.pass_time(days=1)
    assert any_desk.sweep() == Swept(escalated=3)
    assert levels(any_desk) == [(n, level) for n in (1, 2, 3) for level in (END, LATE)]
    assert [kind for kind, _ in told(any_desk)] == ["line", "alert"] * 3
    assert any_desk.differences() == []


def test_worst_come_first_and_batch_by_batch(desk: Desk) -> None:
    for _ in range(5):
        desk.open()
        desk.pass_time(minutes=1)
    desk.pass_time(days=1)
    swept = desk.db.transact(overdue.sweep, most=2)
    assert swept == Swept(escalated=2, more=True)
    assert {deadline for deadline, _ in levels(desk)} == {1, 2}
    assert desk.db.transact(overdue.sweep, most=2).more
    assert desk.db.transact(overdue.sweep, most=2) == Swept(escalated=1)


def test_visit_that_was_left_warns_and_escalates_nobody(any_desk: Desk) -> None:
    dispute = any_desk.open()
    any_desk.take(dispute)
    any_desk.pass_time(minutes=89)
    assert any_desk.sweep() == Swept()  # the intake's hour is over, its visit too
    any_desk.must(dispute, "no_evidence", TRIAGED)
    any_desk.pass_time(hours=2)
    assert any_desk.sweep() == Swept()
    assert any_desk.differences() == []


def test_escalation_of_a_stage_decides_nothing(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    before = desk.visits(dispute)
    desk.pass_time(days=30)
    desk.sweep()
    assert desk.visits(dispute) == before
    assert "liability" not in desk.at(dispute).facts


def test_wait_that_runs_out_takes_its_timeout_decision_and_alerts_nobody(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("awaiting_evidence")
    any_desk.pass_time(days=1)
    assert any_desk.sweep() == Swept(timed_out=1)
    visit = any_desk.visits(dispute)[2]
    assert (visit.decision, visit.by, visit.decider_id) == ("evidence_timeout", "timeout", None)
    assert told(any_desk) == []
    assert any_desk.differences() == []


def test_wait_timed_out_and_stage_after_it_are_timed_apart(desk: Desk) -> None:
    desk.at_stage("awaiting_evidence")
    desk.pass_time(days=3)
    assert desk.sweep() == Swept(timed_out=1)
    assert desk.sweep() == Swept()  # evidence review has only just begun
    desk.pass_time(hours=18)
    assert desk.sweep() == Swept(warned=1)


def test_running_deadline_keeps_the_document_it_started_with(desk: Desk) -> None:
    desk.open()
    longer = put(standard(), "workflows/dispute/service_levels/respond", minutes=600)
    desk.db.transact(documents.publish, longer)
    desk.open()
    desk.pass_time(hours=1)
    assert desk.sweep() == Swept(escalated=1)


def test_service_level_without_a_warning_only_escalates(desk: Desk) -> None:
    late = look(standard(), "ladders/desk/levels/late")
    silent = put(standard(), "ladders/desk", levels=(late,))
    desk.db.transact(documents.publish, silent)
    desk.open()
    desk.pass_time(minutes=59)
    assert desk.sweep() == Swept()
    desk.pass_time(minutes=1)
    assert desk.sweep() == Swept(escalated=1)


def poison(desk: Desk, dispute: int) -> None:
    """Makes a dispute's deadline impossible to act on: its document cannot be read."""
    row = {"digest": "broken", "body": "{}", "published_at": desk.now(), "note": ""}
    desk.write(insert(Document).values(**row))
    broken = desk.rows(select(func.max(Document.id)))[0][0]
    desk.write(update(Deadline).where(Deadline.dispute_id == dispute).values(document_id=broken))


def test_poisonous_dispute_is_set_aside_while_the_others_proceed(any_desk: Desk) -> None:
    disputes = [any_desk.open() for _ in range(9)]
    poison(any_desk, disputes[4])
    any_desk.pass_time(days=1)
    assert any_desk.sweep() == Swept(escalated=8, set_aside=1)
    reasons = select(Deadline.set_aside).where(Deadline.dispute_id == disputes[4])
    assert any_desk.rows(reasons) == [("TextError",)]
    assert any_desk.sweep() == Swept()
    any_desk.pass_time(hours=1)
    assert any_desk.sweep() == Swept(set_aside=1)
    any_desk.write(update(Deadline).values(document_id=1))
    any_desk.pass_time(hours=1)
    assert any_desk.sweep() == Swept(escalated=1)  # mended: nothing was lost
    assert any_desk.rows(reasons) == [(None,)]
    assert any_desk.differences() == []


def test_level_that_fired_before_is_set_aside_and_stops_nobody(any_desk: Desk) -> None:
    first, second = any_desk.open(), any_desk.open()
    fired = {"deadline_id": 1, "level": END, "fired_at": any_desk.now()}
    any_desk.write(insert(Escalation).values(**fired))
    any_desk.pass_time(days=1)
    assert any_desk.sweep() == Swept(escalated=1, set_aside=1)
    asleep = select(Deadline.dispute_id).where(Deadline.set_aside.is_not(None))
    assert any_desk.rows(asleep) == [(first,)]
    assert second not in (row.dispute_id for row in any_desk.rows(asleep))


def test_wait_whose_timeout_is_refused_is_set_aside_for_an_operator(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_evidence")
    asked = m.Group("use_settled", (m.Condition("silent", "known"),))
    place = "workflows/dispute/stages/awaiting_evidence/decisions/evidence_timeout"
    # No such document can be published; this one is written behind the desk's back.
    desk.write(update(Document).values(body=to_json(put(standard(), place, when=(asked,)))))
    desk.pass_time(days=1)
    fresh = Database(desk.db.url, movable=True)  # a process that has not read the document yet
    swept = fresh.transact(overdue.sweep)
    fresh.close()
    assert swept == Swept(set_aside=1)
    assert desk.rows(select(Deadline.set_aside).where(Deadline.set_aside.is_not(None))) == [
        ("TimeoutRefused",)
    ]
    assert desk.stage(dispute) == "awaiting_evidence"


@pytest.mark.postgres
def test_two_sweepers_at_once_fire_each_level_once(postgresql: Database) -> None:
    desk = Desk(postgresql)
    for stage in ("intake", "triage", "awaiting_evidence", "evidence_review"):
        for _ in range(15):
            desk.at_stage(stage)
    desk.pass_time(days=2)
    total: list[Swept] = []

    def tick() -> None:
        while True:
            swept = postgresql.transact(overdue.sweep, most=5)
            total.append(swept)
            if not swept.more:
                return

    threads = [threading.Thread(target=tick) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    tick()
    assert sum(swept.escalated for swept in total) == 45
    assert sum(swept.timed_out for swept in total) == 15
    assert sum(swept.set_aside for swept in total) == 0
    assert len(levels(desk)) == len(set(levels(desk))) == 45 * 2 + 15
    assert desk.differences() == []


@pytest.mark.postgres
def test_sweeper_and_agents_at_once_neither_wait_for_each_other_nor_lose_anything(
    postgresql: Database,
) -> None:
    desk = Desk(postgresql)
    disputes = [desk.at_stage("adjudication") for _ in range(30)]
    waiting = [desk.at_stage("awaiting_evidence") for _ in range(30)]
    desk.pass_time(days=2)
    failed: list[BaseException] = []

    def run(act: Any) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001  whatever it is, the test shows it
            failed.append(error)

    def decide() -> None:
        for dispute in disputes:
            desk.choose(dispute, "rule_buyer", SOUND)

    def answer() -> None:
        for dispute in waiting:
            for party in ("buyer", "merchant"):
                desk.done(dispute, party)

    def tick() -> None:
        for _ in range(40):
            postgresql.transact(overdue.sweep, most=3)

    threads = [threading.Thread(target=run, args=(act,)) for act in (decide, answer, tick, tick)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []
    assert {desk.stage(d) for d in disputes} == {"verification"}
    assert {desk.stage(d) for d in waiting} == {"evidence_review"}
    assert desk.differences() == []
    assert deadlocks(postgresql) == 0  # each would cost a second and somebody's transaction


def deadlocks(database: Database) -> int:
    """How many circles of waiting PostgreSQL had to break; it counts with a second's delay."""
    time.sleep(1.2)
    counted = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(database.read(lambda c, now: c.scalar(counted)) or 0)


def test_frozen_sweeper_that_wakes_repeats_nothing(any_desk: Desk) -> None:
    any_desk.open()
    any_desk.pass_time(hours=1)
    before = any_desk.now()
    any_desk.sweep()
    asleep = before - dt.timedelta(minutes=10)  # a clock that stepped back
    swept = any_desk.db.transact(lambda c, now: overdue.sweep(c, now=asleep))
    assert swept == Swept()
    assert levels(any_desk) == [(1, END), (1, LATE)]
