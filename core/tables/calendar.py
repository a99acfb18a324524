"""Business calendars: when a desk works. Live rows, read whenever a clock is asked (G7)."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class BusinessCalendar(Base):
    """An ordinary week in a time zone; shifts are pairs of minutes, see core.clocks.calendar."""

    __tablename__ = "calendars"

    key: Mapped[str] = mapped_column(primary_key=True)  # what service levels name; never changes
    label_zh: Mapped[str]
    label_en: Mapped[str]
    zone: Mapped[str]
    week: Mapped[list[Any]]  # Monday first: for each day its shifts, each [opens, closes]
    revision: Mapped[int] = mapped_column(default=1)  # grows with every save, of a day too
    followed: Mapped[int] = mapped_column(default=1)  # the revision that running deadlines follow
    digest: Mapped[str]  # of zone, week and days: what a process knows a built calendar by


class CalendarDay(Base):
    """A date on which other shifts begin than the week's: a holiday, a make-up working day."""

    __tablename__ = "calendar_days"

    calendar: Mapped[str] = mapped_column(
        ForeignKey("calendars.key", ondelete="CASCADE"), primary_key=True
    )
    date: Mapped[dt.date] = mapped_column(primary_key=True)
    shifts: Mapped[list[Any]]
    label_zh: Mapped[str]  # either may be empty: the other serves
    label_en: Mapped[str]
