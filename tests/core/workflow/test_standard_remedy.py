"""workflow.md's rule 7 as sentences, asked of the standard document."""

import pytest

from core.workflow import engine
from core.workflow.engine import Step
from tests.core.workflow.asked import (
    DOCUMENT,
    FLOW,
    MONEY_UNDER_WAY,
    REFUND,
    RETURN,
    SOUND,
    allowed,
    at,
    decide,
    goes,
    reasons,
    sets,
)

# 7


@pytest.mark.parametrize("liability", ["merchant", "shared"])
def test_broad_merchant_liability_means_refund_or_return_then_refund(liability: str) -> None:
    here = at("verification", liability=liability, funds="cover")
    shown = {f.key for f in engine.shown_fields(DOCUMENT, here)}
    assert shown == {"quality", "remark", "remedy", "items", "share"}
    assert goes(here, "deduct_online", REFUND) == "awaiting_payment"
    assert goes(here, "return_first", RETURN) == "awaiting_return"
    assert "nothing_due" not in allowed(here)
    assert "pay_goodwill" not in allowed(here)


@pytest.mark.parametrize("liability", ["buyer", "none"])
def test_broad_buyer_liability_means_goodwill_or_nothing(liability: str) -> None:
    here = at("verification", liability=liability, funds="cover")
    shown = {f.key for f in engine.shown_fields(DOCUMENT, here)}
    assert shown == {"quality", "remark", "goodwill"}
    assert goes(here, "pay_goodwill", {**SOUND, "goodwill": "small"}) == "awaiting_payment"
    assert goes(here, "nothing_due", SOUND) == "finished"
    for key in ("deduct_online", "pay_offline", "return_first", "draw_deposit"):
        assert "owes_nothing" in reasons(here, key, SOUND)


def test_online_where_funds_cover_it_else_offline_with_a_voucher() -> None:
    covered = at("verification", liability="merchant", funds="cover")
    assert "funds_cover" in reasons(covered, "pay_offline", REFUND)
    for funds in ({"funds": "short"}, {}):
        here = at("verification", liability="merchant", **funds)
        assert "funds_short" in reasons(here, "deduct_online", REFUND)
        assert goes(here, "pay_offline", REFUND) == "awaiting_refund"
    assert reasons(at("awaiting_refund"), "refund_voucher", by="merchant") == {"missing", "voucher"}
    assert (
        goes(at("awaiting_refund"), "refund_voucher", {"voucher": 1}, "merchant") == "verification"
    )
    assert sets("awaiting_refund", "refund_voucher") == {"payment": "vouchered"}


def test_deduction_takes_the_held_payment_then_the_balance() -> None:
    pays = FLOW.decisions_by_stage["verification"]["deduct_online"].effects
    assert [(e.kind, e.sources) for e in pays] == [("pay", ("held", "balance"))]


def test_return_then_refund_has_three_waits_each_leading_to_the_next() -> None:
    shipped = decide(at("awaiting_return"), "shipped", {"tracking_number": "SF1"}, "buyer")
    assert isinstance(shipped, Step)
    assert (shipped.stage.key, shipped.facts) == ("awaiting_inspection", {"tracking_number": "SF1"})
    assert goes(at("awaiting_inspection"), "goods_accepted", by="merchant") == "awaiting_refund"
    paid = at("awaiting_refund", payment="confirmed")
    assert goes(paid, "refund_reported", by="payment") == "verification"


def test_return_needs_its_tracking_number() -> None:
    assert reasons(at("awaiting_return"), "shipped", by="buyer") == {"missing", "tracking_number"}


def test_return_comes_before_its_refund() -> None:
    here = at("verification", liability="merchant", funds="cover")
    assert "return_comes_first" in reasons(here, "deduct_online", RETURN)
    back = at("verification", liability="merchant", funds="cover", goods="accepted")
    assert goes(back, "deduct_online", RETURN) == "awaiting_payment"
    assert "goods_came_back" in reasons(back, "return_first", RETURN)


def test_buyer_has_seven_days_to_return_and_the_merchant_a_day_to_refund() -> None:
    minutes = {level.stage: level.minutes for level in FLOW.service_levels}
    assert minutes["awaiting_return"] == 7 * 24 * 60
    assert minutes["awaiting_refund"] == 24 * 60


