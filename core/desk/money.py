"""What a decision about money comes to, and the payments it sets in motion (W12, W13, rule 11)."""

import datetime as dt
import secrets
from dataclasses import replace

from sqlalchemy import Connection, func, insert, select, update

from core.desk.standing import Standing
from core.tables import Dispute, Order, Payment
from core.workflow.amounts import amount
from core.workflow.facts import (
    AMOUNT,
    CONFIRMED,
    COVER,
    FUNDS,
    INSTRUCTED,
    MISMATCHED,
    OWED,
    SHORT,
)
from core.workflow.model import Decision, Facts, Share, Stage, Value
from core.workflow.terms import FieldKind

CANCELLED = "cancelled"
FUND = "fund"  # the complaint fund: goodwill, not a refund of the order
UNDER_WAY = (INSTRUCTED, OWED)


def derived(standing: Standing, share: Share | None, facts: Facts) -> dict[str, Value]:
    """The facts that follow from a chosen share: the amount, and whether funds cover it.

    Without a share the whole rest of the order is asked about; where the payment system has not
    answered yet, funds stay unknown.
    """
    row = standing.row
    rest = max(0, row.paid - row.refunded)
    due = rest if share is None else amount(share, standing.purchase, _items(standing, facts))
    found: dict[str, Value] = {} if share is None else {AMOUNT: due}
    if row.held is not None:
        enough = row.held + (row.balance or 0) >= due > 0
        found[FUNDS] = COVER if enough else SHORT
    return found


def share_of(standing: Standing, decision: Decision, facts: Facts) -> Share | None:
    """The preset share that a decision moves: the one picked in the share field it needs."""
    stage: Stage = standing.workflow.stage_by_key[standing.row.stage]
    for key in decision.needs:
        field = stage.field_by_key.get(key)
        if field is not None and field.kind == FieldKind.SHARE:
            option = standing.document.options_by_set[field.options].get(str(facts.get(key)))
            return option.share if option else None
    return None


def due(connection: Connection, standing: Standing, share: Share, facts: Facts) -> int:
    """What is still to be paid, in minor units: the share, less what this dispute already moved.

    Money that other disputes of the same order have under way counts as refunded already; the
    order's row is locked, so that two disputes cannot both spend the same rest.
    """
    row = standing.row
    refunded = connection.execute(
        select(Order.refunded).where(Order.id == row.order_id).with_for_update()
    ).scalar_one()
    same_order = (
        select(
            func.coalesce(
                func.sum(Payment.amount).filter(
                    Payment.dispute_id != row.dispute_id, Payment.state.in_(UNDER_WAY)
                ),
                0,
            ),
            func.coalesce(
                func.sum(Payment.reported).filter(
                    Payment.dispute_id == row.dispute_id, Payment.state.in_((CONFIRMED, MISMATCHED))
                ),
                0,
            ),
        )
        .join(Dispute, Dispute.id == Payment.dispute_id)
        .where(Dispute.order_id == row.order_id)
    )
    elsewhere, moved = (int(total or 0) for total in connection.execute(same_order).one())
    purchase = standing.purchase
    # The share is taken of the order as it was before this dispute moved anything.
    before = replace(purchase, refunded=max(0, refunded + elsewhere - moved))
    rest = max(0, purchase.paid - refunded - elsewhere)
    return max(0, min(amount(share, before, _items(standing, facts)) - moved, rest))


def open_payment(
    connection: Connection,
    standing: Standing,
    visit_id: int,
    sources: tuple[str, ...],
    minor: int,
    *,
    now: dt.datetime,
) -> str:
    """Opens a payment in place of any that is still under way; returns its reference.

    With sources the payment system is to move it, without them the merchant owes it.
    """
    cancel(connection, standing.row.dispute_id)
    reference = f"{standing.row.number}-{secrets.token_hex(4)}"
    connection.execute(
        insert(Payment),
        {
            "reference": reference,
            "dispute_id": standing.row.dispute_id,
            "visit_id": visit_id,
            "sources": list(sources),
            "currency": standing.row.currency,
            "amount": minor,
            "state": INSTRUCTED if sources else OWED,
            "opened_at": now,
        },
    )
    return reference


def cancel(connection: Connection, dispute_id: int) -> None:
    """Nothing is owed or awaited any more; what was instructed stays instructed."""
    connection.execute(
        update(Payment)
        .where(Payment.dispute_id == dispute_id, Payment.state == OWED)
        .values(state=CANCELLED)
    )


def _items(standing: Standing, facts: Facts) -> tuple[str, ...]:
    """The chosen lines of the order, `line:quantity` each; none means the whole order."""
    for field in standing.workflow.stage_by_key[standing.row.stage].fields:
        chosen = facts.get(field.key)
        if field.kind == FieldKind.ITEMS and isinstance(chosen, tuple):
            return chosen
    return ()
