"""Some items become a dispute of their own; together the parts are never worth more (K2)."""

import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.desk import family, splitting, views
from core.desk.answers import Answer, Applied, Refused
from core.desk.intake import OrderInfo
from core.tables import Deadline, Dispute, Event, Order, Payment
from core.workflow.amounts import Line, Purchase, amount, parted
from core.workflow.model import Share
from tests.core.desk.joined import CUPS, ORDER, key, merge, second_of, split
from tests.factories import KETTLE, REFUND, SOUND, VAULT, Desk


@pytest.mark.parametrize("stage", ["intake", "triage", "awaiting_evidence", "adjudication"])
def test_chosen_items_go_to_a_new_dispute_and_the_first_keeps_the_rest(
    any_desk: Desk, stage: str
) -> None:
    desk = any_desk
    first = desk.at_stage(stage, order=ORDER)
    desk.give(first, "buyer", "video")
    before = desk.at(first)
    second = second_of(desk, split(desk, first, {"1": 1}))
    here, there = desk.at(first), desk.at(second)
    assert (here.row.visit_id, here.row.stage) == (before.row.visit_id, stage)
    assert (here.lines, there.lines) == ({"1": 1, "2": 3}, {"1": 1})
    assert here.purchase.paid + there.purchase.paid == 20_999
    assert here.purchase.freight + there.purchase.freight == 1_000
    assert there.row.stage == "intake"
    assert there.facts.get("reason") == before.facts.get("reason")
    members = desk.db.read(lambda c, now: family.family(c, second))
    assert [member.id for member in members] == [second, first]  # what was given is read at both
    clocks = select(Deadline.started_at).where(Deadline.dispute_id == second)
    assert desk.rows(clocks) == [(there.row.opened_at,)]
    assert desk.differences() == []


def test_what_came_after_the_split_stays_with_its_part(desk: Desk) -> None:
    first = desk.at_stage("triage", order=ORDER)
    second = second_of(desk, split(desk, first, {"1": 1}))
    (_, origin) = desk.db.read(lambda c, now: family.family(c, second))
    assert origin.until == desk.at(second).row.opened_at
    assert desk.db.read(lambda c, now: family.family(c, first))[1:] == ()


def test_both_parts_paid_in_full_are_never_more_than_was_paid(any_desk: Desk) -> None:
    desk = any_desk
    first = desk.at_stage("adjudication", order=ORDER)
    second = second_of(desk, split(desk, first, {"1": 1, "2": 2}))
    desk.take(second)
    desk.must(second, "no_evidence", {"given_buyer": ["photos"], "given_merchant": ["none"]})
    for dispute in (first, second):
        desk.must(dispute, "rule_merchant", SOUND)
        desk.funds(dispute)
        desk.must(dispute, "deduct_online", REFUND)
        desk.pay(dispute)
    paid = desk.rows(select(Payment.dispute_id, Payment.reported))
    assert sum(row.reported for row in paid) == 20_999
    assert dict(map(tuple, paid)) == {first: 10_325, second: 10_674}
    assert desk.rows(select(Order.refunded)) == [(20_999,)]
    assert desk.differences() == []


def test_part_gets_no_more_than_the_order_has_left(desk: Desk) -> None:
    order = OrderInfo("CNY", 20_999, 1_000, refunded=15_000, lines=(KETTLE, CUPS))
    first = desk.at_stage("verification", order=order)
    split(desk, first, {"2": 3})
    answer = desk.must(first, "deduct_online", REFUND)
    assert answer.params["amount"] == 5_999
    desk.pay(first)
    assert desk.differences() == []


def test_items_that_were_chosen_before_are_chosen_again(desk: Desk) -> None:
    first = desk.at_stage("verification", order=ORDER)
    desk.must(first, "deduct_online", {**REFUND, "items": ["1:2"]})
    desk.pay(first, fails=True)
    split(desk, first, {"1": 1})
    assert "items" not in desk.at(first).facts
    refused = desk.choose(first, "deduct_online", {"items": ["1:2"]})
    assert isinstance(refused, Refused)
    assert refused.fields == ("items",)
    assert desk.differences() == []


def test_part_is_split_again_and_merged_back(desk: Desk) -> None:
    first = desk.at_stage("triage", order=ORDER)
    second = second_of(desk, split(desk, first, {"1": 1, "2": 2}))
    third = second_of(desk, split(desk, second, {"2": 1}))
    parts = [desk.at(dispute).purchase for dispute in (first, second, third)]
    assert sum(part.paid for part in parts) == 20_999
    assert [desk.at(d).lines for d in (first, second, third)] == [
        {"1": 1, "2": 1},
        {"1": 1, "2": 1},
        {"2": 1},
    ]
    assert isinstance(merge(desk, third, second), Applied)
    assert desk.at(second).lines == {"1": 1, "2": 2}  # what was split off comes back
    assert isinstance(desk.undo(third), Applied)
    assert desk.at(second).lines == {"1": 1, "2": 1}
    assert isinstance(merge(desk, third, second), Applied)
    split(desk, second, {"2": 1})
    assert key(desk.undo(third)) == "merge_gone_on"  # its item went elsewhere meanwhile
    assert desk.differences() == []


