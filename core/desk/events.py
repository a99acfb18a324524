"""The record: appending what happened. Data holds keys and numbers, never a person's text."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, insert

from core.desk.actor import Actor
from core.tables import Event

_INSERT = insert(Event).returning(Event.id)


def record(
    connection: Connection,
    dispute_id: int,
    visit_id: int | None,
    kind: str,
    actor: Actor,
    data: dict[str, Any],
    *,
    now: dt.datetime,
) -> int:
    """Appends an event and returns its id."""
    return connection.execute(
        _INSERT,
        {
            "dispute_id": dispute_id,
            "visit_id": visit_id,
            "kind": kind,
            "at": now,
            "by": actor.by,
            "person_id": actor.person_id,
            "data": data,
        },
    ).scalar_one()
