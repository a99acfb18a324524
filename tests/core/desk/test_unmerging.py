"""Undoing a merge gives each its own back, or says what has gone on with it (K2, D3)."""

from typing import Any

import pytest
from sqlalchemy import select

from core.desk import standing, undo
from core.desk.answers import Applied
from core.desk.choose import choose
from core.tables import Event, Payment
from tests.core.desk.joined import ORDER, key, merge, number, second_of, split
from tests.core.desk.meanwhile import before_commit
from tests.factories import REFUND, TRIAGED, Desk


def test_first_merge_of_a_chain_stands_once_its_items_went_further(any_desk: Desk) -> None:
    desk = any_desk
    first = desk.at_stage("adjudication", order=ORDER)
    second = second_of(desk, split(desk, first, {"2": 3}))
    third = second_of(desk, split(desk, first, {"1": 1}))
    merge(desk, third, second)
    merge(desk, second, first)
    refused = desk.undo(third)
    assert key(refused) == "merge_gone_on"
    assert refused.params["other"] == number(desk, first)
    assert desk.stage(third) == "merged_elsewhere"
    assert isinstance(desk.undo(second), Applied)  # the latest first: so each gets its own back
    assert isinstance(desk.undo(third), Applied)
    lines = [desk.at(dispute).lines for dispute in (first, second, third)]
    assert lines == [{"1": 1}, {"2": 3}, {"1": 1}]
    assert desk.differences() == []


def test_money_paid_before_the_merge_keeps_nobody_from_undoing_it(desk: Desk) -> None:
    first = desk.at_stage("verification", order=ORDER)
    second = second_of(desk, split(desk, first, {"2": 3}))
    desk.must(first, "deduct_online", REFUND)
    desk.pay(first)
    own = desk.at(first).lines
    merge(desk, second, first)
    assert isinstance(desk.undo(second), Applied)
    assert (desk.at(first).lines, desk.at(second).lines) == (own, {"2": 3})
    assert desk.differences() == []


def test_money_worked_out_for_both_since_the_merge_lets_it_stand(desk: Desk) -> None:
    first = desk.at_stage("verification", order=ORDER)
    second = second_of(desk, split(desk, first, {"2": 3}))
    merge(desk, second, first)
    desk.must(first, "deduct_online", REFUND)
    assert key(desk.undo(second)) == "merge_gone_on"
    assert desk.rows(select(Payment.dispute_id)) == [(first,)]


@pytest.mark.postgres
def test_undoing_a_merge_and_linking_both_never_wait_in_a_ring(postgresql: Any) -> None:
    desk = Desk(postgresql)
    first = desk.at_stage("triage", order=ORDER)
    second = second_of(desk, split(desk, first, {"1": 1}))
    merge(desk, second, first)

    visit, who = desk.visits(second)[-2].id, desk.who("Sun Wei")
    begun: list[str] = []

    def lock_the_lower(connection: Any, **_: Any) -> None:
        begun.append("link")  # as linking.both does
        standing.of_dispute(connection, first)

    def take_back(connection: Any, *, now: Any) -> Any:
        begun.append("undo")
        return undo.undo(connection, visit, who, now=now)

    _, undone = before_commit(
        desk,
        lock_the_lower,
        lambda: desk.db.transact(take_back),
        then=lambda connection: standing.of_dispute(connection, second),
    )
    assert isinstance(undone, Applied)
    assert begun == ["link", "undo"]  # neither had to begin again
    assert desk.differences() == []


@pytest.mark.postgres
def test_undoing_a_merge_tells_it_at_the_visit_that_is_open_then(postgresql: Any) -> None:
    desk = Desk(postgresql)
    second, first = (desk.at_stage("triage", buyer="anna") for _ in range(2))
    merge(desk, second, first)
    visit, tom = desk.visit(first), desk.who("Tom")

    def decide(connection: Any, *, now: Any) -> Any:
        return choose(connection, visit, "no_evidence", TRIAGED, tom, now=now)

    decided, undone = before_commit(desk, decide, lambda: desk.undo(second))
    assert isinstance(decided, Applied)
    assert isinstance(undone, Applied)
    told = select(Event.visit_id).where(Event.dispute_id == first, Event.kind == "merge_undone")
    assert desk.rows(told) == [(desk.visit(first),)]
    assert desk.differences() == []
