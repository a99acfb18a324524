"""Filters of the list of disputes that somebody keeps under a name."""

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class SavedView(Base):
    """A view of the disputes: its owner's own, or shared with a team (K9)."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    team: Mapped[str] = mapped_column(default="", index=True)  # empty: shared with nobody
    filters: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as core.desk.saved_views names
