"""Published service levels on their way to the disputes that are open already."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Application(Base):
    """The service levels and ladders of a document, applied to open disputes batch by batch."""

    __tablename__ = "applications"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    reason: Mapped[str]
    starts: Mapped[bool]  # what is new begins too, where its start has happened
    asked_at: Mapped[dt.datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    after_id: Mapped[int] = mapped_column(default=0)  # the last dispute that was looked at
    disputes: Mapped[int] = mapped_column(default=0)  # that it changed
    deadlines: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[dt.datetime | None]
    ended: Mapped[str] = mapped_column(default="")  # done, overtaken or barred
