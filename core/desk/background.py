"""What is known of the people behind a dispute: the buyer's tags and past, the merchant's record.

Everything is told as it stood when the visit opened, so that a card stays right while other
disputes move, and is counted over the latest few only, so that a big merchant costs no more (P5).
What was merged by then counts no more: its story, and its ruling, are the other's (K2).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, exists, func, or_, select

from core.tables import Dispute, Party, Visit
from core.workflow.terms import Kind, Meaning

LATEST = 100  # disputes of one buyer or merchant that are looked at
_BROAD = (Meaning.LIABILITY_MERCHANT, Meaning.LIABILITY_SHARED)


@dataclass(frozen=True, slots=True)
class Background:
    """The buyer's tags, open and past disputes; how the merchant's latest disputes were ruled."""

    tags: tuple[str, ...] = ()
    buyer_open: int = 0
    buyer_past: int = 0
    merchant: bool = False  # whether the dispute names one
    merchant_open: int = 0
    merchant_ruled: int = 0
    merchant_liable: int = 0  # of the ruled ones, with broad merchant liability


def background(connection: Connection, dispute_id: int, at: dt.datetime) -> Background:
    """What was known of a dispute's buyer and merchant at a moment."""
    row = connection.execute(_PARTIES, {"dispute": dispute_id}).one()
    of_buyer = connection.execute(
        _ENDED, {"dispute": dispute_id, "buyer": row.buyer_id, "merchant": None, "at": at}
    ).one()
    if row.merchant_id is None:
        return Background(tuple(row.tags), of_buyer.all - of_buyer.ended, of_buyer.ended)
    names = {"dispute": dispute_id, "buyer": None, "merchant": row.merchant_id, "at": at}
    of_merchant = connection.execute(_ENDED, names).one()
    ruled = connection.execute(_RULED, names).one()
    return Background(
        tuple(row.tags),
        of_buyer.all - of_buyer.ended,
        of_buyer.ended,
        True,
        of_merchant.all - of_merchant.ended,
        ruled.all,
        ruled.broad,
    )


_PARTIES = (
    select(Dispute.buyer_id, Dispute.merchant_id, Party.tags)
    .join(Party, Party.id == Dispute.buyer_id)
    .where(Dispute.id == bindparam("dispute"))
)


def _latest() -> Any:
    """The latest disputes of a buyer or of a merchant; this one and merged ones are left out."""
    # The offset has it asked of each that was merged: PostgreSQL would read all that ended.
    its_end = exists(
        select(1)
        .where(
            Visit.dispute_id == Dispute.id,
            Visit.kind == str(Kind.FINAL),
            Visit.left_at.is_(None),
            Visit.opened_at <= bindparam("at"),
        )
        .offset(0)
    )
    return (
        select(Dispute.id)
        .where(
            or_(
                Dispute.buyer_id == bindparam("buyer"),
                Dispute.merchant_id == bindparam("merchant"),
            ),
            Dispute.id != bindparam("dispute"),
            Dispute.opened_at <= bindparam("at"),
            case((Dispute.merged_into_id.is_not(None), ~its_end), else_=True),
        )
        .order_by(Dispute.id.desc())
        .limit(LATEST)
        .subquery()
    )


def _ended() -> Any:
    """How many of them there are, and how many had ended by then."""
    latest = _latest()
    there = or_(Visit.left_at.is_(None), Visit.left_at > bindparam("at"))
    final = and_(
        Visit.dispute_id == latest.c.id,
        Visit.kind == str(Kind.FINAL),
        Visit.opened_at <= bindparam("at"),
        there,
    )
    return select(func.count().label("all"), func.count(Visit.id).label("ended")).select_from(
        latest.outerjoin(Visit, final)
    )


def _ruled() -> Any:
    """How many of them were ruled by then, and how many against the merchant, by the last word."""
    latest = _latest()
    last = (
        select(func.max(Visit.id).label("id"))
        .join(latest, latest.c.id == Visit.dispute_id)
        .where(
            Visit.meaning.startswith(f"{Meaning.LIABILITY}.", autoescape=True),
            Visit.left_at <= bindparam("at"),
            Visit.undone_at.is_(None),
        )
        .group_by(Visit.dispute_id)
        .subquery()
    )
    broad = func.count().filter(Visit.meaning.in_([str(meaning) for meaning in _BROAD]))
    return select(func.count().label("all"), broad.label("broad")).join(last, last.c.id == Visit.id)


_ENDED, _RULED = _ended(), _ruled()
