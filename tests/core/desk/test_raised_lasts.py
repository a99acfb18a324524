"""A grade that was raised is a floor until the dispute ends (G8)."""

from typing import Any

import pytest

from core.desk import correct
from core.desk.answers import Applied
from tests.core.desk.joined import ORDER, merge, second_of, split
from tests.core.desk.raised import GREEDY, UNSAFE, grade, publish, raising, running, told
from tests.factories import SOUND, TRIAGED, Desk


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
