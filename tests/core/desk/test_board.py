"""The live board counts what stands at the desk, and its numbers are those of its lists (M1)."""

import datetime as dt
import random
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, select, update

from core.desk import board, disputes
from core.desk.board import AGES, Board
from core.desk.live import LIVE
from core.desk.narrowing import HIDDEN, NOBODY, OPEN, OVERDUE, UNGRADED, Wanted
from core.migrate import standard
from core.tables import Dispute, Person, Visit
from tests.core.desk.lived import live
from tests.core.desk.promised import publish
from tests.factories import Desk


def seen(desk: Desk, name: str = "Sun Wei") -> Board:
    midnight = desk.now().replace(hour=0, minute=0, second=0, microsecond=0)
    found = desk.db.read(board.board, desk.who(name), midnight)
    assert isinstance(found, Board)
    return found


def listed(desk: Desk, **wanted: Any) -> int:
    found = desk.db.read(disputes.search, desk.who("Sun Wei"), Wanted(**wanted))
    return int(found.count)


def a_desk_full(desk: Desk) -> None:
    """Disputes of every sort and age, some held, some overdue, some ended."""
    chance = random.Random(7)
    desk.write(update(Person).where(Person.name.in_(("Tom", "Tang Li"))).values(team="North"))
    desk.write(update(Person).where(Person.name == "Eva").values(team="South"))
    for _ in range(6):
        live(desk, chance, most=chance.randint(1, 12))
        desk.pass_time(hours=chance.choice((1, 9)))
    desk.at_stage("finished")
    desk.hold(desk.at_stage("evidence_review"), "Eva")
    desk.at_stage("awaiting_evidence")
    desk.pass_time(hours=30)
    desk.hold(desk.at_stage("adjudication"), "Ada")
    desk.hold(desk.at_stage("verification"), "Vera")
    desk.park(desk.at_stage("triage"))
    desk.open()
    open_now = [row.dispute_id for row in desk.rows(select(Visit.dispute_id).where(LIVE))]
    for nth, dispute in enumerate(open_now):  # whatever made it so, and some from before grades
        graded = "ABC "[nth % 4].strip()
        desk.write(update(Dispute).where(Dispute.id == dispute).values(grade=graded))


def test_every_number_of_the_board_is_that_of_the_list_it_leads_to(any_desk: Desk) -> None:
    a_desk_full(any_desk)
    found = seen(any_desk)
    assert found.open == listed(any_desk, state=OPEN) > 5
    assert found.overdue == listed(any_desk, state=OVERDUE) > 2
    assert found.hidden == listed(any_desk, state=HIDDEN) > 0
    assert found.waiting == listed(any_desk, state=OPEN, holder=NOBODY) > 2
    for one in found.stages:
        where = {"workflow": one.workflow, "stage": one.stage}
        assert one.open == listed(any_desk, state=OPEN, **where)
        assert one.overdue == listed(any_desk, state=OVERDUE, **where)
    assert [one.grade for one in found.grades] == ["A", "B", "C", ""]
    for grade in found.grades:
        by = grade.grade or UNGRADED
        assert grade.open == listed(any_desk, state=OPEN, grade=by) > 0
        assert grade.overdue == listed(any_desk, state=OVERDUE, grade=by)
        assert grade.open - grade.held >= listed(any_desk, state=OPEN, holder=NOBODY, grade=by)
    assert sum(grade.open for grade in found.grades) == found.open
    for age in range(len(AGES) + 1):
        assert found.ages[age] == listed(any_desk, state=OPEN, age=age)
    assert sum(found.ages) == found.open
    assert found.people is not None
    for person in found.people:
        assert person.held == listed(any_desk, state=OPEN, holder=person.id)
        assert person.overdue == listed(any_desk, state=OVERDUE, holder=person.id)
    for team in found.teams:
        assert team.held == listed(any_desk, state=OPEN, team=team.name)
    assert sum(person.held for person in found.people) > 1


def test_what_ended_is_counted_nowhere(desk: Desk) -> None:
    desk.at_stage("finished")
    found = seen(desk)
    assert (found.open, found.overdue, sum(found.ages)) == (0, 0, 0)
    assert "finished" not in {one.stage for one in found.stages}


