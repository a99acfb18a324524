"""Copies of messages are noticed and taken away: what arrived twice in spite of everything."""

import datetime as dt
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import Connection, Row, select

from bot.calls import LOST, Done, Later, Locked, Outcome, Refused, call
from bot.context import Bot
from bot.looking import Blind, Found, look
from core.desk import outbox
from core.desk.delivery import Lease
from core.tables import Outbox

SLOWLY = 300.0  # seconds, where the channel cannot be reached
LONG_ENOUGH = dt.timedelta(days=1)  # after that nobody waits for the channel any more


def tidy(bot: Bot, sender: WebClient, lease: Lease) -> Outcome:
    """Takes away one message, or all copies but one; what it could not do comes later."""
    data = lease.data
    if lease.kind == outbox.REMOVE:
        outcome = _take_away(sender, data["channel"], data["ts"])
    else:
        outcome = _copies(bot, sender, lease)
    if isinstance(outcome, Later) and outcome.seconds == SLOWLY:
        now = bot.database.read_wall(lambda _connection, now: now)
        if now - lease.first_tried_at > LONG_ENOUGH:
            return Refused(outcome.reason)
    return outcome


def _copies(bot: Bot, sender: WebClient, lease: Lease) -> Outcome:
    data = lease.data
    row = bot.database.read(_message, int(data["message"]))
    if row is None or row.finished_at is None:
        return Later(60, "the message itself is still under way")
    seen = look(sender, data["channel"], row.id, float(data["since"]) - 120, data["thread"])
    if isinstance(seen, Later | Locked):
        return seen
    if isinstance(seen, Blind) and seen.reason in LOST:
        return Later(SLOWLY, seen.reason)
    known = (data["ts"],) if data["ts"] else ()
    copies = seen.copies if isinstance(seen, Found) else known
    for ts in copies:
        if f"{data['channel']}/{ts}" != row.sent_as:
            outcome = _take_away(sender, data["channel"], ts)
            if not isinstance(outcome, Done):
                return outcome
    return Done({})


def _take_away(sender: WebClient, channel: str, ts: str) -> Outcome:
    """Deletes a message; what is gone already is done."""
    outcome = call(sender, "chat.delete", {"channel": channel, "ts": ts})
    match outcome:
        case Refused("message_not_found"):
            return Done({})
        case Refused(error) if error in LOST:
            return Later(SLOWLY, error)
    return outcome


def _message(connection: Connection, outbox_id: int, *, now: dt.datetime) -> Row[Any] | None:
    del now
    return connection.execute(select(Outbox).where(Outbox.id == outbox_id)).first()
