"""Lawful ends besides finished: not accepted, withdrawn, settled (rule 10)."""

import pytest
from sqlalchemy import func, select

from core.desk import party_acts
from core.desk.answers import Applied, Refused
from core.tables import Deadline, Outbox, Payment, Visit
from tests.factories import REFUND, SOUND, TRIAGED, Desk

OPEN = (
    "intake",
    "triage",
    "awaiting_evidence",
    "evidence_review",
    "adjudication",
    "verification",
    "awaiting_payment",
)


@pytest.mark.parametrize("stage", OPEN)
def test_buyer_withdraws_from_any_stage(any_desk: Desk, stage: str) -> None:
    dispute = any_desk.at_stage(stage)
    answer = any_desk.party(dispute, "buyer", "withdraw")
    assert isinstance(answer, Applied)
    row = any_desk.at(dispute).row
    assert (row.stage, row.kind, row.holder_id) == ("withdrawn", "final", None)
    running = select(func.count(Deadline.id)).where(Deadline.next_at.is_not(None))
    assert any_desk.rows(running) == [(0,)]
    assert any_desk.differences() == []


def test_withdrawal_comes_through_whoever_holds_the_visit(desk: Desk) -> None:
    dispute = desk.at_stage("triage")  # held without an end
    assert isinstance(desk.party(dispute, "buyer", "withdraw"), Applied)


@pytest.mark.parametrize("stage", ["finished"])
def test_nothing_finished_is_withdrawn(desk: Desk, stage: str) -> None:
    dispute = desk.at_stage(stage)
    answer = desk.party(dispute, "buyer", "withdraw")
    assert isinstance(answer, Refused)
    assert answer.key == "finished"


def test_withdrawal_repeated_gets_the_same_answer(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    answers = [
        desk.db.transact(party_acts.act, dispute, "buyer", "withdraw", {}, click="w1")
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert isinstance(answers[0], Applied)


@pytest.mark.parametrize("stage", ["intake", "triage"])
def test_dispute_is_declined_with_a_reason(desk: Desk, stage: str) -> None:
    dispute = desk.at_stage(stage)
    refused = desk.choose(dispute, "decline", {})
    assert isinstance(refused, Refused)
    assert refused.fields == ("not_accepted_reason",)
    desk.must(dispute, "decline", {"not_accepted_reason": "duplicate"})
    row = desk.at(dispute)
    assert (row.row.stage, row.facts["not_accepted_reason"]) == ("not_accepted", "duplicate")
    assert desk.differences() == []


def test_declining_at_intake_is_no_work_of_the_dispute(desk: Desk) -> None:
    dispute = desk.open()
    desk.must(dispute, "decline", {"not_accepted_reason": "duplicate"})
    assert [v.kind for v in desk.visits(dispute)] == ["intake", "final"]


def test_reviewed_dispute_is_not_declined_any_more(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    refused = desk.choose(dispute, "decline", {"not_accepted_reason": "duplicate"})
    assert isinstance(refused, Refused)
    assert refused.reasons == ("only_before_review",)


def test_settled_at_triage_with_nothing_owed_is_finished(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    settled = {**TRIAGED, "state": "settled", "remedy": "nothing_owed"}
    desk.must(dispute, "settled_before", settled)
    assert desk.stage(dispute) == "finished"
    assert desk.rows(select(Payment.id)) == []
    assert desk.differences() == []


def test_settled_with_something_owed_is_verified_first(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("triage")
    settled = {**TRIAGED, "state": "settled", "remedy": "refund_only"}
    any_desk.must(dispute, "settled_before", settled)
    assert any_desk.stage(dispute) == "verification"
    asked = select(Outbox.kind).where(Outbox.kind == "ask_funds")
    assert len(any_desk.rows(asked)) == 1
    any_desk.funds(dispute)
    any_desk.must(dispute, "deduct_online", {"quality": "sound", "share": "half"})
    any_desk.pay(dispute)
    any_desk.must(dispute, "money_arrived")
    assert any_desk.stage(dispute) == "finished"
    assert any_desk.differences() == []


@pytest.mark.parametrize("stage", ["evidence_review", "adjudication", "verification"])
@pytest.mark.parametrize(
    ("remedy", "after"), [("nothing_owed", "finished"), ("refund_only", "verification")]
)
def test_parties_settle_at_any_later_stage(desk: Desk, stage: str, remedy: str, after: str) -> None:
    dispute = desk.at_stage(stage)
    desk.must(dispute, "settle", {"remedy": remedy})
    assert desk.stage(dispute) == after
    assert desk.differences() == []


def test_settlement_overrides_a_ruling_for_the_buyer(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_buyer", SOUND)
    desk.must(dispute, "settle", {"remedy": "refund_only"})
    desk.funds(dispute)
    assert isinstance(desk.choose(dispute, "deduct_online", REFUND), Applied)


def test_settlement_does_not_overtake_money_under_way(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_payment")
    refused = desk.choose(dispute, "settle", {"remedy": "nothing_owed"}, name="Sun Wei")
    assert isinstance(refused, Refused)
    assert refused.reasons == ("money_under_way",)


def test_marketplace_is_told_of_every_wait_and_every_end(desk: Desk) -> None:
    dispute = desk.at_stage("finished")
    rows = desk.rows(
        select(Visit.stage)
        .join(Outbox, Outbox.visit_id == Visit.id)
        .where(Outbox.kind == "notice", Visit.dispute_id == dispute)
        .order_by(Outbox.id)
    )
    assert [row.stage for row in rows] == ["awaiting_payment", "finished"]