def test_a_grade_of_which_nothing_is_open_is_named_with_nothing(desk: Desk) -> None:
    dispute = desk.open()
    desk.write(update(Dispute).where(Dispute.id == dispute).values(grade="C"))
    desk.pass_time(hours=30)
    assert [(one.grade, one.open, one.held, one.overdue) for one in seen(desk).grades] == [
        ("A", 0, 0, 0),
        ("B", 0, 0, 0),
        ("C", 1, 0, 1),
    ]


def test_desk_without_rules_for_grades_has_no_grades_to_tell_of(desk: Desk) -> None:
    publish(desk, replace(standard(), grade_rules=()))
    desk.open()
    assert seen(desk).grades == []


def test_each_arrival_stands_in_its_hour(any_desk: Desk) -> None:
    opened = [any_desk.open() for _ in range(2)]
    any_desk.pass_time(hours=3)
    opened.append(any_desk.open())
    any_desk.pass_time(hours=23)
    opened.append(any_desk.open())
    found = seen(any_desk)
    moments = [row.opened_at for row in any_desk.rows(select(Dispute.opened_at))]
    begins = [begin for begin, _ in found.arrived]
    assert begins[-1] <= any_desk.now() < begins[-1] + dt.timedelta(hours=1)
    assert len(begins) == 24
    assert sum(number for _, number in found.arrived) == sum(at >= begins[0] for at in moments)
    for begin, number in found.arrived:
        there = [at for at in moments if begin <= at < begin + dt.timedelta(hours=1)]
        assert number == len(there)


def test_what_waits_for_somebody_is_what_nobody_holds_at_their_stage(desk: Desk) -> None:
    desk.open()
    desk.at_stage("triage")  # Tom holds it
    desk.at_stage("adjudication")
    desk.hold(desk.at_stage("adjudication"), "Ada")
    desk.park(desk.at_stage("evidence_review"), "Eva")
    found = seen(desk)
    assert found.people is not None
    people = {person.name: person for person in found.people}
    assert people["Tom"].waiting == 1  # the one at intake
    assert people["Tom"].held == 1
    assert people["Ada"].waiting == 1
    assert people["Eva"].waiting == 0  # it waits for a supervisor
    assert people["Tom"].decided == 3  # each of the others went through triage


def test_yesterday_s_decisions_are_not_today_s_nor_what_was_undone(desk: Desk) -> None:
    first = desk.at_stage("adjudication")
    desk.write(
        update(Visit)
        .where(Visit.dispute_id == first, Visit.decider_id.is_not(None))
        .values(left_at=desk.now() - dt.timedelta(days=1))
    )
    desk.undo(desk.at_stage("adjudication"), "Tom")
    desk.at_stage("adjudication")
    found = seen(desk)
    assert found.people is not None
    assert {one.name: one.decided for one in found.people}["Tom"] == 1


def test_whoever_may_not_assign_sees_no_single_person_s_figures(desk: Desk) -> None:
    desk.at_stage("triage")
    assert seen(desk, "Tom").people is None
    assert seen(desk, "Tom").open == 1


@pytest.mark.postgres
def test_board_asks_no_more_for_more_disputes(any_desk: Desk) -> None:
    counts = []
    for _ in range(2):
        a_desk_full(any_desk)
        asked = 0

        def count(*_: Any) -> None:
            nonlocal asked
            asked += 1

        event.listen(any_desk.db.engine, "before_cursor_execute", count)
        seen(any_desk)
        event.remove(any_desk.db.engine, "before_cursor_execute", count)
        counts.append(asked)
    assert counts[0] == counts[1] < 15


def test_what_ended_is_not_even_looked_at(desk: Desk) -> None:
    """The statement names its condition as the index does; else every ended dispute is read."""
    asked: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(desk.db.engine, "before_cursor_execute", keep)
    seen(desk)
    event.remove(desk.db.engine, "before_cursor_execute", keep)
    counted = next(one for one in asked if "GROUP BY" in one and "LEFT OUTER JOIN" in one)
    with desk.db.engine.connect() as connection:
        blanks = counted.count("?")
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {counted}", (0,) * blanks).all()
    assert any("ix_visits_live" in str(step) for step in plan), plan
