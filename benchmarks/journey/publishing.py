"""Four documents published in the middle, by the functions that the panel calls: edit, publish."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from core.db import Database
from core.desk import draft, draft_edit, draft_rows
from core.desk.actor import Actor, agent
from core.desk.draft_rows import Owner

Edit = Callable[[Connection, Actor, dt.datetime], Any]


@dataclass(frozen=True, slots=True)
class Published:
    """A document and when it became the active one (the desk's time, around the transaction)."""

    document: int
    what: str
    before: dt.datetime
    after: dt.datetime


def publish(database: Database, person_id: int, number: int) -> Published:
    """Makes the n-th edit of the draft and publishes it. Raises TypeError if refused."""
    what, edit = EDITS[number]
    actor = agent(person_id)
    before = database.read(lambda _connection, now: now)
    database.transact(lambda connection, now: edit(connection, actor, now))
    document = database.transact(
        lambda c, now: draft.publish(c, actor, draft.version(c), now=now, note=what)
    )
    if not isinstance(document, int):
        raise TypeError(f"{what}: {document}")
    return Published(document, what, before, database.read(lambda _connection, now: now))


def _row(connection: Connection, kind: str, key: str, owner: Owner | None = None) -> Any:
    return next(row for row in draft_rows.rows(connection, kind, owner) if row.key == key)


def _change(
    connection: Connection, actor: Actor, now: dt.datetime, kind: str, row: Any, **values: Any
) -> None:
    read = draft_rows.mark(kind, row)
    refused = draft_edit.change(connection, actor, kind, row.id, read, values, now=now)
    if refused is not None:
        raise RuntimeError(str(refused))


def _workflow(connection: Connection) -> Owner:
    return Owner("workflow", draft_rows.rows(connection, "workflow", None)[0].id)


def _label(connection: Connection, actor: Actor, now: dt.datetime) -> None:
    stage = _row(connection, "stage", "adjudication", _workflow(connection))
    values = {"label_en": "Ruling", "label_zh": "裁决"}
    _change(connection, actor, now, "stage", stage, **values)


def _retired(connection: Connection, actor: Actor, now: dt.datetime) -> None:
    options = _row(connection, "option_set", "reason")
    option = _row(connection, "option", "attitude", Owner("option_set", options.id))
    _change(connection, actor, now, "option", option, retired=True)


def _added(connection: Connection, actor: Actor, now: dt.datetime) -> None:
    options = _row(connection, "option_set", "not_accepted_reason")
    values = {"label_en": "Solved already", "label_zh": "已解决"}
    owner = Owner("option_set", options.id)
    added = draft_edit.add(connection, actor, "option", owner, values, now=now)
    if not isinstance(added, int):
        raise TypeError(str(added))


def _limited(connection: Connection, actor: Actor, now: dt.datetime) -> None:
    limit = _row(connection, "limit", "rounds", _workflow(connection))
    _change(connection, actor, now, "limit", limit, maximum=2)
    level = _row(connection, "service_level", "evidence_wait", _workflow(connection))
    _change(connection, actor, now, "service_level", level, minutes=720)


EDITS: tuple[tuple[str, Edit], ...] = (
    ("another label", _label),
    ("an option retired", _retired),
    ("a new option", _added),
    ("another limit and another time", _limited),
)
