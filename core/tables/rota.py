"""On-duty rotas: live rows, read whenever somebody is to be told or given something (A2, K5)."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Rota(Base):
    """Shifts, and the people who do them; see core.clocks.rota.

    `on_duty` are those who were told last that they came on; only the scheduler writes it, and it
    grows no version.
    """

    __tablename__ = "rotas"

    key: Mapped[str] = mapped_column(primary_key=True)  # what documents name; never changes
    label_zh: Mapped[str]
    label_en: Mapped[str]
    zone: Mapped[str]
    begins: Mapped[dt.date]
    turns: Mapped[str]  # fixed | daily | weekly
    day: Mapped[int]  # of the hand-over, Monday being 0; for turns of a week
    minute: Mapped[int]  # of the hand-over, from local midnight
    people: Mapped[list[Any]]  # ids in turn
    duties: Mapped[list[Any]]  # each {days, shifts, people}
    channel: Mapped[str] = mapped_column(default="")  # the key of where it is told; empty: nowhere
    lead: Mapped[int] = mapped_column(default=48)  # hours ahead that trouble is told
    most_in_row: Mapped[int | None]  # hours on duty; null: any number
    most_in_week: Mapped[int | None]
    on_duty: Mapped[list[Any]] = mapped_column(default=list)
    version: Mapped[int] = mapped_column(default=1)  # grows with every save, of an override too


class RotaOverride(Base):
    """Somebody on duty in place of another, or beside whoever is; in the order of their ids."""

    __tablename__ = "rota_overrides"
    __table_args__ = (Index("ix_rota_overrides_rota", "rota", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rota: Mapped[str] = mapped_column(ForeignKey("rotas.key", ondelete="CASCADE"))
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # null: beside
    swap: Mapped[str] = mapped_column(default="")  # the same for the two halves of a swap


class RotaNote(Base):
    """What whoever leaves says to whoever comes on: told once, at the next hand-over."""

    __tablename__ = "rota_notes"
    __table_args__ = (Index("ix_rota_notes_rota", "rota", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rota: Mapped[str] = mapped_column(ForeignKey("rotas.key", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]  # about the work, never about a person
    written_at: Mapped[dt.datetime]
    told_at: Mapped[dt.datetime | None]  # when somebody came on after it
