"""Deadlines and the levels of them that have fired."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Deadline(Base):
    """One running of one service level; `next_at` is the next moment anything can happen.

    It is due at no moment while a pause holds it. `visit_id` is the visit that opened when it
    started; it ends with that visit, or runs on with the dispute.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        Index(
            "ix_deadlines_next",
            "next_at",
            "id",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index("ix_deadlines_visit_id", "visit_id"),
        Index(
            "ix_deadlines_attend",
            "attend_at",
            sqlite_where=text("attend_at IS NOT NULL"),
            postgresql_where=text("attend_at IS NOT NULL"),
        ),
        Index(
            "ix_deadlines_set_aside",
            "id",
            sqlite_where=text("set_aside IS NOT NULL"),
            postgresql_where=text("set_aside IS NOT NULL"),
        ),
        Index(
            "ix_deadlines_running",
            "dispute_id",
            "due_at",
            sqlite_where=text("stopped_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL"),
        ),
        Index(  # which disputes are due, the soonest first
            "ix_deadlines_due",
            "due_at",
            "dispute_id",
            sqlite_where=text("stopped_at IS NULL AND due_at IS NOT NULL"),
            postgresql_where=text("stopped_at IS NULL AND due_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    with_visit: Mapped[bool] = mapped_column(default=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    service_level: Mapped[str]
    run: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime | None]
    level: Mapped[int] = mapped_column(default=0)  # the place in its ladder of what comes next
    next_at: Mapped[dt.datetime | None]  # null where nothing is left to come, or a pause holds it
    pauses: Mapped[list[Any]] = mapped_column(default=list)  # pairs of moments; the last may last
    stopped_at: Mapped[dt.datetime | None]
    stopped_visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"))  # left thereby
    # Stopped because it is promised no longer, neither kept nor broken: what is known changed, its
    # decision was undone, or service levels were applied anew, and by which application.
    superseded: Mapped[bool] = mapped_column(default=False)
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"))
    set_aside: Mapped[str | None]  # why the sweep could not act on it; null once that is over
    # Who said 'I am on it': until then its ladder rests, while the promise itself runs on (K6).
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    acknowledged_until: Mapped[dt.datetime | None]
    attend_at: Mapped[dt.datetime | None]  # when they are reminded of it, and then when it lapses


class Escalation(Base):
    """A level of a deadline that fired; its key makes firing twice impossible.

    `noise` is the preset reason for which somebody said that it need not have (K24).
    """

    __tablename__ = "escalations"
    __table_args__ = (Index("ix_escalations_fired", "fired_at", postgresql_using="brin"),)

    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True)
    fired_at: Mapped[dt.datetime]
    noise: Mapped[str | None]
    noise_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    noise_at: Mapped[dt.datetime | None]
