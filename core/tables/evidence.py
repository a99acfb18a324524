"""Evidence, the files it consists of, and the rounds in which it was asked for."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from core.secrets import Sealed
from core.tables.base import Base


class StoredFile(Base):
    """A file kept unchanged under its SHA-256 (E3)."""

    __tablename__ = "files"

    digest: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str]
    stored_at: Mapped[dt.datetime]
    pending: Mapped[bool] = mapped_column(default=False)  # its blurred picture is still to be made

    __table_args__ = (
        Index(
            "ix_files_pending",
            "stored_at",
            sqlite_where=text("pending"),
            postgresql_where=text("pending"),
        ),
    )


class Preview(Base):
    """The blurred picture of a file, which its token finds without a session."""

    __tablename__ = "previews"

    digest: Mapped[str] = mapped_column(ForeignKey("files.digest"), primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[dt.datetime]
    picture: Mapped[bytes] = mapped_column(LargeBinary)


class Evidence(Base):
    """A piece of evidence that a party gave."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    party: Mapped[str]
    kind: Mapped[str]
    file_digest: Mapped[str | None] = mapped_column(ForeignKey("files.digest"))
    note: Mapped[Sealed | None]
    external_id: Mapped[str | None]  # the sender's own id: the same one is the same piece
    received_at: Mapped[dt.datetime]

    __table_args__ = (
        Index(
            "ix_evidence_external",
            "dispute_id",
            "party",
            "external_id",
            unique=True,
            sqlite_where=text("external_id IS NOT NULL"),
            postgresql_where=text("external_id IS NOT NULL"),
        ),
    )


class Round(Base):
    """One asking for evidence; it lasts from its decision to the end of the wait it opened."""

    __tablename__ = "rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))  # the wait
    opened_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]


class EvidenceRequest(Base):
    """What one party is asked for in a round (E2)."""

    __tablename__ = "evidence_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"), index=True)
    party: Mapped[str]
    answered_at: Mapped[dt.datetime | None]  # when the party said 'nothing more'
    silent: Mapped[bool] = mapped_column(default=False)
