"""Outages: what delivery cannot reach, told once when it begins and once when it is over.

While one lasts everything is kept: messages of a lost channel go to its fallback, those of a
refused token wait. One message at a time tries again. Times are the wall clock's.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.desk import documents, outbox, places
from core.tables import Outage

TOKEN = "token"  # noqa: S105  the outage's key, no secret
NOT_SET = "not_set"  # the reason where nobody has said which channel it is
# Reasons for which the channel itself has to be seen to; for others, what the bot may do there.
NOT_THERE = frozenset({"channel_not_found", "is_archived", "not_in_channel", NOT_SET})
SCOPES = ("missing_scope", "access_denied")  # which the token's own check does not find out
PAUSES = {TOKEN: dt.timedelta(seconds=30)}
PAUSE = dt.timedelta(minutes=5)
INSERTS: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class Known:
    """The outages that last as a pass of delivery begins."""

    running: dict[str, Row[Any]]
    now: dt.datetime

    def away(self, key: str, place: str) -> bool:
        """Whether the channel of this key was lost where it still is."""
        outage = self.running.get(channel_key(key))
        return outage is not None and outage.place == place

    def due(self, key: str) -> bool:
        """Whether it may be tried again."""
        outage = self.running.get(key)
        return outage is not None and outage.next_at <= self.now

    def over(self, key: str) -> list[str]:
        """The outages that a message posted to the channel of this key has ended."""
        return [one for one in (TOKEN, channel_key(key)) if one in self.running]


NONE = Known({}, dt.datetime.max.replace(tzinfo=dt.UTC))


def channel_key(key: str) -> str:
    """The outage of a channel, by the key under which documents name it."""
    return f"channel:{key}"


def known(connection: Connection, *, now: dt.datetime) -> Known:
    """The outages that last."""
    rows = connection.execute(select(Outage).where(Outage.ended_at.is_(None)))
    return Known({row.key: row for row in rows}, now)


def fallback(connection: Connection, key: str) -> str:
    """The channel that takes the messages of a lost one: where its workflow's alerts appear.

    Supervisors read there, who may see every dispute. Empty where that is the lost one itself.
    """
    workflows = documents.active(connection).workflows
    own = [flow for flow in workflows if any(stage.channel == key for stage in flow.stages)]
    other = (own or list(workflows))[0].escalation
    return "" if other == key else other


def begin(
    connection: Connection, key: str, reason: str, *, now: dt.datetime, place: str = ""
) -> bool:
    """It cannot be reached; True where that is news, which is told then, once."""
    later = now + PAUSES.get(key, PAUSE)
    lasting = (Outage.key == key, Outage.ended_at.is_(None), Outage.place == place)
    again = connection.execute(update(Outage).where(*lasting).values(next_at=later))
    if again.rowcount:
        return False
    values = {"place": place, "reason": reason, "since": now, "next_at": later, "ended_at": None}
    other = or_(Outage.ended_at.is_not(None), Outage.place != place)
    renewed = connection.execute(
        update(Outage).where(Outage.key == key, other).values(**values, times=Outage.times + 1)
    )
    if not renewed.rowcount:
        insert = INSERTS[connection.dialect.name](Outage)
        first = insert.values(key=key, times=1, **values).on_conflict_do_nothing()
        if not connection.execute(first).rowcount:
            return False
    if key != TOKEN:
        _tell(connection, key, over=False, now=now)
    return True


def claim(connection: Connection, key: str, *, now: dt.datetime) -> bool:
    """Whether the caller is the one who tries it again; nobody else will for a while."""
    due = (Outage.key == key, Outage.ended_at.is_(None), Outage.next_at <= now)
    later = now + PAUSES.get(key, PAUSE)
    return connection.execute(update(Outage).where(*due).values(next_at=later)).rowcount == 1


def end(connection: Connection, key: str, *, now: dt.datetime) -> bool:
    """It was reached again; True where that is news, which is told then, once."""
    ended = connection.execute(
        update(Outage).where(Outage.key == key, Outage.ended_at.is_(None)).values(ended_at=now)
    )
    if not ended.rowcount:
        return False
    _tell(connection, key, over=True, now=now)
    places.come_up(connection, key.partition(":")[2], now=now)
    return True


def _tell(connection: Connection, key: str, *, over: bool, now: dt.datetime) -> None:
    """Tells it where supervisors read."""
    row = connection.execute(select(Outage).where(Outage.key == key)).one()
    channel = fallback(connection, key.partition(":")[2])
    if channel:
        data = {
            "outage": key,
            "reason": row.reason,
            "since": row.since.isoformat(),
            "times": row.times,
            "over": over,
        }
        dedupe = f"{'back' if over else 'outage'}:{key}:{row.times}"
        lane = outbox.post_lane(channel)
        outbox.put(connection, [outbox.message(outbox.OUTAGE, lane, dedupe, now=now, data=data)])
