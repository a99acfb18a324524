"""A level of a ladder raises the grade: once, by one, and told (G8)."""

import threading
from typing import Any

import pytest
from sqlalchemy import select

import scheduler
from core import fact_words, wording
from core.db import Database
from core.desk import documents
from core.migrate import standard
from core.tables import Event, Outbox
from core.workflow import model as m
from tests.core.desk.raised import (
    GREEDY,
    LABEL,
    LEVELS,
    grade,
    publish,
    raising,
    running,
    told,
)
from tests.core.workflow.edits import add, put
from tests.factories import SOUND, TRIAGED, Desk


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


def test_raise_is_not_lost_where_the_wait_runs_out_at_the_same_moment(any_desk: Desk) -> None:
    desk = any_desk
    publish(desk, raising())
    dispute = desk.at_stage("awaiting_evidence")
    desk.pass_time(days=2)
    assert desk.sweep().timed_out == 1
    assert desk.stage(dispute) == "evidence_review"
    assert told(desk, dispute) == [("B", "A", 1)]
    assert (grade(desk, dispute), running(desk, dispute)) == (("A", "A"), ["A"])
    assert desk.differences() == []


def test_raise_is_not_lost_where_the_dispute_is_given_away_at_the_same_moment(
    any_desk: Desk,
) -> None:
    desk = any_desk
    gives = m.LadderLevel("gives", act="reassign")
    publish(desk, gives, raising("up", 60))
    dispute = desk.open()
    desk.pass_time(days=2)
    desk.sweep()
    assert desk.stage(dispute) == "triage"
    assert told(desk, dispute) == [("B", "A", 2)]
    assert desk.differences() == []


def test_raise_that_gives_its_own_promise_up_is_the_last_act_of_its_ladder(desk: Desk) -> None:
    only = (m.Condition("grade", "in", ("C",)),)
    publish(desk, raising(), raising("again", 60), when=only)
    dispute = desk.at_stage("triage", facts=GREEDY)
    desk.pass_time(days=2)
    desk.sweep()
    assert told(desk, dispute) == [("C", "B", 1)]  # the second would never have come
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


def test_raise_is_told_in_words_with_the_ladder_and_its_level(desk: Desk) -> None:
    publish(desk, raising(), raising("again", 60))
    dispute = desk.at_stage("triage")
    desk.pass_time(hours=12)
    desk.sweep()
    document = desk.db.read(lambda c, now: documents.active(c))
    rows = desk.rows(select(Event.data).where(Event.kind == "regraded").order_by(Event.id))
    english = [wording.regraded(document, row.data, "en") for row in rows]
    assert english[0].startswith(
        "Grade is now A: urgent (it was B: normal): raised by the ladder “Ladder”, level 1; starts"
    )
    assert english[1] == (
        "Grade stays A: urgent, the most urgent: the ladder “Ladder”, level 2, raises it no further"
    )
    chinese = [wording.regraded(document, row.data, "zh_CN") for row in rows]
    assert "升级阶梯“阶梯”第 1 级所致" in chinese[0]
    assert chinese[1].startswith("等级保持 A 级（紧急），已是最紧急：")
    workflow = document.workflow_by_key["dispute"]
    told = (fact_words.fact_label(workflow, "raised", "en"), desk.at(dispute).facts["raised"])
    assert told == ("Raised by a ladder to", "A")
    assert fact_words.value_label(document, workflow, "raised", "A", "en") == "A: urgent"
