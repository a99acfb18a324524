"""Published documents: loading them by id, which is cheap, and publishing, which is guarded."""

import datetime as dt
import threading
from collections import OrderedDict
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Row, bindparam, case, func, insert, select, update
from sqlalchemy.orm import aliased

from core.desk import rotas
from core.tables import ActiveDocument, BusinessCalendar, Person, Pilot, Plan, Visit
from core.tables import Document as DocumentRow
from core.workflow.model import Document
from core.workflow.problems import Problem, problems
from core.workflow.terms import Hears, Kind
from core.workflow.text import digest, from_json, to_json

KEPT = 64  # documents a process keeps parsed; they never change


class NotPublishable(ValueError):
    """The document has problems; it was not published."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("; ".join(f"{'/'.join(p.place)}: {p.key}" for p in found))
        self.problems = found


class NothingPublished(RuntimeError):
    """No document is active yet: `redress migrate` publishes the standard one."""


_kept: WeakKeyDictionary[Engine, OrderedDict[int, Document]] = WeakKeyDictionary()
_guard = threading.Lock()
_BODY = select(DocumentRow.body).where(DocumentRow.id == bindparam("id"))
_ASKER = aliased(Person)
_ACTIVE = select(ActiveDocument.document_id).where(ActiveDocument.id == 1)


def load(connection: Connection, document_id: int) -> Document:
    """The document, parsed once per process and database."""
    with _guard:
        kept = _kept.setdefault(connection.engine, OrderedDict())
        known = kept.get(document_id)
    if known is not None:
        return known
    document = from_json(connection.execute(_BODY, {"id": document_id}).scalar_one())
    with _guard:
        kept[document_id] = document
        while len(kept) > KEPT:
            kept.popitem(last=False)
    return document


def active_id(connection: Connection, *, lock: bool = False) -> int:
    """The id of the active document. Raises NothingPublished.

    With `lock` it stays the active one until the transaction ends. Whoever locks the draft too
    does so afterwards.
    """
    statement = _ACTIVE.with_for_update() if lock else _ACTIVE
    found: int | None = connection.execute(statement).scalar()
    if found is None:
        raise NothingPublished("no document is published; run `redress migrate`")
    return found


def active(connection: Connection) -> Document:
    """The active document. Raises NothingPublished."""
    return load(connection, active_id(connection))


def published(connection: Connection) -> list[Row[Any]]:
    """Every document that was ever published, the latest first, with who published it last."""
    return list(
        connection.execute(
            select(
                DocumentRow.id,
                DocumentRow.digest,
                DocumentRow.published_at,
                DocumentRow.note,
                func.coalesce(Person.name, "").label("publisher"),
                func.coalesce(_ASKER.name, "").label("asked_by"),
            )
            .outerjoin(Person, Person.id == DocumentRow.publisher_id)
            .outerjoin(_ASKER, _ASKER.id == DocumentRow.asked_by_id)
            .where(DocumentRow.published_at.is_not(None))
            .order_by(DocumentRow.published_at.desc(), DocumentRow.id.desc())
        )
    )


def stored(connection: Connection, document_id: int) -> Document | None:
    """A document that was published, tried or planned; None where there is none with this id."""
    known = connection.scalar(select(DocumentRow.id).where(DocumentRow.id == document_id))
    return None if known is None else load(connection, document_id)


def publish(
    connection: Connection,
    document: Document,
    *,
    now: dt.datetime,
    publisher_id: int | None = None,
    note: str = "",
    asked_by_id: int | None = None,
) -> int:
    """Stores `document` and makes it the active one (S3); returns its id.

    The same content is stored once, however often it is published. Raises NotPublishable where it
    has problems, or where it drops a stage or workflow that an open visit may still lead to,
    TextError where a text of it could not be read back.
    """
    document_id = store(connection, document)
    activate(
        connection,
        document_id,
        now=now,
        publisher_id=publisher_id,
        note=note,
        asked_by_id=asked_by_id,
    )
    return document_id


def store(connection: Connection, document: Document) -> int:
    """Keeps a document that could be published now, without publishing it; returns its id.

    Raises NotPublishable and TextError like `publish`.
    """
    found = obstacles(connection, document)
    if found:
        raise NotPublishable(found)
    body = to_json(document)
    from_json(body)  # what could not be read back would stop the desk
    key = digest(body)
    known = connection.scalar(select(DocumentRow.id).where(DocumentRow.digest == key))
    if known is not None:
        return int(known)
    document_id = connection.execute(
        insert(DocumentRow).returning(DocumentRow.id), {"digest": key, "body": body}
    ).scalar_one()
    with _guard:  # SQLite gives the number of a publishing that failed to the next one
        _kept.setdefault(connection.engine, OrderedDict()).pop(document_id, None)
    return int(document_id)


def activate(
    connection: Connection,
    document_id: int,
    *,
    now: dt.datetime,
    publisher_id: int | None = None,
    note: str = "",
    asked_by_id: int | None = None,
) -> None:
    """Makes a stored document the active one; a pilot and a plan beside the one before it end."""
    latest = {  # what was said when it was published before stays in the record of changes
        "published_at": now,
        "publisher_id": publisher_id,
        "note": note,
        "asked_by_id": asked_by_id,
    }
    connection.execute(update(DocumentRow).where(DocumentRow.id == document_id).values(latest))
    pointer = {"document_id": document_id, "since": now, "pilot_id": None, "plan_id": None}
    for table, column, other in (
        (Pilot, ActiveDocument.pilot_id, "replaced"),
        (Plan, ActiveDocument.plan_id, "overtaken"),
    ):
        how = case((table.document_id == document_id, "published"), else_=other)
        connection.execute(
            update(table)
            .where(table.id == select(column).where(ActiveDocument.id == 1).scalar_subquery())
            .values(ended_at=now, ended=how)
        )
    moved = connection.execute(update(ActiveDocument).where(ActiveDocument.id == 1).values(pointer))
    if not moved.rowcount:
        connection.execute(insert(ActiveDocument), {"id": 1, **pointer})


def obstacles(connection: Connection, document: Document) -> list[Problem]:
    """What forbids publishing `document`: its own problems, else what open disputes would lose."""
    return problems(document) or [
        *dropped(connection, document),
        *uncounted(connection, document),
        *unmanned(connection, document),
    ]


def uncounted(connection: Connection, document: Document) -> list[Problem]:
    """Service levels and ladders that name a calendar which the desk does not have."""
    there = set(connection.execute(select(BusinessCalendar.key)).scalars())
    levels = [
        ((workflow.key, "service_levels", level.key), level.calendar)
        for workflow in document.workflows
        for level in workflow.service_levels
    ]
    named = [*levels, *((("ladders", one.key), one.calendar) for one in document.ladders)]
    return [
        Problem("calendar_unknown", place, {"name": key})
        for place, key in named
        if key and key not in there
    ]


def unmanned(connection: Connection, document: Document) -> list[Problem]:
    """Assignment rules, and levels of ladders, that name a rota which the desk does not have."""
    there = rotas.keys(connection)
    rules = [
        Problem("rule_rota_unknown", (workflow.key, "assignments", rule.key), {"name": rule.rota})
        for workflow in document.workflows
        for rule in workflow.assignments
        if rule.rota and rule.rota not in there
    ]
    return rules + [
        Problem("rota_unknown", ("ladders", ladder.key, level.key), {"name": name})
        for ladder in document.ladders
        for level in ladder.levels
        for name in dict.fromkeys((level.whom if level.hears == Hears.ROTA else "", level.shift))
        if name and name not in there
    ]


def dropped(connection: Connection, document: Document) -> list[Problem]:
    """Stages that open visits, by their own documents, may still enter and that are gone here."""
    rows = connection.execute(
        select(Visit.document_id)
        .distinct()
        .where(Visit.left_at.is_(None), Visit.kind != str(Kind.FINAL))
    ).scalars()
    pinned = set(rows)
    active_now = connection.execute(_ACTIVE).scalar()
    if active_now is not None:
        pinned.add(active_now)
    found: dict[tuple[str, ...], Problem] = {}
    for document_id in sorted(pinned):
        for workflow in load(connection, document_id).workflows:
            new = document.workflow_by_key.get(workflow.key)
            if new is None:
                found[workflow.key,] = Problem("workflow_dropped", (workflow.key,))
                continue
            for stage in workflow.stages:
                if stage.key not in new.stage_by_key and stage.key not in new.successor_of:
                    place = (workflow.key, stage.key)
                    found[place] = Problem("stage_dropped", place, {"name": stage.key})
    return list(found.values())
