"""The auditor: once a minute, whether all that was due is done (G10).

It is asked beside the sweep and not by it: what it looks for is a sweep that does not run. Whatever
it finds is told once where supervisors read, and keeps the heartbeat back, so that a monitor
outside hears of it even where nobody here can tell. Times are the wall clock's unless said.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from core.desk import clock, documents, operating, outages, outbox, probes
from core.tables import (
    ActiveDocument,
    Audit,
    Deadline,
    Outage,
    Outbox,
    Page,
    Plan,
    Ticker,
    Visit,
)

BOUND = dt.timedelta(seconds=30)  # what is due is done within that, whatever died
PATIENCE = dt.timedelta(minutes=5)  # an alert that waits longer does not reach anybody in time
EVERY = dt.timedelta(seconds=55)
ALIVE = dt.timedelta(seconds=30)  # a process that swept since then is counted as alive
FORGOTTEN = dt.timedelta(days=1)

DEADLINES, SET_ASIDE, SNOOZED, PLAN = "deadlines", "set_aside", "snoozed", "plan"
PAGES = "pages"
ALERTS, TOKEN, PROBE = "alerts", "token", "probe"
REASONS = (DEADLINES, SET_ASIDE, SNOOZED, PAGES, PLAN, ALERTS, TOKEN, PROBE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an audit found: how much of each of REASONS, none where all is well.

    `news` where that began or ended with this audit; `lag` is how late the latest deadline is.
    """

    trouble: Mapping[str, int]
    news: bool = False
    lag: dt.timedelta = dt.timedelta()


def ticked(connection: Connection, key: str, swept_at: dt.datetime, *, now: dt.datetime) -> None:
    """A scheduler's process says that it sweeps; those that are long gone are forgotten."""
    moved = connection.execute(update(Ticker).where(Ticker.key == key).values(swept_at=swept_at))
    if not moved.rowcount:
        connection.execute(delete(Ticker).where(Ticker.swept_at < now - FORGOTTEN))
        connection.execute(insert(Ticker), {"key": key, "started_at": now, "swept_at": swept_at})


def audit(connection: Connection, probe_every: dt.timedelta, *, now: dt.datetime) -> Verdict | None:
    """Follows the probe, and looks whether all that was due is done.

    None where somebody looked within the minute, or does at this moment: whoever looks holds the
    one row until the end, so that two never tell the same.
    """
    before = _held(connection)
    if before is None:
        return None
    probes.keep(connection, probe_every, now=now)
    if before.looked_at > now - EVERY:
        return None
    found = look(connection, now=now)
    began, ended = not before.since and found.trouble, before.since and not found.trouble
    since = (before.since or now) if found.trouble else None
    seen = {"looked_at": now, "trouble": dict(found.trouble), "since": since}
    connection.execute(update(Audit).where(Audit.id == 1).values(seen))
    if began or ended:
        _tell(connection, found.trouble, since or before.since, now=now)
    return Verdict(found.trouble, bool(began or ended), found.lag)


def look(connection: Connection, *, now: dt.datetime) -> Verdict:
    """What is due and not done at this moment."""
    desk = clock.desk_time(connection, now)
    late = clock.desk_time_ago(connection, now, BOUND)
    overdue = connection.execute(
        select(func.count().label("number"), func.min(Deadline.next_at).label("oldest")).where(
            Deadline.next_at <= late, Deadline.set_aside.is_(None)
        )
    ).one()
    planned = select(ActiveDocument.plan_id).scalar_subquery()
    counts = {
        DEADLINES: overdue.number,
        SET_ASIDE: _count(connection, operating.ASIDE),
        SNOOZED: _count(connection, Visit.left_at.is_(None), Visit.snoozed_until <= late),
        PAGES: _count(connection, Page.attend_at <= late),
        PLAN: _count(connection, Plan.id == planned, Plan.at <= late),
        ALERTS: _count(
            connection,
            Outbox.finished_at.is_(None),
            Outbox.kind.in_((outbox.ALERT, outbox.PAGE)),
            Outbox.created_at <= clock.desk_time_ago(connection, now, PATIENCE),
            or_(Outbox.quiet_until.is_(None), Outbox.quiet_until <= desk),
        ),
        TOKEN: _count(connection, Outage.key == outages.TOKEN, Outage.ended_at.is_(None)),
        PROBE: int(probes.failing(connection)),
    }
    lag = desk - overdue.oldest if overdue.number else dt.timedelta()
    return Verdict({reason: number for reason, number in counts.items() if number}, lag=lag)


def beaten(connection: Connection, *, now: dt.datetime) -> None:
    """Notes that the outside monitor has just heard that all is well."""
    connection.execute(update(Audit).where(Audit.id == 1).values(beat_at=now))


def _held(connection: Connection) -> Any:
    """The row of the last audit, until the end; None where another process holds it."""
    if connection.scalar(select(Audit.id).where(Audit.id == 1)) is None:
        first = outages.INSERTS[connection.dialect.name](Audit)
        never = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        row = first.values(id=1, looked_at=never, trouble={}).on_conflict_do_nothing()
        connection.execute(row)
    held = select(Audit).where(Audit.id == 1).with_for_update(skip_locked=True)
    return connection.execute(held).first()


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    return int(connection.scalar(select(func.count()).where(*conditions)) or 0)


def _tell(
    connection: Connection, trouble: Mapping[str, int], since: dt.datetime, *, now: dt.datetime
) -> None:
    """One message as it begins, one as it ends, where supervisors read."""
    channel = documents.active(connection).workflows[0].escalation
    over = not trouble
    data = {"trouble": dict(trouble), "since": since.isoformat(), "over": over}
    dedupe = f"pulse:{since.isoformat()}:{'over' if over else 'begun'}"
    lane = outbox.post_lane(channel)
    outbox.put_once(connection, outbox.message(outbox.PULSE, lane, dedupe, now=now, data=data))
