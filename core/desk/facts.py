"""The facts of a dispute: append-only rows, folded to what is known now."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from core.tables import Fact
from core.workflow.model import Value

_CURRENT = (
    select(Fact.key, Fact.event_id, Fact.text, Fact.number, Fact.listed)
    .where(Fact.dispute_id == bindparam("dispute"))
    .order_by(Fact.id)
)
_OF_VISIT = (
    select(Fact.key, Fact.event_id, Fact.text, Fact.number, Fact.listed)
    .where(Fact.visit_id == bindparam("visit"))
    .order_by(Fact.id)
)
_INSERT = insert(Fact)


def current(connection: Connection, dispute_id: int) -> dict[str, Value]:
    """What is known of a dispute: the latest value of each key."""
    return fold(connection.execute(_CURRENT, {"dispute": dispute_id}))


def of_visit(connection: Connection, visit_id: int) -> dict[str, Value]:
    """What became known at one visit, whether it still counts or not."""
    return fold(connection.execute(_OF_VISIT, {"visit": visit_id}))


def fold(rows: Iterable[Any]) -> dict[str, Value]:
    """Rows of (key, event, text, number, listed), oldest first, as current values.

    A later event's rows of a key replace an earlier one's; rows of one event make a list. A row
    of a list that holds nothing says that the key is known no longer.
    """
    values: dict[str, Value] = {}
    events: dict[str, int] = {}
    for key, event_id, text, number, listed in rows:
        if not listed:
            values[key] = number if text is None else text
            continue
        if text is None:
            values.pop(key, None)
            continue
        before = values.get(key)
        if events.get(key) == event_id and isinstance(before, tuple):
            values[key] = (*before, text)
        else:
            values[key] = (text,)
        events[key] = event_id
    return values


def append(
    connection: Connection,
    dispute_id: int,
    visit_id: int,
    event_id: int,
    facts: Mapping[str, Value],
) -> None:
    """Stores facts that became known by an event."""
    rows = rows_of(dispute_id, visit_id, event_id, facts)
    if rows:
        connection.execute(_INSERT, rows)


def rows_of(
    dispute_id: int, visit_id: int, event_id: int, facts: Mapping[str, Value]
) -> list[dict[str, Any]]:
    """The rows that hold facts: one each, a list one per item, an emptied one a row of nothing."""
    rows: list[dict[str, Any]] = []
    for key, value in facts.items():
        listed = isinstance(value, tuple)
        for item in (value or (None,)) if isinstance(value, tuple) else (value,):
            number = isinstance(item, int)
            rows.append(
                {
                    "dispute_id": dispute_id,
                    "visit_id": visit_id,
                    "event_id": event_id,
                    "key": key,
                    "text": None if number else item,
                    "number": item if number else None,
                    "listed": listed,
                }
            )
    return rows
