"""Return, then refund: three hidden waits, each with its own end (rule 7)."""

import pytest
from sqlalchemy import select

from core.desk.answers import Applied, Refused
from core.tables import Payment, Visit
from tests.factories import REFUND, SOUND, Desk

RETURN = {**REFUND, "remedy": "return_refund"}


@pytest.fixture
def returning(desk: Desk) -> int:
    """A dispute whose buyer is to return the goods."""
    dispute = desk.at_stage("verification")
    desk.must(dispute, "return_first", RETURN)
    return dispute


def refusal(desk: Desk, dispute: int, party: str, decision: str, **chosen: object) -> Refused:
    """Why a party's decision is refused."""
    answer = desk.party(dispute, party, decision, **chosen)
    assert isinstance(answer, Refused), answer
    return answer


def test_return_goes_through_its_three_waits_and_is_verified(any_desk: Desk) -> None:
    desk = any_desk
    dispute = desk.at_stage("verification")
    desk.must(dispute, "return_first", RETURN)
    desk.party(dispute, "buyer", "shipped", tracking_number=" SF123 ")
    assert desk.at(dispute).facts["tracking_number"] == "SF123"
    desk.party(dispute, "merchant", "goods_accepted")
    assert desk.stage(dispute) == "awaiting_refund"
    desk.pay(dispute)
    desk.must(dispute, "money_arrived")
    stages = [visit.stage for visit in desk.visits(dispute)][-6:]
    assert stages == [
        "verification",
        "awaiting_return",
        "awaiting_inspection",
        "awaiting_refund",
        "verification",
        "finished",
    ]
    assert desk.differences() == []


def test_parties_decide_only_what_is_theirs(desk: Desk, returning: int) -> None:
    assert refusal(desk, returning, "merchant", "shipped", tracking_number="x").key == "not_yours"
    assert refusal(desk, returning, "buyer", "goods_accepted").key == "unknown_decision"
    assert refusal(desk, returning, "buyer", "return_timeout").key == "not_yours"
    assert refusal(desk, returning, "agent", "settle").key == "not_yours"
    assert refusal(desk, returning, "timeout", "return_timeout").key == "not_yours"
    assert refusal(desk, returning, "buyer", "shipped").fields == ("tracking_number",)
    assert desk.stage(returning) == "awaiting_return"


def test_goods_not_shipped_in_seven_days_come_back_and_may_be_asked_for_once_more(
    desk: Desk, returning: int
) -> None:
    desk.pass_time(days=7)
    desk.sweep()
    assert desk.at(returning).facts["goods"] == "not_shipped"
    desk.must(returning, "return_first", {})
    desk.pass_time(days=7)
    desk.sweep()
    refused = desk.choose(returning, "return_first", {})
    assert isinstance(refused, Refused)
    assert refused.reasons == ("returns_used_up",)
    assert isinstance(desk.choose(returning, "let_lapse", {}), Applied)
    assert desk.stage(returning) == "finished"
    assert desk.differences() == []


def test_silent_merchant_has_accepted_the_goods(desk: Desk, returning: int) -> None:
    desk.party(returning, "buyer", "shipped", tracking_number="SF1")
    desk.pass_time(days=1)
    desk.sweep()
    assert desk.stage(returning) == "awaiting_refund"
    desk.pass_time(days=1)
    desk.sweep()
    assert desk.at(returning).facts["payment"] == "overdue"
    desk.must(returning, "draw_deposit", {})
    desk.pay(returning)
    desk.must(returning, "money_arrived", {})
    assert desk.differences() == []


def test_refund_paid_early_skips_the_wait_for_it(desk: Desk, returning: int) -> None:
    desk.party(returning, "buyer", "shipped", tracking_number="SF1")
    desk.pay(returning)  # while the goods are still under way
    assert desk.stage(returning) == "awaiting_inspection"
    desk.party(returning, "merchant", "goods_accepted")
    assert desk.stage(returning) == "verification"
    desk.must(returning, "money_arrived", {})
    assert desk.differences() == []


def test_contested_goods_go_to_evidence_review_once_and_are_ruled_on_again(
    desk: Desk, returning: int
) -> None:
    desk.party(returning, "buyer", "shipped", tracking_number="SF1")
    desk.party(returning, "merchant", "contest_goods")
    assert desk.stage(returning) == "evidence_review"
    desk.must(returning, "enough", SOUND)
    desk.must(returning, "rule_merchant", SOUND)
    refused = desk.choose(returning, "return_first", RETURN)
    assert isinstance(refused, Refused)
    assert "goods_came_back" in refused.reasons
    desk.must(returning, "deduct_online", RETURN)
    states = [row.state for row in desk.rows(select(Payment.state).order_by(Payment.id))]
    assert states == ["cancelled", "instructed"]  # what the merchant owed is deducted instead
    desk.pay(returning)
    desk.must(returning, "money_arrived", {})
    assert desk.differences() == []


def test_contesting_a_second_time_is_refused(desk: Desk, returning: int) -> None:
    desk.write(
        Visit.__table__.update().where(Visit.stage == "triage").values(meaning="goods_contested")
    )
    desk.party(returning, "buyer", "shipped", tracking_number="SF1")
    assert refusal(desk, returning, "merchant", "contest_goods").reasons == ("contests_used_up",)


def test_ruling_goes_back_once_and_not_after_money_has_moved(desk: Desk) -> None:
    back = {**SOUND, "ruling_back_reason": "remedy_impossible"}
    dispute = desk.at_stage("verification")
    desk.must(dispute, "ruling_back", back)
    desk.must(dispute, "rule_shared", {})
    refused = desk.choose(dispute, "ruling_back", back)
    assert isinstance(refused, Refused)
    assert refused.reasons == ("rulings_back_used_up",)
    moved = desk.at_stage("awaiting_payment")
    desk.pay(moved, paid=5)
    refused = desk.choose(moved, "ruling_back", back)
    assert isinstance(refused, Refused)
    assert refused.reasons == ("money_moved",)
    assert desk.differences() == []


def test_merchant_s_voucher_must_be_named(desk: Desk) -> None:
    dispute = desk.at_stage("verification")
    desk.funds(dispute, held=0)
    desk.must(dispute, "pay_offline", REFUND)
    assert refusal(desk, dispute, "merchant", "refund_voucher").fields == ("voucher",)
    desk.party(dispute, "merchant", "refund_voucher", voucher=desk.voucher(dispute))
    assert desk.stage(dispute) == "verification"
    assert desk.differences() == []
