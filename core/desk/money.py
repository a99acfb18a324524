"""What a decision about money comes to, and the payments it sets in motion (W12, W13, rule 11)."""

import datetime as dt
import secrets

from sqlalchemy import Connection, bindparam, func, insert, select, update

from core.desk.standing import Standing
from core.tables import Dispute, Order, Payment
from core.workflow import derived as follow
from core.workflow.derived import Money
from core.workflow.facts import CONFIRMED, INSTRUCTED, MISMATCHED, MOVED, OWED
from core.workflow.model import Decision, Facts, Share, Value

CANCELLED = "cancelled"
FUND = "fund"  # the complaint fund: goodwill, not a refund of the order
UNDER_WAY = (INSTRUCTED, OWED)
_CANCEL = (
    update(Payment)
    .where(Payment.dispute_id == bindparam("dispute"), Payment.state == OWED)
    .values(state=CANCELLED, ended_visit_id=bindparam("ended"))
)


def derived(standing: Standing, share: Share | None, facts: Facts) -> dict[str, Value]:
    """The facts that follow from a chosen share at this standing (core.workflow.derived)."""
    row, moved = standing.row, standing.facts.get(MOVED, 0)
    money = Money(standing.purchase, moved if isinstance(moved, int) else 0, row.held, row.balance)
    return follow.derived(standing.document, standing.stage, money, share, facts)


def share_of(standing: Standing, decision: Decision, facts: Facts) -> Share | None:
    """The preset share that a decision moves: the one picked in the share field it needs."""
    return follow.share_of(standing.document, standing.stage, decision, facts)


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
    items = follow.items_of(standing.stage, facts)
    counted = standing.refunded(refunded + elsewhere)
    return follow.due(share, standing.purchase, counted, moved, items)


def moved_by(connection: Connection, dispute_id: int) -> int:
    """What a dispute has moved so far, in minor units, as the payment system reported it."""
    total = connection.scalar(
        select(func.sum(Payment.reported)).where(
            Payment.dispute_id == dispute_id, Payment.state.in_((CONFIRMED, MISMATCHED))
        )
    )
    return int(total or 0)


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
    connection.execute(_CANCEL, {"dispute": dispute_id, "ended": visit_id})


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
