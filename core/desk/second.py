"""A second person for what weighs (S7): one supervisor asks, another publishes what was asked for.

The request stands for one version of the draft: whatever changes after it, lets it lapse.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from core.desk import changes, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused, Stale
from core.desk.held import RIGHTS
from core.tables import Draft, Person
from core.workflow.difference import differences
from core.workflow.model import Document
from core.workflow.weighty import weighs


@dataclass(frozen=True, slots=True)
class Request:
    """Who asked for the draft to be published as it is, when, and with which note."""

    person_id: int
    who: str
    at: dt.datetime
    note: str


def request(connection: Connection, version: int) -> Request | None:
    """The request that stands for this version of the draft."""
    row = connection.execute(
        select(Person.id, Person.name, Draft.asked_at, Draft.asked_note)
        .join(Person, Person.id == Draft.asked_by_id)
        .where(Draft.id == 1, Draft.asked_version == version)
    ).first()
    if row is None or row.asked_at is None:
        return None
    return Request(row.id, row.name, row.asked_at, row.asked_note)


def ask(
    connection: Connection, actor: Actor, read_version: int, *, now: dt.datetime, note: str = ""
) -> Refused | None:
    """Asks a second person to publish the draft as it was read; the note tells them what and why.

    Raises Stale where it changed since.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    if not note:
        return Refused("note_needed")
    asked = {
        "asked_version": read_version,
        "asked_by_id": actor.person_id,
        "asked_at": now,
        "asked_note": note,
    }
    guarded = update(Draft).where(Draft.id == 1, Draft.version == read_version)
    if not connection.execute(guarded.values(asked)).rowcount:
        raise Stale("the draft was changed by somebody else meanwhile")
    changes.record(
        connection, actor, changes.ASKED, changes.DRAFT, (), now=now, after={"note": note}
    )
    return None


def give_back(connection: Connection, document_id: int, asked_by_id: int | None) -> None:
    """What was planned or tried is given up: the request for it stands again.

    Only while the draft is as it was released; a change since has let it lapse.
    """
    if asked_by_id is None:
        return
    connection.execute(
        update(Draft)
        .where(
            Draft.id == 1,
            Draft.version == Draft.asked_version + 1,
            Draft.document_id == document_id,
            Draft.asked_by_id == asked_by_id,
        )
        .values(asked_version=Draft.version)
    )


def missing(
    connection: Connection, actor: Actor, version: int, before: Document, after: Document
) -> bool:
    """Whether a second person has yet to ask this actor to publish these changes.

    Nobody is missing where nothing weighs, and where the desk has nobody else who might publish.
    """
    if not any(weighs(change, before, after) for change in differences(before, after)):
        return False
    asked = request(connection, version)
    if asked is not None and asked.person_id != actor.person_id:
        return False
    others = connection.execute(select(RIGHTS).where(Person.active, Person.id != actor.person_id))
    return any(Right.SHAPE in rights for rights in others.scalars())
