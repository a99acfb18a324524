"""A decision is taken back by its author while nobody has acted on it (D3)."""

import datetime as dt
import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from core.desk import delivery, undo
from core.desk.answers import Answer, Applied, Refused
from core.desk.delivery import lease
from core.tables import Deadline, EvidenceRequest, Judgment, Order, Outbox, Payment, Round, Visit
from tests.factories import REFUND, SOUND, TRIAGED, Desk


def refusal(answer: Answer) -> str:
    """The key of a refusal; empty where it was applied."""
    return answer.key if isinstance(answer, Refused) else ""


def leased(desk: Desk, *lanes: str) -> list[str]:
    """The kinds of messages that may leave now, and leave."""
    free = desk.db.transact_wall(
        lease, lanes or ("market",), lambda _: delivery.LEASE * 0, per_lane=20
    )
    for message in free:
        desk.db.transact_wall(delivery.sent, message)
    return [message.kind for message in free]


def test_author_takes_a_decision_back_and_goes_on_where_it_was_made(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("triage")
    before = desk.at(dispute)
    desk.must(dispute, "request_both", TRIAGED)
    answer = desk.undo(dispute)
    assert isinstance(answer, Applied)
    assert (desk.stage(dispute), answer.stage) == ("triage", "triage")
    after = desk.at(dispute)
    assert after.row.visit_id == answer.next_visit_id != before.row.visit_id
    assert (after.row.holder_id, after.row.held_until) == (desk.people["Tom"], None)
    assert after.facts == before.facts
    assert desk.differences() == []
    assert [v.undone_at is not None for v in desk.visits(dispute)] == [False, True, True, False]


def test_undone_decision_counts_for_nothing(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    for _ in range(3):  # more often than the limit allows
        desk.must(dispute, "cannot_judge", {**SOUND, "cannot_judge_reason": "new_facts"})
        assert refusal(desk.undo(dispute)) == ""
    at = desk.at(dispute)
    assert at.counts().get("send_back", 0) == 0
    assert at.handled_elsewhere(desk.people["Ada"]) is None
    assert at.judgeable(desk.people["Ada"]).decider_id == desk.people["Tom"]
    desk.must(dispute, "rule_none", {"quality": "wrong_facts"})
    current = desk.rows(select(Judgment.option).where(Judgment.undone_at.is_(None)))
    assert current == [("wrong_facts",)]
    assert desk.differences() == []


def test_separation_forgets_an_undone_decision(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_none", SOUND, name="Sun Wei")
    assert refusal(desk.choose(dispute, "nothing_due", SOUND, name="Sun Wei")) == "separation"
    desk.undo(dispute)
    desk.release(dispute, "Sun Wei")
    desk.must(dispute, "rule_none", SOUND)
    desk.must(dispute, "nothing_due", SOUND, name="Sun Wei")


def test_nobody_outside_hears_of_it_within_the_minute(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("triage")
    leased(desk)
    desk.must(dispute, "request_both", TRIAGED)
    assert leased(desk) == []
    desk.undo(dispute)
    desk.pass_time(minutes=2)
    assert leased(desk) == []
    notices = desk.rows(select(Outbox.state).where(Outbox.kind == "notice"))
    assert notices == [("superseded",)]
    assert desk.rows(select(func.count()).select_from(Round)) == [(0,)]
    assert desk.rows(select(func.count()).select_from(EvidenceRequest)) == [(0,)]
    desk.must(dispute, "request_both", TRIAGED)
    desk.pass_time(seconds=61)
    assert leased(desk) == ["notice"]


def test_payment_taken_back_was_never_instructed(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("verification")
    desk.must(dispute, "deduct_online", REFUND)
    assert "pay" not in leased(desk)
    assert refusal(desk.undo(dispute)) == ""
    assert desk.at(dispute).facts.get("payment") is None
    assert desk.rows(select(Payment.state)) == [("cancelled",)]
    desk.must(dispute, "deduct_online", {"quality": "sound", **REFUND})
    desk.pass_time(minutes=2)
    assert "pay" in leased(desk)
    desk.pay(dispute)
    desk.must(dispute, "money_arrived")
    assert desk.rows(select(Payment.state).order_by(Payment.id)) == [
        ("cancelled",),
        ("confirmed",),
    ]
    assert desk.differences() == []


def test_what_was_owed_is_owed_again(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("verification")
    desk.funds(dispute, held=0)
    desk.must(dispute, "pay_offline", REFUND)
    file = desk.voucher(dispute)
    assert isinstance(desk.party(dispute, "merchant", "refund_voucher", voucher=file), Applied)
    refunded = desk.rows(select(Order.refunded))
    desk.must(dispute, "money_arrived")
    assert desk.rows(select(Payment.state)) == [("confirmed",)]
    assert refusal(desk.undo(dispute)) == ""
    assert desk.rows(select(Payment.state, Payment.reported)) == [("owed", None)]
    assert desk.rows(select(Order.refunded)) == refunded
    assert desk.stage(dispute) == "verification"
    assert desk.differences() == []
    desk.must(dispute, "money_arrived")
    assert desk.differences() == []


def test_end_is_taken_back(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("intake")
    desk.must(dispute, "decline", {"not_accepted_reason": "duplicate"}, name="Tom")
    assert refusal(desk.undo(dispute)) == ""
    at = desk.at(dispute)
    assert (at.row.stage, at.row.holder_id) == ("intake", None)
    assert "not_accepted_reason" not in at.facts
    desk.take(dispute, "Tang Li")
    assert desk.differences() == []


def test_going_back_gives_nobody_more_time(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("triage")
    first = desk.rows(select(Deadline).where(Deadline.visit_id == desk.visit(dispute)))[0]
    desk.pass_time(minutes=100)
    desk.sweep()  # the warning fires
    desk.must(dispute, "request_both", TRIAGED)
    desk.undo(dispute)
    again = desk.rows(select(Deadline).where(Deadline.visit_id == desk.visit(dispute)))[0]
    assert (again.due_at, again.started_at) == (first.due_at, first.started_at)
    soon = first.due_at - dt.timedelta(minutes=15)
    assert (again.level, again.next_at, again.stopped_at) == (1, soon, None)
    assert desk.sweep().warned == 0
    desk.pass_time(minutes=21)
    assert desk.sweep().escalated == 1
    assert desk.differences() == []


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda d, i: d.hold(i, "Ada"), "undo_touched"),
        (lambda d, i: d.assign(i, "Ada"), "undo_touched"),
        (lambda d, i: d.must(i, "rule_none", SOUND), "undo_touched"),
        (lambda d, i: d.give(i, "buyer", "photos"), "undo_moved_on"),
        (lambda d, i: d.pass_time(seconds=60), "undo_too_late"),
        (lambda d, i: d.funds(i), ""),
    ],
)
def test_only_what_nobody_acted_on_is_undone(desk: Desk, act: Any, expected: str) -> None:
    dispute = desk.at_stage("adjudication")  # Tom decided triage just now
    triage = next(v.id for v in desk.visits(dispute) if v.stage == "triage")
    act(desk, dispute)
    assert refusal(desk.undo(dispute, "Tom", triage)) == expected
    assert desk.differences() == []


def test_earlier_holder_who_has_opened_it_has_acted(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "cannot_judge", {**SOUND, "cannot_judge_reason": "new_facts"})
    desk.must(dispute, "enough", SOUND)  # adjudication is kept for Ada
    assert desk.at(dispute).row.holder_id == desk.people["Ada"]
    desk.hold(dispute, "Ada")
    assert refusal(desk.undo(dispute, "Eva")) == "undo_touched"


def test_nobody_undoes_for_another_or_what_is_no_decision(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    assert refusal(desk.undo(dispute, "Tom")) == "nothing_to_undo"  # a take
    desk.must(dispute, "no_evidence", TRIAGED)
    assert refusal(desk.undo(dispute, "Sun Wei")) == "undo_not_yours"
    assert refusal(desk.undo(dispute, "Tim")) == "no_right"
    assert refusal(desk.undo(dispute, "Tom")) == ""
    undone = [v.id for v in desk.visits(dispute) if v.undone_at is not None]
    assert [refusal(desk.undo(dispute, "Tom", v)) for v in undone] == ["nothing_to_undo"] * 2
    assert refusal(desk.db.transact(undo.undo, 10**9, desk.who("Tom"))) == "unknown_visit"


def test_what_parties_and_time_decide_is_not_undone(desk: Desk) -> None:
    dispute = desk.at_stage("evidence_review")
    wait = next(v.id for v in desk.visits(dispute) if v.stage == "awaiting_evidence")
    assert refusal(desk.undo(dispute, "Tom", wait)) == "nothing_to_undo"


def test_message_that_left_already_ends_the_chance(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.must(dispute, "request_both", TRIAGED)
    visit = desk.visit(dispute)
    desk.write(Outbox.__table__.update().where(Outbox.visit_id == visit).values(state="leased"))
    assert refusal(desk.undo(dispute)) == "undo_too_late"
    assert desk.stage(dispute) == "awaiting_evidence"


def test_same_click_undoes_once(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    triage = desk.visits(dispute)[-2].id
    answers = [desk.db.transact(undo.undo, triage, desk.who("Tom"), click="same") for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(desk.rows(select(Visit.id).where(Visit.left_at.is_(None)))) == 1


@pytest.mark.postgres
@pytest.mark.parametrize("act", ["hold", "choose"])
def test_undo_races_the_next_agent_and_one_of_them_wins(postgresql: Any, act: str) -> None:
    desk = Desk(postgresql)
    for _ in range(25):
        dispute = desk.at_stage("adjudication")
        start = threading.Barrier(2)
        answers: dict[str, Answer] = {}

        def run(name: str, work: Any, start: Any = start, answers: Any = answers) -> None:
            start.wait()
            answers[name] = work()

        def acting(dispute: int = dispute) -> Answer:
            if act == "hold":
                return desk.hold(dispute, "Ada")
            return desk.choose(dispute, "rule_none", SOUND, "Ada")

        other = threading.Thread(target=run, args=("other", acting))
        other.start()
        run("undo", lambda dispute=dispute: desk.undo(dispute, "Tom"))
        other.join()
        undone, acted = (isinstance(answers[name], Applied) for name in ("undo", "other"))
        assert undone != acted or (undone and desk.stage(dispute) == "triage"), answers
    assert desk.differences() == []
