"""The database: whether it answers, is at the present, and keeps what the settings can read."""

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from core import migrate
from core.db import Database
from core.desk import operating, watching
from core.desk.outages import TOKEN
from core.desk.watching import Seen
from core.doctor.findings import Area, Finding, error, warning
from core.secrets import CannotOpen, Vault
from core.tables import ClockOffset, Deadline, PersonKey

SLOW = 60.0  # seconds by which clocks may differ before it is told
LATE = dt.timedelta(minutes=5)  # a scheduler that runs is never so far behind
WRONG = 300.0  # seconds at which Slack and the desk no longer believe each other


def findings(database: Database, *, split: bool = False) -> Iterator[Finding]:
    """What is wrong with the database itself; `split`: each process runs by itself.

    Ends with the first thing that makes further looking pointless.
    """
    url = database.url.render_as_string(hide_password=True)
    if split and database.is_sqlite:
        yield error("sqlite_split", Area.DATABASE, url=url)
    path = database.url.database
    if database.is_sqlite and path and path != ":memory:" and not Path(path).exists():
        yield error("database_behind", Area.DATABASE, url=url)  # looking would make the file
        return
    try:
        if migrate.behind(database):
            yield error("database_behind", Area.DATABASE, url=url)
            return
    except SQLAlchemyError as reason:
        kind = type(getattr(reason, "orig", None) or reason).__name__
        yield error("database_away", Area.DATABASE, url=url, reason=kind)


def contents(database: Database, vault: Vault) -> Iterator[Finding]:
    """What is wrong with what a database at the present holds."""
    sealed, offset, trouble, late = database.read(_read)
    yield from outages(database.read(watching.lasting))
    for wrapped in sealed:
        try:
            vault.unwrap(wrapped)
        except CannotOpen:
            name = wrapped.partition(b":")[0].decode(errors="replace")
            yield error("keys_lost", Area.DATABASE, name=name)
            break
    if offset is not None:
        moved = round(offset / 60)
        if database.movable and offset:
            yield warning("offset_moved", Area.CLOCK, minutes=moved)
        elif not database.movable:
            yield error("offset_left", Area.CLOCK, minutes=moved)
    if trouble.parked or trouble.unknown:
        told = trouble.parked + trouble.unknown
        yield warning("messages_wait", Area.DATABASE, count=told)
    if trouble.set_aside:
        yield warning("deadlines_aside", Area.DATABASE, count=trouble.set_aside)
    if late:
        yield warning("deadlines_late", Area.DATABASE, count=late)


def outages(lasting: Sequence[Seen]) -> Iterator[Finding]:
    """What delivery could not reach when it tried last; a channel's cause is looked for as well."""
    for seen in lasting:
        names = {"reason": seen.reason, "since": f"{seen.since:%Y-%m-%d %H:%M} UTC"}
        if seen.key == TOKEN:
            yield error("outage_token", Area.SLACK, **names, count=seen.waiting)
        else:
            yield warning("outage_channel", Area.CHANNELS, **names, channel=seen.channel)


def clock(database: Database, slack: float | None = None) -> Iterator[Finding]:
    """How far the clocks differ: this machine's, the database's, and Slack's where it is known.

    `slack` is Slack's time in seconds since the epoch, as of now.
    """
    machine, there = time.time(), database.wall_seconds()
    yield from apart("clock_machine", machine - there)
    if slack is not None:
        yield from apart("clock_slack", there - slack)


def apart(key: str, seconds: float) -> Iterator[Finding]:
    """A finding where two clocks differ by more than a minute; from five minutes an error."""
    if abs(seconds) > SLOW:
        kind = error if abs(seconds) >= WRONG else warning
        yield kind(key, Area.CLOCK, seconds=round(seconds))


def _read(
    connection: Connection, *, now: dt.datetime
) -> tuple[list[bytes], int | None, operating.Trouble, int]:
    """The oldest and the newest person's key, the clock's offset, and what waits for somebody.

    Last, the deadlines that were due for a while, and that nothing acted on.
    """
    kept: Any = select(PersonKey.wrapped).where(PersonKey.wrapped.is_not(None)).limit(1)
    ends = (kept.order_by(PersonKey.id), kept.order_by(PersonKey.id.desc()))
    sealed = [row for end in ends if (row := connection.scalar(end)) is not None]
    offset = connection.scalar(select(ClockOffset.seconds).where(ClockOffset.id == 1))
    due = (Deadline.next_at < now - LATE, Deadline.set_aside.is_(None))
    late = connection.scalar(select(func.count()).select_from(Deadline).where(*due)) or 0
    return sealed, offset, operating.trouble(connection), late
