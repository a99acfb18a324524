"""Delivery: stored messages to Slack, leased and settled in the database, sent in between.

Nothing is repeated by a client; nothing is sent again before its outcome is known (fault 10).
"""

import datetime as dt
import logging
import random
from collections.abc import Sequence
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import Connection, delete, insert, select

from bot import ids, personal
from bot.calls import TOO_MUCH, Done, Later, Outcome, Refused, Unknown, call, form_call, respond
from bot.cards.parts import fallback, plain
from bot.context import Bot, client
from bot.jobs import POST, UPDATE, Instead, Job, NotYet, Pointless, Resting
from bot.linking import link_previous
from bot.preparing import prepare
from core.desk import delivery, digest, outbox, places, preferences, signs
from core.desk.delivery import Lease
from core.secrets import CannotOpen
from core.tables import Card, Outbox, Visit

log = logging.getLogger("redress.delivery")

LANES = ("post:", outbox.DIRECT_LANES, outbox.SIGN_LANES, outbox.UPDATE_LANE)
PER_CHANNEL = dt.timedelta(seconds=1.05)
PER_UPDATE = dt.timedelta(seconds=1.25)  # chat.update: 50 a minute in a workspace
AT_ONCE = dt.timedelta()
EVENT_TYPE = "redress_message"
MOST_OPENED = 5  # tries at a person's direct messages
LONGEST_WAIT = 300.0  # seconds
MOST_PATIENCE = 30.0  # seconds until a message that waits for another one is looked at again


def pace(lane: str) -> dt.timedelta:
    """How long a lane rests after a message, so that Slack never has to ask for it."""
    return PER_UPDATE if lane == outbox.UPDATE_LANE else PER_CHANNEL


def unpaced(_lane: str) -> dt.timedelta:
    """No rest at all: where rates are off."""
    return AT_ONCE


def deliver(bot: Bot, *, paced: bool = True, per_lane: int = 1, most: int = 20) -> int:
    """One pass: leases what may go out now, sends it, settles it; returns how many there were."""
    leases = bot.database.transact_wall(
        delivery.lease, LANES, pace if paced else unpaced, per_lane=per_lane, most=most
    )
    sender = client(bot.token, bot.base_url)
    _collapse(bot, leases)
    for lease in leases:
        carry(bot, sender, lease)
    return len(leases)


def _collapse(bot: Bot, leases: Sequence[Lease]) -> None:
    """Where what goes out now has waited for long, the rest of its lane becomes one digest."""
    if not leases:
        return
    now = bot.database.read(lambda _connection, now: now)
    late = [x for x in leases if x.kind != outbox.DIGEST and x.created_at <= now - digest.LATE]
    for lane in {lease.lane for lease in late if lease.lane != outbox.UPDATE_LANE}:
        bot.database.transact(digest.collapse, lane)


def carry(bot: Bot, sender: WebClient, lease: Lease) -> None:
    """Takes one leased message as far as it gets."""
    job = bot.database.read(prepare, lease, bot.vault, bot.permalink)
    if isinstance(job, Pointless):
        bot.database.transact_wall(_drop, lease, job)
    elif isinstance(job, Instead):
        bot.database.transact_wall(_come_up, lease, job)
    elif isinstance(job, NotYet):
        # Longer each time: looked at ever so often, the first in a lane would starve the rest.
        seconds = job.seconds * 2.0 ** min(lease.attempts - 1, 8)
        wait = dt.timedelta(seconds=min(MOST_PATIENCE, seconds))
        bot.database.transact_wall(
            delivery.defer, lease, wait, job.reason, maybe_sent=lease.uncertain, unsent=True
        )
    elif isinstance(job, Resting):
        bot.database.transact_wall(delivery.rest, lease, job.until)
    elif bot.database.read_wall(delivery.in_hand, lease):
        reached = personal.reach(bot, sender, job)
        if not isinstance(reached, Job):
            _conclude(bot, lease, job, reached)
            return
        job = reached
        if lease.uncertain and job.method == POST:
            found = _look_for(sender, lease, job)
            if isinstance(found, Done):
                bot.database.transact_wall(_settle, lease, job, str(found.data["ts"]))
                return
            if isinstance(found, Later):
                _wait(bot, lease, found.seconds, found.reason, maybe_sent=True)
                return
        _conclude(bot, lease, job, _send(bot, sender, lease, job))


