"""What must be told outside: messages, the cards they became, and the lanes they travel in."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Outbox(Base):
    """A stored message: a template's kind and ids, never rendered text.

    States: waiting, leased, sent, unknown, superseded, parked; let_go where an operator gave a
    parked one up. `token` grows with every lease; whoever holds an older one writes nothing.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_open",
            "lane",
            "rank",
            "id",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index("ix_outbox_visit_id", "visit_id"),
        Index(
            "ix_outbox_trouble",
            "state",
            "id",
            sqlite_where=text("state IN ('parked', 'unknown')"),
            postgresql_where=text("state IN ('parked', 'unknown')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lane: Mapped[str]
    kind: Mapped[str]
    dedupe: Mapped[str] = mapped_column(unique=True)
    dispute_id: Mapped[int | None] = mapped_column(ForeignKey("disputes.id"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"))
    data: Mapped[dict[str, Any]]
    reply_to: Mapped[bytes | None] = mapped_column(LargeBinary)  # a sealed response_url
    rank: Mapped[int] = mapped_column(SmallInteger, default=0)  # the lower goes first in its lane
    state: Mapped[str] = mapped_column(default="waiting")
    token: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[dt.datetime | None]
    not_before: Mapped[dt.datetime | None]
    # The desk's clock: until then the decision behind it may be undone, and it must not leave.
    undo_until: Mapped[dt.datetime | None]
    # The desk's clock too: until then its reader is not to be disturbed.
    quiet_until: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    first_tried_at: Mapped[dt.datetime | None]  # the wall clock's; where reconciling looks from
    finished_at: Mapped[dt.datetime | None]
    reason: Mapped[str | None]  # why it is parked, unknown or deferred
    sent_as: Mapped[str | None]  # where it stands in Slack, CHANNEL/TS: every other copy is one


class MessageAct(Base):
    """What somebody did about a parked message: appended, never changed."""

    __tablename__ = "message_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), index=True)
    act: Mapped[str]  # let_go, or again
    why: Mapped[str]  # the preset reason for letting go; empty where it was sent again
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[dt.datetime]


class Card(Base):
    """The card of a visit, once it is in Slack."""

    __tablename__ = "cards"
    __table_args__ = (
        Index(
            "ix_cards_live",
            "channel",
            sqlite_where=text("live"),
            postgresql_where=text("live"),
        ),
    )

    visit_id: Mapped[int] = mapped_column(
        ForeignKey("visits.id"), primary_key=True, autoincrement=False
    )
    channel: Mapped[str]  # Slack's id of the channel
    ts: Mapped[str]
    shown: Mapped[str] = mapped_column(default="")  # digest of what it shows
    live: Mapped[bool] = mapped_column(default=True)  # until it shrank to one line
    posted_at: Mapped[dt.datetime]


class Lane(Base):
    """A road with a speed limit: one channel's posts, one workspace's updates, the marketplace."""

    __tablename__ = "lanes"

    key: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[dt.datetime]  # the wall clock's, not the desk's


class Outage(Base):
    """What delivery cannot reach: the workspace by its token, or a channel; told once each time."""

    __tablename__ = "outages"

    key: Mapped[str] = mapped_column(primary_key=True)  # `token`, or `channel:<key>`
    place: Mapped[str]  # the Slack channel that was lost, empty where none is set
    reason: Mapped[str]  # Slack's error
    times: Mapped[int]  # how often it was lost so far: tells one telling from the next
    since: Mapped[dt.datetime]  # the wall clock's, all three
    next_at: Mapped[dt.datetime]  # when it is tried again
    ended_at: Mapped[dt.datetime | None]
