"""What the order and payment systems answer when they were asked (I3, W13)."""

import datetime as dt

from sqlalchemy import Connection, select, update

from core.desk import events, intake_parties, outbox, regrading, standing
from core.desk.actor import Actor
from core.desk.intake import OrderInfo
from core.tables import Dispute, Order
from core.workflow.facts import PAID
from core.workflow.terms import Kind

MARKET = Actor("market")


def order_known(
    connection: Connection, dispute_id: int, order: OrderInfo, *, now: dt.datetime
) -> None:
    """Stores what the order system said and shows it on the card; what is known stays known."""
    order_id = connection.scalar(select(Dispute.order_id).where(Dispute.id == dispute_id))
    learnt = connection.execute(
        update(Order)
        .where(Order.id == order_id, Order.known_at.is_(None))
        .values(**intake_parties.order_values(order, now=now))
    )
    if learnt.rowcount:
        _show(connection, dispute_id, "order_known", now=now)
        _regrade(connection, dispute_id, now=now)


def funds_known(
    connection: Connection,
    dispute_id: int,
    held: int,
    balance: int,
    deposit: int,
    *,
    now: dt.datetime,
) -> None:
    """Stores what could be taken from the merchant, in minor units, and shows it on the card."""
    order_id = connection.scalar(select(Dispute.order_id).where(Dispute.id == dispute_id))
    connection.execute(
        update(Order)
        .where(Order.id == order_id)
        .values(held=held, balance=balance, deposit=deposit, funds_at=now)
    )
    _show(connection, dispute_id, "funds_known", now=now)


def _regrade(connection: Connection, dispute_id: int, *, now: dt.datetime) -> None:
    """What was paid is known now, which rules may ask for (A1)."""
    at = standing.of_dispute(connection, dispute_id)
    if at is not None:
        before = {key: value for key, value in at.facts.items() if key != PAID}
        regrading.anew(connection, at, before, {PAID: at.facts[PAID]}, MARKET, now=now)


def _show(connection: Connection, dispute_id: int, kind: str, *, now: dt.datetime) -> None:
    at = standing.of_dispute(connection, dispute_id)
    if at is None:
        return
    row = at.row
    event_id = events.record(connection, dispute_id, row.visit_id, kind, MARKET, {}, now=now)
    if row.channel and row.kind in (Kind.INTAKE, Kind.WORK):
        outbox.put(connection, [outbox.redraw(row.visit_id, dispute_id, str(event_id), now=now)])
