"""The movable part of the clock."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class ClockOffset(Base):
    """Seconds by which the desk's time is moved; the row exists only outside production (T1)."""

    __tablename__ = "clock_offset"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seconds: Mapped[int]
    before: Mapped[int] = mapped_column(default=0)  # what it was before it was moved at `moved_at`
    moved_at: Mapped[dt.datetime | None]  # by the wall clock
