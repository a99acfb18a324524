"""A draft on trial: what past disputes say of it, recounted from the rows alone."""

import random
from dataclasses import replace

import pytest
from sqlalchemy import select

from core.desk import documents
from core.tables import Dispute, Event, Fact, Order, Visit
from core.workflow.backtest import Chance
from core.workflow.found import What
from core.workflow.model import Condition, Decision, Group, Label, Option, Route, Successor
from core.workflow.parts import Share
from core.workflow.text import from_toml, to_toml
from tests.core.desk.lived import live
from tests.core.desk.trying import FULL, STAGES, active, told, tried
from tests.core.workflow.edits import add, drop, look, put
from tests.factories import Desk

LIVES = 25
DROPPED = (
    f"{STAGES}/triage/decisions/request_buyer",
    f"{STAGES}/evidence_review/decisions/again_both",
    f"{STAGES}/adjudication/decisions/cannot_judge",
    "option_sets/reason/options/late",
    "option_sets/share/options/goods",
)


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
    assert (told(tally), tally.already, tally.untold, tally.remarks) == ([], {}, {}, {})
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


def test_merged_option_is_read_as_what_it_was_merged_into(any_desk: Desk) -> None:
    lived(any_desk, 5)
    chosen = select(Fact.text).join(Event, Event.id == Fact.event_id)
    rows = any_desk.rows(chosen.where(Fact.key == "share", Event.kind == "moved"))
    was = rows[0].text
    place, same = (
        f"option_sets/share/options/{was}",
        replace(look(active(any_desk), f"option_sets/share/options/{was}"), key="same_again"),
    )
    both = add(active(any_desk), "option_sets/share/options", same)
    retired = tried(any_desk, put(both, place, retired=True), days=9_000)
    assert {f.what for f in retired.lines} == {What.OPTION_RETIRED}
    merged = put(both, place, retired=True, successor="same_again")
    tally = tried(any_desk, merged, days=9_000)
    assert (told(tally), tally.unchanged) == ([], len(ended(any_desk)))


def test_limit_on_an_amount_diverges_wherever_more_was_paid(any_desk: Desk) -> None:
    lived(any_desk, 6)
    place = f"{STAGES}/verification/decisions/deduct_online"
    reason = look(active(any_desk), "reasons/owes_nothing").key
    small = Group(reason, (Condition("amount", "at_most", (9_000,), "CNY"),))
    online = look(active(any_desk), place)
    larger = replace(online, key="deduct_large", label=Label("大额扣款", "Deduct a large amount"))
    draft = put(active(any_desk), place, when=(*online.when, small))
    draft = add(draft, f"{STAGES}/verification/decisions", larger)  # a way for the others
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
    draft = put(before, place, options=kept)
    asked = f"{STAGES}/adjudication/fields/quality_checks"  # no condition may name it any more
    tally = tried(desk, put(draft, asked, when=()))
    assert told(tally) == [("option_gone", "triage", "", "reason", ("damaged",), "", "", 1)]
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


def test_what_earlier_documents_allowed_is_not_laid_to_the_draft(desk: Desk) -> None:
    desk.at_stage("finished")
    published = put(active(desk), FULL, retired=True)
    desk.db.transact(documents.publish, published)
    tally = tried(desk, published)
    assert (tally.diverging, tally.same_already) == (0, 1)


def test_removed_stage_with_a_successor_ends_what_came_to_it(desk: Desk) -> None:
    desk.at_stage("finished")
    withdrawn = desk.at_stage("triage")
    desk.party(withdrawn, "buyer", "withdraw")
    draft = put(active(desk), f"{STAGES}/withdrawn", key="closed")
    draft = put(draft, "workflows/dispute/ends/withdraw/routes/0", to="closed")
    draft = put(draft, "workflows/dispute", successors=(Successor("withdrawn", "closed"),))
    tally = tried(desk, draft)
    assert told(tally) == [("stage_gone", "", "", "", (), "closed", "withdrawn", 1)]
    assert tally.unchanged == 1


