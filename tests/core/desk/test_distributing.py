"""What waits for a rule is given out: later, again, most urgent first (A2, workflow rule 2)."""

import datetime as dt

from sqlalchemy import select, update

from core.desk.answers import Applied
from core.tables import Deadline, Visit
from tests.core.desk.ruled import (
    LEAST_LOADED,
    assigned,
    away,
    change,
    holder,
    open_many,
    person,
    publish,
    rule,
    tick,
)
from tests.factories import TRIAGED, Desk


def test_named_agent_who_is_away_without_a_next_rule_finds_it_waiting(desk: Desk) -> None:
    publish(desk, rule("intake", "named", people=("U0002",)))
    away(desk, "Tom", hours=1)
    dispute = desk.open()
    tick(desk)
    assert (desk.stage(dispute), holder(desk, dispute)) == ("intake", "")
    desk.pass_time(hours=1)
    tick(desk)
    assert (desk.stage(dispute), holder(desk, dispute)) == ("triage", "Tom")
    assert assigned(desk, dispute) == [{"rule": "intake_named", "strategy": "named"}]
    assert desk.differences() == []


def test_nobody_is_given_more_than_they_can_hold_and_the_rest_waits_for_them(
    any_desk: Desk,
) -> None:
    desk = any_desk
    change(desk, "Tom", capacity=1)
    change(desk, "Tang Li", capacity=1)
    publish(desk, rule("intake"))
    disputes = open_many(desk, 3)
    tick(desk)
    assert [holder(desk, dispute) for dispute in disputes] == ["Tang Li", "Tom", ""]
    desk.must(disputes[1], "no_evidence", TRIAGED, "Tom")
    tick(desk)
    assert (desk.stage(disputes[2]), holder(desk, disputes[2])) == ("triage", "Tom")
    assert desk.differences() == []


def test_most_urgent_of_those_that_wait_is_given_out_first(any_desk: Desk) -> None:
    desk = any_desk
    change(desk, "Tom", capacity=1)
    change(desk, "Tang Li", capacity=1)
    publish(desk, rule("intake"))
    _, held, longest, urgent = open_many(desk, 4)
    soon = desk.now() + dt.timedelta(minutes=1)
    desk.write(update(Deadline).where(Deadline.dispute_id == urgent).values(due_at=soon))
    desk.must(held, "no_evidence", TRIAGED, "Tom")
    tick(desk)
    assert (holder(desk, urgent), holder(desk, longest)) == ("Tom", "")


def test_what_is_given_back_goes_to_somebody_else(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, rule("intake", LEAST_LOADED))
    dispute = desk.open()
    first = holder(desk, dispute)
    desk.release(dispute, first)
    tick(desk)
    second = holder(desk, dispute)
    assert {first, second} == {"Tang Li", "Tom"}
    desk.release(dispute, second)
    tick(desk)
    assert holder(desk, dispute) == ""
    assert isinstance(desk.take(dispute, first), Applied)
    assert desk.differences() == []


def test_assigned_hold_does_not_lapse(desk: Desk) -> None:
    publish(desk, rule("adjudication"))
    dispute = desk.at_stage("adjudication")
    desk.pass_time(hours=5)
    desk.hold(dispute, "Ada")
    desk.pass_time(hours=5)
    tick(desk)
    assert (holder(desk, dispute), desk.at(dispute).row.held_until) == ("Ada", None)


def test_hold_of_somebody_who_only_looked_lapses_back_to_the_rules(desk: Desk) -> None:
    publish(desk, rule("adjudication", people=("U0004",)))
    person(desk, "Abe", "adjudication")
    away(desk, "Ada", hours=1)
    dispute = desk.at_stage("adjudication")
    desk.hold(dispute, "Abe")
    tick(desk)
    assert holder(desk, dispute) == "Abe"
    desk.pass_time(hours=1)
    tick(desk)
    assert holder(desk, dispute) == "Ada"


def test_what_somebody_holds_by_rule_goes_to_another_while_they_are_away(desk: Desk) -> None:
    person(desk, "Abe", "adjudication")
    publish(desk, rule("adjudication"))
    dispute = desk.at_stage("adjudication")
    first = holder(desk, dispute)
    away(desk, first, hours=8)
    tick(desk)
    assert holder(desk, dispute) == ({"Ada", "Abe"} - {first}).pop()
    assert desk.differences() == []


def test_what_a_person_took_themselves_stays_with_them_while_they_are_away(desk: Desk) -> None:
    publish(desk, rule("intake", people=("U0001",)))
    away(desk, "Tang Li", hours=1)
    dispute = desk.open()
    desk.take(dispute, "Tom")
    away(desk, "Tom")
    desk.pass_time(hours=1)
    tick(desk)
    assert holder(desk, dispute) == "Tom"


def test_parked_dispute_is_given_to_nobody(desk: Desk) -> None:
    publish(desk, rule("adjudication"))
    parked = desk.at_stage("adjudication")
    desk.park(parked)
    tick(desk)
    assert holder(desk, parked) == ""


def test_rules_of_the_active_document_reach_what_is_given_back_later(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    publish(desk, rule("intake"))
    desk.release(dispute, "Tom")
    tick(desk)
    assert holder(desk, dispute) == "Tang Li"


def test_rule_that_was_removed_gives_nothing_more(desk: Desk) -> None:
    publish(desk, rule("intake", people=("U0002",)))
    away(desk, "Tom")
    dispute = desk.open()
    publish(desk, rule("adjudication"))
    change(desk, "Tom", absent_from=None)
    tick(desk)
    assert holder(desk, dispute) == ""
    assert isinstance(desk.take(dispute), Applied)


def test_decision_whose_next_stage_was_assigned_can_still_be_undone(desk: Desk) -> None:
    publish(desk, rule("adjudication"))
    away(desk, "Ada")
    dispute = desk.at_stage("adjudication")
    change(desk, "Ada", absent_from=None)
    tick(desk)
    assert holder(desk, dispute) == "Ada"
    assert isinstance(desk.undo(dispute), Applied)
    assert desk.differences() == []


def test_tick_asks_for_nothing_where_nobody_is_free(desk: Desk) -> None:
    for name in ("Tom", "Tang Li"):
        away(desk, name)
    publish(desk, rule("intake"))
    dispute = desk.open()
    before = desk.rows(select(Visit.assign_at).where(Visit.dispute_id == dispute))
    tick(desk)
    assert desk.rows(select(Visit.assign_at).where(Visit.dispute_id == dispute)) == before
