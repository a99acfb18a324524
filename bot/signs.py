"""A channel's topic and its pinned guide, as calls to Slack.

What people wrote into a topic stays: the desk's counts stand before a separator, their text behind.
"""

from functools import partial

from slack_sdk import WebClient
from sqlalchemy import Connection

from bot.calls import Done, Outcome, Refused, call, form_call
from bot.cards import guide
from bot.cards.card import Message
from bot.job import POST, UPDATE, Job, Pointless, Prepared
from bot.jobs import digest
from core.desk import documents, outbox, roster, signs
from core.desk.delivery import Lease
from core.desk.signs import Counts

BETWEEN = " ┃ "
LONGEST_TOPIC = 250  # characters; Slack's
NOTHING: Message = ("", [])


def prepare(connection: Connection, lease: Lease) -> Prepared:
    """What a message about a channel's head comes to now."""
    key = lease.lane.removeprefix(outbox.SIGN_LANES)
    sign = signs.sign(connection, key)
    if sign is None:
        return Pointless("its channel is gone")
    if lease.kind == outbox.TOPIC:
        own = guide.topic(Counts(**lease.data), sign.locale) if lease.data else ""
        setting = partial(set_topic, channel=sign.slack_id, own=own, before=sign.topic)
        return Job("conversations.setTopic", sign.slack_id, NOTHING, shown=own, run=setting)
    if lease.kind == outbox.PIN:
        pinning = partial(pin, channel=sign.slack_id, ts=lease.data["ts"])
        return Job("pins.add", sign.slack_id, NOTHING, run=pinning)
    message = guide.guide(documents.active(connection), key, _places(connection), sign.locale)
    shown = digest(message)
    if not sign.guide_ts:
        return Job(POST, sign.slack_id, message, shown=shown)
    if sign.guide_shown == shown:
        return Pointless("the guide says that already")
    return Job(UPDATE, sign.slack_id, message, ts=sign.guide_ts, shown=shown)


def set_topic(sender: WebClient, *, channel: str, own: str, before: str) -> Outcome:
    """Sets the desk's part of a topic; `before` is what that part was when it was set last.

    A topic without room for both is left to the people who wrote it.
    """
    found = form_call(sender, "conversations.info", {"channel": channel})
    if not isinstance(found, Done):
        return found
    current = str(((found.data.get("channel") or {}).get("topic") or {}).get("value", ""))
    wanted = BETWEEN.join(part for part in (own, theirs(current, before)) if part)
    if wanted == current or len(wanted) > LONGEST_TOPIC:
        return Done({})
    return call(sender, "conversations.setTopic", {"channel": channel, "topic": wanted})


def theirs(current: str, before: str) -> str:
    """What people wrote into a topic, without the desk's part."""
    if before and current.startswith(before):
        return current.removeprefix(before).strip().removeprefix(BETWEEN.strip()).strip()
    if BETWEEN in current:  # somebody changed the desk's part
        return current.partition(BETWEEN)[2].strip()
    return current.strip()


def pin(sender: WebClient, *, channel: str, ts: str) -> Outcome:
    """Pins a message; one that is pinned already is as wanted."""
    outcome = call(sender, "pins.add", {"channel": channel, "timestamp": ts})
    return Done({}) if outcome == Refused("already_pinned") else outcome


def _places(connection: Connection) -> dict[str, str]:
    return {row.key: row.slack_id for row in roster.channels(connection)}
