"""The staffing view reads the record as it is: waiting, work and people of each stage (W16)."""

from core.desk import documents, staffing
from core.desk.answers import Refused
from core.desk.staffing import StageStaffing
from tests.factories import SOUND, TRIAGED, Desk


def seen(desk: Desk, days: int = 28, name: str = "Sun Wei") -> dict[str, StageStaffing] | Refused:
    workflow = desk.db.read(lambda c, now: documents.active(c).workflows[0])
    found = desk.db.read(staffing.staffing, desk.who(name), workflow, days)
    return found if isinstance(found, Refused) else {one.stage: one for one in found.stages}


def shown(desk: Desk, days: int = 28) -> dict[str, StageStaffing]:
    found = seen(desk, days)
    assert not isinstance(found, Refused)
    return found


def adjudicated(desk: Desk, wait: int, work: int) -> int:
    """A dispute that waits for Ada, and is decided by her after some minutes of work."""
    dispute = desk.at_stage("adjudication")
    desk.pass_time(minutes=wait)
    desk.hold(dispute, "Ada")
    desk.pass_time(minutes=work)
    desk.must(dispute, "rule_merchant", SOUND)
    return dispute


def test_waiting_and_work_are_told_apart_by_who_held_it(any_desk: Desk) -> None:
    adjudicated(any_desk, wait=40, work=9)
    found = shown(any_desk)["adjudication"].foreseen
    assert found.waiting is not None
    assert found.service is not None
    assert (round(found.waiting.mean / 60), round(found.service.mean / 60)) == (40, 9)
    assert (found.agents, found.decided, found.unseen) == (1, 1, 0)
    assert found.replayed is None  # too little


def test_what_waits_at_intake_waits_for_the_first_stage(desk: Desk) -> None:
    dispute = desk.open()
    desk.open()
    desk.pass_time(minutes=25)
    desk.take(dispute)
    desk.pass_time(minutes=5)
    desk.must(dispute, "no_evidence", TRIAGED)
    triage = shown(desk)["triage"]
    assert triage.waiting == 1
    assert triage.foreseen.waiting is not None
    assert triage.foreseen.service is not None
    assert round(triage.foreseen.waiting.mean / 60) == 25
    assert round(triage.foreseen.service.mean / 60) == 5


def test_released_one_is_worked_at_by_who_decided_it(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.pass_time(minutes=30)
    desk.release(dispute, "Tom")
    desk.pass_time(minutes=10)
    desk.take(dispute, "Tang Li")
    desk.pass_time(minutes=3)
    desk.must(dispute, "no_evidence", TRIAGED, "Tang Li")
    found = shown(desk)["triage"].foreseen
    assert found.service is not None
    assert found.waiting is not None
    assert (round(found.waiting.mean / 60), round(found.service.mean / 60)) == (40, 3)


def test_what_nobody_held_first_shows_no_length_of_work(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.pass_time(minutes=30)
    desk.must(dispute, "rule_merchant", SOUND)
    found = shown(desk)["adjudication"].foreseen
    assert (found.service, found.unseen) == (None, 1)


def test_what_was_undone_or_came_earlier_counts_for_nothing(desk: Desk) -> None:
    adjudicated(desk, 5, 5)
    desk.pass_time(days=8)
    undone = desk.at_stage("adjudication")
    desk.must(undone, "rule_merchant", SOUND)
    desk.undo(undone)
    found = shown(desk, days=7)["adjudication"]
    assert found.foreseen.decided == 0
    assert len(found.arrivals) == 1
    assert shown(desk, days=28)["adjudication"].foreseen.decided == 1


def test_day_at_the_desk_is_reproduced_by_its_replay(desk: Desk) -> None:
    for _ in range(10):
        for dispute in [desk.at_stage("adjudication") for _ in range(3)]:
            desk.hold(dispute, "Ada")
            desk.pass_time(minutes=6)
            desk.must(dispute, "rule_merchant", SOUND)
    found = shown(desk)["adjudication"].foreseen
    assert found.waiting is not None
    assert found.with_one_more is not None
    assert found.reproduced
    assert round(found.waiting.mean / 60) == 6  # 0, 6 and 12
    assert round(found.with_one_more.mean / 60) == 2  # 0, 0 and 6


def test_staffing_is_for_whoever_may_assign(desk: Desk) -> None:
    assert isinstance(seen(desk, name="Tom"), Refused)
