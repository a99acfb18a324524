"""A draft on trial: what past disputes say of it, recounted from the rows alone."""

import random

import pytest
from sqlalchemy import event, select

from core.desk import documents
from core.tables import Dispute, Event, Fact, Order, Visit
from core.workflow.backtest import Chance
from core.workflow.model import Condition, Group, Label, Option
from core.workflow.parts import Share
from core.workflow.replay import What
from tests.core.desk.lived import live
from tests.core.desk.trying import STAGES, active, told, tried
from tests.core.workflow.edits import add, drop, look, put
from tests.factories import REFUND, SOUND, Desk

LIVES = 25
FULL = "option_sets/share/options/full"


def lived(desk: Desk, seed: int, lives: int = LIVES) -> None:
    """Disputes that lived by chance, some of them not to their end."""
    chance = random.Random(seed)
    for _ in range(lives):
        live(desk, chance)


def ended(desk: Desk) -> set[int]:
    """The disputes that have ended."""
    rows = desk.rows(select(Visit.dispute_id).where(Visit.left_at.is_(None), Visit.kind == "final"))
    return {row.dispute_id for row in rows}


def decided(desk: Desk, stage: str, decision: str) -> set[int]:
    """The ended disputes in which a decision was made at a stage, and stood."""
    where = (Visit.stage == stage, Visit.decision == decision, Visit.undone_at.is_(None))
    return {row.dispute_id for row in desk.rows(select(Visit.dispute_id).where(*where))} & ended(
        desk
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_past_disputes_diverge_nowhere_under_the_document_they_were_decided_under(
    any_desk: Desk, seed: int
) -> None:
    lived(any_desk, seed)
    tally = tried(any_desk, active(any_desk), days=9_000)
    assert (told(tally), tally.already, tally.remarks) == ([], {}, {})
    assert tally.disputes == tally.unchanged == len(ended(any_desk)) > LIVES // 2


def test_changed_route_diverges_wherever_the_decision_was_made(any_desk: Desk) -> None:
    lived(any_desk, 4)
    draft = put(
        active(any_desk), f"{STAGES}/triage/decisions/no_evidence/routes/0", to="evidence_review"
    )
    expected = len(decided(any_desk, "triage", "no_evidence"))
    tally = tried(any_desk, draft, days=9_000)
    line = ("routed", "triage", "no_evidence", "", (), "evidence_review", "adjudication", expected)
    assert told(tally) == [line]
    assert expected > 0
    assert tally.unchanged == len(ended(any_desk)) - expected


def test_retired_option_diverges_wherever_it_was_chosen(any_desk: Desk) -> None:
    lived(any_desk, 5)
    chosen = select(Fact.dispute_id).join(Visit, Visit.id == Fact.visit_id)
    chosen = chosen.join(Event, Event.id == Fact.event_id)
    chosen = chosen.where(Fact.key == "share", Fact.text == "full", Event.kind == "moved")
    used = {r.dispute_id for r in any_desk.rows(chosen.where(Visit.undone_at.is_(None)))}
    tally = tried(any_desk, put(active(any_desk), FULL, retired=True), days=9_000)
    assert sum(line.count for line in tally.lines.values()) == len(used & ended(any_desk)) > 0
    assert {(f.what, f.names) for f in tally.lines} == {(What.OPTION_RETIRED, ("full",))}
    assert tally.diverging + tally.unchanged == tally.disputes


def test_limit_on_an_amount_diverges_wherever_more_was_paid(any_desk: Desk) -> None:
    lived(any_desk, 6)
    place = f"{STAGES}/verification/decisions/deduct_online"
    reason = look(active(any_desk), "reasons/owes_nothing").key
    small = Group(reason, (Condition("amount", "at_most", (9_000,), "CNY"),))
    draft = put(active(any_desk), place, when=(*look(active(any_desk), place).when, small))
    paid = select(Visit.dispute_id, Event.data, Order.currency)
    paid = paid.join(Visit, Visit.id == Event.visit_id)
    paid = paid.join(Dispute, Dispute.id == Visit.dispute_id).join(Order)
    paid = paid.where(Visit.decision == "deduct_online", Visit.undone_at.is_(None))
    over = {
        row.dispute_id
        for row in any_desk.rows(paid.where(Event.kind == "moved"))
        if row.data["amount"] > 9_000 or row.currency != "CNY"
    }
    tally = tried(any_desk, draft, days=9_000)
    assert tally.diverging == len(over & ended(any_desk)) > 0
    kinds = {(f.what, f.stage, f.decision) for f in tally.lines}
    assert kinds == {(What.NOT_OFFERED, "verification", "deduct_online")}


def test_each_dispute_stops_at_the_first_thing_that_differs(desk: Desk) -> None:
    for _ in range(2):
        desk.at_stage("finished")
    draft = put(active(desk), FULL, retired=True)
    draft = put(draft, f"{STAGES}/triage/decisions/no_evidence/routes/0", to="evidence_review")
    tally = tried(desk, draft)
    assert [(f.what, line.count) for f, line in tally.lines.items()] == [(What.ROUTED, 2)]
    taken = tally.chances[Chance("dispute", "triage", "no_evidence", new=False)]
    assert (taken.could, taken.visits) == (2, 2)


def test_removed_decision_and_removed_option_are_named(desk: Desk) -> None:
    desk.at_stage("finished")
    before = active(desk)
    place = "option_sets/reason"
    kept = tuple(o for o in look(before, place).options if o.key != "damaged")
    tally = tried(desk, put(before, place, options=kept))
    assert told(tally) == [
        ("option_gone", "triage", "no_evidence", "reason", ("damaged",), "", "", 1)
    ]
    tally = tried(desk, drop(before, f"{STAGES}/triage/decisions/no_evidence"))
    assert told(tally) == [("decision_gone", "triage", "no_evidence", "", (), "", "", 1)]


def test_field_that_is_needed_now_and_was_not_filled_then_is_named(desk: Desk) -> None:
    desk.at_stage("finished")
    place = f"{STAGES}/adjudication/decisions/rule_merchant"
    tally = tried(desk, put(active(desk), place, needs=("quality", "remark")))
    line = ("field_required", "adjudication", "rule_merchant", "", ("remark",), "", "", 1)
    assert told(tally) == [line]


def test_new_option_could_have_been_chosen_at_every_visit_that_asked(desk: Desk) -> None:
    lived(desk, 7)
    fresh = Option("third", Label("三分之一", "A third"), share=Share(percent=33))
    draft = add(active(desk), "option_sets/share/options", fresh)
    visits = desk.rows(
        select(Visit.id, Visit.dispute_id).where(
            Visit.stage == "verification",
            Visit.left_at.is_not(None),
            Visit.undone_at.is_(None),
        )
    )
    came = [v for v in visits if v.dispute_id in ended(desk)]
    tally = tried(desk, draft, days=9_000)
    taken = tally.chances[Chance("dispute", "verification", "", "share", "third")]
    assert taken.visits == len(came) > 0
    assert 0 < taken.could <= taken.visits
    assert tally.unchanged == tally.disputes


def test_only_what_ended_and_was_opened_in_these_days_is_tried_newest_first(desk: Desk) -> None:
    old = desk.at_stage("finished")
    desk.pass_time(days=91)
    desk.at_stage("triage")
    newer = [desk.at_stage("finished") for _ in range(3)]
    draft = put(active(desk), FULL, retired=True)
    assert tried(desk, draft).disputes == 3
    assert tried(desk, draft, days=92).disputes == 4
    (line,) = tried(desk, draft, most=2).lines.values()
    assert line.numbers == [desk.at(dispute).row.number for dispute in reversed(newer[1:])]
    assert old not in newer


def test_what_earlier_documents_allowed_is_not_laid_to_the_draft(desk: Desk) -> None:
    desk.at_stage("finished")
    published = put(active(desk), FULL, retired=True)
    desk.db.transact(documents.publish, published)
    tally = tried(desk, published)
    assert (tally.diverging, tally.same_already) == (0, 1)


def test_funds_that_were_answered_again_since_are_known_by_what_was_decided(desk: Desk) -> None:
    dispute = desk.at_stage("verification")
    desk.must(dispute, "deduct_online", REFUND)
    desk.funds(dispute, held=0)  # another answer, long after
    desk.pay(dispute)
    desk.must(dispute, "money_arrived")
    assert tried(desk, active(desk)).unchanged == 1


def test_what_hangs_on_lost_funds_is_not_knowable_and_said_so(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_merchant", SOUND)
    desk.funds(dispute, held=50_000)
    desk.party(dispute, "buyer", "withdraw")
    desk.funds(dispute, held=0)
    draft = active(desk)
    ends = look(draft, "workflows/dispute").ends
    withdraw = next(d for d in ends if d.key == "withdraw")
    reason = look(draft, "reasons/owes_nothing").key
    group = Group(reason, (Condition("funds", "not_in", ("cover",)),))
    changed = put(draft, "workflows/dispute/ends/withdraw", when=(*withdraw.when, group))
    tally = tried(desk, changed)
    assert [f.what for f in tally.lines] == [What.UNKNOWABLE]
    assert (tally.unknowable, tally.diverging) == (1, 0)


def test_a_slice_asks_the_database_as_often_for_many_disputes_as_for_few(desk: Desk) -> None:
    asked: list[str] = []
    event.listen(desk.db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    counts = []
    for _ in range(2):
        for _ in range(10):
            desk.at_stage("finished")
        asked.clear()
        tried(desk, active(desk))
        counts.append(len(asked))
    assert counts[0] == counts[1] < 30
