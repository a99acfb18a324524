"""Deadlines: one running of one service level, with a visit or with the dispute (G6, G8).

What happens to a dispute starts and stops them, and being hidden holds those that stand still
meanwhile (rule 12). Each follows the document that it started with.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from core.clocks.running import Pause, Running
from core.desk import documents, marks
from core.desk.ladders import Plan, Plans
from core.desk.standing import Standing
from core.tables import Deadline, Visit
from core.workflow.model import Facts, Mark, ServiceLevel, Workflow
from core.workflow.service_level import at_stage, meant, running_after, starting, stopped_by
from core.workflow.terms import Kind

_INSERT = insert(Deadline).inline()
_RUNNING = (
    select(
        Deadline.id,
        Deadline.with_visit,
        Deadline.document_id,
        Deadline.service_level,
        Deadline.started_at,
        Deadline.due_at,
        Deadline.level,
        Deadline.next_at,
        Deadline.pauses,
        Deadline.acknowledged_until,
    )
    .where(Deadline.dispute_id == bindparam("dispute"), Deadline.stopped_at.is_(None))
    .order_by(Deadline.id)
)
_CHANGE = (
    update(Deadline)
    .where(Deadline.id == bindparam("deadline"))
    .values(
        due_at=bindparam("due"),
        next_at=bindparam("next"),
        stopped_at=bindparam("stopped"),
        stopped_visit_id=bindparam("left"),
        pauses=bindparam("paused"),
        superseded=bindparam("over"),
        set_aside=None,  # with another time, what failed is tried again or wanted no more
    )
)
_RUNS = (
    select(func.max(Deadline.run))
    .join(Visit, Visit.id == Deadline.visit_id)  # as the indexes know them
    .where(Visit.dispute_id == bindparam("dispute"), Deadline.service_level == bindparam("level"))
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What happened to a dispute, and how it stands after that, as far as clocks care.

    `visit_id` is the visit that it is at from now on, `stage` its stage, `left_id` the visit that
    was left, if any was; `document_id` the document that what starts now follows. Where what
    describes it changed, `before` are the facts as they would be had that not changed.
    """

    workflow: str
    stage: str
    visit_id: int
    document_id: int
    happened: Collection[Mark]
    facts: Facts
    currency: str
    left_id: int | None = None
    hidden: bool = False
    before: Facts | None = None

    @property
    def stays(self) -> bool:
        """Whether the dispute is where it was, and only what is known of it changed."""
        return self.before is not None and self.left_id is None


@dataclass(frozen=True, slots=True)
class Followed:
    """When the new visit's own is due; the levels that changed conditions stopped and started."""

    due_at: dt.datetime | None = None
    superseded: tuple[str, ...] = ()
    restarted: tuple[str, ...] = ()


def follow(connection: Connection, dispute_id: int, turn: Turn, *, now: dt.datetime) -> Followed:
    """Stops, holds, lets go and starts what the turn says."""
    plans = Plans(connection)
    there = connection.execute(_RUNNING, {"dispute": dispute_id}).all()
    changed = [c for row in there if (c := _changed(plans, row, turn, now=now)) is not None]
    if changed:
        connection.execute(_CHANGE, changed)
    gone = {row["key"] for row in changed if row["stopped"] is not None}
    going = {row.service_level for row in there} - gone
    again = list(reopening(plans, dispute_id, turn, now=now)) if turn.before is not None else []
    rows = []
    for row in (*fresh(plans, turn, now=now), *again):
        if row["service_level"] in going:  # what runs already does not begin anew
            continue
        going.add(row["service_level"])
        if not row["with_visit"]:
            before = {"dispute": dispute_id, "level": row["service_level"]}
            row["run"] = (connection.scalar(_RUNS, before) or 0) + 1
        rows.append(row | {"dispute_id": dispute_id})
    if rows:
        connection.execute(_INSERT, rows)
    started = {row["service_level"] for row in rows}
    return Followed(
        next((row["due_at"] for row in rows if row["with_visit"]), None),
        tuple(row["key"] for row in changed if row["over"]),
        tuple(key for row in again if (key := row["service_level"]) in started),
    )


def happened(connection: Connection, at: Standing, mark: Mark, *, now: dt.datetime) -> None:
    """Stops and starts what follows from something that moved the dispute nowhere."""
    row = at.row
    turn = Turn(
        row.workflow,
        row.stage,
        row.visit_id,
        row.document_id,
        (mark,),
        at.facts,
        row.currency,
        hidden=row.kind == Kind.WAIT,
        before=at.facts,
    )
    follow(connection, row.dispute_id, turn, now=now)


def fresh(plans: Plans, turn: Turn, *, now: dt.datetime) -> Iterator[dict[str, Any]]:
    """The rows of what the turn starts, without their dispute; the visit's own comes first."""
    document = documents.load(plans.connection, turn.document_id)
    levels = document.workflow_by_key[turn.workflow].service_levels
    own = at_stage(levels, turn.stage, turn.facts, turn.currency)
    if own is not None and not turn.stays:
        yield _row(plans.of(turn.document_id, document, turn.workflow, own), own, turn, now=now)
    for level in starting(levels, turn.happened, turn.facts, turn.currency):
        plan = plans.of(turn.document_id, document, turn.workflow, level)
        yield _row(plan, level, turn, now=now)


