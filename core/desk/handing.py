"""Handing out: `next` gives the most urgent dispute that somebody may act on, and holds it."""

import datetime as dt

from sqlalchemy import Connection, bindparam, select

from core.desk import clicks, holding, queues, stages
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.queues import Queued
from core.tables import Dispute, Visit
from core.workflow.terms import Kind

NEXT = "next"
TRIES = 5  # somebody may be first between finding a dispute and holding it
LOOKED_AT = 50  # of the most urgent; more than are just being handed to others
_LOCK = (
    select(Visit.id)
    .join(Dispute, Dispute.id == Visit.dispute_id)
    .where(Visit.id == bindparam("visit"), Visit.left_at.is_(None))
    .with_for_update(
        of=(Dispute.__table__, Visit.__table__),  # as whoever decides locks them
        skip_locked=True,
    )
)


def hand_out(
    connection: Connection, actor: Actor, *, now: dt.datetime, click: str | None = None
) -> Answer:
    """The dispute to go on with: what one holds already, else the most urgent of one's queue.

    It is held visibly until the idle minutes pass; at intake it is taken. Two who ask at once get
    two disputes: whatever another one is just being given is passed over (rows W2, W3, A2).
    """
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _hand_out(connection, actor, now=now),
        now=now,
    )


def _hand_out(connection: Connection, actor: Actor, *, now: dt.datetime) -> Answer:
    person_id = actor.person_id
    if person_id is None:
        return Refused("no_right", {"right": str(Right.DECIDE)})
    holds, allowed = queues.held_by([person_id], now=now), stages.limits(connection, actor)
    if allowed:  # what they may act on no more would only be refused them
        holds = holds.where(Visit.stage.in_(allowed))
    mine = queues.rows(connection, holds.limit(1))
    if mine:
        return _give(connection, mine[0], actor, now=now)
    served = queues.served_stages(connection, queues.home_stage(connection, person_id))
    if not served:
        return Refused("no_home_stage")
    waiting = queues.for_person(connection, person_id, served, now=now).limit(LOOKED_AT)
    tries = 0
    for found in queues.rows(connection, waiting):
        # Whoever decides on it at this moment, or is handed it, holds its rows: it is passed over.
        if connection.scalar(_LOCK, {"visit": found.visit_id}) is None:
            continue
        answer = _give(connection, found, actor, now=now)
        if isinstance(answer, Applied):
            return answer
        tries += 1
        if tries == TRIES:
            break
    return Refused("nothing_next")


def _give(connection: Connection, queued: Queued, actor: Actor, *, now: dt.datetime) -> Answer:
    if queued.kind == Kind.INTAKE:
        answer = holding.take(connection, queued.visit_id, actor, now=now)
    else:
        answer = holding.hold(connection, queued.visit_id, actor, now=now, redraw=True)
    if isinstance(answer, Refused):
        return answer
    visit_id = answer.next_visit_id or answer.visit_id
    return Applied(NEXT, answer.dispute_id, answer.number, visit_id, visit_id, answer.stage)
