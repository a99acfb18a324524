"""The record: one event per change, append-only; and the clicks already answered."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Event(Base):
    """Something that happened to a dispute: keys and numbers only, no text of a person."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_dispute_id_id", "dispute_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"))
    kind: Mapped[str]
    at: Mapped[dt.datetime]
    by: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    data: Mapped[dict[str, Any]]


class Click(Base):
    """A click's key and the answer it got; the same key gets the same answer."""

    __tablename__ = "clicks"

    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    person_id: Mapped[int | None]
    answer: Mapped[dict[str, Any]]
