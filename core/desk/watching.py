"""Outages as people see them: what Slack refuses, since when, what waits behind it, what to do."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from core.desk import outages, outbox, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.outages import NOT_THERE, SCOPES, TOKEN
from core.tables import Channel, Outage, Outbox

MOST_COUNTED = 10_000  # more messages than this are told as more
SHOWN_OVER = 50  # outages that are over


@dataclass(frozen=True, slots=True)
class Seen:
    """An outage. `channel` and `stand_in` are names; empty for the token, or where there is none.

    `waiting` is how many messages wait behind it, `more` whether there are more than that. The
    moments are the wall clock's; `ended_at` is None while it lasts.
    """

    key: str
    reason: str
    channel: str
    stand_in: str
    since: dt.datetime
    next_at: dt.datetime
    ended_at: dt.datetime | None
    times: int
    waiting: int = 0
    more: bool = False

    @property
    def fix(self) -> str:
        """The message key of what to do."""
        return remedy(self.key, self.reason)


def remedy(key: str, reason: str) -> str:
    """The message key of what to do about an outage for Slack's reason."""
    if key == TOKEN:
        return "outage.fix.scope" if reason in SCOPES else "outage.fix.token"
    return f"outage.fix.{reason if reason in NOT_THERE else 'other'}"


def lasting(connection: Connection, **_: Any) -> list[Seen]:
    """The outages that last, the token first, then by how long they last."""
    rows = connection.execute(
        select(Outage)
        .where(Outage.ended_at.is_(None))
        .order_by(Outage.key != TOKEN, Outage.since, Outage.key)
    ).all()
    running = {row.key: row.place for row in rows}
    return [_seen(connection, row, running) for row in rows]


def outages_for(
    connection: Connection, actor: Actor, **_: Any
) -> tuple[list[Seen], list[Seen]] | Refused:
    """The outages that last, and the latest ones that are over; for who looks after channels."""
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    over = connection.execute(
        select(Outage)
        .where(Outage.ended_at.is_not(None))
        .order_by(Outage.ended_at.desc(), Outage.key)
        .limit(SHOWN_OVER)
    )
    return lasting(connection), [_seen(connection, row, {}) for row in over.all()]


def _seen(connection: Connection, row: Row[Any], running: dict[str, str]) -> Seen:
    key = row.key.partition(":")[2]
    waiting = _waiting(connection, row.key) if row.ended_at is None else 0
    return Seen(
        row.key,
        row.reason,
        _name(connection, key) if key else "",
        _stand_in(connection, key, running) if key and row.ended_at is None else "",
        row.since,
        row.next_at,
        row.ended_at,
        row.times,
        min(waiting, MOST_COUNTED),
        waiting > MOST_COUNTED,
    )


def _name(connection: Connection, key: str) -> str:
    """What people call a channel."""
    return connection.scalar(select(Channel.name).where(Channel.key == key)) or key


def _stand_in(connection: Connection, key: str, running: dict[str, str]) -> str:
    """The channel that takes a lost one's messages; empty where that cannot be reached either."""
    other = outages.fallback(connection, key)
    place = connection.scalar(select(Channel.slack_id).where(Channel.key == other))
    lost = running.get(outages.channel_key(other)) == place
    return _name(connection, other) if place and not lost else ""


def _waiting(connection: Connection, key: str) -> int:
    """How many messages wait behind an outage; one more than is counted where there are more."""
    if key == TOKEN:
        behind: ColumnElement[bool] = Outbox.lane != outbox.MARKET_LANE
    else:
        channel = key.partition(":")[2]
        behind = or_(
            Outbox.lane == outbox.post_lane(channel), Outbox.lane == outbox.sign_lane(channel)
        )
    some = select(Outbox.id).where(Outbox.finished_at.is_(None), behind).limit(MOST_COUNTED + 1)
    return connection.scalar(select(func.count()).select_from(some.subquery())) or 0
