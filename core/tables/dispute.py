"""Disputes, their visits to stages, the facts known of them, and how visits were judged."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.secrets import Sealed
from core.tables.base import Base


class Dispute(Base):
    """One dispute. Where it stands is its open visit; nothing derived is stored."""

    __tablename__ = "disputes"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_disputes_merchant_id", "merchant_id", "id"),  # a page of a large one's disputes
        Index("ix_disputes_workflow", "workflow", "id"),
        Index("ix_disputes_grade", "grade", "id"),
        Index(
            "ix_disputes_incident",
            "incident_id",
            sqlite_where=text("incident_id IS NOT NULL"),
            postgresql_where=text("incident_id IS NOT NULL"),
        ),
        Index(
            "ix_disputes_pilot",
            "pilot_id",
            "id",
            sqlite_where=text("pilot_id IS NOT NULL"),
            postgresql_where=text("pilot_id IS NOT NULL"),
        ),
        Index(
            "ix_disputes_merged",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index(
            "ix_disputes_split",
            "split_from_id",
            sqlite_where=text("split_from_id IS NOT NULL"),
            postgresql_where=text("split_from_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)  # what people see
    workflow: Mapped[str]
    source: Mapped[str]
    external_id: Mapped[str]
    channel: Mapped[str]  # the original way in: app, web, hotline ... (I1)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("parties.id"), index=True)
    merchant_id: Mapped[int | None] = mapped_column(ForeignKey("parties.id"))
    locale: Mapped[str] = mapped_column(default="en")  # the buyer's language
    entered: Mapped[str]  # why it came to the desk (W1)
    appeared: Mapped[str] = mapped_column(default="")  # when the problem appeared (I2)
    story: Mapped[Sealed | None]  # the buyer's words, sealed with the buyer's key
    opened_at: Mapped[dt.datetime] = mapped_column(index=True)
    hour: Mapped[int] = mapped_column(default=0)  # on the desk's clock when it came in
    grade: Mapped[str] = mapped_column(default="")  # the fact once more: lists are narrowed by it
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incidents.id"))
    pilot_id: Mapped[int | None] = mapped_column(ForeignKey("pilots.id"))  # it was drawn for (S5)
    # The dispute that tells the story on where this one was a second telling of it (K2).
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("disputes.id"))
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("disputes.id"))
    # What of the order it is about since a split: `items` (line:quantity), `paid` and `freight` in
    # minor units; null where it is the whole order.
    part: Mapped[dict[str, Any] | None]


class Visit(Base):
    """One stay of a dispute in one stage; at most one per dispute is open."""

    __tablename__ = "visits"
    __table_args__ = (
        Index(
            "ix_visits_one_open",
            "dispute_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
        Index(
            "ix_visits_queue",
            "stage",
            "dispute_id",
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
        Index(
            "ix_visits_held",
            "holder_id",
            sqlite_where=text("left_at IS NULL AND holder_id IS NOT NULL"),
            postgresql_where=text("left_at IS NULL AND holder_id IS NOT NULL"),
        ),
        Index(
            "ix_visits_snoozed",
            "snoozed_until",
            sqlite_where=text("left_at IS NULL AND snoozed_until IS NOT NULL"),
            postgresql_where=text("left_at IS NULL AND snoozed_until IS NOT NULL"),
        ),
        Index(
            "ix_visits_assign",
            "assign_at",
            sqlite_where=text("left_at IS NULL AND assign_at IS NOT NULL"),
            postgresql_where=text("left_at IS NULL AND assign_at IS NOT NULL"),
        ),
        Index(  # what a person decided, and when
            "ix_visits_decider",
            "decider_id",
            "left_at",
            sqlite_where=text("decider_id IS NOT NULL"),
            postgresql_where=text("decider_id IS NOT NULL"),
        ),
        Index("ix_visits_dispute_id_id", "dispute_id", "id"),
        Index(  # what has not ended: little, however many have
            "ix_visits_live",
            "kind",
            "dispute_id",
            # PostgreSQL takes open visits for a fifth of all: it comes here only if this is all.
            postgresql_include=[
                *("id", "stage", "holder_id", "held_until"),
                *("opened_at", "parked_at", "snoozed_until", "document_id"),
            ],
            sqlite_where=text("left_at IS NULL AND kind <> 'final'"),
            postgresql_where=text("left_at IS NULL AND kind <> 'final'"),
        ),
        Index(  # what has ended, in the order of the list
            "ix_visits_ended",
            "dispute_id",
            sqlite_where=text("left_at IS NULL AND kind = 'final'"),
            postgresql_where=text("left_at IS NULL AND kind = 'final'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"))
    stage: Mapped[str]
    kind: Mapped[str]
    channel: Mapped[str]  # fixed when the visit opens; empty where it has no card
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    opened_at: Mapped[dt.datetime]
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    held_until: Mapped[dt.datetime | None]  # null with a holder: until released
    left_at: Mapped[dt.datetime | None]
    decision: Mapped[str | None]
    meaning: Mapped[str | None]
    by: Mapped[str | None]
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    undone_at: Mapped[dt.datetime | None]  # since when the visit counts for nothing (D3)
    parked_at: Mapped[dt.datetime | None]  # since when a supervisor is asked: no option fits (D4)
    snoozed_until: Mapped[dt.datetime | None]  # out of the queue until then (K4)
    rule: Mapped[str | None]  # the assignment rule by which its holder has it (A2)
    assign_at: Mapped[dt.datetime | None]  # when rules next look for a holder where nobody holds it


class Fact(Base):
    """What became known of a dispute; append-only, the latest event's rows of a key are current."""

    __tablename__ = "facts"
    __table_args__ = (Index("ix_facts_dispute_id_id", "dispute_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    key: Mapped[str]
    text: Mapped[str | None]
    number: Mapped[int | None]
    listed: Mapped[bool] = mapped_column(default=False)  # one of several values of a list


class NoFit(Base):
    """An agent said that no option fits, at a stage and for a field that stayed empty (D4, M3)."""

    __tablename__ = "no_fits"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    stage: Mapped[str]
    field: Mapped[str] = mapped_column(default="")  # empty where it was the decision that lacked
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    said_at: Mapped[dt.datetime] = mapped_column(index=True)


class Judgment(Base):
    """How a later stage judged an earlier visit (W6); the latest row of a visit is current."""

    __tablename__ = "judgments"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    judged_by_visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    judged_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sound: Mapped[bool]
    option: Mapped[str]
    judged_at: Mapped[dt.datetime]
    undone_at: Mapped[dt.datetime | None]  # its decision was undone: nobody judged anything
    contested_at: Mapped[dt.datetime | None]
    contest: Mapped[str] = mapped_column(default="")  # why the judged agent disagrees
    settled_at: Mapped[dt.datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    upheld: Mapped[bool | None]  # false: withdrawn, and counted no more
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("judgments.id"), index=True)
