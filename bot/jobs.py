"""What a message of the outbox comes to at this moment: a call to make, or why there is none.

Everything is read and rendered here, in one reading transaction; nothing is sent.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import Connection, select

from bot.calls import Outcome
from bot.cards import judged
from bot.cards.card import Message, card
from bot.cards.digest import digest_of
from bot.cards.lines import alert, decided, line
from bot.cards.parked import parked
from bot.happenings import group_of, happening, promise
from core.desk import delivery, documents, outbox, people, places, queues, views
from core.desk.delivery import Lease
from core.desk.views import CardView
from core.secrets import Vault
from core.tables import Card, Channel, Judgment, Outbox, Person, Visit

Permalink = Callable[[tuple[str, str] | None], str | None]
POST, UPDATE = "chat.postMessage", "chat.update"


@dataclass(frozen=True, slots=True)
class Job:
    """A call to make: `visit_id` is whose card it shows, `covers` the redraws it makes needless."""

    method: str
    channel: str
    message: Message
    thread_ts: str = ""
    ts: str = ""
    visit_id: int | None = None
    covers: tuple[int, ...] = ()
    shown: str = ""
    aside: Message | None = None  # said to whoever pressed, beside the card, where it can be
    live: bool = True  # whether the card is of an open visit
    to: str = ""  # the Slack id of the one person who reads it
    run: Callable[[WebClient], Outcome] | None = None  # instead of a message


@dataclass(frozen=True, slots=True)
class Instead:
    """The card itself has to come up first, and then shows what the message would have told."""

    reason: str
    visit_id: int


@dataclass(frozen=True, slots=True)
class Pointless:
    """The message has lost its point."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """The message has to wait for another one, or for an operator."""

    reason: str
    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class Resting:
    """Its reader is not to be disturbed until then, by the desk's time."""

    until: dt.datetime


Prepared = Job | Pointless | NotYet | Instead | Resting


@dataclass(frozen=True, slots=True)
class Scene:
    """What every kind of message is made from."""

    connection: Connection
    lease: Lease
    view: CardView
    permalink: Permalink
    covers: tuple[int, ...]  # redraws of the same card that this one makes needless
    now: dt.datetime


def prepare(
    connection: Connection, lease: Lease, vault: Vault, permalink: Permalink, *, now: dt.datetime
) -> Prepared:
    """What the leased message comes to now."""
    if lease.kind == outbox.DIGEST:
        return _digest(connection, lease)
    making = {
        outbox.CARD: _card,
        outbox.REDRAW: _redraw,
        outbox.LINE: _line,
        outbox.ALERT: _alert,
        outbox.PARKED: _parked,
        outbox.JUDGED: _judged,
        outbox.CONTESTED: _judged,
        outbox.SETTLED: _judged,
    }.get(lease.kind)
    if making is None or lease.visit_id is None:
        return Pointless(f"no message of kind {lease.kind}")
    covers = delivery.redraws_of(connection, lease.visit_id, outbox.REDRAW)
    view = views.card_view(connection, lease.visit_id, vault, now=now)
    if view is None:
        return Pointless("its visit is gone")
    others = tuple(row for row in covers if row != lease.id)
    return making(Scene(connection, lease, view, permalink, others, now))


def _digest(connection: Connection, lease: Lease) -> Prepared:
    channel = _channel_of(connection, lease.lane)
    if isinstance(channel, NotYet):
        return channel
    worst = queues.rows(connection, queues.open_visits().where(Visit.id.in_(lease.data["visits"])))
    items = [(row, documents.load(connection, row.document_id)) for row in worst]
    return Job(POST, channel.slack_id, digest_of(items, lease.data, channel.locale))


def _card(scene: Scene) -> Prepared:
    posted = views.card_place(scene.connection, scene.view.visit_id)
    if posted is not None:
        return _drawing(scene, posted)
    if not scene.view.open:
        return Pointless("it was left before its card was shown")
    channel = _channel(scene)
    if isinstance(channel, NotYet):
        return channel
    if not _pressing(scene) and places.full(scene.connection, channel.slack_id, channel.most_cards):
        return Pointless("its channel is full; it waits in Home")
    message = card(scene.view, channel.locale)
    return Job(
        POST,
        channel.slack_id,
        message,
        visit_id=scene.view.visit_id,
        covers=scene.covers,
        shown=digest(message),
    )


def _redraw(scene: Scene) -> Prepared:
    posted = views.card_place(scene.connection, scene.view.visit_id)
    if posted is not None:
        return _drawing(scene, posted)
    if _card_open(scene, delivery.LEASED, delivery.UNKNOWN):
        return NotYet("its card is just being posted", 1.0)
    if scene.view.open and _pressing(scene) and not _card_open(scene, delivery.WAITING):
        return Instead("its card comes up", scene.view.visit_id)
    return Pointless("its card will be drawn as it is by then")


def _pressing(scene: Scene) -> bool:
    """Whether the card is shown whatever the channel's number says: held, or overdue."""
    due_at = scene.view.due_at
    return bool(scene.view.holder) or (due_at is not None and due_at <= scene.now)


