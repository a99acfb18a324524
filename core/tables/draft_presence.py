"""Who has a page of the draft open."""

import datetime as dt

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class DraftPresence(Base):
    """Somebody has a page of the draft open: told anew while it is, forgotten soon after."""

    __tablename__ = "draft_presences"
    __table_args__ = (UniqueConstraint("person_id", "kind", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str]  # of the row that the page is about
    row_id: Mapped[int]
    at: Mapped[dt.datetime]
