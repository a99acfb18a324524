"""Clocks after a decision was undone: nobody gets more time by it, and nobody less (D3)."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from core.desk import documents
from core.desk.deadlines import Turn, fresh, timed
from core.desk.ladders import Plans
from core.tables import Deadline, Escalation, Visit

# What the decision stopped, as the indexes know it: among all deadlines they find it by visits.
_STOPPED = (
    select(Deadline)
    .join(Visit, Visit.id == Deadline.visit_id)
    .where(Visit.dispute_id == bindparam("dispute"))
    .where(Deadline.stopped_visit_id == bindparam("left"))
    .order_by(Deadline.id)
)
# The visit that goes on answers for it from now on; counted twice it would be kept twice.
_REPLACED = update(Deadline).where(Deadline.id == bindparam("deadline")).values(superseded=True)


def take_back(
    connection: Connection, undone: Any, over: Any, turn: Turn, *, now: dt.datetime
) -> None:
    """Lets clocks run as if a decision had not been made.

    `undone` is the row of the visit at which it was made, `over` that of the visit which it had
    opened; the turn says where the dispute is now. What the decision had started never was, what it
    had stopped or held goes on, and so does what something else started since. A visit's own time
    goes on too, unless its stage is gone meanwhile.
    """
    plans = Plans(connection)
    left = {"dispute": undone.dispute_id, "left": undone.visit_id}
    stopped = connection.execute(_STOPPED, left).all()
    _carry_over(connection, {row.service_level for row in stopped}, over, turn)
    _forget(connection, over.visit_id, now=now)
    for row in stopped:
        if not row.with_visit:
            _let_go(plans, row, turn, now=now)
            continue
        connection.execute(_REPLACED, {"deadline": row.id})
        if turn.stage == undone.stage:
            _begin_again(plans, row, turn, now=now)
    if turn.stage != undone.stage:
        own = [row for row in fresh(plans, turn, now=now) if row["with_visit"]]
        if own:
            connection.execute(insert(Deadline), [own[0] | {"dispute_id": undone.dispute_id}])
    running = select(Deadline).where(
        Deadline.dispute_id == undone.dispute_id,
        Deadline.stopped_at.is_(None),
        Deadline.with_visit.is_(False),
    )
    for row in connection.execute(running).all():
        if row.pauses and (row.pauses[-1][1] is None) != turn.hidden:
            _let_go(plans, row, turn, now=now)


def _carry_over(connection: Connection, stopped: set[str], over: Any, turn: Turn) -> None:
    """What another grade, or word to the buyer, started while the decision stood.

    Where the decision had stopped the same before, that one goes on: it began earlier.
    """
    since = (Deadline.visit_id == over.visit_id, Deadline.started_at > over.opened_at)
    lasting = (Deadline.with_visit.is_(False), Deadline.stopped_at.is_(None))
    other = Deadline.service_level.not_in(stopped)
    carried = update(Deadline).where(*since, *lasting, other)
    connection.execute(carried.values(visit_id=turn.visit_id))


def _forget(connection: Connection, over_id: int, *, now: dt.datetime) -> None:
    """What began with the decision; of what somebody was told already a row stays."""
    begun = Deadline.visit_id == over_id
    fired = select(Escalation.deadline_id).where(Escalation.deadline_id == Deadline.id).exists()
    connection.execute(delete(Deadline).where(begun, Deadline.with_visit.is_(False), ~fired))
    ended = {"stopped_at": now, "stopped_visit_id": over_id, "next_at": None, "set_aside": None}
    ended["superseded"] = True  # nobody promised it, so it was neither kept nor broken
    connection.execute(update(Deadline).where(begun, Deadline.stopped_at.is_(None)).values(ended))


def _let_go(plans: Plans, row: Any, turn: Turn, *, now: dt.datetime) -> None:
    """What runs with the dispute runs again; the pause that the decision began or ended did not."""
    pauses = [*row.pauses]
    if pauses and pauses[-1][1] is None and not turn.hidden:
        pauses.pop()
    elif pauses and pauses[-1][1] is not None and turn.hidden:
        pauses[-1] = [pauses[-1][0], None]
    going = _timed(plans, row, turn, pauses) | {"stopped_at": None, "stopped_visit_id": None}
    going |= {"superseded": False, "attend_at": _attended(row, now)}
    plans.connection.execute(update(Deadline).where(Deadline.id == row.id).values(going))


def _begin_again(plans: Plans, row: Any, turn: Turn, *, now: dt.datetime) -> None:
    """What ran with the visit runs on with the fresh one."""
    going = {
        "dispute_id": row.dispute_id,
        "visit_id": turn.visit_id,
        "document_id": row.document_id,
        "service_level": row.service_level,
        "run": row.run + 1,
        "started_at": row.started_at,
        "level": row.level,
        "acknowledged_by_id": row.acknowledged_by_id,
        "acknowledged_until": row.acknowledged_until,
        "attend_at": _attended(row, now),
    }
    plans.connection.execute(insert(Deadline), going | _timed(plans, row, turn, row.pauses))


def _attended(row: Any, now: dt.datetime) -> dt.datetime | None:
    """When whoever is on it is reminded, or that lapses: now where it fell into the meantime (K6).

    What is stopped reminds nobody, and its moment is forgotten.
    """
    stopped, until = row.stopped_at, row.acknowledged_until
    missed = row.attend_at is None and None not in (stopped, until) and until > stopped
    return now if missed else row.attend_at


def _timed(plans: Plans, row: Any, turn: Turn, pauses: Any) -> dict[str, Any]:
    document = documents.load(plans.connection, row.document_id)
    level = document.workflow_by_key[turn.workflow].level_by_key[row.service_level]
    plan = plans.of(row.document_id, document, turn.workflow, level)
    found = timed(plan, row.started_at, pauses, row.level, row.acknowledged_until)
    return {"due_at": found["due"], "next_at": found["next"], "pauses": pauses}
