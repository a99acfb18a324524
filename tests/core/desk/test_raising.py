"""A level of a ladder that raises a dispute's grade, and how that lasts (G8)."""

import threading
from typing import Any

import pytest
from sqlalchemy import select

import scheduler
from core.db import Database
from core.desk import correct, documents
from core.desk.answers import Applied
from core.migrate import standard
from core.tables import Deadline, Dispute, Event, Outbox
from core.workflow import model as m
from core.workflow.problems import problems
from tests.core.desk.joined import ORDER, merge, second_of, split
from tests.core.workflow.edits import add, put
from tests.factories import SOUND, TRIAGED, Desk

LABEL = m.Label("阶梯", "Ladder")
LEVELS = "workflows/dispute/service_levels"
UNSAFE = {**TRIAGED, "reason": "unsafe"}
GREEDY = {"claim": "excessive"}


def raising(key: str = "up", at: int = 0, point: str = "after") -> m.LadderLevel:
    """A level that raises the grade so many minutes after the end."""
    return m.LadderLevel(key, point, at, act="raise")


def graded(key: str, grade: str, **more: Any) -> m.ServiceLevel:
    """A promise to disputes of one grade, for as long as they are open."""
    when = (m.Condition("grade", "in", (grade,)),)
    return m.ServiceLevel(key, LABEL, 9000, **{"starts": (m.Mark("opened"),), "when": when, **more})


def publish(desk: Desk, *levels: m.LadderLevel, minutes: int = 600, **more: Any) -> None:
    """Publishes the standard document with a promise to all disputes under a ladder of these.

    Beside it stands one promise for each grade.
    """
    started = {"starts": (m.Mark("opened"),), **more}
    promise = m.ServiceLevel("promise", LABEL, minutes, ladder="own", **started)
    own = add(standard(), "ladders", m.Ladder("own", LABEL, levels))
    own = add(own, LEVELS, promise, *(graded(f"for_{one.lower()}", one) for one in "ABC"))
    assert problems(own) == []
    desk.db.transact(documents.publish, own)


def grade(desk: Desk, dispute: int) -> tuple[Any, str]:
    """The grade as the fact says it, and as lists read it."""
    (row,) = desk.rows(select(Dispute.grade).where(Dispute.id == dispute))
    return desk.at(dispute).facts.get("grade"), row.grade


def told(desk: Desk, dispute: int) -> list[tuple[Any, Any, Any]]:
    """Each time that a level raised the grade, or would have: from what, to what, which level."""
    rows = desk.rows(
        select(Event.data)
        .where(Event.dispute_id == dispute, Event.kind == "regraded")
        .order_by(Event.id)
    )
    said = [row.data for row in rows if "raised" in row.data]
    return [(one["from"], one["to"], one["raised"]["place"]) for one in said]


def running(desk: Desk, dispute: int) -> list[str]:
    """The grades for which a promise of the dispute runs."""
    rows = desk.rows(
        select(Deadline.service_level)
        .where(Deadline.dispute_id == dispute, Deadline.stopped_at.is_(None))
        .order_by(Deadline.id)
    )
    return [row[0][-1].upper() for row in rows if row[0].startswith("for_")]


def test_level_raises_the_grade_once_and_says_so_in_the_thread_and_the_record(
    any_desk: Desk,
) -> None:
    desk = any_desk
    publish(desk, m.LadderLevel("first", "percent", 90, "thread"), raising())
    dispute = desk.at_stage("triage")
    assert (grade(desk, dispute), running(desk, dispute)) == (("B", "B"), ["B"])
    desk.pass_time(minutes=600)
    desk.sweep()
    assert (grade(desk, dispute), running(desk, dispute)) == (("A", "A"), ["A"])
    (event,) = desk.rows(select(Event).where(Event.kind == "regraded"))
    assert event.by == "timeout"
    assert event.data["raised"] == {
        "service_level": "promise",
        "ladder": "own",
        "level": "up",
        "place": 2,
    }
    assert "for_b" in event.data["superseded"]
    assert "for_a" in event.data["started"]
    lines = select(Outbox.kind).where(Outbox.dedupe == f"line:{event.id}")
    drawn = select(Outbox.kind).where(Outbox.kind == "redraw", Outbox.created_at == event.at)
    assert (len(desk.rows(lines)), len(desk.rows(drawn))) == (1, 1)
    assert desk.sweep().escalated == 0
    assert told(desk, dispute) == [("B", "A", 2)]
    assert desk.differences() == []


