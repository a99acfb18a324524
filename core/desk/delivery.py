"""Leases on the outbox, and how they end. Times here are the wall clock's, never the desk's.

A row is leased with a token that only grows; whoever comes back with an older token writes
nothing. A lease that ran out may have been sent: it is handed out again as uncertain, and its new
holder looks for the message before sending it (faults 7, 8, 10, 28).
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from core.desk import clock
from core.tables import Lane, Outbox

WAITING, LEASED, SENT = "waiting", "leased", "sent"
UNKNOWN, SUPERSEDED, PARKED = "unknown", "superseded", "parked"
LET_GO = "let_go"  # a parked one that an operator gave up
LEASE = dt.timedelta(seconds=60)
SENDING = dt.timedelta(seconds=20)  # a look and a call, at ten seconds each

Pace = Callable[[str], dt.timedelta]


@dataclass(frozen=True, slots=True)
class Lease:
    """A message in somebody's hands; `uncertain` where it may have been sent before."""

    id: int
    token: int
    lane: str
    kind: str
    dispute_id: int | None
    visit_id: int | None
    data: dict[str, Any]
    reply_to: bytes | None
    attempts: int
    uncertain: bool
    first_tried_at: dt.datetime
    created_at: dt.datetime  # the desk's time


def lease(
    connection: Connection,
    lanes: Sequence[str],
    pace: Pace,
    *,
    now: dt.datetime,
    per_lane: int = 1,
    most: int = 20,
) -> list[Lease]:
    """Leases the next messages of every free lane whose key starts with one of `lanes`.

    A lane carries one lease at a time, by rank and then in the order of the rows; it is free again
    `pace(lane)` after this moment, or later where its destination asked for that. What binds stays
    as long as the decision behind it may be undone (D3), or its reader rests, by the desk's own
    time.
    """
    desk_now = clock.desk_time(connection, now)
    ready = and_(
        Outbox.finished_at.is_(None),
        or_(Outbox.not_before.is_(None), Outbox.not_before <= now),
        or_(Outbox.undo_until.is_(None), Outbox.undo_until <= desk_now),
        or_(Outbox.quiet_until.is_(None), Outbox.quiet_until <= desk_now),
        or_(Outbox.state != LEASED, Outbox.leased_until <= now),
        or_(*(Outbox.lane.startswith(prefix, autoescape=True) for prefix in lanes)),
    )
    busy = select(Outbox.lane).where(
        Outbox.finished_at.is_(None), Outbox.state == LEASED, Outbox.leased_until > now
    )
    resting = select(Lane.key).where(Lane.next_at > now)
    place = func.row_number().over(partition_by=Outbox.lane, order_by=(Outbox.rank, Outbox.id))
    ranked = (
        select(Outbox.id, place.label("place"))
        .where(ready, Outbox.lane.not_in(busy), Outbox.lane.not_in(resting))
        .subquery()
    )
    rows = connection.execute(
        select(Outbox)
        .where(Outbox.id.in_(select(ranked.c.id).where(ranked.c.place <= per_lane)), ready)
        .order_by(Outbox.rank, Outbox.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    if not rows:
        return []
    rows = sorted(rows, key=lambda row: row.id)  # a card before the one that links to it
    connection.execute(
        update(Outbox)
        .where(Outbox.id.in_([row.id for row in rows]))
        .values(
            state=LEASED,
            token=Outbox.token + 1,
            attempts=Outbox.attempts + 1,
            leased_until=now + LEASE,
            first_tried_at=func.coalesce(Outbox.first_tried_at, now),
        )
    )
    for key in sorted({row.lane for row in rows}):
        rest_lane(connection, key, pace(key), now=now)
    return [
        Lease(
            row.id,
            row.token + 1,
            row.lane,
            row.kind,
            row.dispute_id,
            row.visit_id,
            row.data,
            row.reply_to,
            row.attempts + 1,
            row.state in (UNKNOWN, LEASED),
            row.first_tried_at or now,
            row.created_at,
        )
        for row in rows
    ]


def in_hand(connection: Connection, lease: Lease, *, now: dt.datetime) -> bool:
    """Whether there is time left to send the message before anybody else may get it.

    Whoever stood still, or was held up by the messages before it, leaves it alone (fault 28).
    """
    held = select(Outbox.id).where(
        Outbox.id == lease.id, Outbox.token == lease.token, Outbox.leased_until > now + SENDING
    )
    return connection.scalar(held) is not None


def rest_lane(connection: Connection, key: str, rest: dt.timedelta, *, now: dt.datetime) -> None:
    """Keeps a lane quiet for so long (Retry-After, or its pace); never shortens a longer rest."""
    until = now + rest
    moved = connection.execute(
        update(Lane).where(Lane.key == key, Lane.next_at < until).values(next_at=until)
    )
    if not moved.rowcount and connection.scalar(select(Lane.key).where(Lane.key == key)) is None:
        connection.execute(insert(Lane), {"key": key, "next_at": until})


def wake_lane(connection: Connection, key: str, *, now: dt.datetime) -> None:
    """Ends a lane's rest; only its lease's holder may, who found it rested."""
    connection.execute(update(Lane).where(Lane.key == key).values(next_at=now))


def sent(
    connection: Connection,
    lease: Lease,
    *,
    now: dt.datetime,
    covers: Sequence[int] = (),
    sent_as: str | None = None,
) -> bool:
    """The message arrived; `covers` are older messages that it made unnecessary.

    `sent_as` is where it stands. False where a newer lease exists: nothing is written then.
    """
    if not _end(connection, lease, SENT, None, now=now, sent_as=sent_as):
        return False
    if covers:
        connection.execute(
            update(Outbox)
            .where(Outbox.id.in_(covers), Outbox.finished_at.is_(None), Outbox.state != LEASED)
            .values(state=SUPERSEDED, finished_at=now, reason=f"covered by {lease.id}")
        )
    return True


def stands(connection: Connection, message_id: int, sent_as: str) -> bool:
    """Whether this is where the message stands already, as after a lost commit answer."""
    here = select(Outbox.id).where(Outbox.id == message_id, Outbox.sent_as == sent_as)
    return connection.scalar(here) is not None


def supersede(
    connection: Connection, lease: Lease, reason: str, *, now: dt.datetime, unsent: bool = False
) -> bool:
    """The message has lost its point, for a reason that is kept.

    `unsent` lets the lane go on at once: nothing travelled that its pace would have to space out.
    """
    ended = _end(connection, lease, SUPERSEDED, reason, now=now)
    if ended and unsent:
        wake_lane(connection, lease.lane, now=now)
    return ended


def park(connection: Connection, lease: Lease, reason: str, *, now: dt.datetime) -> bool:
    """The message cannot be delivered; it stays visible with its reason."""
    return _end(connection, lease, PARKED, reason, now=now)


def defer(
    connection: Connection,
    lease: Lease,
    wait: dt.timedelta,
    reason: str,
    *,
    now: dt.datetime,
    maybe_sent: bool = False,
    whole_lane: bool = False,
    unsent: bool = False,
    data: dict[str, Any] | None = None,
) -> bool:
    """The message waits so long; `maybe_sent` makes its outcome unknown, to be reconciled first.

    `whole_lane` keeps everything behind it waiting too, as Retry-After demands (fault 9); `unsent`
    lets the lane go on at once.
    """
    if whole_lane:
        rest_lane(connection, lease.lane, wait, now=now)
    elif unsent:
        wake_lane(connection, lease.lane, now=now)
    done = connection.execute(
        update(Outbox)
        .where(Outbox.id == lease.id, Outbox.token == lease.token, Outbox.state == LEASED)
        .values(
            state=UNKNOWN if maybe_sent else WAITING,
            not_before=now + wait,
            leased_until=None,
            reason=reason,
            **({} if data is None else {"data": data}),
        )
    )
    return done.rowcount == 1


def rest(connection: Connection, lease: Lease, until: dt.datetime, *, now: dt.datetime) -> bool:
    """The message waits until its reader may be disturbed, by the desk's time."""
    wake_lane(connection, lease.lane, now=now)
    done = connection.execute(
        update(Outbox)
        .where(Outbox.id == lease.id, Outbox.token == lease.token, Outbox.state == LEASED)
        .values(
            state=UNKNOWN if lease.uncertain else WAITING,
            quiet_until=until,
            leased_until=None,
            reason="quiet hours",
        )
    )
    return done.rowcount == 1


def redraws_of(connection: Connection, visit_id: int, kind: str) -> list[int]:
    """Messages of a kind that wait for the same visit: one drawing covers them all."""
    rows = connection.execute(
        select(Outbox.id).where(
            Outbox.visit_id == visit_id, Outbox.kind == kind, Outbox.finished_at.is_(None)
        )
    )
    return [int(i) for i in rows.scalars()]


def reroute(
    connection: Connection, lease: Lease, lane: str, data: dict[str, Any], *, now: dt.datetime
) -> bool:
    """The message travels in another lane from now on, as uncertain as it was."""
    wake_lane(connection, lease.lane, now=now)
    done = connection.execute(
        update(Outbox)
        .where(Outbox.id == lease.id, Outbox.token == lease.token, Outbox.state == LEASED)
        .values(
            state=UNKNOWN if lease.uncertain else WAITING,
            lane=lane,
            data=data,
            not_before=None,
            leased_until=None,
        )
    )
    return done.rowcount == 1


def _end(
    connection: Connection,
    lease: Lease,
    state: str,
    reason: str | None,
    *,
    now: dt.datetime,
    **more: Any,
) -> bool:
    ended = {"finished_at": now, "leased_until": None, "reason": reason, "reply_to": None}
    done = connection.execute(
        update(Outbox)
        .where(Outbox.id == lease.id, Outbox.token == lease.token, Outbox.state == LEASED)
        .values(state=state, **ended, **more)
    )
    return done.rowcount == 1
