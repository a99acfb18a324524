"""Disputes that belong together, as somebody of the desk said (K2)."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Link(Base):
    """Two disputes and how they belong together; `one_id` is the smaller. Ended, it stays."""

    __tablename__ = "links"
    __table_args__ = (
        Index(
            "ix_links_pair",
            "one_id",
            "other_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"), index=True)
    relation: Mapped[str]  # an option of the set that says how disputes belong together
    made_at: Mapped[dt.datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[dt.datetime | None]
