"""Rounds of evidence: they end when all who were asked are done, or when time runs out (rule 5)."""

from sqlalchemy import select

from core.desk.answers import Applied, Refused
from core.tables import Event, Evidence, EvidenceRequest, Outbox, Round
from tests.factories import SOUND, TRIAGED, Desk

CANNOT = {**SOUND, "cannot_judge_reason": "new_facts"}


def silent(desk: Desk, dispute: int) -> list[tuple[str, bool]]:
    """Who was asked, and whether they stayed silent, oldest first."""
    statement = select(EvidenceRequest.party, EvidenceRequest.silent)
    rows = desk.rows(
        statement.where(EvidenceRequest.dispute_id == dispute).order_by(EvidenceRequest.id)
    )
    return [(row.party, row.silent) for row in rows]


def open_rounds(desk: Desk) -> int:
    """How many rounds are open."""
    return len(desk.rows(select(Round.id).where(Round.closed_at.is_(None))))


def test_round_ends_when_everyone_asked_is_done_and_not_at_the_first_upload(
    any_desk: Desk,
) -> None:
    dispute = any_desk.at_stage("awaiting_evidence")
    any_desk.give(dispute, "buyer", "photos")
    any_desk.give(dispute, "merchant", "tracking")
    assert any_desk.stage(dispute) == "awaiting_evidence"
    any_desk.done(dispute, "merchant")
    assert any_desk.stage(dispute) == "awaiting_evidence"
    any_desk.done(dispute, "buyer")
    assert any_desk.stage(dispute) == "evidence_review"
    assert silent(any_desk, dispute) == [("buyer", False), ("merchant", False)]
    assert open_rounds(any_desk) == 0
    assert any_desk.differences() == []


def test_only_those_who_were_asked_are_waited_for(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.must(dispute, "request_buyer", TRIAGED)
    answer = desk.done(dispute, "merchant")
    assert isinstance(answer, Refused)
    assert answer.key == "nothing_asked"
    desk.done(dispute, "buyer")
    assert desk.stage(dispute) == "evidence_review"


def test_round_runs_out_and_says_who_stayed_silent(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("awaiting_evidence")
    any_desk.done(dispute, "buyer")
    any_desk.pass_time(hours=23, minutes=59)
    any_desk.sweep()
    assert any_desk.stage(dispute) == "awaiting_evidence"
    any_desk.pass_time(minutes=1)
    any_desk.sweep()
    assert any_desk.stage(dispute) == "evidence_review"
    assert silent(any_desk, dispute) == [("buyer", False), ("merchant", True)]
    assert any_desk.at(dispute).facts["silent"] == ("merchant",)
    assert open_rounds(any_desk) == 0
    assert any_desk.differences() == []


def test_both_stayed_silent(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_evidence")
    desk.pass_time(days=1)
    desk.sweep()
    assert desk.at(dispute).facts["silent"] == ("buyer", "merchant")
    assert desk.differences() == []


def test_late_evidence_attaches_is_told_and_reopens_nothing(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    visit = desk.visit(dispute)
    answer = desk.give(dispute, "merchant", "tracking")
    assert isinstance(answer, Applied)
    assert (desk.stage(dispute), desk.visit(dispute)) == ("adjudication", visit)
    lines = select(Outbox.id).where(Outbox.kind == "line", Outbox.visit_id == visit)
    assert len(desk.rows(lines)) == 1
    assert desk.differences() == []


def test_evidence_after_the_end_is_kept_and_changes_nothing(desk: Desk) -> None:
    dispute = desk.at_stage("finished")
    assert isinstance(desk.give(dispute, "buyer", "photos"), Applied)
    assert desk.stage(dispute) == "finished"
    assert desk.differences() == []


def test_same_piece_is_stored_once(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("awaiting_evidence")
    for _ in range(2):
        assert isinstance(any_desk.give(dispute, external_id="e1"), Applied)
    any_desk.give(dispute, "merchant", "tracking", external_id="e1")
    assert len(any_desk.rows(select(Evidence.id))) == 2


def test_unknown_kinds_and_endless_notes_are_refused(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_evidence")
    for party, kind, note, key in (
        ("buyer", "outbound", "", "unknown_kind"),  # a merchant's kind
        ("buyer", "none", "", "unknown_kind"),  # the exclusive option is no evidence
        ("agent", "photos", "", "unknown_kind"),
        ("buyer", "photos", "x" * 4_001, "note_too_long"),
    ):
        answer = desk.give(dispute, party, kind, note=note)
        assert isinstance(answer, Refused), (party, kind)
        assert answer.key == key
    assert desk.rows(select(Evidence.id)) == []


def test_said_twice_that_there_is_nothing_more_is_refused_and_changes_nothing(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_evidence")
    desk.done(dispute, "buyer")
    answer = desk.done(dispute, "buyer")
    assert isinstance(answer, Refused)
    assert len(desk.rows(select(Event.id).where(Event.kind == "party_done"))) == 1


def test_three_rounds_then_the_buttons_go_and_a_send_back_grants_one(desk: Desk) -> None:
    dispute = desk.at_stage("evidence_review")
    for _ in range(2):
        desk.must(dispute, "again_both", SOUND)
        desk.pass_time(days=1)
        desk.sweep()
    refused = desk.choose(dispute, "again_buyer", SOUND)
    assert isinstance(refused, Refused)
    assert refused.reasons == ("rounds_used_up",)
    desk.must(dispute, "enough", SOUND)
    desk.must(dispute, "cannot_judge", CANNOT)
    desk.must(dispute, "again_buyer", {})
    desk.done(dispute, "buyer")
    assert isinstance(desk.choose(dispute, "again_buyer", {}), Refused)
    assert open_rounds(desk) == 0
    assert desk.differences() == []


def test_each_round_is_due_when_its_wait_is(desk: Desk) -> None:
    desk.at_stage("awaiting_evidence")
    row = desk.rows(select(Round.opened_at, Round.due_at))[0]
    assert (row.due_at - row.opened_at).total_seconds() == 24 * 3600


def test_settlement_ends_the_round_so_that_a_later_one_waits_for_nobody_else(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_evidence")  # both were asked
    desk.must(dispute, "settle", {"remedy": "return_refund"}, name="Sun Wei")
    assert open_rounds(desk) == 0
    desk.must(dispute, "return_first", {"share": "full", "quality": "sound"})
    desk.party(dispute, "buyer", "shipped", tracking_number="SF1")
    desk.party(dispute, "merchant", "contest_goods")
    desk.must(dispute, "again_buyer", SOUND)
    desk.done(dispute, "buyer")
    assert desk.stage(dispute) == "evidence_review"
    assert silent(desk, dispute)[-1] == ("buyer", False)
    assert desk.differences() == []


def test_withdrawal_ends_the_round(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_evidence")
    desk.party(dispute, "buyer", "withdraw")
    assert open_rounds(desk) == 0
    answer = desk.done(dispute, "merchant")
    assert isinstance(answer, Refused)
    assert desk.stage(dispute) == "withdrawn"
