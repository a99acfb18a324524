"""Editing the draft's rows (S1, S2): add, change, remove; every change counts a version."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, update

from core.desk import changes, documents, draft, draft_order, draft_rows, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused, Stale
from core.desk.draft_rows import KINDS, Owner
from core.workflow.text import readable

TEXT_LIMIT = 500  # characters of any text of the draft
NUMBER_LIMIT = 5_256_000  # ten years in minutes; no number of the draft needs more
KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")


def add(
    connection: Connection,
    actor: Actor,
    kind: str,
    owner: Owner | None,
    values: Mapping[str, Any],
    *,
    now: dt.datetime,
    key: str = "",
) -> int | Refused:
    """Adds a row at the end of its owner's; returns its id.

    Without a `key` one is made from the English label; where a row of its owner says all the same
    already, the form was sent twice, and that row's id is returned. Raises LookupError where there
    is no such owner, ValueError for values that no form lets through.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    _check(kind, values)
    found = KINDS[kind]
    draft.lock(connection)  # before the siblings are read: two at once would make the same key
    siblings = draft_rows.rows(connection, kind, owner)
    row = {**values, **_owned(connection, kind, owner)}
    if found.keyed:
        if not key and (there := _alike(siblings, values)) is not None:
            return there
        taken = {sibling.key for sibling in siblings}
        if key in taken:
            return Refused("key_taken", {"key": key})
        if key and not KEY.fullmatch(key):
            return Refused("bad_key", {"key": key})
        row["key"] = key or _key_from(str(values.get("label_en", "")), kind, taken)
    row["position"] = max((sibling.position for sibling in siblings), default=-1) + 1
    draft.touch(connection)
    table = found.table
    row_id = connection.execute(insert(table).returning(table.id), row).scalar_one()
    _same_in_group(connection, kind, int(row_id))
    _record(connection, actor, changes.ADDED, kind, int(row_id), now=now, after=values)
    return int(row_id)


def change(
    connection: Connection,
    actor: Actor,
    kind: str,
    row_id: int,
    read: str,
    values: Mapping[str, Any],
    *,
    now: dt.datetime,
) -> Refused | None:
    """Changes a row that was read with the mark `read`.

    Raises Stale where somebody changed or removed it since, ValueError for values that no form
    lets through.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    _check(kind, values)
    draft.touch(connection)  # first: it keeps every other writer of the draft waiting
    before = _values(kind, _read_as(connection, kind, row_id, read))
    table = KINDS[kind].table
    connection.execute(update(table).where(table.id == row_id).values(**values))
    _same_in_group(connection, kind, row_id)
    after = {**before, **values}
    _record(connection, actor, changes.CHANGED, kind, row_id, now=now, before=before, after=after)
    return None


def remove(
    connection: Connection, actor: Actor, kind: str, row_id: int, read: str, *, now: dt.datetime
) -> Refused | None:
    """Removes a row with all that belongs to it; a published option can only be retired (S1).

    Raises Stale where somebody changed or removed it since it was read with the mark `read`.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    draft.lock(connection)
    row = _read_as(connection, kind, row_id, read)
    if kind == "option" and published(connection, row):
        return Refused("retire_instead")
    siblings = draft_rows.rows(connection, kind, KINDS[kind].owner_of(row))
    if row_id in draft_order.trunks(kind, siblings):
        return Refused("trunk_fixed")
    draft.touch(connection)
    before = _values(kind, row)
    _record(connection, actor, changes.REMOVED, kind, row_id, now=now, before=before)
    table = KINDS[kind].table
    connection.execute(delete(table).where(table.id == row_id))
    return None


def published(connection: Connection, option: Any) -> bool:
    """Whether the active document has this option: disputes may name it for ever."""
    option_set = draft_rows.find(connection, "option_set", option.set_id)
    known = documents.active(connection).options_by_set
    return option_set is not None and option.key in known.get(option_set.key, {})


