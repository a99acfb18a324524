"""Orders, as far as a dispute needs them (I3)."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Order(Base):
    """An order of the marketplace; amounts in minor units of its currency.

    `lines` holds key, title, unit_price, quantity; `held`, `balance` and `deposit` are what the
    payment system last said it could take from the merchant, null where nobody has asked.
    """

    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("number", "source"),)  # people search by the number alone

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    number: Mapped[str]
    currency: Mapped[str] = mapped_column(default="")
    paid: Mapped[int] = mapped_column(default=0)
    refunded: Mapped[int] = mapped_column(default=0)
    freight: Mapped[int] = mapped_column(default=0)
    lines: Mapped[list[dict[str, Any]]]
    purchased_at: Mapped[dt.datetime | None]
    merchant_id: Mapped[int | None] = mapped_column(ForeignKey("parties.id"))
    known_at: Mapped[dt.datetime | None]
    held: Mapped[int | None]
    balance: Mapped[int | None]
    deposit: Mapped[int | None]
    funds_at: Mapped[dt.datetime | None]
