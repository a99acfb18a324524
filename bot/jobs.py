"""What a message of the outbox comes to at this moment: a call to make, or why there is none.

Everything is read and rendered here, in one reading transaction; nothing is sent.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from bot import news
from bot.alarms import Alarms
from bot.cards import judged
from bot.cards.card import Message, card
from bot.cards.lines import decided, line
from bot.cards.parked import parked
from bot.happenings import happening
from bot.job import POST, UPDATE, Instead, Job, Pointless, Prepared
from bot.pages import Pages
from bot.roads import NotYet, Permalink, Reroute, named, road
from core.desk import cards, delivery, outages, outbox, people, places, views
from core.desk.delivery import Lease
from core.desk.firing import WARNED
from core.desk.outages import Known
from core.desk.pieces import Addresses
from core.desk.views import CardView
from core.secrets import Vault
from core.tables import Card, Channel, Judgment, Outbox, Person


@dataclass(frozen=True, slots=True)
class Scene:
    """What every kind of message is made from."""

    connection: Connection
    lease: Lease
    view: CardView
    permalink: Permalink
    road: Any  # the channel to which the lane leads, or why the message cannot go there now
    covers: tuple[int, ...]  # redraws of the same card that this one makes needless
    now: dt.datetime

    @property
    def channel(self) -> Any:
        """The channel to which the lane leads; raises Elsewhere."""
        if isinstance(self.road, NotYet | Reroute):
            raise Elsewhere(self.road)
        return self.road


class Elsewhere(Exception):
    """The message cannot go into its channel now."""

    def __init__(self, instead: NotYet | Reroute) -> None:
        super().__init__(repr(instead))
        self.instead = instead


def prepare(
    connection: Connection,
    lease: Lease,
    vault: Vault,
    permalink: Permalink,
    addresses: Addresses,
    *,
    now: dt.datetime,
    known: Known = outages.NONE,
    trying: bool = False,
) -> Prepared:
    """What the leased message comes to now, with these outages; see `road` for `trying`."""
    way: Any = None
    if lease.lane.startswith(outbox.post_lane("")) and lease.kind != outbox.LINE:
        way = road(connection, lease, known, trying=trying)
    if lease.kind in news.KINDS:
        return news.of_channel(connection, lease, way)
    alarms = Alarms(connection, vault, permalink, addresses, now)
    if lease.kind == outbox.ALERT:
        return alarms.in_channel(lease, way)
    if lease.kind == outbox.REALERT:
        return alarms.again(lease)
    if lease.kind == outbox.REPAGE:
        return Pages(connection, vault, permalink, addresses, now).again(lease)
    if lease.kind in (outbox.ON_DUTY, outbox.ROTA_TROUBLE):
        return news.of_rota(connection, lease, way, now=now)
    making = {
        outbox.CARD: _card,
        outbox.REDRAW: _redraw,
        outbox.LINE: _line,
        outbox.PARKED: _parked,
        outbox.JUDGED: _judged,
        outbox.CONTESTED: _judged,
        outbox.SETTLED: _judged,
    }.get(lease.kind)
    if making is None or lease.visit_id is None:
        return Pointless(f"no message of kind {lease.kind}")
    covers = delivery.redraws_of(connection, lease.visit_id, outbox.REDRAW)
    view = views.card_view(connection, lease.visit_id, vault, addresses, now=now)
    if view is None:
        return Pointless("its visit is gone")
    others = tuple(row for row in covers if row != lease.id)
    try:
        return making(Scene(connection, lease, view, permalink, way, others, now))
    except Elsewhere as elsewhere:
        return elsewhere.instead


def _card(scene: Scene) -> Prepared:
    posted = cards.place(scene.connection, scene.view.visit_id)
    if posted is not None:
        return _drawing(scene, posted)
    if not scene.view.open:
        return Pointless("it was left before its card was shown")
    channel = scene.channel
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
        key=channel.key,
    )


def _redraw(scene: Scene) -> Prepared:
    if scene.lease.data.get(outbox.GENTLY) and scene.view.open and scene.view.holder:
        return Pointless("the thread tells it; a redraw would wipe what somebody is choosing")
    posted = cards.place(scene.connection, scene.view.visit_id)
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
    posted = cards.place(scene.connection, scene.view.visit_id)
    if posted is None:
        waiting = _card_open(scene, delivery.WAITING, delivery.LEASED, delivery.UNKNOWN)
        return NotYet("its card is not posted yet") if waiting else Pointless("it has no card")
    key, locale = named(scene.connection, scene.lease, posted[0])
    if scene.lease.lane != outbox.post_lane(key):
        return Reroute(outbox.post_lane(key), scene.lease.data)
    told = happening(scene.connection, int(scene.lease.data["event"]), locale)
    if told.kind == WARNED and told.due_at is None:
        return Pointless("what it tells of stands still meanwhile")
    return Job(POST, posted[0], line(scene.view, told, locale), thread_ts=posted[1], key=key)


def _parked(scene: Scene) -> Prepared:
    if scene.view.parked_at is None:
        return Pointless("it was answered before anybody was asked")
    channel = scene.channel
    told = happening(scene.connection, int(scene.lease.data["event"]), channel.locale)
    place = scene.permalink(cards.place(scene.connection, scene.view.visit_id))
    message = parked(scene.view, told, channel.locale, place)
    return Job(POST, channel.slack_id, message, key=channel.key)


def _judged(scene: Scene) -> Prepared:
    """A judgment as one person, or the supervisors, are told it."""
    verdict = _verdict(scene.connection, int(scene.lease.data["judgment"]))
    if isinstance(verdict, Pointless):
        return verdict
    if scene.lease.kind == outbox.CONTESTED:
        channel = scene.channel
        message = judged.asked(scene.view, verdict, channel.locale)
        return Job(POST, channel.slack_id, message, key=channel.key)
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