def test_what_becomes_known_later_lowers_no_grade_that_was_raised(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, raising())
    dispute = desk.at_stage("triage", facts=GREEDY)
    desk.pass_time(minutes=600)
    desk.sweep()
    assert told(desk, dispute) == [("C", "B", 1)]
    desk.must(dispute, "no_evidence", UNSAFE)  # more urgent than it was raised to
    assert grade(desk, dispute) == ("A", "A")
    fix = (correct.correct_fact, dispute, "reason", "damaged", "wrong_click", desk.who("Sun Wei"))
    assert isinstance(desk.db.transact(*fix, click=desk.click()), Applied)
    assert (grade(desk, dispute), running(desk, dispute)) == (("B", "B"), ["B"])
    desk.must(dispute, "rule_merchant", SOUND)
    assert grade(desk, dispute) == ("B", "B")
    assert desk.differences() == []


def test_level_that_comes_again_raises_no_further(any_desk: Desk) -> None:
    desk = any_desk
    own = add(standard(), "ladders", m.Ladder("own", LABEL, (raising(),)))
    desk.db.transact(documents.publish, put(own, LEVELS + "/review", ladder="own"))
    dispute = desk.at_stage("evidence_review", facts=GREEDY)
    desk.pass_time(days=1)
    assert desk.sweep().escalated
    desk.must(dispute, "enough", SOUND)
    desk.must(dispute, "cannot_judge", {**SOUND, "cannot_judge_reason": "new_facts"})
    desk.pass_time(days=1)
    assert desk.sweep().escalated
    late = select(Event.data).where(Event.kind == "escalated", Event.dispute_id == dispute)
    assert [row.data["service_level"] for row in desk.rows(late)].count("review") == 2
    assert told(desk, dispute) == [("C", "B", 1)]
    assert grade(desk, dispute) == ("B", "B")
    assert desk.differences() == []


def test_most_urgent_grade_is_raised_no_further_and_that_is_said(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, raising(), raising("again", 60))
    dispute = desk.at_stage("triage")
    desk.pass_time(minutes=600)
    desk.sweep()
    before = running(desk, dispute)
    desk.pass_time(minutes=60)
    desk.sweep()
    assert told(desk, dispute) == [("B", "A", 1), ("A", "A", 2)]
    assert (grade(desk, dispute), running(desk, dispute)) == (("A", "A"), before)
    last = desk.rows(select(Event.id).where(Event.kind == "regraded").order_by(Event.id))[-1].id
    assert len(desk.rows(select(Outbox.id).where(Outbox.dedupe == f"line:{last}"))) == 1
    assert desk.differences() == []


def test_after_an_outage_every_raise_counts_as_if_nothing_had_stood_still(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, raising(), raising("again", 60))
    dispute = desk.at_stage("triage", facts=GREEDY)
    desk.pass_time(days=2)
    desk.sweep()
    assert told(desk, dispute) == [("C", "B", 1), ("B", "A", 2)]
    assert running(desk, dispute) == ["A"]
    assert desk.differences() == []


def test_raise_that_gives_its_own_promise_up_is_the_last_act_of_its_ladder(desk: Desk) -> None:
    only = (m.Condition("grade", "in", ("C",)),)
    publish(desk, raising(), raising("again", 60), when=only)
    dispute = desk.at_stage("triage", facts=GREEDY)
    desk.pass_time(days=2)
    desk.sweep()
    assert told(desk, dispute) == [("C", "B", 1)]  # the second would never have come
    assert desk.differences() == []


@pytest.mark.parametrize("chosen", [TRIAGED, {**TRIAGED, **GREEDY}, UNSAFE], ids=["B", "C", "A"])
def test_undone_decision_neither_loses_nor_doubles_a_raise_that_came_meanwhile(
    any_desk: Desk, chosen: dict[str, Any]
) -> None:
    desk = any_desk
    publish(desk, raising(at=90, point="percent"))
    dispute = desk.at_stage("triage")
    desk.pass_time(minutes=539, seconds=50)
    desk.must(dispute, "no_evidence", chosen)
    desk.pass_time(seconds=20)
    desk.sweep()
    raised = {"C": [("C", "B", 1)], "B": [("B", "A", 1)], "A": [("A", "A", 1)]}
    decided = {"excessive": "C"}.get(chosen.get("claim", ""), "A" if chosen is UNSAFE else "B")
    assert told(desk, dispute) == raised[decided]
    desk.undo(dispute)
    assert desk.stage(dispute) == "triage"
    after = "A" if decided == "B" else "B"  # where it was of the most urgent, it was not raised
    assert grade(desk, dispute) == (after, after)
    assert running(desk, dispute) == [after]
    desk.pass_time(days=1)
    desk.sweep()
    assert told(desk, dispute) == raised[decided]
    assert desk.differences() == []


