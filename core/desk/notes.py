"""Internal notes: free text that never leaves the desk and never decides (D8, X5)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, bindparam, func, insert, select

from core.desk import clicks, events, family, outbox, people, standing
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.family import Member
from core.desk.inward import Inward
from core.secrets import Vault
from core.tables import Dispute, Note, Party, Person, PersonKey
from core.workflow.text import readable

LIMIT = 2_000  # characters
SHOWN = 5

_DISPUTE: BindParameter[int] = bindparam("dispute")
_LATEST = (
    select(Note.text, Note.written_at, Note.dispute_id, Person.name, Dispute.number)
    .join(Person, Person.id == Note.person_id)
    .join(Dispute, Dispute.id == Note.dispute_id)
    .order_by(Note.id.desc())
    .limit(SHOWN)
)
_COUNT = select(func.count()).select_from(Note)
_KEY = (
    select(PersonKey.wrapped)
    .join(Party, Party.key_id == PersonKey.id)
    .join(Dispute, Dispute.buyer_id == Party.id)
    .where(Dispute.id == _DISPUTE)
)


@dataclass(frozen=True, slots=True)
class Noted:
    """A note as members read it."""

    who: str
    at: dt.datetime
    text: Inward


def write(
    connection: Connection,
    visit_id: int,
    text: str,
    actor: Actor,
    vault: Vault,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Adds a note to the dispute of a visit; whoever may decide may write, held or not (D8).

    A dispute whose buyer was erased takes no notes: nothing would seal them.
    """
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _write(connection, visit_id, text.strip(), actor, vault, now=now),
        now=now,
    )


def _write(
    connection: Connection,
    visit_id: int,
    text: str,
    actor: Actor,
    vault: Vault,
    *,
    now: dt.datetime,
) -> Answer:
    at = standing.at_visit(connection, visit_id)
    if at is None or actor.person_id is None:
        return Refused("unknown_visit")
    if not text or len(text) > LIMIT or not readable(text):
        return at.refused("note_unreadable", limit=LIMIT)
    row = at.row
    wrapped = buyer_key(connection, row.dispute_id)
    if wrapped is None:
        return at.refused("note_erased")
    note_id = connection.execute(
        insert(Note).returning(Note.id),
        {
            "dispute_id": row.dispute_id,
            "visit_id": visit_id,
            "person_id": actor.person_id,
            "text": vault.seal(wrapped, text, f"notes.text:{row.number}"),
            "written_at": now,
        },
    ).scalar_one()
    event_id = events.record(
        connection, row.dispute_id, visit_id, "noted", actor, {"note": note_id}, now=now
    )
    if row.channel:
        line = outbox.line(visit_id, row.channel, row.dispute_id, event_id, now=now)
        outbox.put(connection, [line])
    return Applied("note", row.dispute_id, row.number, visit_id, visit_id, row.stage)


def read(
    connection: Connection, dispute_id: int, actor: Actor, vault: Vault, **_: object
) -> list[Noted]:
    """The latest notes of a dispute and its family, oldest first.

    None for who may not see disputes.
    """
    if people.refusal(connection, actor, Right.SEE) is not None:
        return []
    members = family.family(connection, dispute_id)
    here = family.within(members, Note.dispute_id, Note.written_at)
    rows = connection.execute(_LATEST.where(here)).all()
    keys = {of: buyer_key(connection, of) for of in {row.dispute_id for row in rows}}
    opened = [
        (row, vault.open(keys[row.dispute_id], row.text, f"notes.text:{row.number}"))
        for row in rows
    ]
    return [Noted(row.name, row.written_at, Inward(text)) for row, text in opened[::-1] if text]


def count(connection: Connection, members: Sequence[Member]) -> int:
    """How many notes a dispute and its family have."""
    here = family.within(members, Note.dispute_id, Note.written_at)
    return connection.scalar(_COUNT.where(here)) or 0


def buyer_key(connection: Connection, dispute_id: int) -> bytes | None:
    """The wrapped key that seals what the desk writes about a dispute; None where it is erased."""
    return connection.scalar(_KEY, {"dispute": dispute_id})
