"""The probe: an alert that travels the whole way through Slack and is taken away again (K14).

It goes into a channel of its own, whose key is CHANNEL; without that channel nothing is probed.
What does not arrive and go within a minute counts as failed until another one does. Times are the
wall clock's.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from core.desk import outbox
from core.desk.delivery import SENT
from core.tables import Channel, Outbox, Probe

CHANNEL = "probe"
WITHIN = dt.timedelta(minutes=1)
FOLLOWED = dt.timedelta(days=1)  # a late one is taken away as well, should it still arrive
KEPT = dt.timedelta(days=30)
LATE = "late"  # why a probe failed that did not come and go in time
_LAST = select(Probe).order_by(Probe.id.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Seen:
    """The latest probe: how long it took to arrive and to be gone, as far as it has come."""

    put_at: dt.datetime
    arrived: dt.timedelta | None
    ended: dt.timedelta | None
    failed: str


def keep(connection: Connection, every: dt.timedelta, *, now: dt.datetime) -> None:
    """Follows the probes that are under way, late ones too, and sends the next where that is due.

    Whoever calls this holds what keeps another from doing it at the same moment.
    """
    under_way = Probe.ended_at.is_(None), Probe.put_at > now - FOLLOWED
    for probe in connection.execute(select(Probe).where(*under_way).order_by(Probe.id)).all():
        _follow(connection, probe, now=now)
    last = connection.execute(_LAST).first()
    if _set_up(connection) and (last is None or last.put_at <= now - every):
        _send(connection, last.id if last is not None else 0, now=now)


def failing(connection: Connection) -> bool:
    """Whether the latest probe that came to an end did not come through."""
    over = _LAST.where((Probe.ended_at.is_not(None)) | (Probe.failed.is_not(None)))
    last = connection.execute(over).first()
    return last is not None and last.failed is not None and _set_up(connection)


def latest(connection: Connection) -> Seen | None:
    """The latest probe, if ever one was sent."""
    last = connection.execute(_LAST).first()
    if last is None:
        return None
    arrived, ended = (at - last.put_at if at else None for at in (last.arrived_at, last.ended_at))
    return Seen(last.put_at, arrived, ended, last.failed or "")


def _set_up(connection: Connection) -> bool:
    """Whether there is a channel for it."""
    place = select(Channel.slack_id).where(Channel.key == CHANNEL)
    return bool(connection.scalar(place))


def _send(connection: Connection, before: int, *, now: dt.datetime) -> None:
    connection.execute(delete(Probe).where(Probe.id < before, Probe.put_at < now - KEPT))
    lane = outbox.post_lane(CHANNEL)
    message = outbox.message(outbox.PROBE, lane, f"probe:{before + 1}", now=now)
    stored = insert(Outbox).returning(Outbox.id)
    message_id = connection.execute(stored, message).scalar_one()
    row = {"id": before + 1, "message_id": message_id, "put_at": now}
    connection.execute(insert(Probe), row)


def _follow(connection: Connection, probe: Any, *, now: dt.datetime) -> None:
    found: dict[str, Any] = {}
    message = connection.execute(select(Outbox).where(Outbox.id == probe.message_id)).one()
    if probe.arrived_at is None and message.state == SENT and message.sent_as:
        found["arrived_at"] = message.finished_at
        away = outbox.removal(*message.sent_as.split("/"), now=now)
        outbox.put_once(connection, away)
    elif probe.arrived_at is not None:
        key = outbox.removal_key(*str(message.sent_as).split("/"))
        gone = connection.execute(select(Outbox).where(Outbox.dedupe == key)).one()
        if gone.state == SENT:
            found["ended_at"] = gone.finished_at
    ended = found.get("ended_at", now)
    if probe.failed is None and ended - probe.put_at > WITHIN:
        found["failed"] = message.reason if message.state != SENT and message.reason else LATE
    if found:
        connection.execute(update(Probe).where(Probe.id == probe.id).values(found))
