"""Payments that a dispute has set in motion."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Payment(Base):
    """Money that the payment system was told to move, or that the merchant owes (W13).

    Amounts in minor units. `reference` is ours and makes an instruction repeatable.
    """

    __tablename__ = "payments"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    sources: Mapped[list[str]]  # empty where the merchant pays by itself
    currency: Mapped[str]
    amount: Mapped[int]
    state: Mapped[str]  # instructed | owed | confirmed | failed | mismatched | cancelled
    reported: Mapped[int | None]  # what the payment system says it moved
    opened_at: Mapped[dt.datetime]
    reported_at: Mapped[dt.datetime | None]
    # The visit whose opening cancelled what was owed, or verified it: what an undo takes back.
    ended_visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"))
