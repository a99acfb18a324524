"""Where the cards of visits stand: posted, pressed where nobody knew one, moved, taken away.

`channel` and `ts` are the messenger's own names for a place and a message in it.
"""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from core.desk import outbox
from core.desk.delivery import SENT
from core.tables import Card, Outbox, Visit
from core.workflow.terms import Kind


def place(connection: Connection, visit_id: int, **_: object) -> tuple[str, str] | None:
    """Channel and ts of a visit's card, once it is there."""
    row = connection.execute(_PLACE, {"visit": visit_id}).first()
    return (row.channel, row.ts) if row else None


def posted(
    connection: Connection,
    visit_id: int,
    channel: str,
    ts: str,
    shown: str,
    *,
    now: dt.datetime,
    live: bool = True,
) -> None:
    """Remembers where a visit's card is, what it shows, and whether it is more than one line."""
    row = {"channel": channel, "ts": ts, "shown": shown, "live": live}
    moved = connection.execute(update(Card).where(Card.visit_id == visit_id).values(row))
    if not moved.rowcount:
        connection.execute(insert(Card), {"visit_id": visit_id, **row, "posted_at": now})


def redrawn(row: Any, event_id: int, *, now: dt.datetime) -> list[dict[str, Any]]:
    """The card of an open visit drawn anew, where it has one; not over what somebody is choosing.

    `row` holds the visit's columns (visit_id, dispute_id, kind, channel).
    """
    if not row.channel or row.kind not in (Kind.INTAKE, Kind.WORK):
        return []
    gently = {outbox.GENTLY: True}
    return [outbox.redraw(row.visit_id, row.dispute_id, str(event_id), now=now, data=gently)]


def pressed(
    connection: Connection, visit_id: int, channel: str, ts: str, *, now: dt.datetime
) -> None:
    """Somebody pressed this card of a visit: where the desk knew none there, it is its own now.

    An orphan (posted, but the answer was lost) is adopted. Of two copies the one that was pressed
    stays and the other goes; of a visit that was left, the one that tells how stays.
    """
    known = place(connection, visit_id)
    if known == (channel, ts):
        return
    visit = connection.execute(
        select(Visit.dispute_id, Visit.left_at).where(Visit.id == visit_id).with_for_update()
    ).first()
    if visit is None or _going(connection, channel, ts):
        return
    if known is not None and visit.left_at is not None:
        _take_away(connection, channel, ts, now=now)
        return
    if known is not None:
        _take_away(connection, *known, now=now)
    _adopt(connection, visit_id, f"{channel}/{ts}", now=now)
    posted(connection, visit_id, channel, ts, "", now=now, live=visit.left_at is None)
    # A copy may be adopted, given up for another and adopted again: each time it is drawn.
    because = f"adopted:{channel}:{ts}:{now.timestamp()}"
    redraw = outbox.redraw(visit_id, visit.dispute_id, because, now=now)
    outbox.put(connection, [redraw])


def lost(
    connection: Connection, visit_id: int, because: str, *, now: dt.datetime, remove: bool = False
) -> bool:
    """The card is gone, or out of reach: an open visit gets another, once for each `because`.

    `remove` takes the old one away as soon as that can be done. False where the visit was left.
    """
    place = connection.execute(
        delete(Card).where(Card.visit_id == visit_id).returning(Card.channel, Card.ts)
    ).first()
    visit = connection.execute(
        select(Visit.channel, Visit.dispute_id, Visit.left_at).where(Visit.id == visit_id)
    ).one()
    if visit.left_at is not None:
        return False
    if remove and place is not None:
        _take_away(connection, place.channel, place.ts, now=now)
    row = outbox.card(visit_id, visit.channel, visit.dispute_id, now=now, because=because)
    outbox.put_once(connection, row)
    return True


def _adopt(connection: Connection, visit_id: int, sent_as: str, *, now: dt.datetime) -> None:
    """Whoever is about to post the card finds that it is posted: the token has grown."""
    connection.execute(
        update(Outbox)
        .where(
            Outbox.visit_id == visit_id,
            Outbox.kind == outbox.CARD,
            Outbox.finished_at.is_(None),
            Outbox.first_tried_at.is_not(None),
        )
        .values(
            state=SENT,
            token=Outbox.token + 1,
            finished_at=now,
            leased_until=None,
            reason="adopted where it was pressed",
            sent_as=sent_as,
        )
    )


def _take_away(connection: Connection, channel: str, ts: str, *, now: dt.datetime) -> None:
    outbox.put_once(connection, outbox.removal(channel, ts, now=now))


def _going(connection: Connection, channel: str, ts: str) -> bool:
    """Whether this message is to be taken away."""
    dedupe = outbox.removal_key(channel, ts)
    return connection.scalar(select(Outbox.id).where(Outbox.dedupe == dedupe)) is not None


_PLACE = select(Card.channel, Card.ts).where(Card.visit_id == bindparam("visit"))
