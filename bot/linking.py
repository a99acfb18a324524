"""Links from card to card: the one that led to a visit shows where its own card is."""

import datetime as dt

from sqlalchemy import Connection, select

from core.desk import delivery, outbox
from core.desk.delivery import Lease
from core.tables import Card, Visit


def link_previous(connection: Connection, visit_id: int, lease: Lease, *, now: dt.datetime) -> None:
    """The card that led here may have been drawn before this one could be linked: once more.

    A card that was posted again is linked again, so each posting has a redraw of its own.
    """
    dispute_id = connection.scalar(select(Visit.dispute_id).where(Visit.id == visit_id))
    before = connection.execute(
        select(Card.visit_id, Visit.undone_at)
        .join(Visit, Visit.id == Card.visit_id)
        .where(Visit.dispute_id == dispute_id, Visit.id < visit_id)
        .order_by(Visit.id.desc())
        .limit(3)  # an undone decision leaves two cards behind that lead here
    )
    for previous in before:
        if not delivery.redraws_of(connection, previous.visit_id, outbox.REDRAW):
            because = f"link:{previous.visit_id}:{lease.id}"
            redraw = outbox.redraw(previous.visit_id, dispute_id or 0, because, now=now)
            outbox.put(connection, [redraw])
        if previous.undone_at is None:
            break
