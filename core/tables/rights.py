"""What people may do: roles over the closed list of rights, exams, and who looked at what."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Role(Base):
    """A role that people have; `rights` are of the closed list in core.desk.actor."""

    __tablename__ = "roles"

    key: Mapped[str] = mapped_column(primary_key=True)
    label_zh: Mapped[str]
    label_en: Mapped[str]
    rights: Mapped[list[str]]
    version: Mapped[int] = mapped_column(default=1)  # guards a save against a newer one


class Lock(Base):
    """Whether an action that is sensitive takes an exam; without a row it does not."""

    __tablename__ = "locks"

    action: Mapped[str] = mapped_column(primary_key=True)
    needs_exam: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)


class Exam(Base):
    """That somebody passed an exam which unlocks an action, until when it counts."""

    __tablename__ = "exams"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    action: Mapped[str]
    name: Mapped[str]  # which exam it was
    passed_at: Mapped[dt.datetime]
    until: Mapped[dt.datetime | None]  # null: for good
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[dt.datetime]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_at: Mapped[dt.datetime | None]


class Look(Base):
    """That somebody looked at personal data, and why; never the data. Never edited (X1)."""

    __tablename__ = "looks"
    __table_args__ = (
        Index("ix_looks_person_id", "person_id", "id"),
        Index("ix_looks_dispute_id", "dispute_id", "id"),
        Index("ix_looks_lasting", "dispute_id", "person_id", "at"),  # what somebody sees whole now
        Index("ix_looks_kind", "kind", "id"),
        Index("ix_looks_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str]  # dispute | file | contact | export | looks
    dispute_id: Mapped[int | None] = mapped_column(ForeignKey("disputes.id"))
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    reason: Mapped[str]  # of a closed list; empty where none is asked for
