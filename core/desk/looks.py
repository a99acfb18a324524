"""Looks at personal data: masked until somebody says why they need it, and every look is kept (X1).

The look is committed before anything leaves: a door records it in a transaction of its own, and
reads what was asked for afterwards, by `whole`, which gives nothing without it.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from core.desk import exams, people, views
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.exams import Sensitive
from core.desk.latest_first import latest_first
from core.desk.numbers import read_number
from core.secrets import Vault
from core.tables import Dispute, Evidence, Look, Party, Person, PersonKey

LASTS = dt.timedelta(minutes=10)  # one look at a dispute: long enough to call somebody back
PAGE = 50
DISPUTE, FILE, CONTACT, EXPORT, LOOKS = "dispute", "file", "contact", "export", "looks"
KINDS = (DISPUTE, FILE, CONTACT, EXPORT, LOOKS)
NO_REASON = ""  # of what nobody was asked a reason for


class Reason(StrEnum):
    """Why somebody looks; a closed list."""

    DECIDE = "decide"  # the decision depends on it
    REACH = "reach"  # a party must be reached
    ASKED = "asked"  # a party got in touch about it
    CHECK = "check"  # somebody's work is checked
    LAW = "law"  # an authority or a court asks


@dataclass(frozen=True, slots=True)
class Lasting:
    """A look that somebody has at a dispute now: why, and until when."""

    reason: str
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Whole:
    """The personal data of a dispute; empty where nothing is known, or the buyer was erased (X4).

    `notes` are what parties wrote to evidence, by the id of the piece.
    """

    words: str  # the buyer's own
    name: str
    contact: str
    notes: dict[int, str]


def refusal(connection: Connection, actor: Actor, *, now: dt.datetime) -> Refused | None:
    """Why this person may not see personal data whole: no right, or no exam that counts."""
    return people.refusal(connection, actor, Right.UNMASK) or exams.refusal(
        connection, actor, Sensitive.UNMASK, now=now
    )


def look(
    connection: Connection, actor: Actor, number: str, reason: str, *, now: dt.datetime
) -> Refused | None:
    """Records that somebody looks at a dispute's personal data; from now on `whole` shows it them.

    `reason` is a Reason; anything else is refused.
    """
    refused = refusal(connection, actor, now=now)
    if refused is not None:
        return refused
    if reason not in set(Reason):
        return Refused("no_reason")
    dispute_id = _dispute(connection, number)
    if dispute_id is None:
        return Refused("unknown_dispute")
    keep(connection, actor, DISPUTE, reason, dispute_id=dispute_id, now=now)
    return None


def contact_found(connection: Connection, actor: Actor, number: str, *, now: dt.datetime) -> None:
    """Records that a contact led somebody to a dispute, or to several where `number` is empty."""
    dispute_id = _dispute(connection, number) if number else None
    keep(connection, actor, CONTACT, Reason.ASKED, dispute_id=dispute_id, now=now)


def exported(connection: Connection, actor: Actor, *, now: dt.datetime) -> None:
    """Records that somebody takes away the list of what a contact led to."""
    keep(connection, actor, EXPORT, Reason.ASKED, now=now)


def list_exported(connection: Connection, actor: Actor, *, now: dt.datetime) -> None:
    """Records that somebody takes away the list of looks, for which nobody asks a reason."""
    keep(connection, actor, LOOKS, NO_REASON, now=now)


def keep(
    connection: Connection,
    actor: Actor,
    kind: str,
    reason: str,
    *,
    now: dt.datetime,
    dispute_id: int | None = None,
    evidence_id: int | None = None,
) -> None:
    """Writes a look down."""
    connection.execute(
        insert(Look),
        {
            "at": now,
            "person_id": actor.person_id,
            "kind": kind,
            "dispute_id": dispute_id,
            "evidence_id": evidence_id,
            "reason": reason,
        },
    )


_LATEST = (
    select(Look.reason, Look.at)
    .where(
        Look.person_id == bindparam("person"),
        Look.dispute_id == bindparam("dispute"),
        Look.kind == DISPUTE,
        Look.at > bindparam("since"),
    )
    .order_by(Look.at.desc())
    .limit(1)
)


def lasting(
    connection: Connection, actor: Actor, dispute_id: int, *, now: dt.datetime
) -> Lasting | None:
    """The look that this person has at a dispute now; None once it is over."""
    asked = {"person": actor.person_id, "dispute": dispute_id, "since": now - LASTS}
    row = connection.execute(_LATEST, asked).first()
    return Lasting(row.reason, row.at + LASTS) if row else None


def whole(
    connection: Connection, actor: Actor, dispute_id: int, vault: Vault, *, now: dt.datetime
) -> tuple[Whole, Lasting] | None:
    """The personal data of a dispute, for whoever looks at it now and may still; else None."""
    found = lasting(connection, actor, dispute_id, now=now)
    if found is None or refusal(connection, actor, now=now) is not None:
        return None
    row = connection.execute(_SEALED, {"dispute": dispute_id}).one()
    place = f"{row.source}:buyer:{row.reference}"  # where intake sealed them
    notes = {
        piece.id: vault.open(row.wrapped, piece.note, f"evidence.note:{row.number}") or ""
        for piece in connection.execute(_NOTES, {"dispute": dispute_id})
    }
    return (
        Whole(
            views.story(connection, dispute_id, vault) or "",
            vault.open(row.wrapped, row.name, f"parties.name:{place}") or "",
            vault.open(row.wrapped, row.contact, f"parties.contact:{place}") or "",
            notes,
        ),
        found,
    )


def latest(
    connection: Connection,
    *,
    person_id: int | None = None,
    number: str = "",
    dispute_id: int | None = None,
    kind: str = "",
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    before_id: int | None = None,
    most: int = PAGE,
) -> list[Row[Any]]:
    """A page of looks, latest first; `before_id` begins beneath that one."""
    equal = {
        Look.person_id: person_id,
        Look.dispute_id: dispute_id,
        Dispute.number: (read_number(number) or "") if number else None,
        Look.kind: kind or None,
    }
    found = _WHO.where(*(column == value for column, value in equal.items() if value is not None))
    period = {"since": since, "until": until}
    page = latest_first(found, Look, **period, before_id=before_id, most=most)
    return list(connection.execute(page))


def _dispute(connection: Connection, number: str) -> int | None:
    return connection.scalar(
        select(Dispute.id).where(Dispute.number == (read_number(number) or ""))
    )


_WHO = (
    select(
        Look.id,
        Look.at,
        Look.kind,
        Look.reason,
        Dispute.number,
        Evidence.kind.label("evidence"),
        Person.name.label("who"),
    )
    .join(Person, Person.id == Look.person_id)
    .outerjoin(Dispute, Dispute.id == Look.dispute_id)
    .outerjoin(Evidence, Evidence.id == Look.evidence_id)
)
_SEALED = (
    select(
        Dispute.number,
        Party.source,
        Party.reference,
        Party.name,
        Party.contact,
        PersonKey.wrapped,
    )
    .outerjoin(Party, Party.id == Dispute.buyer_id)
    .outerjoin(PersonKey, PersonKey.id == Party.key_id)
    .where(Dispute.id == bindparam("dispute"))
)
_NOTES = select(Evidence.id, Evidence.note).where(
    Evidence.dispute_id == bindparam("dispute"), Evidence.note.is_not(None)
)