def test_raise_before_a_decision_stays_whether_it_is_undone_or_not(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, raising())
    dispute = desk.at_stage("triage")
    desk.pass_time(minutes=600)
    desk.sweep()
    desk.must(dispute, "no_evidence", {**TRIAGED, **GREEDY})
    assert (grade(desk, dispute), running(desk, dispute)) == (("A", "A"), ["A"])
    desk.undo(dispute)
    assert (grade(desk, dispute), running(desk, dispute)) == (("A", "A"), ["A"])
    assert desk.differences() == []


def test_dispute_that_is_hidden_is_raised_and_its_thread_hears_of_it(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, raising())
    dispute = desk.at_stage("awaiting_evidence")
    desk.pass_time(minutes=600)
    desk.sweep()
    assert (grade(desk, dispute), running(desk, dispute)) == (("A", "A"), ["A"])
    (event,) = desk.rows(select(Event.id).where(Event.kind == "regraded"))
    (line,) = desk.rows(select(Outbox.lane).where(Outbox.dedupe == f"line:{event.id}"))
    assert line.lane == "post:triage"
    assert desk.differences() == []


def test_each_part_of_a_split_dispute_is_as_urgent_as_the_whole_was(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, raising())
    dispute = desk.at_stage("triage", facts=GREEDY, order=ORDER)
    desk.pass_time(minutes=600)
    desk.sweep()
    second = second_of(desk, split(desk, dispute, {"1": 1}))
    assert (grade(desk, second), running(desk, second)) == (("B", "B"), ["B"])
    desk.take(second)
    desk.must(second, "no_evidence", {**TRIAGED, **GREEDY})
    assert grade(desk, second) == ("B", "B")
    desk.pass_time(minutes=600)
    desk.sweep()  # its own ladder raises it further
    assert told(desk, second) == [("B", "A", 1)]
    assert desk.differences() == []


def test_part_of_a_dispute_has_its_grade_from_what_is_known_of_the_whole(desk: Desk) -> None:
    dispute = desk.at_stage("triage", facts={"reason": "unsafe"}, order=ORDER)
    assert grade(desk, second_of(desk, split(desk, dispute, {"1": 1}))) == ("A", "A")
    assert desk.differences() == []


def test_merged_dispute_keeps_its_raise_to_itself_and_has_it_again_when_that_is_undone(
    any_desk: Desk,
) -> None:
    desk = any_desk
    publish(desk, raising())
    old = desk.at_stage("triage", buyer="b1")
    desk.pass_time(minutes=600)
    desk.sweep()
    other = desk.at_stage("triage", buyer="b1")
    assert isinstance(merge(desk, old, other), Applied)
    assert (grade(desk, old), grade(desk, other)) == (("A", "A"), ("B", "B"))
    desk.undo(old, "Sun Wei")
    assert (grade(desk, old), running(desk, old)) == (("A", "A"), ["A"])
    assert (grade(desk, other), running(desk, other)) == (("B", "B"), ["B"])
    assert desk.differences() == []


@pytest.mark.postgres
def test_two_schedulers_raise_once(postgresql: Database) -> None:
    desk = Desk(postgresql)
    publish(desk, raising())
    disputes = [desk.at_stage("triage", facts=GREEDY) for _ in range(12)]
    desk.pass_time(minutes=600)
    start = threading.Barrier(4)

    def tick() -> None:
        start.wait()
        scheduler.tick(desk.db)

    together([tick] * 4)
    assert [told(desk, one) for one in disputes] == [[("C", "B", 1)]] * len(disputes)
    assert [grade(desk, one) for one in disputes] == [("B", "B")] * len(disputes)
    assert desk.differences() == []


def test_agent_who_decides_while_the_level_fires_loses_nothing(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, raising())
    disputes = [desk.at_stage("triage") for _ in range(8)]
    desk.pass_time(minutes=600)
    start = threading.Barrier(2)

    def decide() -> None:
        start.wait()
        for one in disputes:
            desk.must(one, "no_evidence", {**TRIAGED, **GREEDY})

    def tick() -> None:
        start.wait()
        for _ in range(len(disputes)):
            scheduler.tick(desk.db)

    together([decide, tick])
    scheduler.tick(desk.db)
    for one in disputes:
        (before, after, place), *more = told(desk, one)
        assert (more, place) == ([], 1)
        assert (before, after) in (("B", "A"), ("C", "B"))  # whichever was first
        assert grade(desk, one) == (after, after)
        assert running(desk, one) == [after]
        assert desk.stage(one) == "adjudication"
    assert desk.differences() == []


def together(acts: list[Any]) -> None:
    """Does these at once."""
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
