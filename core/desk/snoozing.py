"""Snooze: a visit leaves its queue for a preset while and comes back by itself (K4).

It pauses no clock (rule 12) and hides nothing from supervisors. It stays with who snoozed it.
"""

import datetime as dt

from sqlalchemy import Connection, bindparam, or_, select, update

from core.desk import clicks, events, outbox, standing
from core.desk.actor import TIMEOUT, Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.choose import not_free
from core.tables import Visit
from core.workflow.terms import Kind, Meaning

MOST = 200  # visits that one sweep wakes

_SNOOZE = (
    update(Visit)
    .where(
        Visit.id == bindparam("visit"),
        Visit.left_at.is_(None),
        or_(*standing.free_for(bindparam("person"), bindparam("now"))),
    )
    .values(
        snoozed_until=bindparam("wake"),
        holder_id=bindparam("person"),
        held_until=bindparam("until"),
    )
)
_DUE = (
    select(Visit.id, Visit.dispute_id, Visit.channel, Visit.holder_id)
    .where(Visit.left_at.is_(None), Visit.snoozed_until <= bindparam("now"))
    .order_by(Visit.snoozed_until, Visit.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def snooze(
    connection: Connection,
    visit_id: int,
    reason: str,
    length: str,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
    reply_to: bytes | None = None,
) -> Answer:
    """Takes a visit out of the queue for a preset length and reason; both are option keys (K4)."""
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _snooze(
            connection, visit_id, reason, length, actor, now=now, reply_to=reply_to
        ),
        now=now,
        reply_to=reply_to,
    )


def _snooze(
    connection: Connection,
    visit_id: int,
    reason: str,
    length: str,
    actor: Actor,
    *,
    now: dt.datetime,
    reply_to: bytes | None,
) -> Answer:
    at = standing.at_visit(connection, visit_id)
    if at is None:
        return Refused("unknown_visit")
    refused = not_free(connection, at, actor, now=now)
    if refused is not None:
        return refused
    row = at.row
    if row.kind != Kind.WORK:
        return at.refused("nothing_to_hold")
    lengths = at.document.choices_of(Meaning.SNOOZE_FOR)
    if reason not in at.document.choices_of(Meaning.SNOOZE) or length not in lengths:
        return at.refused("unknown_preset")
    wake = now + dt.timedelta(minutes=lengths[length].minutes)
    lasting = row.holder_id == actor.person_id and row.held_until is None
    hold = dt.timedelta(minutes=at.workflow.stage_by_key[row.stage].hold_minutes)
    until = None if lasting else wake + hold
    values = {"visit": visit_id, "person": actor.person_id, "now": now, "wake": wake}
    if connection.execute(_SNOOZE, {**values, "until": until}).rowcount != 1:
        return at.refused("try_again")
    data = {
        "reason": reason,
        "wake": wake.isoformat(),
        "holder": actor.person_id,
        "held_until": until.isoformat() if until else None,
    }
    event_id = events.record(connection, row.dispute_id, visit_id, "snoozed", actor, data, now=now)
    redraw = outbox.redraw(visit_id, row.dispute_id, str(event_id), now=now, reply_to=reply_to)
    outbox.put(connection, [redraw])
    return Applied("snooze", row.dispute_id, row.number, visit_id, visit_id, row.stage)


def wake(connection: Connection, *, now: dt.datetime, most: int = MOST) -> int:
    """Brings back what was snoozed until now, once each; returns how many visits that were."""
    due = connection.execute(_DUE, {"now": now, "most": most}).all()
    for row in due:
        connection.execute(update(Visit).where(Visit.id == row.id).values(snoozed_until=None))
        data = {"holder": row.holder_id}
        event_id = events.record(
            connection, row.dispute_id, row.id, "woken", TIMEOUT, data, now=now
        )
        messages = [
            outbox.redraw(row.id, row.dispute_id, str(event_id), now=now),
            outbox.line(row.id, row.channel, row.dispute_id, event_id, now=now),
        ]
        if row.holder_id is not None:
            messages.append(outbox.direct(row.holder_id, row.id, row.dispute_id, event_id, now=now))
        outbox.put(connection, messages)
    return len(due)
