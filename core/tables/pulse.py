"""Whether what is due is done: the processes that tick, what the auditor saw, the probes."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Ticker(Base):
    """A scheduler's process; the wall clock's times."""

    __tablename__ = "tickers"

    key: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[dt.datetime]
    swept_at: Mapped[dt.datetime]  # when it last finished a sweep


class Audit(Base):
    """What the auditor saw when it looked last: one row. The wall clock's times."""

    __tablename__ = "audits"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    looked_at: Mapped[dt.datetime]
    trouble: Mapped[dict[str, Any]] = mapped_column(default=dict)  # by reason: how much of it
    since: Mapped[dt.datetime | None]  # when the trouble began; null while all is well
    beat_at: Mapped[dt.datetime | None]  # when the outside monitor last heard that all is well


class Probe(Base):
    """An alert that is only sent to see it arrive and go again (K14). The wall clock's times."""

    __tablename__ = "probes"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    put_at: Mapped[dt.datetime]
    arrived_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]  # when it was taken away again
    failed: Mapped[str | None]  # why it counts as failed
