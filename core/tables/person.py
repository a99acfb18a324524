"""People of the desk, the channels they meet in, and the parties of disputes."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.secrets import Sealed
from core.tables.base import Base


class Person(Base):
    """Somebody who works at the desk."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    slack_id: Mapped[str | None] = mapped_column(unique=True)
    roles: Mapped[list[str]]
    home_stage: Mapped[str] = mapped_column(default="")
    stages: Mapped[list[str]] = mapped_column(default=list)  # the only ones they act at; []: all
    team: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="en")
    zone: Mapped[str] = mapped_column(default="UTC")
    active: Mapped[bool] = mapped_column(default=True)
    capacity: Mapped[int | None]  # how many visits rules let them hold at most; null: no end (A2)
    absent_from: Mapped[dt.datetime | None]
    absent_until: Mapped[dt.datetime | None]  # null with a beginning: until further notice
    turn: Mapped[int] = mapped_column(
        default=0
    )  # of the last assignment by rule: see ActiveDocument
    version: Mapped[int] = mapped_column(default=1)  # guards a save against a newer one
    as_in_slack: Mapped[bool] = mapped_column(default=True)  # language and zone follow Slack's
    quiet_from: Mapped[str] = mapped_column(default="")  # HH:MM in their zone; empty: never quiet
    quiet_to: Mapped[str] = mapped_column(default="")
    profile_at: Mapped[dt.datetime | None]  # when Slack's profile was last read
    dm: Mapped[str] = mapped_column(default="")  # Slack's id of their direct messages with the bot
    practised_at: Mapped[dt.datetime | None]  # when they had decided the practice disputes (T1)
    skipped_at: Mapped[dt.datetime | None]  # when they went to the real queue without
    practises_for: Mapped[dict[str, Any] | None]  # here only to practise: who they are, and where


class Channel(Base):
    """A place in Slack: the document names its key, this row says where that is now."""

    __tablename__ = "channels"

    key: Mapped[str] = mapped_column(primary_key=True)
    slack_id: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="en")
    most_cards: Mapped[int] = mapped_column(default=100)  # live cards; the rest wait in Home
    group_id: Mapped[str] = mapped_column(default="")  # Slack's user group that alerts mention
    counts_in_topic: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class Sign(Base):
    """What the desk keeps at a channel's head: its part of the topic, and the pinned guide."""

    __tablename__ = "signs"

    key: Mapped[str] = mapped_column(ForeignKey("channels.key"), primary_key=True)
    slack_id: Mapped[str]  # where this was put; elsewhere it is put anew
    topic: Mapped[str] = mapped_column(default="")  # the desk's own part, as it was last set
    topic_of: Mapped[str] = mapped_column(default="")  # the counts it tells
    topic_at: Mapped[dt.datetime | None]  # the desk's time
    guide_ts: Mapped[str] = mapped_column(default="")
    guide_shown: Mapped[str] = mapped_column(default="")  # digest of what it says
    guide_of: Mapped[str] = mapped_column(default="")  # the document and language it was made from


class PersonKey(Base):
    """The key that seals one person's texts; without `wrapped` the person is erased (X4)."""

    __tablename__ = "person_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[dt.datetime]
    destroyed_at: Mapped[dt.datetime | None]


class Party(Base):
    """A buyer, merchant, consignor or carrier, as the source system knows them."""

    __tablename__ = "parties"
    __table_args__ = (UniqueConstraint("reference", "kind", "source"),)  # searched by the first

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    kind: Mapped[str]
    reference: Mapped[str]  # the source's own id, never a name
    key_id: Mapped[int | None] = mapped_column(ForeignKey("person_keys.id"))
    name: Mapped[Sealed | None]
    contact: Mapped[Sealed | None]
    contact_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    # What the source says of a buyer (P5), or of a merchant: its standing alone (A5).
    tags: Mapped[list[str]] = mapped_column(default=list)


class PartyTag(Base):
    """A tag of a buyer once more, in a row of its own: by it the buyers who have it are found."""

    __tablename__ = "party_tags"

    tag: Mapped[str] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("parties.id"), primary_key=True, index=True)
