"""What a decision about money comes to, and the payments it sets in motion (W12, W13, rule 11)."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, insert, select, update

from core.desk.standing import Standing
from core.tables import Dispute, Order, Payment
from core.workflow.amounts import Purchase, amount
from core.workflow.facts import (
    AMOUNT,
    CONFIRMED,
    COVER,
    FUNDS,
    INSTRUCTED,
    MISMATCHED,
    MOVED,
    NOTHING_LEFT,
    OWED,
    SHORT,
    YES,
)
from core.workflow.model import Decision, Facts, Share, Stage, Value
from core.workflow.terms import FieldKind

CANCELLED = "cancelled"
FUND = "fund"  # the complaint fund: goodwill, not a refund of the order
UNDER_WAY = (INSTRUCTED, OWED)


def derived(standing: Standing, share: Share | None, facts: Facts) -> dict[str, Value]:
    """The facts that follow from a chosen share: the amount, and whether funds cover it.

    Without a share the whole rest of the order is asked about; where the payment system has not
    answered yet, funds stay unknown. Nothing is left of a known order that was wholly refunded,
    nor of a share that this dispute has moved already.
    """
    row = standing.row
    rest = max(0, row.paid - row.refunded)
    moved = standing.facts.get(MOVED, 0)
    due = rest if share is None else _left_of(standing, share, facts)
    found: dict[str, Value] = {} if share is None else {AMOUNT: due}
    if row.held is not None:
        enough = row.held + (row.balance or 0) >= due > 0
        found[FUNDS] = COVER if enough else SHORT
    settled = share or _known_share(standing, facts)
    if row.currency and (
        not rest or (moved and settled and not _left_of(standing, settled, facts))
    ):
        found[NOTHING_LEFT] = YES
    return found


def _left_of(standing: Standing, share: Share, facts: Facts) -> int:
    """What is left of a share, as far as the standing knows."""
    row, moved = standing.row, standing.facts.get(MOVED, 0)
    moved = moved if isinstance(moved, int) else 0
    return _due(share, standing.purchase, row.refunded, moved, _items(standing, facts))


def _known_share(standing: Standing, facts: Facts) -> Share | None:
    """The share that was chosen at this stage before."""
    for field in standing.workflow.stage_by_key[standing.row.stage].fields:
        if field.kind == FieldKind.SHARE and field.key in facts:
            option = standing.document.options_by_set[field.options].get(str(facts[field.key]))
            return option.share if option else None
    return None


def share_of(standing: Standing, decision: Decision, facts: Facts) -> Share | None:
    """The preset share that a decision moves: the one picked in the share field it needs."""
    stage: Stage = standing.workflow.stage_by_key[standing.row.stage]
    for key in decision.needs:
        field = stage.field_by_key.get(key)
        if field is not None and field.kind == FieldKind.SHARE:
            option = standing.document.options_by_set[field.options].get(str(facts.get(key)))
            if option is not None:
                return option.share
    return None


def due(
    connection: Connection,
    standing: Standing,
    share: Share,
    facts: Facts,
    *,
    lock: bool = True,
) -> int:
    """What is still to be paid, in minor units: the share, less what this dispute already moved.

    Money that other disputes of the same order have under way counts as refunded already; the
    order's row is locked, so that two disputes cannot both spend the same rest (a preview, which
    spends nothing, does without).
    """
    row = standing.row
    statement = select(Order.refunded).where(Order.id == row.order_id)
    refunded = connection.execute(statement.with_for_update() if lock else statement).scalar_one()
    elsewhere = int(
        connection.scalar(
            select(func.sum(Payment.amount))
            .join(Dispute, Dispute.id == Payment.dispute_id)
            .where(
                Dispute.order_id == row.order_id,
                Payment.dispute_id != row.dispute_id,
                Payment.state.in_(UNDER_WAY),
            )
        )
        or 0
    )
    moved = moved_by(connection, row.dispute_id)
    return _due(share, standing.purchase, refunded + elsewhere, moved, _items(standing, facts))


def moved_by(connection: Connection, dispute_id: int) -> int:
    """What a dispute has moved so far, in minor units, as the payment system reported it."""
    total = connection.scalar(
        select(func.sum(Payment.reported)).where(
            Payment.dispute_id == dispute_id, Payment.state.in_((CONFIRMED, MISMATCHED))
        )
    )
    return int(total or 0)


def _due(share: Share, purchase: Purchase, refunded: int, moved: int, items: Sequence[str]) -> int:
    """What is left of a share, which is taken of the order as it was before anything was moved."""
    before = replace(purchase, refunded=max(0, refunded - moved))
    rest = max(0, purchase.paid - refunded)
    return max(0, min(amount(share, before, items) - moved, rest))


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
    cancel(connection, standing.row.dispute_id, visit_id)
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


def arrived(connection: Connection, standing: Standing, visit_id: int, *, now: dt.datetime) -> None:
    """An agent has verified what the merchant owed by its voucher: it counts as refunded.

    `visit_id` is the visit that the decision opened.
    """
    owed = connection.execute(
        update(Payment)
        .where(Payment.dispute_id == standing.row.dispute_id, Payment.state == OWED)
        .values(state=CONFIRMED, reported=Payment.amount, reported_at=now, ended_visit_id=visit_id)
        .returning(Payment.amount)
    ).scalars()
    for minor in owed:
        connection.execute(
            update(Order)
            .where(Order.id == standing.row.order_id)
            .values(refunded=Order.refunded + minor)
        )


def cancel(connection: Connection, dispute_id: int, visit_id: int) -> None:
    """Nothing is owed or awaited any more; what was instructed stays instructed.

    `visit_id` is the visit that the decision opened.
    """
    connection.execute(
        update(Payment)
        .where(Payment.dispute_id == dispute_id, Payment.state == OWED)
        .values(state=CANCELLED, ended_visit_id=visit_id)
    )


def take_back(connection: Connection, standing: Standing) -> None:
    """Undoes what opening the standing's visit did to money; none of it has been told (D3).

    What the decision opened is cancelled, what it cancelled or verified is owed again.
    """
    row = standing.row
    verified = connection.execute(
        select(Payment.amount).where(
            Payment.ended_visit_id == row.visit_id, Payment.state == CONFIRMED
        )
    ).scalars()
    for minor in verified.all():
        connection.execute(
            update(Order).where(Order.id == row.order_id).values(refunded=Order.refunded - minor)
        )
    connection.execute(
        update(Payment)
        .where(Payment.dispute_id == row.dispute_id, Payment.ended_visit_id == row.visit_id)
        .values(state=OWED, reported=None, reported_at=None, ended_visit_id=None)
    )
    connection.execute(
        update(Payment)
        .where(Payment.dispute_id == row.dispute_id, Payment.visit_id == row.visit_id)
        .values(state=CANCELLED)
    )


def _items(standing: Standing, facts: Facts) -> tuple[str, ...]:
    """The chosen lines of the order, `line:quantity` each; none means the whole order."""
    for field in standing.workflow.stage_by_key[standing.row.stage].fields:
        chosen = facts.get(field.key)
        if field.kind == FieldKind.ITEMS and isinstance(chosen, tuple):
            return chosen
    return ()
