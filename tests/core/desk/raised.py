"""Ladders of the tests that raise the grade, in few words."""

from typing import Any

from sqlalchemy import select

from core.desk import documents
from core.migrate import standard
from core.tables import Deadline, Dispute, Event
from core.workflow import model as m
from core.workflow.problems import problems
from tests.core.workflow.edits import add
from tests.factories import TRIAGED, Desk

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
