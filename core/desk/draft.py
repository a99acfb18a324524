"""The draft: rows that supervisors edit, read as a document and published (S1 to S3)."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, select, update

from core.desk import changes, documents, draft_load, draft_read, people, second
from core.desk.actor import Actor, Right
from core.desk.answers import Refused, Stale
from core.tables import Draft
from core.workflow.model import Document
from core.workflow.text import TextError, from_tree, lost


def version(connection: Connection, **_: Any) -> int:
    """The draft's version; every change of any row makes it grow."""
    return connection.scalar(select(Draft.version).where(Draft.id == 1)) or 0


def lock(connection: Connection) -> int:
    """Keeps every other writer of the draft waiting; returns its version.

    Whoever has yet to check something begins with this and counts the change last: what a refusal
    counted would let a second person's request lapse, and nothing has changed.
    """
    return connection.scalar(select(Draft.version).where(Draft.id == 1).with_for_update()) or 0


def touch(connection: Connection, read_version: int | None = None, **_: Any) -> None:
    """Counts a change. With `read_version` it raises Stale unless that is still the version."""
    guarded = update(Draft).where(Draft.id == 1).values(version=Draft.version + 1)
    if read_version is not None:
        guarded = guarded.where(Draft.version == read_version)
    if not connection.execute(guarded).rowcount:
        raise Stale("the draft was changed by somebody else meanwhile")


def publish(
    connection: Connection,
    actor: Actor,
    read_version: int,
    *,
    now: dt.datetime,
    note: str = "",
) -> int | Refused:
    """Publishes the draft as it was read (S3); returns the document's id, or why not.

    What touches routing or money is published by somebody else than who asked for it (S7). Raises
    Stale where it changed since, NotPublishable where it has problems.
    """
    given = release(connection, actor, read_version, note)
    if isinstance(given, Refused):
        return given
    document_id, asked_by_id = given
    documents.activate(
        connection,
        document_id,
        now=now,
        publisher_id=actor.person_id,
        note=note,
        asked_by_id=asked_by_id,
    )
    after = {"document": document_id, "note": note}
    changes.record(connection, actor, changes.PUBLISHED, changes.DRAFT, (), now=now, after=after)
    return document_id


def release(
    connection: Connection, actor: Actor, read_version: int, note: str
) -> tuple[int, int | None] | Refused:
    """Stores the draft as it was read: whatever makes a draft live goes through here.

    Returns the document's id and who asked for it as the first of two persons, or why this person
    may not; where two are needed, `note` says what and why. Raises Stale where it changed since,
    NotPublishable where it has problems.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    # Locked, for what weighs is told by what it differs from: a pilot may be adopted meanwhile.
    active = documents.load(connection, documents.active_id(connection, lock=True))
    sketch = document(connection)
    if second.missing(connection, actor, read_version, active, sketch):
        return Refused("second_person")
    asked = second.request(connection, read_version)
    if asked is not None and not note:
        return Refused("note_needed")
    touch(connection, read_version)
    document_id = documents.store(connection, sketch)
    connection.execute(update(Draft).where(Draft.id == 1).values(document_id=document_id))
    return document_id, asked.person_id if asked else None


def replace(
    connection: Connection,
    actor: Actor,
    read_version: int,
    new: Document,
    *,
    now: dt.datetime,
    document_id: int | None = None,
) -> Refused | None:
    """Puts a document in place of the draft as it was read: roll back, import (S3, S6).

    Raises Stale where the draft changed since, TextError naming the place where the draft's rows
    would not say what the document says: a group without conditions would be no group.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    touch(connection, read_version)
    draft_load.load(connection, new, document_id)
    if place := lost(new, document(connection)):
        raise TextError(
            place, "says nothing, and a draft would lose it: fill it in or leave it out"
        )
    after = {"document": document_id}  # none: out of a file
    changes.record(connection, actor, changes.REPLACED, changes.DRAFT, (), now=now, after=after)
    return None


def document(connection: Connection, **_: Any) -> Document:
    """The document that the draft's rows say, whatever its problems."""
    return from_tree(draft_read.tree(connection))
