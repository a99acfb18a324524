"""What happened to a dispute so far, as the marks that start and stop service levels (G6)."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, bindparam, select

from core.tables import Event, Visit
from core.workflow.model import Mark
from core.workflow.terms import Happening, Kind

_VISITS = (
    select(Visit.stage, Visit.kind, Visit.opened_at, Visit.meaning)
    .where(Visit.dispute_id == bindparam("dispute"), Visit.undone_at.is_(None))
    .order_by(Visit.id)
)
_TOLD = (
    select(Event.kind, Event.at, Event.data)
    .where(
        Event.dispute_id == bindparam("dispute"),
        Event.kind.in_(("receipt_accepted", "contacted")),
    )
    .order_by(Event.id)
)


def of_dispute(connection: Connection, dispute_id: int) -> list[set[Mark]]:
    """What happened at each moment, oldest first; what was undone never did (D3)."""
    dispute = {"dispute": dispute_id}
    visits = connection.execute(_VISITS, dispute).all()
    found: list[tuple[dt.datetime, set[Mark]]] = []
    before: Any = None
    for visit in visits:
        found.append((visit.opened_at, _entered(before, visit)))
        before = visit
    for event in connection.execute(_TOLD, dispute):
        if event.kind == "receipt_accepted":
            found.append((event.at, {Mark(Happening.RECEIVED)}))
        elif event.data["achieved"]:
            found.append((event.at, {Mark(event.data["achieved"])}))
    return [happened for _, happened in sorted(found, key=lambda one: one[0])]


def _entered(before: Any, visit: Any) -> set[Mark]:
    """The marks of a visit that opens, and of the one that was left for it."""
    happened = {Mark(Happening.ENTERED, visit.stage)}
    if before is None:
        return happened | {Mark(Happening.OPENED)}
    happened.add(Mark(Happening.LEFT, before.stage))
    if before.meaning:
        happened.add(Mark(Happening.DECIDED, before.meaning))
    if visit.kind == Kind.FINAL:
        happened.add(Mark(Happening.ENDED))
    return happened