def _send(bot: Bot, sender: WebClient, lease: Lease, job: Job) -> Outcome:
    text, blocks = job.message
    if job.method == UPDATE:
        url = _reply_url(bot, lease)
        if url is not None:
            message = {"text": text, "blocks": blocks, "replace_original": True}
            outcome = respond(url, message)
            if isinstance(outcome, Done):
                # The lane's pace is chat.update's, and none was made: the next one need not wait.
                bot.database.transact_wall(delivery.wake_lane, lease.lane)
                _say_aside(url, job)
                return outcome
        payload: dict[str, Any] = {"channel": job.channel, "ts": job.ts}
    else:
        payload = {
            "channel": job.channel,
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"outbox": lease.id}},
        }
        if job.thread_ts:
            payload["thread_ts"] = job.thread_ts
    content = {**payload, "text": text, "blocks": blocks}
    outcome = job.run(sender) if job.run else call(sender, job.method, content)
    if isinstance(outcome, Refused) and outcome.error in TOO_MUCH:
        log.warning("Slack refused a message (%s); its plain text goes instead", outcome.error)
        safe = [{"type": "section", "text": plain(text, 2900)}]
        outcome = call(sender, job.method, {**payload, "text": fallback(text), "blocks": safe})
    if isinstance(outcome, Refused) and outcome.error == "not_in_channel":
        joined = form_call(sender, "conversations.join", {"channel": job.channel})
        if isinstance(joined, Done):
            return Later(0.1, "joined the channel")
    return outcome


def _say_aside(url: str, job: Job) -> None:
    """Tells whoever pressed what only they need; transient, so it may be lost."""
    if job.aside is not None:
        text, blocks = job.aside
        aside = {"text": text, "blocks": blocks, "replace_original": False}
        respond(url, {**aside, "response_type": "ephemeral"})


def _conclude(bot: Bot, lease: Lease, job: Job, outcome: Outcome) -> None:
    """Writes down what became of it."""
    match outcome:
        case Done(data):
            bot.database.transact_wall(_settle, lease, job, str(data.get("ts", job.ts)))
        case Later(seconds, reason, whole_lane):
            _wait(bot, lease, seconds, reason, whole_lane=whole_lane)
        case Unknown(reason):
            backoff = min(LONGEST_WAIT, 2.0 ** min(lease.attempts, 8))
            seconds = backoff * random.uniform(0.75, 1.25)  # noqa: S311  jitter, no secret
            _wait(bot, lease, seconds, reason, maybe_sent=True)
        case Refused("channel_not_found") if job.to and lease.attempts < MOST_OPENED:
            bot.database.transact(preferences.reached, job.to, "")
            _wait(bot, lease, 1, "its direct messages are opened anew")
        case Refused("message_not_found") if lease.kind == outbox.GUIDE:
            bot.database.transact_wall(signs.guide_lost, lease)
        case Refused("message_not_found") if job.method == UPDATE:
            bot.database.transact_wall(_card_lost, lease, job)
        case Refused(error):
            log.error("message %s is parked: %s", lease.id, error)
            bot.database.transact_wall(delivery.park, lease, error)


def _wait(
    bot: Bot,
    lease: Lease,
    seconds: float,
    reason: str,
    *,
    maybe_sent: bool = False,
    whole_lane: bool = False,
) -> None:
    bot.database.transact_wall(
        delivery.defer,
        lease,
        dt.timedelta(seconds=seconds),
        reason,
        maybe_sent=maybe_sent,
        whole_lane=whole_lane,
    )


