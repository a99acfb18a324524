"""What people changed of the desk itself: draft, documents, people and channels (S7)."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base, Json


class Change(Base):
    """One change; `before` and `after` hold only what differs, by column. Never edited."""

    __tablename__ = "changes"
    __table_args__ = (
        Index("ix_changes_person_id", "person_id", "id"),
        Index("ix_changes_kind", "kind", "id"),
        Index("ix_changes_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # null: the system
    what: Mapped[str]  # added | changed | removed | moved | published | asked | replaced
    kind: Mapped[str]  # a kind of row of the draft, person, channel, draft
    place: Mapped[str]  # what it was called then, with what it belonged to, outermost first
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)
