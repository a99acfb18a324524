"""What a monitor and the operator's page read of the desk at one moment: lag, backlog, pulse (M8).

Counts and ages only: no number of a dispute, no name. Ages are in seconds.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from core.desk import auditing, clock, operating, probes, queues
from core.tables import Audit, Outbox, Ticker

LANES = ("post", "dm", "update", "tidy", "sign", "market")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages of one kind of lane that were not sent yet, and how old the oldest is."""

    lane: str
    number: int
    oldest: dt.timedelta


@dataclass(frozen=True, slots=True)
class Process:
    """A scheduler's process that swept within the day."""

    key: str
    started_at: dt.datetime
    swept_at: dt.datetime
    alive: bool


@dataclass(frozen=True, slots=True)
class Gauges:
    """The desk at one moment; the moments in it are the wall clock's.

    `trouble` is looked for now; `audited_at`, `since` and `beat_at` are of the auditor's last look.
    """

    now: dt.datetime
    trouble: dict[str, int]
    lag: dt.timedelta
    waiting: list[Waiting]
    parked: int
    unknown: int
    processes: list[Process]
    audited_at: dt.datetime | None
    since: dt.datetime | None
    beat_at: dt.datetime | None
    probe: probes.Seen | None

    @property
    def alive(self) -> int:
        """How many schedulers sweep."""
        return sum(process.alive for process in self.processes)


def gauges(connection: Connection, *, now: dt.datetime) -> Gauges:
    """Reads them; `now` is the wall clock's."""
    found = auditing.look(connection, now=now)
    trouble = operating.trouble(connection)
    audited = connection.execute(select(Audit).where(Audit.id == 1)).first()
    return Gauges(
        now,
        dict(found.trouble),
        found.lag,
        _waiting(connection, clock.desk_time(connection, now)),
        trouble.parked,
        trouble.unknown,
        [
            Process(row.key, row.started_at, row.swept_at, row.swept_at > now - auditing.ALIVE)
            for row in connection.execute(
                select(Ticker)
                .where(Ticker.swept_at > now - auditing.FORGOTTEN)
                .order_by(Ticker.swept_at.desc(), Ticker.key)
            )
        ],
        audited.looked_at if audited else None,
        audited.since if audited else None,
        audited.beat_at if audited else None,
        probes.latest(connection),
    )


def _waiting(connection: Connection, desk: dt.datetime) -> list[Waiting]:
    rows = connection.execute(
        select(Outbox.lane, func.count().label("number"), func.min(Outbox.created_at).label("at"))
        .where(Outbox.finished_at.is_(None))
        .group_by(Outbox.lane)
    )
    found: dict[str, list[Any]] = {lane: [] for lane in LANES}
    for row in rows:
        found.setdefault(row.lane.partition(":")[0], []).append(row)
    return [
        Waiting(
            lane,
            sum(row.number for row in held),
            desk - min(row.at for row in held) if held else dt.timedelta(),
        )
        for lane, held in found.items()
    ]


def samples(
    found: Gauges, stages: dict[tuple[str, str], queues.AtStage]
) -> Iterator[tuple[str, dict[str, str], float]]:
    """The same for a monitor: name, labels, value."""
    for reason in auditing.REASONS:
        yield "redress_not_done", {"reason": reason}, float(found.trouble.get(reason, 0))
    yield "redress_deadline_lag_seconds", {}, found.lag.total_seconds()
    for one in found.waiting:
        yield "redress_messages_waiting", {"lane": one.lane}, float(one.number)
        yield "redress_messages_oldest_seconds", {"lane": one.lane}, one.oldest.total_seconds()
    yield "redress_messages_parked", {}, float(found.parked)
    yield "redress_messages_unknown", {}, float(found.unknown)
    yield "redress_schedulers", {}, float(found.alive)
    for (workflow, stage), here in stages.items():
        where = {"workflow": workflow, "stage": stage}
        yield "redress_disputes_open", where, float(here.waiting)
        yield "redress_disputes_overdue", where, float(here.overdue)
    if found.audited_at:
        yield "redress_audit_age_seconds", {}, (found.now - found.audited_at).total_seconds()
    if found.beat_at:
        yield "redress_heartbeat_age_seconds", {}, (found.now - found.beat_at).total_seconds()
    if found.probe and found.probe.ended:
        yield "redress_probe_seconds", {}, found.probe.ended.total_seconds()
