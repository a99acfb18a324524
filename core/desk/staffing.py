"""A workflow's work stages over a period: what came, who worked, what one more would change (W16).

The record is read here; what follows from it is reckoned in core.workflow.staffing.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from core.desk import board, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.tables import Dispute, Event, Visit
from core.workflow.model import Workflow
from core.workflow.staffing import Foreseen, Stay, foresee
from core.workflow.terms import By, Kind

PERIODS = (7, 28, 90)  # days
LOOKED_AT = 20_000  # visits, the latest of all workflows: a page costs the same at any size of desk

_LOOKED_AT = select(Visit.id, Visit.opened_at).order_by(Visit.id.desc()).limit(LOOKED_AT).subquery()
_EDGE = select(func.count(), func.min(_LOOKED_AT.c.opened_at))
_LATEST = select(_LOOKED_AT.c.id).where(_LOOKED_AT.c.opened_at >= bindparam("since"))
_VISITS = (
    select(
        Visit.id,
        Visit.dispute_id,
        Visit.stage,
        Visit.kind,
        Visit.opened_at,
        Visit.left_at,
        Visit.by,
        Visit.decider_id,
        Visit.undone_at,
    )
    .join(Dispute, Dispute.id == Visit.dispute_id)
    .where(Visit.id.in_(_LATEST), Dispute.workflow == bindparam("workflow"))
    .order_by(Visit.id)
)
_HOLDERS = (  # kinds of events whose data name who holds the visit from then on, or nobody
    "opened",
    "moved",
    "undone",
    "taken",
    "held",
    "assigned",
    "assigned_by_rule",
    "released",
    "handed_over",
    "handed_back",
    "parked",
)
_HOLDS = (
    select(Event.visit_id, Event.kind, Event.at, Event.data)
    .where(
        # Whatever their workflow: asked for it, SQLite begins with all disputes that ever were.
        Event.dispute_id.in_(select(Visit.dispute_id).where(Visit.id.in_(_LATEST))),
        Event.kind.in_(_HOLDERS),
    )
    .order_by(Event.id)
)


@dataclass(frozen=True, slots=True)
class StageStaffing:
    """A work stage: what waits there now, what arrived over the period, and what follows of it."""

    stage: str
    waiting: int
    arrivals: tuple[dt.datetime, ...]
    foreseen: Foreseen


@dataclass(frozen=True, slots=True)
class Staffing:
    """A workflow's work stages, of what arrived since a moment."""

    since: dt.datetime
    stages: list[StageStaffing]


def staffing(
    connection: Connection, actor: Actor, workflow: Workflow, days: int, *, now: dt.datetime
) -> Staffing | Refused:
    """The work stages of a workflow over the last `days`; for whoever may assign.

    What waits at intake waits for the first stage. Where more happened than LOOKED_AT visits,
    `since` is later: what is older is left out. What was undone never happened (D3).
    """
    refused = people.refusal(connection, actor, Right.ASSIGN)
    if refused is not None:
        return refused
    since = now - dt.timedelta(days=days)
    asked = {"since": since, "workflow": workflow.key}
    seen, first = connection.execute(_EDGE).one()
    if seen == LOOKED_AT:
        since = max(since, first)
    visits = connection.execute(_VISITS, asked).all()
    arrived = _arrived(visits)
    held = _held(connection.execute(_HOLDS, asked))
    standing = {
        one.stage: one.open - one.held
        for one in board.by_stage(connection, now=now)
        if one.workflow == workflow.key
    }
    rows = []
    for stage in workflow.stages:
        if stage.kind == Kind.WORK:
            there = [one for one in visits if one.stage == stage.key and one.undone_at is None]
            intake = standing.get(workflow.start, 0) if stage.key == workflow.first else 0
            rows.append(
                StageStaffing(
                    stage.key,
                    standing.get(stage.key, 0) + intake,
                    tuple(arrived[one.id] for one in there),
                    foresee(_stays(there, arrived, held)),
                )
            )
    return Staffing(since, rows)


def _arrived(visits: Sequence[Any]) -> dict[int, dt.datetime]:
    """When each visit's wait began: for the first stage as the dispute came to intake."""
    before: dict[int, Any] = {}
    found = {}
    for one in visits:
        earlier = before.get(one.dispute_id)
        taken = earlier is not None and earlier.kind == Kind.INTAKE
        found[one.id] = earlier.opened_at if earlier is not None and taken else one.opened_at
        before[one.dispute_id] = one
    return found


def _held(events: Iterable[Any]) -> dict[int, tuple[int, dt.datetime]]:
    """Who held each visit last, and since when."""
    found: dict[int, tuple[int, dt.datetime]] = {}
    for event in events:
        opens = event.kind in ("opened", "moved", "undone")
        visit = event.data.get("visit") if opens else event.visit_id
        holder = event.data.get("holder")
        if visit is None:
            continue
        if holder is None:
            found.pop(visit, None)
        elif event.kind in ("taken", "held") or found.get(visit, (0,))[0] != holder:
            found[visit] = (holder, event.at)
    return found


def _stays(
    visits: Sequence[Any],
    arrived: dict[int, dt.datetime],
    held: dict[int, tuple[int, dt.datetime]],
) -> list[Stay]:
    """The visits that agents decided."""
    found = []
    for one in visits:
        if one.left_at is None or one.decider_id is None or one.by != By.AGENT:
            continue
        holder, since = held.get(one.id, (None, None))
        known = since is not None and holder == one.decider_id
        found.append(
            Stay(
                arrived[one.id].timestamp(),
                one.left_at.timestamp(),
                one.decider_id,
                since.timestamp() if known and since is not None else None,
            )
        )
    return found
