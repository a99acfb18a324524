"""The order of the draft's rows (S1): moved one place, or arranged as a whole.

Options stand in two levels. A trunk, an option with leaves below it, is fixed: it is neither moved
nor removed. Leaves are free, and may change their trunk. An order that was read before somebody
else changed it is refused.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, update

from core.desk import changes, draft, draft_rows, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused, Stale
from core.desk.draft_rows import KINDS, Owner

Rows = Sequence[Row[Any]]
Place = tuple[int, int | None]  # a row, and the trunk below which it stands


def mark(kind: str, rows: Rows) -> str:
    """A mark that changes with the order, the trunks or the number of rows."""
    text = json.dumps([[row.id, _parent(kind, row)] for row in rows])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def in_levels(kind: str, rows: Rows) -> list[tuple[Row[Any], list[Row[Any]]]]:
    """The rows in their order, each with its leaves; only options have any."""
    keys = {row.key for row in rows} if kind == "option" else set()
    top = [row for row in rows if _parent(kind, row) not in keys]
    return [
        (row, [r for r in rows if keys and _parent(kind, r) == row.key] if row in top else [])
        for row in top
    ]


def trunks(kind: str, rows: Rows) -> set[int]:
    """The ids of the options that others stand below."""
    parents = {_parent(kind, row) for row in rows} - {""}
    return {row.id for row in rows if kind == "option" and row.key in parents}


def move(
    connection: Connection, actor: Actor, kind: str, row_id: int, up: bool, *, now: dt.datetime
) -> Refused | None:
    """Moves a row one place up or down among those of its level; at the end it stays.

    Raises Stale where somebody removed it.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    draft.lock(connection)
    row = draft_rows.find(connection, kind, row_id)
    if row is None:
        raise Stale("the row was removed by somebody else meanwhile")
    rows = draft_rows.rows(connection, kind, KINDS[kind].owner_of(row))
    if row_id in trunks(kind, rows):
        return Refused("trunk_fixed")
    levels = [[one for one, _ in in_levels(kind, rows)], *(own for _, own in in_levels(kind, rows))]
    level = [one.id for one in next(own for own in levels if row_id in [r.id for r in own])]
    at = level.index(row_id)
    to = max(at - 1, 0) if up else min(at + 1, len(level) - 1)
    if to == at:
        return None
    draft.touch(connection)
    wanted = [one.id for one in rows]
    here, there = wanted.index(row_id), wanted.index(level[to])
    wanted.insert(there, wanted.pop(here))
    _place(connection, kind, wanted)
    changes.record(connection, actor, changes.MOVED, kind, _names(connection, kind, row), now=now)
    return None


def arrange(
    connection: Connection,
    actor: Actor,
    kind: str,
    owner: Owner | None,
    read: str,
    wanted: Sequence[Place],
    *,
    now: dt.datetime,
) -> Refused | None:
    """Puts the rows of an owner, read with the mark `read`, into another order.

    Raises Stale where they are no longer what was read, ValueError for an order of other rows or
    for levels that cannot be.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    draft.lock(connection)
    rows = draft_rows.rows(connection, kind, owner)
    if mark(kind, rows) != read:
        raise Stale("the order was changed by somebody else meanwhile")
    by_id = {row.id: row for row in rows}
    if sorted(row_id for row_id, _ in wanted) != sorted(by_id):
        raise ValueError("an order of other rows")
    fixed = trunks(kind, rows)
    parents = {row_id: trunk for row_id, trunk in wanted if trunk is not None}
    if (kind != "option" and parents) or not set(parents.values()) <= fixed - parents.keys():
        raise ValueError("levels that cannot be")
    if [row_id for row_id, _ in wanted if row_id in fixed] != [r.id for r in rows if r.id in fixed]:
        return Refused("trunk_fixed")
    below = {row_id: by_id[trunk].key if trunk is not None else "" for row_id, trunk in wanted}
    if list(below.items()) == [(row.id, _parent(kind, row)) for row in rows]:
        return None
    draft.touch(connection)
    _place(connection, kind, list(below))
    for row_id, trunk in below.items() if kind == "option" else ():
        _put_below(connection, actor, by_id[row_id], trunk, now=now)
    around = [_called(row) for _, row in draft_rows.lineage(connection, owner)]
    before, after = [_called(row) for row in rows], [_called(by_id[one]) for one, _ in wanted]
    if before != after:
        orders = {"before": {"order": before}, "after": {"order": after}}
        changes.record(connection, actor, changes.MOVED, kind, around, now=now, **orders)
    return None


def _put_below(
    connection: Connection, actor: Actor, row: Row[Any], trunk: str, *, now: dt.datetime
) -> None:
    if row.parent == trunk:
        return
    table = KINDS["option"].table
    connection.execute(update(table).where(table.id == row.id).values(parent=trunk))
    before, after = {"parent": row.parent}, {"parent": trunk}
    place = _names(connection, "option", row)
    changes.record(
        connection, actor, changes.CHANGED, "option", place, now=now, before=before, after=after
    )


def _place(connection: Connection, kind: str, wanted: Sequence[int]) -> None:
    table = KINDS[kind].table
    for position, row_id in enumerate(wanted):
        connection.execute(update(table).where(table.id == row_id).values(position=position))


def _parent(kind: str, row: Row[Any]) -> str:
    return str(row.parent) if kind == "option" else ""


def _names(connection: Connection, kind: str, row: Row[Any]) -> list[str]:
    """What stands around a row and itself, as the record of changes calls them."""
    around = draft_rows.lineage(connection, KINDS[kind].owner_of(row))
    return [name for name in (*(_called(r) for _, r in around), _called(row)) if name]


def _called(row: Row[Any]) -> str:
    names = row._mapping
    return str(names.get("label_en") or names.get("key") or names.get("to") or "")