def test_split_that_would_be_wrong_is_refused_with_its_reason(desk: Desk) -> None:
    first = desk.at_stage("triage", order=ORDER)
    assert key(split(desk, first, {})) == "split_nothing"
    assert key(split(desk, first, {"1": 0})) == "split_nothing"
    assert key(split(desk, first, {"1": 2, "2": 3})) == "split_everything"
    for items in ({"1": 3}, {"9": 1}, {"1": -1}):
        assert key(split(desk, first, items)) == "split_bad_items"
    assert key(split(desk, first, {"1": 1}, "Tom")) == "no_right"
    assert key(split(desk, desk.at_stage("finished"), {"1": 1})) == "finished"
    assert key(split(desk, desk.open(order=None), {"1": 1})) == "split_unknown"
    single = OrderInfo("CNY", 333, lines=({**CUPS, "quantity": 1},))
    assert key(split(desk, desk.open(order=single), {"2": 1})) == "split_single"
    paying = desk.at_stage("awaiting_payment", order=ORDER)
    assert key(split(desk, paying, {"1": 1})) == "split_money"
    assert desk.rows(select(func.count(Dispute.id)).where(Dispute.part.is_not(None))) == [(0,)]


def test_split_is_previewed_to_the_minor_unit(desk: Desk) -> None:
    first = desk.at_stage("triage", order=ORDER)
    seen = desk.db.read(splitting.preview, desk.who("Sun Wei"), first, {"1": 1})
    assert isinstance(seen, splitting.Foreseen)
    second = second_of(desk, split(desk, first, {"1": 1}))
    assert (seen.goes, seen.stays) == (desk.at(second).purchase, desk.at(first).purchase)


def test_double_submit_splits_once(desk: Desk) -> None:
    first = desk.at_stage("triage", order=ORDER)
    answers = [split(desk, first, {"1": 1}, click="same") for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(desk.rows(select(Event.id).where(Event.kind == "split"))) == 1


@pytest.mark.postgres
def test_two_people_who_split_off_the_last_item_at_once_split_it_once(postgresql: Any) -> None:
    desk = Desk(postgresql)
    for _ in range(4):
        first = desk.at_stage("triage", order=OrderInfo("CNY", 20_000, lines=(KETTLE,)))
        answers: list[Answer] = []
        start = threading.Barrier(2)

        def act(
            first: int = first, start: threading.Barrier = start, answers: Any = answers
        ) -> None:
            start.wait(20)
            answers.append(split(desk, first, {"1": 1}))

        threads = [threading.Thread(target=act) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(key(answer) for answer in answers) == ["", "split_single"]
    assert desk.differences() == []


_lines = st.lists(
    st.builds(Line, st.uuids().map(str), st.integers(0, 10**6), st.integers(1, 9)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=300)
@given(
    _lines,
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    st.integers(0, 10**5),
    st.integers(0, 100),
    st.sampled_from(("goods", "freight", "paid")),
    st.data(),
)
def test_parts_together_are_the_whole_and_shares_of_both_never_exceed_it(
    lines: list[Line],
    paid: int,
    refunded: int,
    freight: int,
    percent: int,
    of: str,
    data: st.DataObject,
) -> None:
    whole = Purchase("CNY", paid, min(refunded, paid), freight, tuple(lines))
    items = {line.key: data.draw(st.integers(0, line.quantity)) for line in lines}
    goes, stays = parted(whole, items)
    for name in ("paid", "refunded", "freight"):
        mine, other = getattr(goes, name), getattr(stays, name)
        assert mine >= 0 <= other
        assert mine + other == getattr(whole, name)
    counted: dict[str, int] = {}
    for line in (*goes.lines, *stays.lines):
        counted[line.key] = counted.get(line.key, 0) + line.quantity
    assert counted == {line.key: line.quantity for line in lines}
    share = Share(percent, of)
    together = amount(share, goes) + amount(share, stays)
    assert together <= whole.paid


def test_split_dispute_keeps_its_story_and_parties(desk: Desk) -> None:
    first = desk.at_stage("triage", order=ORDER, buyer="anna", story="Two of them came broken.")
    second = second_of(desk, split(desk, first, {"1": 1}))
    columns = (Dispute.buyer_id, Dispute.merchant_id, Dispute.order_id, Dispute.workflow)
    one, other = (desk.rows(select(*columns).where(Dispute.id == d))[0] for d in (first, second))
    assert tuple(one) == tuple(other)
    told = desk.db.read(lambda c, now: views.story(c, second, VAULT))
    assert told == "Two of them came broken."
