"""What the payment system reports is evidence for an agent's click, whenever it comes (W14)."""

from sqlalchemy import select

from core.desk import payments
from core.desk.answers import Answer, Applied, Refused
from core.tables import Event, Order, Payment
from tests.factories import REFUND, SOUND, Desk


def report(
    desk: Desk, reference: str, paid: int | None, currency: str = "CNY", source: str | None = None
) -> Answer:
    """The payment system reports on a reference."""
    return desk.db.transact(
        payments.reported, reference, paid=paid, currency=currency, source=source
    )


def reference(desk: Desk) -> str:
    """The latest payment's reference."""
    found: str = desk.rows(select(Payment.reference).order_by(Payment.id.desc()))[0][0]
    return found


def test_confirmation_closes_nothing_before_an_agent_s_click(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("awaiting_payment")
    any_desk.pay(dispute)
    assert any_desk.stage(dispute) == "verification"
    any_desk.must(dispute, "money_arrived")
    assert any_desk.stage(dispute) == "finished"
    assert any_desk.differences() == []


def test_report_that_came_before_changes_nothing(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("awaiting_payment")
    sent = reference(any_desk)
    for paid in (20_000, 20_000, 5, None):
        assert isinstance(report(any_desk, sent, paid), Applied)
    assert any_desk.rows(select(Order.refunded)) == [(20_000,)]
    assert any_desk.rows(select(Payment.state, Payment.reported)) == [("confirmed", 20_000)]
    assert len(any_desk.rows(select(Event.id).where(Event.kind == "payment_reported"))) == 1
    assert any_desk.stage(dispute) == "verification"


def test_report_on_an_unknown_reference_is_refused(desk: Desk) -> None:
    desk.at_stage("awaiting_payment")
    for answer in (
        report(desk, "nobody's", 5),
        report(desk, reference(desk), 20_000, source="another shop"),
    ):
        assert isinstance(answer, Refused)
        assert answer.key == "unknown_payment"
    assert isinstance(report(desk, reference(desk), 20_000, source="shop"), Applied)


def test_report_after_the_end_is_kept_and_reopens_nothing(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_payment")
    desk.party(dispute, "buyer", "withdraw")
    assert isinstance(report(desk, reference(desk), 20_000), Applied)
    assert desk.stage(dispute) == "withdrawn"
    assert desk.rows(select(Order.refunded)) == [(20_000,)]  # the money did move
    assert desk.differences() == []


def test_failure_brings_the_dispute_back_to_its_agent(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_payment")
    desk.pay(dispute, fails=True)
    row = desk.at(dispute)
    assert (row.row.stage, row.facts["payment"]) == ("verification", "failed")
    assert row.row.holder_id == desk.people["Vera"]
    assert desk.rows(select(Order.refunded)) == [(0,)]


def test_payment_of_nothing_is_a_failure(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_payment")
    desk.pay(dispute, paid=0)
    assert desk.at(dispute).facts["payment"] == "failed"


def test_sum_below_zero_is_refused(desk: Desk) -> None:
    desk.at_stage("awaiting_payment")
    answer = report(desk, reference(desk), -5)
    assert isinstance(answer, Refused)
    assert answer.key == "bad_amount"
    assert desk.rows(select(Order.refunded)) == [(0,)]


def test_money_in_another_currency_is_a_mismatch_and_counts_for_nothing(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_payment")
    report(desk, reference(desk), 20_000, "USD")
    assert desk.at(dispute).facts["payment"] == "mismatched"
    assert desk.rows(select(Order.refunded)) == [(0,)]
    assert desk.must(dispute, "deduct_online", {}).params["amount"] == 20_000
    assert desk.differences() == []


def test_more_than_was_instructed_can_be_finished_by_an_agent(desk: Desk) -> None:
    dispute = desk.at_stage("verification")
    desk.must(dispute, "deduct_online", {**REFUND, "share": "half"})
    desk.pay(dispute, paid=10_000)  # 9,500 was instructed
    refused = desk.choose(dispute, "deduct_online", {})
    assert isinstance(refused, Refused)
    assert "nothing_left" in refused.reasons
    assert isinstance(desk.choose(dispute, "nothing_due", {}), Applied)
    assert desk.stage(dispute) == "finished"
    assert desk.differences() == []


def test_silence_of_the_payment_system_comes_back_and_can_be_asked_again(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_payment")
    first = reference(desk)
    desk.pass_time(days=1)
    desk.sweep()
    assert desk.at(dispute).facts["payment"] == "unconfirmed"
    refused = desk.choose(dispute, "deduct_online", {})
    assert isinstance(refused, Refused)
    assert "money_under_way" in refused.reasons  # it may have moved: never instructed twice
    desk.must(dispute, "ask_payment_again")
    assert reference(desk) == first  # the same instruction, asked about again
    desk.pay(dispute)
    desk.must(dispute, "money_arrived")
    assert desk.differences() == []


def test_merchant_s_refund_may_come_before_its_voucher(desk: Desk) -> None:
    dispute = desk.at_stage("verification")
    desk.funds(dispute, held=0)
    desk.must(dispute, "pay_offline", REFUND)
    desk.pay(dispute)
    assert desk.stage(dispute) == "verification"
    desk.must(dispute, "money_arrived")
    assert desk.rows(select(Order.refunded)) == [(20_000,)]
    assert desk.differences() == []


def test_late_refund_of_the_merchant_is_kept_after_the_deposit_was_drawn_on(desk: Desk) -> None:
    dispute = desk.at_stage("verification")
    desk.funds(dispute, held=0)
    desk.must(dispute, "pay_offline", {**REFUND, "share": "half"})
    owed = reference(desk)
    desk.pass_time(days=1)
    desk.sweep()
    desk.must(dispute, "draw_deposit", {})
    assert desk.rows(select(Payment.state).order_by(Payment.id)) == [
        ("cancelled",),
        ("instructed",),
    ]
    report(desk, owed, 9_500)
    assert desk.rows(select(Order.refunded)) == [(9_500,)]
    assert desk.stage(dispute) == "verification"
    assert desk.differences() == []


def test_goodwill_comes_from_the_fund_and_is_no_refund_of_the_order(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_buyer", SOUND)
    desk.must(dispute, "pay_goodwill", {**SOUND, "goodwill": "small"})
    desk.pay(dispute)
    desk.must(dispute, "money_arrived")
    assert desk.rows(select(Order.refunded)) == [(0,)]
    assert desk.rows(select(Payment.sources, Payment.amount)) == [(["fund"], 1_000)]
    assert desk.differences() == []


def test_what_nobody_paid_is_no_longer_owed_at_the_end(desk: Desk) -> None:
    dispute = desk.at_stage("verification")
    desk.must(dispute, "return_first", {**REFUND, "remedy": "return_refund"})
    desk.pass_time(days=7)
    desk.sweep()
    desk.must(dispute, "let_lapse", {})
    assert desk.rows(select(Payment.state)) == [("cancelled",)]
    assert desk.rows(select(Order.refunded)) == [(0,)]
    assert desk.differences() == []