def test_taking_leads_to_whatever_stage_is_first_now(desk: Desk) -> None:
    desk.at_stage("finished")
    draft = from_toml(to_toml(active(desk)).replace('"triage"', '"look"'))
    line = ("routed", "intake", "take", "", (), "look", "triage", 1)
    assert told(tried(desk, draft)) == [line]


def test_decision_that_asks_or_pays_otherwise_ends_what_can_be_known(desk: Desk) -> None:
    desk.at_stage("finished")
    place = f"{STAGES}/verification/decisions/deduct_online"
    (pay,) = look(active(desk), place).effects
    otherwise = put(active(desk), place, effects=(replace(pay, sources=("balance",)),))
    tally = tried(desk, otherwise)
    assert told(tally) == [("outward", "verification", "deduct_online", "", (), "", "", 1)]


def test_other_amount_and_a_field_asked_no_more_leave_the_way_unchanged(desk: Desk) -> None:
    desk.at_stage("finished")
    draft = put(active(desk), FULL, share=Share(percent=80, of="paid"))
    stage = look(draft, f"{STAGES}/triage")
    draft = put(
        draft,
        f"{STAGES}/triage",
        fields=tuple(f for f in stage.fields if f.key != "category"),
        decisions=tuple(
            replace(d, needs=tuple(n for n in d.needs if n != "category")) for d in stage.decisions
        ),
    )
    safety, _, *rest = draft.grade_rules  # the second one asks for the category
    draft = replace(draft, grade_rules=(safety, *rest))
    tally = tried(desk, draft)
    assert tally.unchanged == 1
    assert {(f.what, f.field or f.decision, line.count) for f, line in tally.remarks.items()} == {
        (What.FIELD_GONE, "category", 1),
        (What.AMOUNT, "deduct_online", 1),
    }


def test_decision_that_is_somebody_else_s_now_is_named(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.party(dispute, "buyer", "withdraw")
    draft = put(active(desk), "workflows/dispute/ends/withdraw", by="merchant")
    (finding,) = tried(desk, draft).lines
    assert (finding.what, finding.names) == (What.NOT_YOURS, ("merchant",))


def test_decision_of_the_desk_itself_may_be_called_otherwise(desk: Desk) -> None:
    desk.at_stage("finished")
    place = f"{STAGES}/awaiting_payment/decisions"
    (key,) = (d.key for d in look(active(desk), f"{STAGES}/awaiting_payment").decisions[:1])
    tally = tried(desk, put(active(desk), f"{place}/{key}", key="reported_somehow"))
    assert (tally.unchanged, told(tally)) == (1, [])


def test_report_that_would_move_a_dispute_by_itself_now_is_told(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_payment")
    desk.pass_time(days=30)
    desk.sweep()
    desk.pay(dispute)  # late: it waits for an agent already
    desk.must(dispute, "money_arrived")
    seen = look(active(desk), f"{STAGES}/awaiting_payment/decisions/payment_reported").when
    closes = Decision(
        "closes", Label("到账即结", "Closes"), (Route("finished"),), "payment", when=seen
    )
    draft = add(active(desk), f"{STAGES}/verification/decisions", closes)
    assert told(tried(desk, draft)) == [("by_itself", "verification", "closes", "", (), "", "", 1)]


def test_every_past_dispute_is_counted_once_whatever_the_draft_drops(desk: Desk) -> None:
    lived(desk, 8)
    draft = active(desk)
    for place in DROPPED:
        draft = drop(draft, place)
    tally = tried(desk, draft, days=9_000)
    assert len({f.what for f in tally.lines}) > 1
    told_of = (tally.diverging, tally.same_already, tally.unknowable, tally.unchanged)
    assert sum(told_of) == tally.disputes == len(ended(desk))
