"""What happened once and led to many disputes."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Incident(Base):
    """An incident with many buyers (D9); disputes name it. Its title is the desk's own words."""

    __tablename__ = "incidents"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    opened_at: Mapped[dt.datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