def _record(
    connection: Connection, actor: Actor, what: str, kind: str, row_id: int, **more: Any
) -> None:
    """Notes the change under the names of all that the row belongs to."""
    row = draft_rows.find(connection, kind, row_id)
    if row is None:
        return
    changes.record(connection, actor, what, kind, _place(connection, kind, row), **more)


def place_of(connection: Connection, kind: str, row: Any) -> str:
    """What the record of changes calls a row: the names of all that it belongs to, and its own."""
    return changes.BETWEEN.join(_place(connection, kind, row))


def _place(connection: Connection, kind: str, row: Any) -> list[str]:
    around = draft_rows.lineage(connection, KINDS[kind].owner_of(row))
    return [name for name in (*(_called(r) for _, r in around), _called(row)) if name]


def _called(row: Any) -> str:
    """A row's English label, else its key; nothing for rows that have neither."""
    names = row._mapping
    return str(names.get("label_en") or names.get("key") or "")


def _alike(siblings: Sequence[Any], values: Mapping[str, Any]) -> int | None:
    """The row that a form sent again has added before: one in use that says the same throughout."""
    for row in siblings:
        known = {**row._mapping}
        if all(known[name] == value for name, value in values.items()) and not known.get("retired"):
            return int(row.id)
    return None


def _values(kind: str, row: Any) -> dict[str, Any]:
    return {name: row._mapping[name] for name in KINDS[kind].columns}


def _read_as(connection: Connection, kind: str, row_id: int, read: str) -> Any:
    row = draft_rows.find(connection, kind, row_id)
    if row is None or draft_rows.mark(kind, row) != read:
        raise Stale("the row was changed by somebody else meanwhile")
    return row


def _owned(connection: Connection, kind: str, owner: Owner | None) -> dict[str, Any]:
    """The columns that say whose the row is. Raises LookupError where there is no such owner."""
    owners = KINDS[kind].owners
    if owner is None and not owners:
        return {}
    if owner is None or owner.kind not in owners:
        raise LookupError(f"a {kind} does not belong to {owner}")
    row = draft_rows.find(connection, owner.kind, owner.id)
    if row is None:
        raise LookupError(f"there is no {owner.kind} {owner.id}")
    columns = {owners[owner.kind]: owner.id}
    if kind == "decision" and owner.kind == "stage":
        columns["workflow_id"] = row.workflow_id
    return columns


def _check(kind: str, values: Mapping[str, Any]) -> None:
    """Raises ValueError for a column that people do not edit, or a value that cannot stand."""
    unknown = values.keys() - set(KINDS[kind].columns)
    if unknown:
        raise ValueError(f"{kind}: {', '.join(sorted(unknown))} cannot be edited")
    for name, value in values.items():
        if not _fits(value):
            raise ValueError(f"{kind}.{name}: cannot be stored")


def _fits(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= TEXT_LIMIT and readable(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return 0 <= value <= NUMBER_LIMIT
    return True


def _same_in_group(connection: Connection, kind: str, row_id: int) -> None:
    """Conditions of one group share its reason and its match: the row just saved says them."""
    if kind != "condition":
        return
    row = draft_rows.find(connection, kind, row_id)
    owner = KINDS[kind].owner_of(row) if row is not None else None
    if row is None or owner is None or owner.kind in draft_rows.BARE:
        return
    table = KINDS[kind].table
    connection.execute(
        update(table)
        .where(
            draft_rows.belongs(kind, owner),
            table.group_number == row.group_number,
        )
        .values(reason=row.reason, match=row.match)
    )


def _key_from(label: str, kind: str, taken: set[str]) -> str:
    """A free key made from an English label, or from the kind where the label gives none."""
    base = _NOT_IN_KEYS.sub("_", label.lower()).strip("_")[:50]
    base = base if KEY.fullmatch(base) else kind
    numbered = (f"{base}_{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(key for key in numbered if key not in taken)
