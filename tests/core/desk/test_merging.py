"""A second telling is merged into the dispute it tells again, and one story is kept (K2)."""

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from core.desk import evidence, family, merging, notes, opening
from core.desk.actor import Actor
from core.desk.answers import Answer, Applied, Refused
from core.desk.choose import choose
from core.desk.dossier import dossier
from core.tables import Deadline, Dispute, Event, Evidence, EvidenceRequest, Outbox, Round
from tests.core.desk.joined import ORDER, key, merge, number, second_of, split
from tests.factories import REFUND, SOUND, TRIAGED, VAULT, Desk

OPEN = ("intake", "triage", "awaiting_evidence", "evidence_review", "adjudication", "verification")


def twins(desk: Desk, stage: str = "triage", into: str = "triage") -> tuple[int, int]:
    """Two disputes of one buyer; the first is the second telling."""
    return desk.at_stage(stage, buyer="anna"), desk.at_stage(into, buyer="anna")


@pytest.mark.parametrize("stage", OPEN)
def test_second_telling_ends_at_any_stage_and_time_stops(any_desk: Desk, stage: str) -> None:
    desk = any_desk
    second, first = twins(desk, stage)
    answer = merge(desk, second, first)
    assert isinstance(answer, Applied)
    row = desk.at(second).row
    assert (row.stage, row.kind, row.holder_id) == ("merged_elsewhere", "final", None)
    running = select(func.count(Deadline.id)).where(
        Deadline.dispute_id == second, Deadline.next_at.is_not(None)
    )
    assert desk.rows(running) == [(0,)]
    open_rounds = select(Round.id).where(Round.dispute_id == second, Round.closed_at.is_(None))
    assert desk.rows(open_rounds) == []
    assert desk.stage(first) == "triage"
    kinds = {row.kind for row in desk.rows(select(Event.kind).where(Event.dispute_id == first))}
    assert "merged_in" in kinds
    assert desk.differences() == []


def test_merging_sends_nothing_that_moves_money_or_asks_anybody(desk: Desk) -> None:
    second, first = twins(desk, "awaiting_evidence")
    before = {row.id for row in desk.rows(select(Outbox.id))}
    merge(desk, second, first)
    sent = [row for row in desk.rows(select(Outbox.id, Outbox.kind)) if row.id not in before]
    assert {row.kind for row in sent} <= {"line", "redraw", "notice"}


def test_evidence_and_notes_are_read_at_the_dispute_that_goes_on(any_desk: Desk) -> None:
    desk = any_desk
    second, first = twins(desk)
    desk.give(second, "buyer", "video")
    write = (desk.visit(second), "She told it twice.", desk.who("Tom"), VAULT)
    desk.db.transact(notes.write, *write)
    merge(desk, second, first)
    members = desk.db.read(lambda c, now: family.family(c, first))
    assert [member.id for member in members] == [first, second]
    told = desk.db.read(notes.read, first, desk.who("Tom"), VAULT)
    assert [note.text.for_members() for note in told] == ["She told it twice."]
    assert desk.db.read(lambda c, now: family.family(c, second))[1:] == ()


def test_what_comes_late_reaches_the_dispute_that_goes_on(any_desk: Desk) -> None:
    desk = any_desk
    second, first = twins(desk, "triage", "awaiting_evidence")
    piece = evidence.Piece("buyer", "video", external_id="late-1")
    desk.db.transact(evidence.receive, second, evidence.Piece("buyer", "chat", "early"), VAULT)
    merge(desk, second, first)
    for _ in range(2):  # the same piece once, however often it comes
        desk.db.transact(evidence.receive, second, piece, VAULT)
        desk.db.transact(evidence.receive, second, evidence.Piece("buyer", "chat", "early"), VAULT)
    held = desk.rows(select(Evidence.dispute_id, Evidence.kind).order_by(Evidence.id))
    assert held == [(second, "chat"), (first, "video")]
    assert isinstance(desk.done(second, "buyer"), Applied)
    assert isinstance(desk.done(second, "merchant"), Applied)
    assert desk.stage(first) == "evidence_review"
    passed = select(Event.id).where(Event.dispute_id == second, Event.kind == "passed_on")
    assert len(desk.rows(passed)) == 3
    refused = desk.party(second, "buyer", "withdraw")
    assert isinstance(refused, Refused)
    assert (refused.key, refused.params["other"]) == ("merged", number(desk, first))
    assert desk.stage(first) == "evidence_review"
    assert desk.differences() == []


