"""Signs: what a stage channel says of itself, its counts in the topic and a pinned guide.

Whatever changes is put into the outbox; what is put there once is not put again while it is so.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, exists, func, insert, not_, or_, select, update

from core.desk import delivery, documents, outbox, standing
from core.desk.delivery import Lease
from core.desk.live import its_due
from core.tables import Channel, Outbox, Sign, Visit
from core.workflow.terms import Kind

TOPIC_EVERY = dt.timedelta(minutes=10)  # Slack says in the channel that its topic changed
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands in a channel: waiting for somebody, held, overdue; the oldest in whole hours."""

    waiting: int = 0
    held: int = 0
    overdue: int = 0
    oldest_hours: int = 0

    def key(self) -> str:
        """The counts in short, to be compared."""
        return f"{self.waiting}:{self.held}:{self.overdue}:{self.oldest_hours}"


def refresh(connection: Connection, *, now: dt.datetime) -> int:
    """Puts what changed since it was last put: topics and guides; returns how many that were."""
    stages = _stages(connection)
    of = str(documents.active_id(connection))
    counted = counts(connection, list(stages), now=now)
    put: list[dict[str, Any]] = []
    for row in connection.execute(_SIGNS.where(Channel.key.in_(stages), Channel.slack_id != "")):
        sign: dict[str, Any] = {}
        moved = row.slack_id != row.there
        if moved:  # a channel that is elsewhere now says everything anew
            sign |= {"slack_id": row.slack_id, "topic": "", "topic_of": "", "topic_at": None}
            sign |= {"guide_ts": "", "guide_shown": "", "guide_of": ""}
        guide_of = f"{of}:{row.locale}"
        if moved or row.guide_of != guide_of:
            sign["guide_of"] = guide_of
            put.append(_message(outbox.GUIDE, row.key, {}, now=now))
        told = counted.get(row.key, Counts()) if row.counts_in_topic else None
        topic_of = told.key() if told else ""
        rested = moved or row.topic_at is None or row.topic_at <= now - TOPIC_EVERY
        if rested and topic_of != ("" if moved else row.topic_of or ""):
            sign |= {"topic_of": topic_of, "topic_at": now}
            put.append(_message(outbox.TOPIC, row.key, asdict(told) if told else {}, now=now))
        _keep(connection, row, sign)
    outbox.put(connection, put)
    return len(put)


def counts(connection: Connection, keys: list[str], *, now: dt.datetime) -> dict[str, Counts]:
    """What stands in each of these channels and may be acted on, or is being acted on."""
    held = not_(or_(*standing.free_for(None, now)))
    rows = connection.execute(
        select(
            Visit.channel,
            func.count().filter(not_(held), Visit.parked_at.is_(None)).label("waiting"),
            func.count().filter(held).label("held"),
            func.count().filter(its_due <= now).label("overdue"),
            func.min(Visit.opened_at).label("oldest"),
        )
        .where(
            Visit.left_at.is_(None),
            Visit.kind.in_((str(Kind.INTAKE), str(Kind.WORK))),
            Visit.channel.in_(keys),
        )
        .group_by(Visit.channel)
    )
    return {
        row.channel: Counts(row.waiting, row.held, row.overdue, (now - row.oldest) // HOUR)
        for row in rows
    }


def sign(connection: Connection, key: str, **_: object) -> Any:
    """What is kept of a channel's head, and where the channel is now."""
    return connection.execute(
        select(Sign, Channel.locale).join(Channel, Channel.key == Sign.key).where(Sign.key == key)
    ).first()


def settled(connection: Connection, lease: Lease, shown: str, ts: str, *, now: dt.datetime) -> None:
    """Keeps what a topic or a guide says now; a guide that is new is pinned."""
    key = lease.lane.removeprefix(outbox.SIGN_LANES)
    here = update(Sign).where(Sign.key == key)
    if lease.kind == outbox.TOPIC:
        connection.execute(here.values(topic=shown))
    elif lease.kind == outbox.GUIDE:
        fresh = connection.scalar(select(Sign.guide_ts).where(Sign.key == key)) != ts
        connection.execute(here.values(guide_ts=ts, guide_shown=shown))
        if fresh:
            outbox.put(connection, [_message(outbox.PIN, key, {"ts": ts}, now=now)])


def guide_lost(connection: Connection, lease: Lease, *, now: dt.datetime) -> None:
    """Somebody deleted the guide: it is posted again, once."""
    if delivery.supersede(connection, lease, "its guide was deleted in Slack", now=now):
        key = lease.lane.removeprefix(outbox.SIGN_LANES)
        connection.execute(update(Sign).where(Sign.key == key).values(guide_ts="", guide_shown=""))
        outbox.put(connection, [_message(outbox.GUIDE, key, {}, now=now)])


_SIGNS = (
    select(
        Channel.key,
        Channel.slack_id,
        Channel.locale,
        Channel.counts_in_topic,
        Sign.slack_id.label("there"),
        Sign.guide_of,
        Sign.topic_of,
        Sign.topic_at,
    )
    .outerjoin(Sign, Sign.key == Channel.key)
    .where(
        ~exists(  # what is on its way may change all this
            select(1).where(
                Outbox.lane == outbox.SIGN_LANES + Channel.key, Outbox.finished_at.is_(None)
            )
        )
    )
    .order_by(Channel.key)
)


def _stages(connection: Connection) -> dict[str, None]:
    """The channels in which stages show their cards."""
    return dict.fromkeys(
        stage.channel
        for workflow in documents.active(connection).workflows
        for stage in workflow.stages
        if stage.channel and stage.kind in (Kind.INTAKE, Kind.WORK)
    )


def _keep(connection: Connection, row: Any, values: dict[str, Any]) -> None:
    if not values:
        return
    if row.there is None:
        connection.execute(insert(Sign), {"key": row.key, **values})
    else:
        connection.execute(update(Sign).where(Sign.key == row.key).values(values))


def _message(kind: str, key: str, data: dict[str, Any], *, now: dt.datetime) -> dict[str, Any]:
    dedupe = f"{kind}:{key}:{now.isoformat()}"
    return outbox.message(kind, outbox.sign_lane(key), dedupe, now=now, data=data)
