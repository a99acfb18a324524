"""Disputes that have not ended, batch by batch, with what applying service levels asks of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from core.desk.live import LIVE
from core.tables import ActiveDocument, Deadline, Dispute, Order, Visit

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_OPEN = (
    select(
        Dispute.id,
        Dispute.number,
        Dispute.workflow,
        Dispute.channel.label("way_in"),
        Dispute.source,
        Dispute.locale,
        Dispute.hour,
        Dispute.part,
        Order.paid,
        Order.currency,
        Visit.id.label("visit_id"),
        Visit.stage,
        Visit.kind,
        Visit.opened_at,
    )
    .join(Visit, Visit.dispute_id == Dispute.id)
    .join(Order, Order.id == Dispute.order_id)
    .join(ActiveDocument, ActiveDocument.id == 1)
    .where(
        LIVE,
        # Whoever was drawn for the pilot that runs goes on by the pilot's document (S5).
        Dispute.pilot_id.is_distinct_from(ActiveDocument.pilot_id) | Dispute.pilot_id.is_(None),
    )
    .order_by(Dispute.id)
)
_NEXT = _OPEN.where(Dispute.id > bindparam("after")).limit(bindparam("most"))
_LOCK = select(Dispute.id).where(Dispute.id.in_(_IDS)).order_by(Dispute.id).with_for_update()
_THESE = _OPEN.where(Dispute.id.in_(_IDS))
PROMISES = (
    select(Deadline)
    .join(Visit, Visit.id == Deadline.visit_id)
    .where(Visit.dispute_id.in_(_IDS))  # as the indexes know them
    .order_by(Deadline.id)
)
VISITS = (
    select(
        Visit.dispute_id,
        Visit.id,
        Visit.stage,
        Visit.kind,
        Visit.opened_at,
        Visit.left_at,
        Visit.meaning,
        Visit.undone_at,
    )
    .where(Visit.dispute_id.in_(_IDS))
    .order_by(Visit.id)
)


def open_disputes(connection: Connection, after: int, most: int) -> Sequence[Any]:
    """Disputes that have not ended, by id: those behind `after`, at most so many."""
    return connection.execute(_NEXT, {"after": after, "most": most}).all()


def locked(connection: Connection, ids: Sequence[int]) -> Sequence[Any]:
    """Those of these disputes that are still open, which nobody else changes meanwhile.

    First their rows are locked, then they are read: whoever was waited for has moved some on.
    """
    connection.execute(_LOCK, {"ids": ids})
    return connection.execute(_THESE, {"ids": ids}).all()
