"""Receipts: the buyer is told that the dispute came in, where the document promises it (I5).

Who promises a receipt sends one: a service level that a receipt stops puts it into the lane of the
marketplace when it starts with the dispute. It is kept when the marketplace has accepted it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from core.desk import cards, deadlines, events, outbox, standing
from core.desk.live import its_due
from core.desk.orders import MARKET
from core.tables import Dispute, Event, Order, Visit
from core.workflow.model import Mark, ServiceLevel, Workflow
from core.workflow.terms import Happening

ACCEPTED = "receipt_accepted"
_RECEIVED = Mark(Happening.RECEIVED)
_DUE = select(its_due).where(Visit.id == bindparam("visit"))


@dataclass(frozen=True, slots=True)
class Told:
    """What a receipt says."""

    number: str
    external_id: str
    order_number: str
    locale: str
    opened_at: dt.datetime


def promises(level: ServiceLevel) -> bool:
    """Whether keeping this promise takes a receipt."""
    return _RECEIVED in level.stops


def asked(workflow: Workflow, started: Iterable[str]) -> bool:
    """Whether a promise among those that started, by their keys, takes a receipt."""
    return any(promises(workflow.level_by_key[key]) for key in started)


def message(dispute_id: int, visit_id: int, *, now: dt.datetime) -> dict[str, Any]:
    """The receipt on its way to the marketplace."""
    return outbox.message(
        outbox.RECEIPT,
        outbox.MARKET_LANE,
        f"receipt:{dispute_id}",
        now=now,
        dispute_id=dispute_id,
        visit_id=visit_id,
    )


def told(connection: Connection, dispute_id: int) -> Told:
    """What the receipt of a dispute says."""
    row = connection.execute(
        select(
            Dispute.number,
            Dispute.external_id,
            Order.number.label("order_number"),
            Dispute.locale,
            Dispute.opened_at,
        )
        .join(Order, Order.id == Dispute.order_id)
        .where(Dispute.id == dispute_id)
    ).one()
    return Told(*row)


def accepted(connection: Connection, dispute_id: int, *, now: dt.datetime) -> None:
    """The marketplace has taken the receipt and tells the buyer: what was promised is kept.

    It takes one; a second word of it changes nothing. Where the receipt was what was due next, the
    card says another moment now.
    """
    at = standing.of_dispute(connection, dispute_id)
    taken = select(Event.id).where(Event.dispute_id == dispute_id, Event.kind == ACCEPTED)
    if at is None or connection.scalar(taken.limit(1)) is not None:
        return
    visit_id = at.row.visit_id
    event_id = events.record(connection, dispute_id, visit_id, ACCEPTED, MARKET, {}, now=now)
    before = connection.scalar(_DUE, {"visit": visit_id})
    deadlines.happened(connection, at, _RECEIVED, now=now)
    if connection.scalar(_DUE, {"visit": visit_id}) != before:
        outbox.put(connection, cards.redrawn(at.row, event_id, now=now))
