"""Queues: what waits for whom, most urgent first, and hidden ones never (W3, W5)."""

import pytest
from sqlalchemy import update

from core.desk import queues
from core.tables import Dispute, Person
from tests.factories import SOUND, TRIAGED, Desk

HIDDEN = ("awaiting_evidence", "awaiting_payment", "finished")


def queue(desk: Desk, name: str, *stages: str) -> list[int]:
    """The disputes in somebody's queue."""
    found = desk.db.read(queues.queue, desk.people[name], list(stages))
    return [row.dispute_id for row in found]


def following(desk: Desk, name: str) -> int | None:
    """The dispute somebody should open next."""
    found = desk.db.read(queues.following, desk.people[name])
    return found.dispute_id if found else None


def held_at(desk: Desk, *stages: str) -> list[int]:
    """How many visits are held at each stage."""
    found = desk.db.read(queues.by_stage)
    return [found["dispute", stage].held for stage in stages]


@pytest.mark.parametrize("stage", HIDDEN)
def test_hidden_disputes_are_in_nobody_s_queue(any_desk: Desk, stage: str) -> None:
    any_desk.at_stage(stage)
    every = [s.key for s in any_desk.at(1).workflow.stages]
    for name in any_desk.people:
        assert queue(any_desk, name, *every) == []
        assert following(any_desk, name) is None


def test_dispute_comes_back_by_itself_when_its_wait_is_over(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_evidence")
    assert queue(desk, "Eva", "evidence_review") == []
    desk.done(dispute, "buyer")
    desk.done(dispute, "merchant")
    assert queue(desk, "Eva", "evidence_review") == [dispute]


def test_home_stage_serves_itself_and_triage_serves_intake_too(any_desk: Desk) -> None:
    served = any_desk.db.read(lambda c, now: queues.served_stages(c, "triage"))
    assert served == ["triage", "intake"]
    assert any_desk.db.read(lambda c, now: queues.served_stages(c, "adjudication")) == [
        "adjudication"
    ]
    assert any_desk.db.read(lambda c, now: queues.served_stages(c, "")) == []


def test_most_urgent_comes_first(any_desk: Desk) -> None:
    first = any_desk.at_stage("intake")
    any_desk.pass_time(minutes=5)
    second = any_desk.at_stage("intake")
    released = any_desk.at_stage("triage")  # two hours, where intake has one
    any_desk.release(released, "Tom")
    assert queue(any_desk, "Tom", "triage", "intake") == [first, second, released]
    any_desk.pass_time(minutes=57)
    overdue = any_desk.db.read(queues.queue, any_desk.people["Tom"], ["intake"], overdue=True)
    assert [row.dispute_id for row in overdue] == [first]


def test_visit_that_somebody_else_holds_is_left_out_until_the_hold_lapses(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.hold(dispute, "Ada")
    assert queue(desk, "Sun Wei", "adjudication") == []
    assert queue(desk, "Ada", "adjudication") == [dispute]
    desk.pass_time(minutes=15)
    assert queue(desk, "Sun Wei", "adjudication") == [dispute]


def test_visit_held_by_somebody_who_left_waits_for_everybody(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    assert queue(desk, "Tang Li", "triage") == []
    desk.write(update(Person).where(Person.name == "Tom").values(active=False))
    assert queue(desk, "Tang Li", "triage") == [dispute]


def test_dispute_that_the_agent_handled_elsewhere_is_left_out(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("adjudication")
    assert queue(any_desk, "Tom", "adjudication") == []
    assert queue(any_desk, "Ada", "adjudication") == [dispute]
    any_desk.must(dispute, "cannot_judge", {**SOUND, "cannot_judge_reason": "new_facts"})
    assert queue(any_desk, "Ada", "evidence_review") == []


def test_agent_finds_again_what_they_handled_at_the_same_stage(desk: Desk) -> None:
    dispute = desk.at_stage("evidence_review")
    desk.must(dispute, "again_buyer", SOUND)
    desk.done(dispute, "buyer")
    assert queue(desk, "Eva", "evidence_review") == [dispute]


def test_next_is_what_one_holds_and_then_the_most_urgent(desk: Desk) -> None:
    urgent = desk.at_stage("adjudication")
    held = desk.at_stage("adjudication")
    assert following(desk, "Ada") == urgent
    desk.hold(held, "Ada")
    assert following(desk, "Ada") == held
    desk.release(held, "Ada")
    assert following(desk, "Ada") == urgent
    assert following(desk, "Vera") is None


def test_queue_never_offers_what_would_be_refused(any_desk: Desk) -> None:
    for stage in ("intake", "triage", "evidence_review", "adjudication", "verification"):
        any_desk.at_stage(stage)
    any_desk.hold(4, "Ada")
    stages = ["triage", "evidence_review", "adjudication", "verification"]
    for name in ("Tom", "Tang Li", "Eva", "Ada", "Vera", "Sun Wei"):
        for dispute in queue(any_desk, name, *stages):
            from core.desk.answers import Refused

            answer = any_desk.choose(dispute, "no such decision", {}, name)
            assert isinstance(answer, Refused)
            assert answer.key == "unknown_decision", (name, dispute)  # not held, not separation


def test_queue_is_cut_at_what_was_asked_for(desk: Desk) -> None:
    for _ in range(5):
        desk.open()
    found = desk.db.read(queues.queue, desk.people["Tom"], ["intake"], most=3)
    assert [row.dispute_id for row in found] == [1, 2, 3]


def test_finished_dispute_leaves_every_queue_and_its_record_stays(desk: Desk) -> None:
    dispute = desk.at_stage("finished")
    assert following(desk, "Vera") is None
    assert len(desk.visits(dispute)) == 7
    assert desk.differences() == []
    assert TRIAGED["category"] == desk.at(dispute).facts["category"]


def test_overview_counts_what_is_held_with_an_end_and_without(any_desk: Desk) -> None:
    any_desk.at_stage("triage")  # whoever took it holds it until it is decided or released
    any_desk.release(any_desk.at_stage("triage"), "Tom")
    any_desk.hold(any_desk.at_stage("evidence_review"), "Eva")  # for fifteen idle minutes
    assert held_at(any_desk, "triage", "evidence_review") == [1, 1]
    any_desk.pass_time(minutes=16)
    assert held_at(any_desk, "triage", "evidence_review") == [1, 0]


def test_overview_keeps_workflows_apart_that_name_a_stage_alike(desk: Desk) -> None:
    for workflow in ("dispute", "repair"):
        dispute = desk.at_stage("triage")
        desk.write(update(Dispute).where(Dispute.id == dispute).values(workflow=workflow))
    found = desk.db.read(queues.by_stage)
    assert [found[workflow, "triage"].waiting for workflow in ("dispute", "repair")] == [1, 1]