def test_intake_repeated_still_answers_with_the_merged_dispute(desk: Desk) -> None:
    told = desk.intake(buyer="anna")
    opened = desk.db.transact(opening.open_disputes, [told], Actor("api"), VAULT)[0]
    merge(desk, opened.dispute_id, desk.open(buyer="anna"))
    again = desk.db.transact(opening.open_disputes, [told], Actor("api"), VAULT)[0]
    assert (again.number, again.created) == (opened.number, False)
    assert desk.stage(opened.dispute_id) == "merged_elsewhere"


def test_merging_that_would_be_wrong_is_refused_with_its_reason(desk: Desk) -> None:
    second, first = twins(desk)
    stranger, finished = desk.at_stage("triage"), desk.at_stage("finished", buyer="anna")
    assert key(merge(desk, second, second)) == "same_dispute"
    assert key(merge(desk, second, stranger)) == "merge_strangers"
    assert key(merge(desk, second, finished)) == "merge_into_finished"
    assert key(merge(desk, finished, first)) == "finished"
    assert key(merge(desk, second, first, "Tom")) == "no_right"
    merge(desk, second, first)
    assert key(merge(desk, second, first)) == "merged"
    assert key(merge(desk, desk.open(buyer="anna"), second)) == "merge_into_merged"


def test_parties_of_one_never_act_in_the_dispute_of_others(desk: Desk) -> None:
    against = {name: desk.at_stage("triage", buyer="anna", merchant=name) for name in ("m1", "m2")}
    unnamed = desk.at_stage("triage", buyer="anna", merchant="")
    assert key(merge(desk, against["m1"], against["m2"])) == "merge_merchants"
    assert key(merge(desk, against["m1"], unnamed)) == "merge_merchants"
    assert isinstance(merge(desk, unnamed, against["m1"]), Applied)
    order = [desk.at_stage("triage", order_number="shared", buyer=name) for name in ("bo", "li")]
    assert key(merge(desk, *order)) == "merge_strangers"


def test_what_a_merchant_gives_late_stays_away_from_another_merchants_dispute(desk: Desk) -> None:
    second = desk.at_stage("awaiting_evidence", buyer="anna", merchant="m2")
    first = desk.at_stage("awaiting_evidence", buyer="anna", merchant="m1")
    merge(desk, second, first)
    desk.give(second, "merchant", "outbound")
    desk.done(second, "merchant")
    assert desk.rows(select(Evidence.dispute_id)) == [(second,)]
    answered = select(EvidenceRequest.id).join(Round, Round.id == EvidenceRequest.round_id)
    answered = answered.where(EvidenceRequest.answered_at.is_not(None), Round.dispute_id == first)
    assert desk.rows(answered) == []


@pytest.mark.parametrize("paid", [None, 20_000])
def test_dispute_with_money_under_way_or_arrived_is_not_merged(desk: Desk, paid: Any) -> None:
    second, first = twins(desk, "verification")
    desk.must(second, "deduct_online", REFUND)
    if paid:
        desk.pay(second, paid)
    assert key(merge(desk, second, first)) == "merge_money"
    assert desk.differences() == []


def test_merging_is_previewed_and_changes_nothing(desk: Desk) -> None:
    second, first = twins(desk, "awaiting_evidence")
    desk.give(second)
    args = (desk.who("Sun Wei"), second, number(desk, first))
    seen = desk.db.read(merging.preview, *args)
    assert isinstance(seen, merging.Foreseen)
    assert (seen.stage, seen.evidence, seen.asked) == (
        "awaiting_evidence",
        1,
        ("buyer", "merchant"),
    )
    assert desk.stage(second) == "awaiting_evidence"
    merge(desk, second, first)
    assert key(desk.db.read(merging.preview, *args)) == "merged"


def test_preview_counts_what_will_be_read_at_the_other(desk: Desk) -> None:
    origin = desk.at_stage("triage", order=ORDER, buyer="anna")
    desk.give(origin, "buyer", "photos")
    second = second_of(desk, split(desk, origin, {"2": 3}))
    desk.pass_time(minutes=1)
    for kind in ("video", "chat"):  # the origin's own since the split
        desk.give(origin, "buyer", kind)
    desk.db.transact(notes.write, desk.visit(origin), "Hers.", desk.who("Tom"), VAULT)
    desk.give(second, "buyer", "chat")
    first = desk.at_stage("triage", buyer="anna")
    seen = desk.db.read(merging.preview, desk.who("Sun Wei"), second, number(desk, first))
    assert isinstance(seen, merging.Foreseen)
    merge(desk, second, first)
    read = desk.db.read(dossier, desk.who("Sun Wei"), number(desk, first), VAULT)
    assert (seen.evidence, seen.notes) == (len(read.evidence), len(read.notes)) == (2, 0)


