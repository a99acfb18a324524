"""Linking: two disputes belong together, as somebody says by a preset relation (K2, I4).

A link decides nothing. It is made and taken back by who may group disputes, and shown at both.
"""

import contextlib
import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, case, insert, or_, select, update

from core.desk import cards, clicks, documents, events, family, outbox, standing
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.numbers import read_number
from core.desk.standing import Standing
from core.tables import Dispute, Link
from core.workflow.model import Document
from core.workflow.terms import Meaning

_THERE = case((Link.one_id == bindparam("dispute"), Link.other_id), else_=Link.one_id)
_OF_DISPUTE = (
    select(Link.id, Link.relation, Link.made_at, Dispute.number)
    .join(Dispute, Dispute.id == _THERE)
    .where(
        or_(Link.one_id == bindparam("dispute"), Link.other_id == bindparam("dispute")),
        Link.ended_at.is_(None),
    )
    .order_by(Link.id)
)


@dataclass(frozen=True, slots=True)
class Linked:
    """Another dispute, and how it belongs together with this one (an option's key)."""

    id: int
    number: str
    relation: str
    made_at: dt.datetime


def find(connection: Connection, number: str) -> int | None:
    """The id of the dispute with this number, as people type it."""
    return connection.scalar(
        select(Dispute.id).where(Dispute.number == (read_number(number) or ""))
    )


def relations(document: Document, locale: str) -> list[tuple[str, str]]:
    """How disputes may belong together: options that can be chosen, each with its label."""
    return [(k, o.label.text(locale)) for k, o in document.choices_of(Meaning.LINK).items()]


def relation_label(document: Document, key: str, locale: str) -> str:
    """What a relation is called, retired ones too; its key where the document has it no more."""
    found = next((s for s in document.option_sets if s.meaning == Meaning.LINK), None)
    option = document.options_by_set[found.key].get(key) if found else None
    return option.label.text(locale) if option else key


def of_dispute(connection: Connection, dispute_id: int) -> tuple[Linked, ...]:
    """The disputes that this one is linked with."""
    rows = connection.execute(_OF_DISPUTE, {"dispute": dispute_id})
    return tuple(Linked(row.id, row.number, row.relation, row.made_at) for row in rows)


def link(
    connection: Connection,
    dispute_id: int,
    number: str,
    relation: str,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Says that the dispute and the one with this number, as people type it, belong together."""
    return clicks.once(
        connection,
        actor,
        Right.GROUP,
        click,
        lambda who: _link(connection, dispute_id, number, relation, who, now=now),
        now=now,
    )


def _link(
    connection: Connection,
    dispute_id: int,
    number: str,
    relation: str,
    actor: Actor,
    *,
    now: dt.datetime,
) -> Answer:
    other_id = find(connection, number)
    if other_id is None:
        return Refused("unknown_dispute")
    at, other = both(connection, dispute_id, other_id)
    if at is None or other is None:
        return Refused("unknown_dispute")
    if dispute_id == other_id:
        return at.refused("same_dispute")
    document = documents.active(connection)
    if relation not in document.choices_of(Meaning.LINK):
        return at.refused("unknown_preset")
    if _live(connection, dispute_id, other_id) is not None:
        return at.refused("linked_already", other=other.row.number)
    one, two = sorted((dispute_id, other_id))
    connection.execute(
        insert(Link),
        {
            "one_id": one,
            "other_id": two,
            "relation": relation,
            "made_at": now,
            "made_by_id": actor.person_id,
        },
    )
    _tell(connection, at, other, "linked", relation, actor, now=now)
    return Applied("linked", dispute_id, at.row.number, at.row.visit_id, stage=at.row.stage)


def unlink(
    connection: Connection,
    dispute_id: int,
    number: str,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Takes a link back; that there was one stays in both records."""
    return clicks.once(
        connection,
        actor,
        Right.GROUP,
        click,
        lambda who: _unlink(connection, dispute_id, number, who, now=now),
        now=now,
    )


def _unlink(
    connection: Connection, dispute_id: int, number: str, actor: Actor, *, now: dt.datetime
) -> Answer:
    other_id = find(connection, number)
    at, other = both(connection, dispute_id, other_id or 0)
    if at is None or other is None:
        return Refused("unknown_dispute")
    live = _live(connection, dispute_id, other.row.dispute_id)
    if live is None:
        return at.refused("not_linked", other=other.row.number)
    connection.execute(update(Link).where(Link.id == live.id).values(ended_at=now))
    _tell(connection, at, other, "unlinked", live.relation, actor, now=now)
    return Applied("unlinked", dispute_id, at.row.number, at.row.visit_id, stage=at.row.stage)


def both(connection: Connection, one: int, other: int) -> tuple[Standing | None, Standing | None]:
    """Where two disputes stand, locked in one order whoever asks first: no two wait in a ring."""
    found = {i: standing.of_dispute(connection, i) for i in sorted({one, other})}
    return found[one], found[other]


class _ElsewhereMeanwhile(Exception):
    """The story goes on in another dispute than was read before the locks."""


def going_on(connection: Connection, dispute_id: int) -> tuple[Standing | None, Any | None]:
    """Where a dispute stands, and the one in which its story goes on (id, number) where it does.

    Both are locked, in the order of `both`, and what is said of them stands until the end: it is
    asked anew under the locks. Where it was merged, or that undone, meanwhile, the locks are let go
    and taken anew, for in the wrong order two could wait in a ring.
    """
    while True:
        into = family.merged_into(connection, dispute_id)
        other_id = into.id if into is not None else dispute_id
        with contextlib.suppress(_ElsewhereMeanwhile), connection.begin_nested():
            at, _ = both(connection, dispute_id, other_id)
            into = family.merged_into(connection, dispute_id)
            if other_id == (into.id if into is not None else dispute_id):
                return at, into
            raise _ElsewhereMeanwhile


def _live(connection: Connection, dispute_id: int, other_id: int) -> Any | None:
    one, two = sorted((dispute_id, other_id))
    return connection.execute(
        select(Link.id, Link.relation).where(
            Link.one_id == one, Link.other_id == two, Link.ended_at.is_(None)
        )
    ).first()


def _tell(
    connection: Connection,
    at: Standing,
    other: Standing,
    kind: str,
    relation: str,
    actor: Actor,
    *,
    now: dt.datetime,
) -> None:
    """An event in either record, and either card drawn anew."""
    messages = []
    for one, there in ((at, other), (other, at)):
        row, data = one.row, {"other": there.row.number, "relation": relation}
        event = events.record(connection, row.dispute_id, row.visit_id, kind, actor, data, now=now)
        messages += cards.redrawn(row, event, now=now)
    outbox.put(connection, messages)
