"""Internal notes: what people of the desk write to each other about a dispute (D8)."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.secrets import Sealed
from core.tables.base import Base


class Note(Base):
    """A note that never leaves the desk and never decides, sealed with the buyer's key."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[Sealed | None]
    written_at: Mapped[dt.datetime]
