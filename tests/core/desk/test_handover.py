"""A visit is handed over with a preset reason, or snoozed and comes back by itself (K4)."""

import datetime as dt

import pytest
from sqlalchemy import insert, select

from core.desk import handover, queues, snoozing
from core.desk.answers import Answer, Applied, Refused
from core.tables import Deadline, Event, Person
from tests.factories import AT, SOUND, Desk


def refusal(answer: Answer) -> str:
    """The key of a refusal; empty where it was applied."""
    return answer.key if isinstance(answer, Refused) else ""


def give(desk: Desk, dispute: int, to: str = "", why: str = "shift_ends", name: str = "") -> Answer:
    """Somebody hands the dispute over; by default its stage's agent, to the queue."""
    person = desk.people[to] if to else None
    who = desk.who(name or AT[desk.stage(dispute)])
    return desk.db.transact(
        handover.hand_over, desk.visit(dispute), person, why, who, click=desk.click()
    )


def snooze(desk: Desk, dispute: int, length: str = "two_hours", name: str = "") -> Answer:
    """Somebody snoozes the dispute; by default its stage's agent."""
    who = desk.who(name or AT[desk.stage(dispute)])
    return desk.db.transact(
        snoozing.snooze, desk.visit(dispute), "call_back", length, who, click=desk.click()
    )


def mine(desk: Desk, name: str) -> list[int]:
    """What somebody holds and should see."""
    return [q.dispute_id for q in desk.db.read(queues.held, desk.people[name])]


def queued(desk: Desk, name: str, stage: str) -> list[int]:
    """What somebody may act on."""
    return [q.dispute_id for q in desk.db.read(queues.queue, desk.people[name], [stage])]


def test_colleague_of_the_stage_goes_on(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("triage")
    assert isinstance(give(desk, dispute, "Tang Li"), Applied)
    assert mine(desk, "Tang Li") == [dispute]
    assert refusal(desk.hold(dispute, "Tom")) == "held"
    assert isinstance(give(desk, dispute, name="Tang Li"), Applied)
    assert desk.at(dispute).row.holder_id is None
    events = desk.rows(select(Event.data).where(Event.kind == "handed_over").order_by(Event.id))
    assert [row.data["reason"] for row in events] == ["shift_ends", "shift_ends"]
    assert desk.differences() == []


def test_nobody_outside_the_stage_is_handed_anything(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    visit = desk.visit(dispute)
    offered = desk.db.read(handover.colleagues, visit, desk.people["Tom"])
    assert [name for _, name in offered] == ["Tang Li"]  # neither the trainee nor other stages
    assert refusal(give(desk, dispute, "Ada")) == "not_of_stage"
    assert refusal(give(desk, dispute, "Tim")) == "cannot_hold"
    assert refusal(give(desk, dispute, "Tang Li", "because")) == "unknown_preset"
    assert refusal(give(desk, dispute, "Tang Li", name="Ada")) == "held"
    assert refusal(give(desk, desk.at_stage("adjudication"))) == "not_held"
    assert refusal(give(desk, desk.at_stage("intake"), name="Tom")) == "nothing_to_hold"


def test_colleague_who_handled_another_stage_is_left_out(desk: Desk) -> None:
    desk.write(
        insert(Person).values(name="Ann", slack_id="U9", roles=["agent"], home_stage="adjudication")
    )
    dispute = desk.at_stage("adjudication")
    visit = desk.visit(dispute)
    assert [n for _, n in desk.db.read(handover.colleagues, visit, desk.people["Ada"])] == ["Ann"]
    desk.write(
        Person.__table__.update().where(Person.name == "Tom").values(home_stage="adjudication")
    )
    assert [n for _, n in desk.db.read(handover.colleagues, visit, desk.people["Ada"])] == ["Ann"]
    assert refusal(give(desk, dispute, "Tom")) == "separation_other"


@pytest.mark.parametrize("stage", ["triage", "adjudication"])
def test_snoozed_dispute_is_away_and_comes_back_by_itself(any_desk: Desk, stage: str) -> None:
    desk, dispute = any_desk, any_desk.at_stage(stage)
    due = desk.rows(select(Deadline.due_at).where(Deadline.visit_id == desk.visit(dispute)))
    assert isinstance(snooze(desk, dispute), Applied)
    who = AT[stage]
    assert (mine(desk, who), queued(desk, who, stage)) == ([], [])
    assert desk.db.transact(snoozing.wake) == 0
    assert desk.differences() == []
    after = desk.rows(select(Deadline.due_at).where(Deadline.visit_id == desk.visit(dispute)))
    assert after == due  # no clock is paused
    desk.pass_time(hours=2)
    assert mine(desk, who) == [dispute]
    assert desk.db.transact(snoozing.wake) == 1
    assert desk.db.transact(snoozing.wake) == 0
    assert desk.at(dispute).row.snoozed_until is None
    assert desk.differences() == []


def test_who_snoozed_may_decide_and_others_may_not(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    snooze(desk, dispute)
    desk.hold(dispute, "Ada")  # opens the details: looking wakes nothing
    assert desk.differences() == []
    assert refusal(desk.choose(dispute, "rule_none", SOUND, "Sun Wei")) == "held"
    desk.must(dispute, "rule_none", SOUND)
    desk.pass_time(hours=3)
    assert desk.db.transact(snoozing.wake) == 0
    assert desk.differences() == []


def test_supervisor_s_assignment_ends_a_snooze(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    snooze(desk, dispute)
    assert isinstance(desk.assign(dispute, "Sun Wei"), Applied)
    assert mine(desk, "Sun Wei") == [dispute]
    assert desk.differences() == []


def test_overdue_is_told_however_long_it_sleeps(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    snooze(desk, dispute, "one_day")
    desk.pass_time(hours=2)
    assert desk.sweep().escalated == 1
    assert desk.at(dispute).row.snoozed_until > desk.now() + dt.timedelta(hours=21)


def test_only_preset_lengths_and_work_are_snoozed(desk: Desk) -> None:
    assert refusal(snooze(desk, desk.at_stage("triage"), "for_ever")) == "unknown_preset"
    assert refusal(snooze(desk, desk.at_stage("intake"), name="Tom")) == "nothing_to_hold"
    parked = desk.at_stage("triage")
    desk.park(parked)
    assert refusal(snooze(desk, parked)) == "parked"
