"""Several disputes given to one person: each in its own transaction, and first as a preview (A2).

More is asked here than where a supervisor gives away a single dispute, whose page shows everything:
nobody gets several who is away, and nobody more than they can hold.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection

from core.desk import assigning, clicks, people, standing
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Refused
from core.desk.assignment import Hands, present
from core.workflow.terms import Kind


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
