"""Raising a dispute's grade, as a level of a ladder does it by itself (G8).

What it was raised to is known beside the grade, as a floor: whatever becomes known later, the more
urgent of the two counts until the dispute ends. Each level raises a dispute once, however often it
comes: by a stage that is visited again, or a decision that was undone.
"""

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, select

from core.desk import deadlines, outbox, regrading
from core.desk.actor import TIMEOUT
from core.desk.deadlines import Followed, Turn
from core.desk.standing import Standing
from core.tables import Event
from core.workflow.facts import GRADE, RAISED
from core.workflow.grading import more_urgent, next_up
from core.workflow.model import Ladder, LadderLevel, ServiceLevel, Value

_REGRADED = select(Event.data).where(
    Event.dispute_id == bindparam("dispute"), Event.kind == regrading.REGRADED
)


def raise_grade(
    connection: Connection,
    at: Standing,
    promise: ServiceLevel,
    ladder: Ladder,
    level: LadderLevel,
    *,
    now: dt.datetime,
) -> None:
    """Raises the dispute to the next more urgent grade of its visit's document.

    Everything follows that follows from another grade. A dispute of the most urgent one is raised
    no further, and that is told.
    """
    by = {
        "service_level": promise.key,
        "ladder": ladder.key,
        "level": level.key,
        "place": ladder.levels.index(level) + 1,
    }
    rules = at.document.grade_rules
    if not rules or (promise.key, level.key) in done(connection, at.row.dispute_id):
        return
    to = next_up(rules, str(at.facts.get(GRADE, "")))
    if to:
        regrading.anew(connection, at, at.facts, {RAISED: to}, TIMEOUT, now=now, by=by)
        return
    outbox.put(
        connection,
        regrading.told(connection, at, at.facts, at.facts, Followed(), TIMEOUT, now=now, by=by),
    )


def done(connection: Connection, dispute_id: int) -> set[tuple[str, str]]:
    """Which levels have raised the dispute: the keys of the service level and of its level."""
    rows = connection.execute(_REGRADED, {"dispute": dispute_id}).scalars()
    said = [data["raised"] for data in rows if "raised" in data]
    return {(one["service_level"], one["level"]) for one in said}


def keep(
    connection: Connection, dispute_id: int, turn: Turn, earlier: Value | None, *, now: dt.datetime
) -> None:
    """Promises what a grade promises that came about while an undone decision stood.

    The turn says where the dispute is now; `earlier` is its grade before that decision, by which
    its clocks run again.
    """
    if turn.facts.get(GRADE) == earlier:
        return
    before = {key: value for key, value in turn.facts.items() if key != GRADE}
    if earlier is not None:
        before[GRADE] = earlier
    deadlines.follow(connection, dispute_id, replace(turn, before=before), now=now)


def floored(at: Standing, known: dict[str, Value]) -> dict[str, Value]:
    """What becomes known where a decision is undone: no grade below what it was raised to since."""
    raised: Any = at.facts.get(RAISED, "")
    if GRADE not in known or not raised:
        return known
    return {**known, GRADE: more_urgent(str(known[GRADE] or ""), raised)}