@pytest.mark.parametrize("stage", OPEN)
def test_whoever_merged_takes_it_back_within_the_minute(any_desk: Desk, stage: str) -> None:
    desk = any_desk
    second, first = twins(desk, stage)
    before = desk.at(second)
    merge(desk, second, first)
    assert key(desk.undo(second, "Tom")) == "undo_not_yours"
    answer = desk.undo(second)
    assert isinstance(answer, Applied)
    after = desk.at(second)
    assert (after.row.stage, after.facts) == (before.row.stage, before.facts)
    assert desk.rows(select(Dispute.merged_into_id).where(Dispute.id == second)) == [(None,)]
    notices = select(Outbox.state).where(Outbox.dispute_id == second, Outbox.kind == "notice")
    assert desk.rows(notices)[-1] == ("superseded",)
    if stage == "awaiting_evidence":  # the round goes on, and the wait ends by it
        desk.done(second, "buyer")
        desk.done(second, "merchant")
        assert desk.stage(second) == "evidence_review"
    assert desk.differences() == []


def test_merging_stands_after_the_minute_and_once_a_party_acted(desk: Desk) -> None:
    second, first = twins(desk)
    merge(desk, second, first)
    desk.give(second)
    assert key(desk.undo(second, visit=desk.visits(second)[-2].id)) in (
        "undo_moved_on",
        "undo_touched",
    )
    third = desk.at_stage("triage", buyer="anna")
    merge(desk, third, first)
    desk.pass_time(minutes=2)
    assert key(desk.undo(third)) == "undo_too_late"


def test_agent_is_told_that_the_dispute_they_held_is_over(desk: Desk) -> None:
    second, first = twins(desk)
    visit = desk.visit(second)
    merge(desk, second, first)
    desk.must(first, "request_both", TRIAGED)
    answer = desk.db.transact(choose, visit, "request_both", TRIAGED, desk.who("Tom"))
    assert key(answer) == "too_late"
    assert answer.params["who"] == "Sun Wei"


def test_double_submit_merges_once(desk: Desk) -> None:
    second, first = twins(desk)
    answers = [merge(desk, second, first, click="same") for _ in range(2)]
    assert answers[0] == answers[1]
    moved = select(Event.id).where(Event.dispute_id == second, Event.kind == "merged")
    assert len(desk.rows(moved)) == 1


def test_story_of_a_chain_is_one_story(desk: Desk) -> None:
    third, second = twins(desk)
    first = desk.at_stage("triage", buyer="anna")
    merge(desk, third, second)
    merge(desk, second, first)
    members = desk.db.read(lambda c, now: family.family(c, first))
    assert {member.id for member in members} == {first, second, third}
    assert desk.db.read(lambda c, now: family.merged_into(c, third)).id == first
    assert isinstance(desk.give(third), Applied)
    assert desk.rows(select(Evidence.dispute_id)) == [(first,)]
    assert desk.differences() == []


@pytest.mark.postgres
def test_two_people_who_merge_crosswise_at_once_leave_one_dispute(postgresql: Any) -> None:
    desk = Desk(postgresql)
    for _ in range(8):
        one, other = twins(desk)
        answers: list[Answer] = []
        start = threading.Barrier(2)

        def act(
            pair: tuple[int, int], start: threading.Barrier = start, answers: Any = answers
        ) -> None:
            start.wait(20)
            answers.append(merge(desk, *pair))

        threads = [threading.Thread(target=act, args=(p,)) for p in ((one, other), (other, one))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(key(answer) for answer in answers) == ["", "merge_into_merged"]
        assert sorted((desk.stage(one), desk.stage(other))) == ["merged_elsewhere", "triage"]
    assert desk.differences() == []


@pytest.mark.postgres
def test_merging_and_deciding_at_once_do_one_of_both(postgresql: Any) -> None:
    desk = Desk(postgresql)
    for _ in range(8):
        second, first = twins(desk, "adjudication")
        start = threading.Barrier(2)
        answers: dict[str, Answer] = {}

        def decide(
            second: int = second, start: threading.Barrier = start, answers: Any = answers
        ) -> None:
            start.wait(20)
            answers["decide"] = desk.choose(second, "rule_none", SOUND, "Ada")

        def join(
            pair: tuple[int, int] = (second, first),
            start: threading.Barrier = start,
            answers: Any = answers,
        ) -> None:
            start.wait(20)
            answers["merge"] = merge(desk, *pair)

        threads = [threading.Thread(target=act) for act in (decide, join)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert isinstance(answers["merge"], Applied)  # an open dispute merges from any stage
        assert desk.stage(second) == "merged_elsewhere"
        if isinstance(answers["decide"], Refused):
            assert answers["decide"].key in ("too_late", "finished", "unknown_decision")
    assert desk.differences() == []
