"""Who holds a visit: take, hold, release. Looking or releasing is not handling (W2, W3)."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select, update

from core.desk import assignment, clicks, events, outbox, people, standing, transition
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.choose import not_free
from core.desk.standing import Standing
from core.tables import Dispute, Visit
from core.workflow.terms import Kind

TAKE = "take"
_HOLD = (
    update(Visit)
    .where(
        Visit.id == bindparam("visit"),
        Visit.left_at.is_(None),
        or_(*standing.free_for(bindparam("person"), bindparam("now")), bindparam("over")),
    )
    .values(
        holder_id=bindparam("person"),
        held_until=bindparam("until"),
        parked_at=None,  # a supervisor who takes a parked visit over answers it
        snoozed_until=None,  # who acts on a snoozed one has woken it
        rule=None,
    )
)
_FREE = (
    update(Visit)
    .where(Visit.id == bindparam("visit"), Visit.left_at.is_(None))
    .values(
        holder_id=None,
        held_until=None,
        snoozed_until=None,
        rule=None,
        assign_at=bindparam("again"),
    )
)


def take(
    connection: Connection,
    visit_id: int,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
    reply_to: bytes | None = None,
) -> Answer:
    """The taker becomes the dispute's triage agent (W2); taking is no decision.

    At intake it opens triage, held until released; a released first visit is simply held again.
    """
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _take(connection, visit_id, actor, now=now, reply_to=reply_to),
        now=now,
        reply_to=reply_to,
    )


def _take(
    connection: Connection, visit_id: int, actor: Actor, *, now: dt.datetime, reply_to: bytes | None
) -> Answer:
    at, refused = _ready(connection, visit_id, actor, now=now)
    if at is None or refused is not None:
        return refused or Refused("unknown_visit")
    row = at.row
    if row.kind == Kind.INTAKE:
        first = at.workflow.stage_by_key[at.workflow.first]
        move = transition.Move(TAKE, "", first, actor.person_id)
        if not transition.leave(connection, visit_id, move, actor, now=now):
            return lost(connection, visit_id, actor, now=now)
        moved = transition.advance(connection, at, move, actor, now=now, reply_to=reply_to)
        return Applied(TAKE, row.dispute_id, row.number, visit_id, moved.visit_id, moved.stage)
    if row.stage != at.workflow.first:
        return at.refused("nothing_to_take")
    if row.holder_id == actor.person_id and row.held_until is None:
        return at.refused("already_yours")
    if not set_holder(connection, at, actor, None, now=now):
        return lost(connection, visit_id, actor, now=now)
    tell(connection, at, "taken", actor, now=now, holder=actor.person_id, reply_to=reply_to)
    return Applied(TAKE, row.dispute_id, row.number, visit_id, visit_id, row.stage)


def hold(
    connection: Connection,
    visit_id: int,
    actor: Actor,
    *,
    now: dt.datetime,
    redraw: bool = False,
    reply_to: bytes | None = None,
) -> Answer:
    """Whoever opens the details or sets a field holds the visit until idle minutes pass.

    Holding on prolongs it; a visit held without an end stays so. `redraw` shows the holder on the
    card; whoever sets a field there must not have it drawn again, for that would wipe the choice:
    others are told when they press (rule 2).
    """
    entry = clicks.enter(connection, actor, Right.DECIDE, None)
    if entry.refused is not None:
        return entry.refused
    actor = entry.actor or actor
    at, refused = _ready(connection, visit_id, actor, now=now)
    if at is None or refused is not None:
        return refused or Refused("unknown_visit")
    row = at.row
    if row.kind != Kind.WORK:
        return at.refused("nothing_to_hold")
    minutes = at.workflow.stage_by_key[row.stage].hold_minutes
    until = now + dt.timedelta(minutes=minutes)
    mine = row.holder_id == actor.person_id
    lasting = mine and (row.held_until is None or row.snoozed_until is not None)
    if not lasting and not set_holder(connection, at, actor, until, now=now):
        return lost(connection, visit_id, actor, now=now)
    if not mine or (row.held_until is not None and row.held_until <= now):
        tell(
            connection,
            at,
            "held",
            actor,
            now=now,
            holder=actor.person_id,
            until=until,
            reply_to=reply_to,
            told=redraw,
        )
    return Applied("hold", row.dispute_id, row.number, visit_id, visit_id, row.stage)


def release(
    connection: Connection,
    visit_id: int,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
    reply_to: bytes | None = None,
) -> Answer:
    """Gives a held visit back: one's own, or anybody's with the right to assign."""
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _release(connection, visit_id, actor, now=now, reply_to=reply_to),
        now=now,
        reply_to=reply_to,
    )


def _release(
    connection: Connection, visit_id: int, actor: Actor, *, now: dt.datetime, reply_to: bytes | None
) -> Answer:
    at = standing.at_visit(connection, visit_id)
    if at is None:
        return Refused("unknown_visit")
    row = at.row
    if row.left_at is not None or row.holder_id is None:
        return at.refused("not_held")
    if row.holder_id != actor.person_id:
        barred = people.refusal(connection, actor, Right.ASSIGN)
        if barred is not None:
            return at.refused("not_your_hold", who=people.name(connection, row.holder_id))
    again = assignment.looked_after(connection, at, now=now)
    connection.execute(_FREE, {"visit": visit_id, "again": again})
    tell(connection, at, "released", actor, now=now, holder=None, reply_to=reply_to)
    return Applied("release", row.dispute_id, row.number, visit_id, visit_id, row.stage)


def held_by(connection: Connection, person_id: int) -> list[Row[Any]]:
    """The open visits that a person holds, snoozed and lapsing ones too, the oldest first."""
    return list(
        connection.execute(
            select(
                Visit.id.label("visit_id"),
                Visit.stage,
                Visit.document_id,
                Visit.held_until,
                Visit.parked_at,
                Visit.snoozed_until,
                Dispute.number,
            )
            .join(Dispute, Dispute.id == Visit.dispute_id)
            .where(
                Visit.left_at.is_(None),
                Visit.holder_id == person_id,
                Visit.kind == str(Kind.WORK),
            )
            .order_by(Visit.id)
        )
    )


def release_all(
    connection: Connection,
    person_id: int,
    actor: Actor,
    *,
    now: dt.datetime,
    but: Collection[str] = (),
) -> None:
    """Gives back what a person holds and may not act on any more, so that others go on (fault 18).

    What stands at the stages `but` they keep.
    """
    for held in held_by(connection, person_id):
        at = standing.at_visit(connection, held.visit_id) if held.stage not in but else None
        if at is not None:
            visit_id = at.row.visit_id
            again = assignment.looked_after(connection, at, now=now)
            connection.execute(_FREE, {"visit": visit_id, "again": again})
            tell(connection, at, "released", actor, now=now, holder=None)


def _ready(
    connection: Connection, visit_id: int, actor: Actor, *, now: dt.datetime
) -> tuple[Standing | None, Refused | None]:
    at = standing.at_visit(connection, visit_id)
    return at, not_free(connection, at, actor, now=now) if at else Refused("unknown_visit")


def set_holder(
    connection: Connection,
    at: Standing,
    actor: Actor,
    until: dt.datetime | None,
    *,
    now: dt.datetime,
    over: bool = False,
) -> bool:
    """Makes the actor the holder, `over` another's hold where asked; False if somebody is first."""
    done = connection.execute(
        _HOLD,
        {
            "visit": at.row.visit_id,
            "person": actor.person_id,
            "until": until,
            "now": now,
            "over": over,
        },
    )
    return done.rowcount == 1


def tell(
    connection: Connection,
    at: Standing,
    kind: str,
    actor: Actor,
    *,
    now: dt.datetime,
    holder: int | None,
    until: dt.datetime | None = None,
    reply_to: bytes | None = None,
    told: bool = True,
    more: Mapping[str, Any] | None = None,
) -> int:
    """Records a change of holder; the card shows the holder, so it is drawn again where `told`.

    `more` is what else the event says of it. Returns the event's id.
    """
    row = at.row
    held_until = until.isoformat() if until else None
    data = {"holder": holder, "held_until": held_until, **(more or {})}
    event_id = events.record(connection, row.dispute_id, row.visit_id, kind, actor, data, now=now)
    if told:
        message = outbox.redraw(
            row.visit_id, row.dispute_id, str(event_id), now=now, reply_to=reply_to
        )
        outbox.put(connection, [message])
    return event_id


def lost(connection: Connection, visit_id: int, actor: Actor, *, now: dt.datetime) -> Refused:
    """Somebody was first between reading and writing: read again and say who."""
    at = standing.at_visit(connection, visit_id)
    if at is None:
        return Refused("unknown_visit")
    return not_free(connection, at, actor, now=now) or at.refused("try_again")
