"""Published documents and the one that is active."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Document(Base):
    """A published configuration: canonical, immutable, known by its hash (S3)."""

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    body: Mapped[str]  # canonical JSON
    published_at: Mapped[dt.datetime]
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # by a first person


class ActiveDocument(Base):
    """The pointer that publishing moves; one row."""

    __tablename__ = "active_document"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    since: Mapped[dt.datetime]
    turn: Mapped[int] = mapped_column(default=0)  # assignments by rule so far; who assigns locks it
