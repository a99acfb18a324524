"""The guard by itself: a visit is left once, by whoever may, whatever was read before."""

import pytest

from core.desk import standing, transition
from core.desk.actor import TIMEOUT, Actor
from core.tables import Person
from tests.factories import TRIAGED, Desk


def leaves(desk: Desk, visit: int, actor: Actor) -> bool:
    """Whether the guarded update alone lets this actor leave the visit; rolled back."""
    stage = desk.at(1).workflow.stage_by_key["adjudication"]
    move = transition.Move("no_evidence", "", stage)
    found: list[bool] = []

    def try_it(connection, now):  # type: ignore[no-untyped-def]
        found.append(transition.leave(connection, visit, move, actor, now=now))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        desk.db.transact(try_it)
    return found[0]


def test_visit_that_was_left_is_not_left_again(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("triage")
    visit = any_desk.visit(dispute)
    assert leaves(any_desk, visit, any_desk.who("Tom"))
    any_desk.must(dispute, "no_evidence", TRIAGED)
    for actor in (any_desk.who("Tom"), any_desk.who("Sun Wei"), TIMEOUT):
        assert not leaves(any_desk, visit, actor)


def test_visit_that_another_holds_is_left_by_them_or_by_no_person(any_desk: Desk) -> None:
    visit = any_desk.visit(any_desk.at_stage("triage"))
    assert not leaves(any_desk, visit, any_desk.who("Tang Li"))
    assert leaves(any_desk, visit, Actor("buyer"))
    assert leaves(any_desk, visit, TIMEOUT)


def test_hold_that_lapsed_or_whose_holder_left_stops_nobody(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("adjudication")
    visit = any_desk.visit(dispute)
    any_desk.hold(dispute, "Ada")
    assert not leaves(any_desk, visit, any_desk.who("Sun Wei"))
    any_desk.pass_time(minutes=15)
    assert leaves(any_desk, visit, any_desk.who("Sun Wei"))
    any_desk.hold(dispute, "Ada")
    any_desk.write(Person.__table__.update().where(Person.name == "Ada").values(active=False))
    assert leaves(any_desk, visit, any_desk.who("Sun Wei"))


def test_sql_and_python_agree_on_who_holds_a_visit(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("adjudication")
    for minutes in (0, 14, 1, 5):
        any_desk.pass_time(minutes=minutes)
        for name in ("Ada", "Sun Wei"):
            row, now = any_desk.at(dispute).row, any_desk.now()
            held = standing.held_by_other(row, any_desk.people[name], now)
            assert leaves(any_desk, any_desk.visit(dispute), any_desk.who(name)) is not held
        if minutes == 0:
            any_desk.hold(dispute, "Ada")