def _drawing(scene: Scene, posted: tuple[str, str]) -> Prepared:
    """The card as it should be now, unless it is that already."""
    connection, view = scene.connection, scene.view
    channel_id, ts = posted
    locale = connection.scalar(select(Channel.locale).where(Channel.slack_id == channel_id)) or "en"
    message = card(view, locale, scene.permalink(view.next_card))
    shown = digest(message)
    if connection.scalar(select(Card.shown).where(Card.visit_id == view.visit_id)) == shown:
        return Pointless("the card shows that already")
    return Job(
        UPDATE,
        channel_id,
        message,
        ts=ts,
        visit_id=view.visit_id,
        covers=scene.covers,
        shown=shown,
        aside=_aside(scene),
        live=view.open,
    )


def _aside(scene: Scene) -> Message | None:
    """What the author of a decision is told: that it was made, and how to take it back (D3)."""
    view, data = scene.view, scene.lease.data
    if view.open or view.undone or "undo" not in data:
        return None
    until = dt.datetime.fromisoformat(data["until"])
    if scene.now >= until:
        return None
    locale = scene.connection.scalar(select(Person.locale).where(Person.id == data["undo"]))
    return decided(view, until, int(data["amount"]), locale or "en")


def _line(scene: Scene) -> Prepared:
    posted = views.card_place(scene.connection, scene.view.visit_id)
    if posted is None:
        waiting = _card_open(scene, delivery.WAITING, delivery.LEASED, delivery.UNKNOWN)
        return NotYet("its card is not posted yet") if waiting else Pointless("it has no card")
    channel = _channel(scene)
    if isinstance(channel, NotYet):
        return channel
    event_id = int(scene.lease.data["event"])
    told = happening(scene.connection, event_id, channel.locale)
    message = line(scene.view, told, channel.locale)
    return Job(POST, posted[0], message, thread_ts=posted[1])


def _alert(scene: Scene) -> Prepared:
    channel = _channel(scene)
    if isinstance(channel, NotYet):
        return channel
    deadline_id = int(scene.lease.data["deadline"])
    level, due_at = promise(scene.connection, deadline_id, channel.locale)
    place = scene.permalink(views.card_place(scene.connection, scene.view.visit_id))
    group = group_of(scene.connection, scene.view.stage.channel, scene.lease.lane)
    told = alert(scene.view, level, due_at, channel.locale, place, group)
    return Job(POST, channel.slack_id, told)


def _parked(scene: Scene) -> Prepared:
    if scene.view.parked_at is None:
        return Pointless("it was answered before anybody was asked")
    channel = _channel(scene)
    if isinstance(channel, NotYet):
        return channel
    told = happening(scene.connection, int(scene.lease.data["event"]), channel.locale)
    place = scene.permalink(views.card_place(scene.connection, scene.view.visit_id))
    return Job(POST, channel.slack_id, parked(scene.view, told, channel.locale, place))


def _judged(scene: Scene) -> Prepared:
    """A judgment as one person, or the supervisors, are told it."""
    verdict = _verdict(scene.connection, int(scene.lease.data["judgment"]))
    if isinstance(verdict, Pointless):
        return verdict
    if scene.lease.kind == outbox.CONTESTED:
        channel = _channel(scene)
        if isinstance(channel, NotYet):
            return channel
        return Job(POST, channel.slack_id, judged.asked(scene.view, verdict, channel.locale))
    person_id = int(scene.lease.lane.partition(":")[2])
    locale = scene.connection.scalar(select(Person.locale).where(Person.id == person_id)) or "en"
    telling = judged.told if scene.lease.kind == outbox.JUDGED else judged.settled
    return Job(POST, "", telling(scene.view, verdict, locale))


def _verdict(connection: Connection, judgment_id: int) -> judged.Verdict | Pointless:
    row = connection.execute(select(Judgment).where(Judgment.id == judgment_id)).first()
    if row is None or row.undone_at is not None:
        return Pointless("the judgment was undone")
    judge, agent = people.name(connection, row.judge_id), people.name(connection, row.judged_id)
    return judged.Verdict(row.id, row.option, judge, agent, row.contest, row.upheld)


def digest(message: Message) -> str:
    """A short fingerprint of what a card shows."""
    text = json.dumps(message, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _channel(scene: Scene) -> Any:
    """Where the lane leads, or that nobody has said yet (fault 17)."""
    return _channel_of(scene.connection, scene.lease.lane)


def _channel_of(connection: Connection, lane: str) -> Any:
    key = lane.partition(":")[2]
    row = connection.execute(
        select(Channel.slack_id, Channel.locale, Channel.most_cards).where(Channel.key == key)
    ).first()
    if row is None or not row.slack_id:
        return NotYet(f"channel {key} has no Slack channel yet", 30.0)
    return row


def _card_open(scene: Scene, *states: str) -> bool:
    """Whether the posting of this visit's card is in one of these states."""
    found = scene.connection.scalar(
        select(Outbox.id).where(
            Outbox.visit_id == scene.view.visit_id,
            Outbox.kind == outbox.CARD,
            Outbox.finished_at.is_(None),
            Outbox.state.in_(states),
        )
    )
    return found is not None