def _row(plan: Plan, level: ServiceLevel, turn: Turn, *, now: dt.datetime) -> dict[str, Any]:
    """A deadline that starts now; one that the same moment stops has been kept at once."""
    over = not level.stage and stopped_by(level, turn.happened)
    held = level.pauses and turn.hidden
    pauses = [_told(Pause(now, None))] if held else []
    running = running_of(plan, now, pauses)
    return {
        "visit_id": turn.visit_id,
        "with_visit": bool(level.stage),
        "document_id": turn.document_id,
        "service_level": level.key,
        "run": 1,
        "started_at": now,
        "due_at": plan.due(running),
        "level": 0,
        "next_at": None if over else plan.next_at(running, 0),
        "stopped_at": now if over else None,
        "pauses": pauses,
        "superseded": False,
    }


def _changed(plans: Plans, row: Any, turn: Turn, *, now: dt.datetime) -> dict[str, Any] | None:
    """What becomes of a running deadline; None where it goes on as it did."""
    change = {
        "deadline": row.id,
        "key": row.service_level,
        "due": row.due_at,
        "next": row.next_at,
        "stopped": None,
        "left": None,
        "paused": row.pauses,
        "over": False,
    }
    document = documents.load(plans.connection, row.document_id)
    workflow = document.workflow_by_key[turn.workflow]
    level = workflow.level_by_key[row.service_level]
    if (row.with_visit and not turn.stays) or stopped_by(level, turn.happened):
        return change | {"next": None, "stopped": now, "left": turn.left_id}
    if _given_up(workflow, level, turn):
        return change | {"next": None, "stopped": now, "left": turn.left_id, "over": True}
    held = bool(row.pauses) and row.pauses[-1][1] is None
    if not level.pauses or held == turn.hidden:
        return None
    if turn.hidden:
        pauses = [*row.pauses, _told(Pause(now, None))]
    else:
        pauses = [*row.pauses[:-1], [row.pauses[-1][0], now.isoformat()]]
    plan = plans.of(row.document_id, document, turn.workflow, level)
    return change | timed(plan, row.started_at, pauses, row.level, row.acknowledged_until)


def _given_up(workflow: Workflow, level: ServiceLevel, turn: Turn) -> bool:
    """Whether what changed means that this is promised to such disputes no longer."""
    if turn.before is None:
        return False
    if level.stage:
        levels = workflow.service_levels
        own = at_stage(levels, level.stage, turn.facts, turn.currency)
        return own is not None and own != at_stage(levels, level.stage, turn.before, turn.currency)
    before = meant(level, turn.before, turn.currency)
    return before and not meant(level, turn.facts, turn.currency)


def reopening(
    plans: Plans, dispute_id: int, turn: Turn, *, now: dt.datetime
) -> Iterator[dict[str, Any]]:
    """The rows of what is promised to a dispute only since it changed, had it begun before.

    It counts from this moment: nobody could have kept it before.
    """
    document = documents.load(plans.connection, turn.document_id)
    levels = document.workflow_by_key[turn.workflow].service_levels
    before = turn.before or {}
    found = []
    if turn.stays:
        own = at_stage(levels, turn.stage, turn.facts, turn.currency)
        if own is not None and own != at_stage(levels, turn.stage, before, turn.currency):
            found.append(own)
    fresh_ones = [
        level
        for level in levels
        if not level.stage
        and meant(level, turn.facts, turn.currency)
        and not meant(level, before, turn.currency)
    ]
    if fresh_ones:
        steps = marks.of_dispute(plans.connection, dispute_id)
        found += [level for level in fresh_ones if running_after(level, steps)]
    for level in found:
        plan = plans.of(turn.document_id, document, turn.workflow, level)
        yield _row(plan, level, turn, now=now)


def timed(
    plan: Plan,
    started_at: dt.datetime,
    pauses: Any,
    place: int,
    rests_until: dt.datetime | None = None,
) -> dict[str, Any]:
    """When a deadline with these pauses is due, and when something next happens to it.

    Its ladder rests until `rests_until`, where somebody is on it.
    """
    running = running_of(plan, started_at, pauses)
    following = plan.next_at(running, place, rests_until)
    return {"due": plan.due(running), "next": following, "paused": pauses}


# Nobody is on it; and the columns that say who is, of the row that another takes the place of (K6).
NOBODY = dict.fromkeys(("acknowledged_by_id", "acknowledged_until", "attend_at"))


def on_it(row: Any, same: bool) -> dict[str, Any]:
    """Who is on a deadline, for the one that takes its place where that is of the `same` level."""
    return {name: getattr(row, name) for name in NOBODY} if same else NOBODY


def running_of(plan: Plan, started_at: dt.datetime, pauses: Any) -> Running:
    """The clock of a deadline, from its row."""
    return Running(plan.hours, started_at, tuple(_pause(*pause) for pause in pauses))


def _pause(since: str, until: str | None) -> Pause:
    ended = dt.datetime.fromisoformat(until) if until else None
    return Pause(dt.datetime.fromisoformat(since), ended)


def _told(pause: Pause) -> list[str | None]:
    return [pause.since.isoformat(), pause.until.isoformat() if pause.until else None]
