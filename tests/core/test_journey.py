"""A dispute's whole way through the desk, on both databases."""

from sqlalchemy import select

from core.desk.answers import Refused
from core.tables import Judgment, Order, Outbox, Payment
from tests.factories import REFUND, SOUND, TRIAGED, Desk


def test_dispute_travels_from_intake_to_verified_refund(any_desk: Desk) -> None:
    desk = any_desk
    dispute = desk.open()
    desk.take(dispute)
    desk.must(dispute, "request_both", TRIAGED)
    desk.give(dispute, "buyer")
    desk.done(dispute, "buyer")
    assert desk.stage(dispute) == "awaiting_evidence"  # the merchant was asked too
    desk.done(dispute, "merchant")
    desk.must(dispute, "enough", SOUND)
    desk.must(dispute, "rule_merchant", {"quality": "evidence_overlooked"})
    desk.funds(dispute)
    desk.must(dispute, "deduct_online", REFUND)
    desk.pay(dispute)
    desk.must(dispute, "money_arrived")
    assert desk.stage(dispute) == "finished"
    assert [v.stage for v in desk.visits(dispute)] == [
        "intake",
        "triage",
        "awaiting_evidence",
        "evidence_review",
        "adjudication",
        "verification",
        "awaiting_payment",
        "verification",
        "finished",
    ]
    assert desk.rows(select(Payment.state, Payment.amount)) == [("confirmed", 20_000)]
    assert desk.rows(select(Order.refunded)) == [(20_000,)]
    judged = desk.rows(select(Judgment.sound, Judgment.option).order_by(Judgment.id))
    assert judged == [(True, "sound"), (False, "evidence_overlooked"), (True, "sound")]


def test_same_click_gets_the_same_answer_and_acts_once(any_desk: Desk) -> None:
    desk = any_desk
    dispute = desk.at_stage("triage")
    visit = desk.visit(dispute)
    from core.desk.choose import choose

    answers = [
        desk.db.transact(choose, visit, "no_evidence", TRIAGED, desk.who("Tom"), click="same")
        for _ in range(3)
    ]
    assert answers[0] == answers[1] == answers[2]
    assert desk.stage(dispute) == "adjudication"
    cards = select(Outbox.id).where(Outbox.dispute_id == dispute, Outbox.kind == "card")
    assert len(desk.rows(cards)) == 3  # intake, triage, adjudication: nothing twice


def test_second_agent_is_told_who_was_first(any_desk: Desk) -> None:
    desk = any_desk
    dispute = desk.open()
    visit = desk.visit(dispute)
    desk.take(dispute, "Tom")
    from core.desk.holding import take

    answer = desk.db.transact(take, visit, desk.who("Tang Li"))
    assert isinstance(answer, Refused)
    assert (answer.key, answer.params["who"]) == ("too_late", "Tom")


def test_agent_of_one_stage_is_refused_at_another(any_desk: Desk) -> None:
    desk = any_desk
    dispute = desk.at_stage("adjudication")
    answer = desk.choose(dispute, "rule_buyer", SOUND, name="Tom")
    assert isinstance(answer, Refused)
    assert (answer.key, answer.params["elsewhere"]) == ("separation", "triage")