def test_goods_not_shipped_come_back_to_an_agent_who_may_let_the_remedy_lapse() -> None:
    assert goes(at("awaiting_return"), "return_timeout", by="timeout") == "verification"
    late = at("verification", liability="merchant", payment="owed", goods="not_shipped")
    assert goes(late, "let_lapse", SOUND) == "finished"
    assert "goods_not_late" in reasons(at("verification", goods="shipped"), "let_lapse", SOUND)


def test_silence_at_inspection_means_accepted() -> None:
    silent = decide(at("awaiting_inspection"), "inspection_timeout", by="timeout")
    assert isinstance(silent, Step)
    assert silent.stage.key == "awaiting_refund"
    here = at("verification", liability="merchant", funds="cover", goods="silent")
    assert goes(here, "deduct_online", RETURN) == "awaiting_payment"


def test_contested_goods_go_to_evidence_review_once() -> None:
    assert goes(at("awaiting_inspection"), "contest_goods", by="merchant") == "evidence_review"
    again = at("awaiting_inspection", {"goods_contested": 1})
    assert "contests_used_up" in reasons(again, "contest_goods", by="merchant")


def test_unpaid_refund_is_drawn_from_the_security_deposit_by_an_agent_s_click_only() -> None:
    assert goes(at("awaiting_refund"), "refund_timeout", by="timeout") == "verification"
    overdue = at("verification", liability="merchant", payment="overdue")
    assert goes(overdue, "draw_deposit", REFUND) == "awaiting_payment"
    pays = FLOW.decisions_by_stage["verification"]["draw_deposit"].effects
    assert [(e.kind, e.sources) for e in pays] == [("pay", ("deposit",))]
    assert "not_overdue" in reasons(
        at("verification", liability="merchant"), "draw_deposit", REFUND
    )


def test_ruling_goes_back_once_and_only_before_money_has_moved() -> None:
    card = {**SOUND, "ruling_back_reason": "facts_changed"}
    here = at("verification", liability="merchant")
    assert goes(here, "ruling_back", card) == "adjudication"
    assert reasons(here, "ruling_back", SOUND) == {"missing", "ruling_back_reason"}
    for payment in (*MONEY_UNDER_WAY, "mismatched"):
        moved = at("verification", liability="merchant", payment=payment)
        assert "money_moved" in reasons(moved, "ruling_back", card)
    again = at("verification", {"ruling_back": 1}, liability="merchant")
    assert "rulings_back_used_up" in reasons(again, "ruling_back", card)


@pytest.mark.parametrize("payment", ["confirmed", "vouchered"])
def test_every_payment_is_verified_by_an_agent_s_click(payment: str) -> None:
    here = at("verification", liability="merchant", payment=payment)
    assert goes(here, "money_arrived", SOUND) == "finished"
    assert FLOW.decisions_by_stage["verification"]["money_arrived"].by == "agent"


@pytest.mark.parametrize("payment", ["failed", "mismatched"])
def test_failed_or_mismatched_payments_stay_and_can_be_tried_again(payment: str) -> None:
    here = at("verification", liability="merchant", payment=payment, funds="cover")
    assert "no_money_seen" in reasons(here, "money_arrived", SOUND)
    assert goes(here, "deduct_online", REFUND) == "awaiting_payment"


def test_nothing_is_paid_twice_while_money_is_under_way() -> None:
    for payment in MONEY_UNDER_WAY:
        here = at("verification", liability="merchant", funds="cover", payment=payment)
        for key, card in (("deduct_online", REFUND), ("return_first", RETURN)):
            assert "money_under_way" in reasons(here, key, card)


def test_dispute_of_which_nothing_is_left_to_pay_can_be_finished() -> None:
    here = at("verification", liability="merchant", nothing_left="yes", funds="short")
    for key in ("deduct_online", "pay_offline", "return_first", "draw_deposit"):
        assert "nothing_left" in reasons(here, key, REFUND)
    assert goes(here, "nothing_due", SOUND) == "finished"


# 8
