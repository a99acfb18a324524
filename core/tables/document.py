"""Documents: the one that is active, the one that is tried, the one that is to come."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Document(Base):
    """A configuration: canonical, immutable, known by its hash (S3)."""

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    body: Mapped[str]  # canonical JSON
    published_at: Mapped[dt.datetime | None]  # last; null: only tried so far, or planned
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # by a first person


class Pilot(Base):
    """A document tried on a share of the disputes that come in (S5)."""

    __tablename__ = "pilots"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    beside_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))  # what was active then
    share: Mapped[int]  # per cent of the disputes that come in
    note: Mapped[str] = mapped_column(default="")
    started_at: Mapped[dt.datetime]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # by a first person
    ends_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    ended: Mapped[str] = mapped_column(default="")  # over, stopped, published or replaced


class Plan(Base):
    """A document that is to become the active one at a set time (S3)."""

    __tablename__ = "plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    at: Mapped[dt.datetime]
    note: Mapped[str] = mapped_column(default="")
    planned_at: Mapped[dt.datetime]
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # by a first person
    ended_at: Mapped[dt.datetime | None]
    ended: Mapped[str] = mapped_column(
        default=""
    )  # published, cancelled, overtaken, failed, barred


class ActiveDocument(Base):
    """The pointer that publishing moves; one row."""

    __tablename__ = "active_document"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    since: Mapped[dt.datetime]
    pilot_id: Mapped[int | None] = mapped_column(ForeignKey("pilots.id"))  # the one that runs
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))  # the one that waits
    turn: Mapped[int] = mapped_column(default=0)  # assignments by rule so far; who assigns locks it
