"""Reading past disputes: which ones, how often the database is asked, what the rows lost."""

from dataclasses import replace

from sqlalchemy import event

from core.desk import documents
from core.workflow.backtest import Chance
from core.workflow.found import What
from core.workflow.model import Condition, Effect, Group
from tests.core.desk.trying import FULL, STAGES, active, tried
from tests.core.workflow.edits import look, put
from tests.factories import REFUND, SOUND, Desk


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
    assert [f.what for f in tally.untold] == [What.UNKNOWABLE]
    assert (tally.unknowable, tally.diverging) == (1, 0)


def test_decision_that_names_lost_funds_is_not_said_to_have_been_there(desk: Desk) -> None:
    for lost in (False, True):
        dispute = desk.at_stage("adjudication")
        desk.must(dispute, "rule_merchant", SOUND)
        desk.funds(dispute, held=50_000)
        desk.party(dispute, "buyer", "withdraw")
        if lost:
            desk.funds(dispute, held=0)  # another answer, long after
    path = "workflows/dispute/stages/verification/decisions/deduct_online"
    draft = active(desk)
    assert any("funds" in str(group) for group in look(draft, path).when)
    (route,) = look(draft, path).routes
    changed = put(draft, path, routes=(replace(route, assignee="same"),))
    taken = tried(desk, changed).chances[
        Chance("dispute", "verification", "deduct_online", new=False)
    ]
    assert (taken.could, taken.unknown, taken.visits) == (1, 1, 2)


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


def test_choice_that_the_record_overwrote_is_not_knowable(desk: Desk) -> None:
    place = f"{STAGES}/triage/decisions/no_evidence"
    overwriting = (Effect("set", fact="category", value="food"),)
    desk.db.transact(documents.publish, put(active(desk), place, effects=overwriting))
    desk.at_stage("finished")
    tally = tried(desk, put(active(desk), FULL, retired=True))
    assert [(f.what, f.refusal) for f in tally.untold] == [(What.UNKNOWABLE, "choice")]


def test_silence_that_was_not_recorded_then_is_not_knowable(desk: Desk) -> None:
    place = f"{STAGES}/awaiting_evidence/decisions/evidence_timeout"
    recording = look(active(desk), place).effects
    rest = tuple(effect for effect in recording if effect.kind != "silence")
    assert rest != recording
    desk.db.transact(documents.publish, put(active(desk), place, effects=rest))
    dispute = desk.at_stage("awaiting_evidence")
    desk.pass_time(days=30)
    desk.sweep()
    desk.party(dispute, "buyer", "withdraw")
    tally = tried(desk, put(active(desk), place, effects=recording))
    assert [(f.what, f.refusal) for f in tally.untold] == [(What.UNKNOWABLE, "silence")]
    assert (tally.unknowable, tally.diverging, tally.disputes) == (1, 0, 1)
