"""Several disputes given to one person: each in its own transaction, and first as a preview (A2).

More is asked here than where a supervisor gives away a single dispute, whose page shows everything:
nobody gets several who is away, and nobody more than they can hold.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.desk import assigning, clicks, people, standing
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Refused
from core.desk.assignment import Hands, present
from core.tables import Dispute, Person, Visit
from core.workflow.terms import Kind

MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """A dispute that was ticked, where it stands now."""

    number: str
    visit_id: int
    stage: str
    document_id: int
    holder: str


def chosen(
    connection: Connection, actor: Actor, numbers: Sequence[str], *, now: dt.datetime
) -> list[Chosen] | Refused:
    """The disputes with these numbers, in their order; at most MOST_AT_ONCE, none twice."""
    refused = people.refusal(connection, actor, Right.ASSIGN)
    if refused is not None:
        return refused
    asked = list(dict.fromkeys(number for number in numbers if number.isprintable()))[:MOST_AT_ONCE]
    rows = connection.execute(
        select(
            Dispute.number,
            Visit.id,
            Visit.stage,
            Visit.document_id,
            Visit.holder_id,
            Visit.held_until,
            Person.name,
            Person.active,
        )
        .join(Visit, (Visit.dispute_id == Dispute.id) & Visit.left_at.is_(None))
        .outerjoin(Person, Person.id == Visit.holder_id)
        .where(Dispute.number.in_(asked))
    )
    found = {
        row.number: Chosen(
            row.number,
            row.id,
            row.stage,
            row.document_id,
            row.name
            if row.holder_id and row.active and (not row.held_until or row.held_until > now)
            else "",
        )
        for row in rows
    }
    return [found[number] for number in asked if number in found]


def free(connection: Connection, *, now: dt.datetime) -> dict[int, int]:
    """Those who can be given one more, with what they hold now."""
    return {hand.id: hand.load for hand in Hands(connection, now=now, lock=False).free()}


def assign_one(
    connection: Connection,
    visit_id: int,
    person_id: int,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Gives one of them to a person, if they are there and can hold it; once for each click."""
    return clicks.once(
        connection,
        actor,
        Right.ASSIGN,
        click,
        lambda actor: _assign_one(connection, visit_id, person_id, actor, now=now),
        now=now,
    )


def preview(
    connection: Connection,
    visit_ids: Sequence[int],
    person_id: int,
    actor: Actor,
    *,
    now: dt.datetime,
) -> list[Answer]:
    """What would become of each, one after another; to be rehearsed, for it does it all."""
    return [assign_one(connection, one, person_id, actor, now=now) for one in visit_ids]


def _assign_one(
    connection: Connection, visit_id: int, person_id: int, actor: Actor, *, now: dt.datetime
) -> Answer:
    at = standing.at_visit(connection, visit_id)
    if at is None:
        return Refused("unknown_visit")
    who = people.name(connection, person_id)
    if people.refusal(connection, Actor(actor.by, person_id), Right.DECIDE) is not None:
        return at.refused("cannot_hold", who=who)
    row = at.row
    if row.left_at is None and row.kind == Kind.WORK and row.holder_id == person_id:
        if row.held_until is None:
            return at.refused("holds_already", who=who)
    elif not present(connection, person_id, now=now):
        return at.refused("is_away", who=who)
    elif all(hand.id != person_id for hand in Hands(connection, now=now).free()):
        return at.refused("holds_enough", who=who)
    return assigning.assign(connection, visit_id, person_id, actor, now=now)
