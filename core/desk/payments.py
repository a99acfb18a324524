"""What the payment system reports: evidence for an agent's click, never a decision (W14)."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, select, update

from core.desk import events, facts, money, outbox, standing
from core.desk.actor import PAYMENT as BY_PAYMENT
from core.desk.answers import Answer, Applied, Refused
from core.desk.choose import choose
from core.desk.money import CANCELLED, FUND
from core.desk.standing import Standing
from core.tables import Dispute, Order, Payment
from core.workflow.engine import offered
from core.workflow.facts import CONFIRMED, FAILED, MISMATCHED, MOVED, PAYMENT
from core.workflow.model import Value
from core.workflow.terms import By, Kind

FINAL = (CONFIRMED, FAILED, MISMATCHED)


def reported(
    connection: Connection,
    reference: str,
    *,
    paid: int | None,
    currency: str,
    now: dt.datetime,
    source: str | None = None,
) -> Answer:
    """The payment system says what became of `reference`: `paid` minor units moved, None if failed.

    An amount or currency other than the one instructed is a mismatch, which an agent settles; money
    in another currency counts for nothing. A report that came before changes nothing. `source`
    bounds whose payments may be reported on.
    """
    if paid is not None and paid < 0:
        return Refused("bad_amount")
    found = connection.execute(
        select(Payment.id, Payment.dispute_id, Dispute.source)
        .join(Dispute, Dispute.id == Payment.dispute_id)
        .where(Payment.reference == reference)
    ).first()
    if found is None or (source is not None and found.source != source):
        return Refused("unknown_payment", {"reference": reference})
    at = standing.of_dispute(connection, found.dispute_id)
    payment = connection.execute(select(Payment).where(Payment.id == found.id)).one()
    if at is None or payment.state in FINAL:
        return Applied("payment", found.dispute_id, at.row.number if at else "", 0)
    state = MISMATCHED if paid else FAILED
    counted = paid if currency == payment.currency else None
    if counted == payment.amount:
        state = CONFIRMED
    connection.execute(
        update(Payment)
        .where(Payment.id == payment.id)
        .values(state=state, reported=counted, reported_at=now)
    )
    if counted and FUND not in payment.sources:
        connection.execute(
            update(Order)
            .where(Order.id == at.row.order_id)
            .values(refunded=Order.refunded + counted)
        )
    return _tell(connection, at, payment, state, counted, now=now)


def under_way(connection: Connection, dispute_id: int) -> Any | None:
    """The payment that a report is awaited for: its reference, amount, currency, state, sources."""
    return connection.execute(
        select(Payment.reference, Payment.amount, Payment.currency, Payment.state, Payment.sources)
        .where(Payment.dispute_id == dispute_id, Payment.state.not_in((*FINAL, CANCELLED)))
        .order_by(Payment.id.desc())
        .limit(1)
    ).first()


def _tell(
    connection: Connection,
    at: Standing,
    payment: Any,
    state: str,
    counted: int | None,
    *,
    now: dt.datetime,
) -> Answer:
    """Records the report as a fact, leaves a wait that was for it, or says so on the card."""
    row = at.row
    known: dict[str, Value] = {PAYMENT: state}
    if counted:
        known[MOVED] = money.moved_by(connection, row.dispute_id)
    data = {"payment": payment.id, "state": state, "paid": counted, "facts": known}
    event_id = events.record(
        connection, row.dispute_id, row.visit_id, "payment_reported", BY_PAYMENT, data, now=now
    )
    facts.append(connection, row.dispute_id, row.visit_id, event_id, known)
    if row.channel and row.kind == Kind.WORK:
        outbox.put(
            connection,
            [
                outbox.line(row.visit_id, row.channel, row.dispute_id, event_id, now=now),
                outbox.redraw(row.visit_id, row.dispute_id, str(event_id), now=now),
            ],
        )
    after = standing.of_dispute(connection, row.dispute_id)
    if after is None:
        return Applied("payment", row.dispute_id, row.number, row.visit_id, None, row.stage)
    for offer in offered(after.document, after.situation({}), By.PAYMENT):
        if offer.allowed:
            return choose(connection, row.visit_id, offer.decision.key, {}, BY_PAYMENT, now=now)
    return Applied("payment", row.dispute_id, row.number, row.visit_id, None, row.stage)
