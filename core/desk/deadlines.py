"""Deadlines: one running of a service level, started with a visit and stopped at its end (G8)."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from core.tables import Deadline
from core.workflow.model import ServiceLevel, Workflow
from core.workflow.terms import Kind

WARN, DUE = 0, 1  # the levels of the thin ladder: a warning, then an escalation

_INSERT = insert(Deadline).inline()
_STOP = (
    update(Deadline)
    .where(Deadline.visit_id == bindparam("visit"), Deadline.stopped_at.is_(None))
    .values(stopped_at=bindparam("now"), next_at=None)
)


def start(
    connection: Connection,
    workflow: Workflow,
    stage: str,
    dispute_id: int,
    visit_id: int,
    document_id: int,
    *,
    now: dt.datetime,
) -> dt.datetime | None:
    """Starts the stage's service level for a fresh visit; returns when it is due."""
    level = workflow.level_by_stage.get(stage)
    if level is None:
        return None
    row = row_of(level, dispute_id, visit_id, document_id, now=now)
    connection.execute(_INSERT, row)
    due: dt.datetime = row["due_at"]
    return due


def row_of(
    level: ServiceLevel, dispute_id: int, visit_id: int, document_id: int, *, now: dt.datetime
) -> dict[str, Any]:
    """The deadline that a service level starts now: first the warning, then the end."""
    warned = level.warn_percent > 0
    length = dt.timedelta(minutes=level.minutes)
    due = now + length
    return {
        "dispute_id": dispute_id,
        "visit_id": visit_id,
        "document_id": document_id,
        "service_level": level.key,
        "run": 1,
        "started_at": now,
        "due_at": due,
        "level": WARN if warned else DUE,
        "next_at": now + length * level.warn_percent / 100 if warned else due,
    }


def resume(connection: Connection, workflow: Workflow, visit_id: int, next_visit_id: int) -> None:
    """Goes on with what ran on a visit that was left: going back gives nobody more time (D3)."""
    before = connection.execute(
        select(Deadline).where(Deadline.visit_id == visit_id).order_by(Deadline.id)
    ).all()
    percents = {level.key: level.warn_percent for level in workflow.service_levels}
    for row in before:
        percent = percents.get(row.service_level, 100)
        warning = row.started_at + (row.due_at - row.started_at) * percent / 100
        moments = {WARN: warning, DUE: row.due_at}
        connection.execute(
            _INSERT,
            {
                "dispute_id": row.dispute_id,
                "visit_id": next_visit_id,
                "document_id": row.document_id,
                "service_level": row.service_level,
                "run": row.run + 1,
                "started_at": row.started_at,
                "due_at": row.due_at,
                "level": row.level,
                "next_at": moments.get(row.level),
            },
        )


def stop(connection: Connection, visit_id: int, *, now: dt.datetime) -> None:
    """Stops what runs on a visit that was left."""
    connection.execute(_STOP, {"visit": visit_id, "now": now})


def runs_at(workflow: Workflow, stage: str) -> bool:
    """Whether a visit to the stage is timed."""
    return stage in workflow.level_by_stage and workflow.stage_by_key[stage].kind != Kind.FINAL
