"""Pages: somebody of the desk is called to a dispute directly, and what they answer (K5)."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.secrets import Sealed
from core.tables.base import Base


class Page(Base):
    """One call about one dispute, to one person or to whoever was on duty at a rota.

    It is open until `closed_at`. `outcome` says how it ended: on_it, cannot, unanswered, over.
    """

    __tablename__ = "pages"
    __table_args__ = (
        Index("ix_pages_dispute_id", "dispute_id"),
        Index(
            "ix_pages_attend",
            "attend_at",
            sqlite_where=text("attend_at IS NOT NULL"),
            postgresql_where=text("attend_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))  # where it was asked from
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    rota: Mapped[str] = mapped_column(default="")  # its key, where whoever is on duty was meant
    reason: Mapped[str]  # an option of the set that means page
    remark: Mapped[Sealed | None]  # sealed with the buyer's key
    paged_at: Mapped[dt.datetime]
    attend_at: Mapped[dt.datetime | None]  # when it reminds, then when it is unanswered
    reminded_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    outcome: Mapped[str] = mapped_column(default="")


class Paged(Base):
    """Somebody whom a page calls, and their answer: on_it or cannot."""

    __tablename__ = "paged"

    page_id: Mapped[int] = mapped_column(
        ForeignKey("pages.id"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id"), primary_key=True, autoincrement=False
    )
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[dt.datetime | None]
