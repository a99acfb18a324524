"""Amounts are preset and never more than paid minus refunded (rule 11, W4)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.desk.answers import Applied, Refused
from core.desk.intake import OrderInfo
from core.tables import Order, Payment
from core.workflow.amounts import Line, Purchase, amount
from core.workflow.model import Share, Step
from tests.factories import KETTLE, SOUND, Desk

GOODS = {"key": "2", "title": "Cup", "unit_price": 333, "quantity": 3}
ORDER = OrderInfo("CNY", 20_999, 1_000, lines=(KETTLE, GOODS))  # two kettles, three cups, freight


def paid_for(desk: Desk, order: OrderInfo = ORDER, **card: Any) -> int:
    """What a merchant-liable dispute of this order comes to."""
    dispute = desk.at_stage("verification", order=order)
    answer = desk.must(dispute, "deduct_online", {**SOUND, "remedy": "refund_only", **card})
    return int(answer.params["amount"])


@pytest.mark.parametrize(
    ("share", "items", "minor"),
    [
        ("full", None, 20_999),
        ("goods", None, 19_999),
        ("half", None, 9_999),  # rounded down
        ("thirty", None, 5_999),
        ("freight", None, 1_000),
        ("goods", ["2:1"], 333),
        ("goods", ["1:1", "2:3"], 10_499),
        ("half", ["2:1"], 166),
        ("full", ["2:1"], 1_333),  # the item, and the freight
        ("freight", ["2:1"], 1_000),
    ],
)
def test_share_is_taken_of_what_was_chosen(
    desk: Desk, share: str, items: list[str] | None, minor: int
) -> None:
    assert paid_for(desk, share=share, items=items) == minor


def test_amount_is_capped_by_what_was_not_refunded_yet(desk: Desk) -> None:
    order = OrderInfo("CNY", 20_000, 1_000, refunded=15_000, lines=(KETTLE,))
    assert paid_for(desk, order, share="half") == 5_000


def test_order_known_by_its_total_only_has_shares_but_no_items(desk: Desk) -> None:
    assert paid_for(desk, OrderInfo("CNY", 20_000, 1_000), share="goods") == 19_000


@pytest.mark.parametrize(("currency", "minor"), [("CNY", 1_000), ("EUR", 200), ("BRL", 1_000)])
def test_goodwill_step_depends_on_the_currency(desk: Desk, currency: str, minor: int) -> None:
    dispute = desk.at_stage("adjudication", order=OrderInfo(currency, 20_000, lines=(KETTLE,)))
    desk.must(dispute, "rule_buyer", SOUND)
    answer = desk.must(dispute, "pay_goodwill", {**SOUND, "goodwill": "small"})
    assert answer.params["amount"] == minor


def test_step_does_not_exist_in_a_currency_that_has_none(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication", order=OrderInfo("JPY", 20_000, lines=(KETTLE,)))
    desk.must(dispute, "rule_none", SOUND)
    refused = desk.choose(dispute, "pay_goodwill", {**SOUND, "goodwill": "small"})
    assert isinstance(refused, Refused)
    assert (refused.key, refused.fields) == ("unknown_option", ("goodwill",))
    answer = desk.must(dispute, "pay_goodwill", {**SOUND, "goodwill": "five_percent"})
    assert answer.params["amount"] == 1_000


def test_goodwill_never_exceeds_what_was_paid(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication", order=OrderInfo("CNY", 700))
    desk.must(dispute, "rule_buyer", SOUND)
    answer = desk.must(dispute, "pay_goodwill", {**SOUND, "goodwill": "medium"})
    assert answer.params["amount"] == 700


@pytest.mark.parametrize(
    "items", [["1:3"], ["1:0"], ["3:1"], ["1:1", "1:1"], ["1"], ["1:x"], [["1:1"]], "1:1", {"1": 1}]
)
def test_items_that_were_not_bought_are_refused_and_move_nothing(desk: Desk, items: Any) -> None:
    dispute = desk.at_stage("verification")
    card = {**SOUND, "remedy": "refund_only", "share": "full", "items": items}
    refused = desk.choose(dispute, "deduct_online", card)
    assert isinstance(refused, Refused)
    assert refused.fields == ("items",)
    assert desk.rows(select(Payment.id)) == []


def test_emptied_items_mean_the_whole_order_again(desk: Desk) -> None:
    dispute = desk.at_stage("verification")
    card = {**SOUND, "remedy": "refund_only", "share": "goods"}
    first = desk.must(dispute, "deduct_online", {**card, "items": ["1:1"]})
    assert first.params["amount"] == 9_500
    desk.pay(dispute, fails=True)
    again = desk.must(dispute, "deduct_online", {**card, "items": None})
    assert again.params["amount"] == 19_000
    assert "items" not in desk.at(dispute).facts
    assert desk.differences() == []


def test_field_left_alone_keeps_what_was_chosen(desk: Desk) -> None:
    dispute = desk.at_stage("verification")
    card = {**SOUND, "remedy": "refund_only", "share": "goods", "items": ["1:1"]}
    desk.must(dispute, "deduct_online", card)
    desk.pay(dispute, fails=True)
    assert desk.must(dispute, "deduct_online", {}).params["amount"] == 9_500


def test_mismatched_payment_is_tried_again_for_the_rest_only(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("awaiting_payment")  # 20,000 instructed
    any_desk.pay(dispute, paid=12_500)
    assert any_desk.at(dispute).facts["payment"] == "mismatched"
    answer = any_desk.must(dispute, "deduct_online", {})
    assert answer.params["amount"] == 7_500
    any_desk.pay(dispute)
    any_desk.must(dispute, "money_arrived")
    assert any_desk.rows(select(Order.refunded)) == [(20_000,)]
    assert any_desk.differences() == []


def test_rest_that_funds_still_cover_is_deducted_online(desk: Desk) -> None:
    dispute = desk.at_stage("verification")
    card = {**SOUND, "remedy": "refund_only", "share": "goods"}
    desk.must(dispute, "deduct_online", card)
    desk.pay(dispute, paid=16_000)
    desk.funds(dispute, held=3_000)  # enough for the rest, not for the whole
    assert desk.must(dispute, "deduct_online", {}).params["amount"] == 3_000


def test_two_disputes_of_one_order_share_what_was_paid(any_desk: Desk) -> None:
    first = any_desk.at_stage("verification", order_number="shared")
    second = any_desk.at_stage("verification", order_number="shared")
    card = {**SOUND, "remedy": "refund_only"}
    any_desk.must(first, "deduct_online", {**card, "share": "half"})  # 9,500, still under way
    answer = any_desk.must(second, "deduct_online", {**card, "share": "full"})
    assert answer.params["amount"] == 10_500
    any_desk.pay(first)
    any_desk.pay(second)
    assert any_desk.rows(select(Order.refunded)) == [(20_000,)]
    third = any_desk.at_stage("verification", order_number="shared")
    refused = any_desk.choose(third, "deduct_online", {**card, "share": "freight"})
    assert isinstance(refused, Refused)
    assert "nothing_left" in refused.reasons
    assert isinstance(any_desk.choose(third, "nothing_due", SOUND), Applied)
    assert any_desk.differences() == []


def test_failed_payment_gives_its_sum_back_to_the_other_dispute(desk: Desk) -> None:
    first = desk.at_stage("verification", order_number="shared")
    second = desk.at_stage("verification", order_number="shared")
    card = {**SOUND, "remedy": "refund_only", "share": "full"}
    desk.must(first, "deduct_online", card)
    refused = desk.choose(second, "deduct_online", card)
    assert isinstance(refused, Refused)
    assert refused.key == "nothing_left"
    desk.pay(first, fails=True)
    assert desk.must(second, "deduct_online", card).params["amount"] == 20_000


def test_refund_by_voucher_counts_once_an_agent_verified_it(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("verification", order_number="shared")
    any_desk.funds(dispute, held=0)
    any_desk.must(dispute, "pay_offline", {**SOUND, "remedy": "refund_only", "share": "full"})
    any_desk.party(dispute, "merchant", "refund_voucher", voucher=any_desk.voucher(dispute))
    assert any_desk.rows(select(Order.refunded)) == [(0,)]  # a voucher is no verification
    any_desk.must(dispute, "money_arrived")
    assert any_desk.rows(select(Order.refunded)) == [(20_000,)]
    assert any_desk.rows(select(Payment.state)) == [("confirmed",)]
    other = any_desk.at_stage("adjudication", order_number="shared")
    any_desk.must(other, "rule_merchant", SOUND)
    refused = any_desk.choose(
        other, "pay_offline", {**SOUND, "remedy": "refund_only", "share": "full"}
    )
    assert isinstance(refused, Refused)  # the buyer is not paid twice for one order
    assert any_desk.differences() == []


def test_order_that_nobody_knows_moves_nothing(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication", order=None)
    desk.must(dispute, "rule_merchant", SOUND)
    for decision in ("deduct_online", "pay_offline", "nothing_due"):
        answer = desk.choose(dispute, decision, {**SOUND, "remedy": "refund_only", "share": "full"})
        assert isinstance(answer, Refused), decision
    assert desk.rows(select(func.count(Payment.id))) == [(0,)]


_lines = st.lists(
    st.builds(Line, st.uuids().map(str), st.integers(0, 10**6), st.integers(1, 9)), max_size=4
)


@settings(max_examples=300)
@given(
    st.builds(
        Share,
        st.integers(0, 100),
        st.sampled_from(("goods", "freight", "paid")),
        st.lists(
            st.builds(Step, st.sampled_from(("CNY", "JPY")), st.integers(1, 10**7)), max_size=2
        ).map(tuple),
    ),
    _lines,
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    st.integers(0, 10**5),
    st.data(),
)
def test_no_share_of_any_order_exceeds_paid_minus_refunded(
    share: Share, lines: list[Line], paid: int, refunded: int, freight: int, data: st.DataObject
) -> None:
    purchase = Purchase("CNY", paid, refunded, freight, tuple(lines))
    items = [
        f"{line.key}:{data.draw(st.integers(1, line.quantity))}"
        for line in lines
        if data.draw(st.booleans())
    ]
    minor = amount(share, purchase, items)
    assert 0 <= minor <= max(0, paid - refunded)