def _settle(connection: Connection, lease: Lease, job: Job, ts: str, *, now: dt.datetime) -> None:
    """It arrived. A card remembers where it is; the card before it learns where to link."""
    if not delivery.sent(connection, lease, now=now, covers=job.covers):
        return
    if lease.kind == outbox.ALERT and lease.visit_id is not None:
        places.show(connection, lease.visit_id, f"alert:{lease.id}", now=now)
    signs.settled(connection, lease, job.shown, ts, now=now)
    if job.visit_id is None:
        return
    delivery.card_posted(
        connection, job.visit_id, job.channel, ts, job.shown, now=now, live=job.live
    )
    if job.method == POST:
        link_previous(connection, job.visit_id, lease, now=now)
    elif not job.live:
        _fill(connection, job.visit_id, lease, now=now)


def _drop(connection: Connection, lease: Lease, job: Pointless, *, now: dt.datetime) -> None:
    """A card that is not posted after all leaves its place to the next one."""
    dropped = delivery.supersede(connection, lease, job.reason, now=now, unsent=True)
    if dropped and lease.kind == outbox.CARD and lease.visit_id is not None:
        _fill(connection, lease.visit_id, lease, now=now)


def _fill(connection: Connection, visit_id: int, lease: Lease, *, now: dt.datetime) -> None:
    """The place of a card that shrank goes to the most urgent dispute that waits for one."""
    channel = connection.scalar(select(Visit.channel).where(Visit.id == visit_id))
    places.come_up(connection, channel or "", f"place:{lease.id}", now=now)


def _come_up(connection: Connection, lease: Lease, job: Instead, *, now: dt.datetime) -> None:
    if delivery.supersede(connection, lease, job.reason, now=now, unsent=True):
        places.show(connection, job.visit_id, f"instead:{lease.id}", now=now)


def _card_lost(connection: Connection, lease: Lease, job: Job, *, now: dt.datetime) -> None:
    """Somebody deleted the card: an open visit gets a new one, once (fault 14)."""
    if not delivery.supersede(connection, lease, "its card was deleted in Slack", now=now):
        return
    connection.execute(delete(Card).where(Card.visit_id == job.visit_id))
    visit = connection.execute(
        select(Visit.channel, Visit.dispute_id, Visit.left_at).where(Visit.id == job.visit_id)
    ).one()
    again = f"card:{job.visit_id}:again"
    known = connection.scalar(select(Outbox.id).where(Outbox.dedupe == again))
    if visit.left_at is None and known is None and job.visit_id is not None:
        row = outbox.card(job.visit_id, visit.channel, visit.dispute_id, now=now)
        connection.execute(insert(Outbox), {**row, "dedupe": again})
    elif visit.left_at is not None and job.visit_id is not None:
        _fill(connection, job.visit_id, lease, now=now)


def _look_for(sender: WebClient, lease: Lease, job: Job) -> Outcome:
    """Looks whether an uncertain message arrived, by the outbox id in its metadata (fault 8)."""
    params: dict[str, Any] = {
        "channel": job.channel,
        "include_all_metadata": True,
        "limit": 100,
        "oldest": f"{lease.first_tried_at.timestamp() - 120:.6f}",
    }
    method = "conversations.history"
    if job.thread_ts:
        method = "conversations.replies"
        params = {**params, "ts": job.thread_ts, "oldest": "0"}
    while True:
        found = form_call(sender, method, params)
        if not isinstance(found, Done):
            return found
        for message in _messages(found.data):
            metadata = message.get("metadata") or {}
            if (metadata.get("event_payload") or {}).get("outbox") == lease.id:
                return Done(message)
        cursor = (found.data.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return Refused("not there")
        params = {**params, "cursor": cursor}


def _messages(data: dict[str, Any]) -> Sequence[dict[str, Any]]:
    messages = data.get("messages")
    return messages if isinstance(messages, list) else ()


def _reply_url(bot: Bot, lease: Lease) -> str | None:
    """The response_url of the press that made this redraw necessary; a dead one falls back."""
    if lease.reply_to is None or lease.attempts > 2:
        return None
    try:
        return bot.vault.open_secret(lease.reply_to, ids.REPLY_PLACE)
    except CannotOpen:
        return None
