"""The rows that a replay left, read by the bare drivers: moments as minutes, JSON as plain data."""

import datetime as dt
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import psycopg

from benchmarks.replay.recount.minutes import Shifts, minute

DISPUTES = """SELECT id, external_id FROM disputes WHERE source = 'log' ORDER BY id"""
VISITS = """SELECT dispute_id, stage, kind, opened_at, left_at FROM visits ORDER BY id"""
DEADLINES = """SELECT id, dispute_id, service_level, started_at, stopped_at, due_at, next_at,
    pauses, superseded FROM deadlines ORDER BY started_at, id"""
ESCALATIONS = "SELECT deadline_id, level, fired_at FROM escalations"
TOLD = """SELECT id, at, data FROM events WHERE kind IN ('warned', 'escalated') ORDER BY id"""
MOVED = "SELECT dispute_id, count(*) FROM events WHERE kind = 'moved' GROUP BY dispute_id"
ALERTS = "SELECT data FROM outbox WHERE kind = 'alert'"
LINKS = """SELECT one_id, other_id FROM links WHERE ended_at IS NULL"""
CALENDARS = "SELECT key, zone, week FROM calendars"
DAYS = "SELECT calendar, date, shifts FROM calendar_days"
DOCUMENT = """SELECT d.body FROM documents d JOIN active_document a ON a.document_id = d.id"""


@dataclass(slots=True)
class Deadline:
    """A row of it, with what fired of it by the escalations and by the events that told of it.

    `alerts` are the messages for channels, by the event that they tell of.
    """

    level: str
    started: int
    stopped: int | None
    due: int | None
    next: int | None
    pauses: list[list[int | None]]
    over: bool  # promised no longer: neither kept nor broken
    fired: dict[int, int] = field(default_factory=dict)
    told: list[tuple[int, int, int]] = field(default_factory=list)  # level, minute, event
    alerts: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class Dispute:
    """A dispute: its visits as (stage, kind, since, until), its deadlines, whom it is linked to."""

    id: int
    name: str
    visits: list[tuple[str, str, int, int | None]] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    linked: set[int] = field(default_factory=set)
    moves: int = 0  # by the events


@dataclass(frozen=True, slots=True)
class Rows:
    """All disputes by their name, the calendars and the active document."""

    disputes: dict[str, Dispute]
    calendars: list[tuple[str, str, tuple[Shifts, ...]]]
    days: list[tuple[str, str, Shifts]]
    document: Any


def read(url: str) -> Rows:
    """Everything of a database, named as the desk names it: `sqlite:///…` or `postgresql…`."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            return _read(lambda text: file.execute(text).fetchall())
    plain = "postgresql" + url[url.index("://") :]
    with psycopg.connect(plain) as connection:
        return _read(lambda text: connection.execute(text.encode()).fetchall())


def _read(ask: Callable[[str], list[Any]]) -> Rows:
    disputes = {row[0]: Dispute(row[0], row[1]) for row in ask(DISPUTES)}
    for dispute, stage, kind, opened, left in ask(VISITS):
        disputes[dispute].visits.append((stage, kind, _minute(opened), _maybe(left)))
    deadlines: dict[int, Deadline] = {}
    for number, dispute, level, started, stopped, due, next_at, pauses, over in ask(DEADLINES):
        made = deadlines[number] = Deadline(
            level,
            _minute(started),
            _maybe(stopped),
            _maybe(due),
            _maybe(next_at),
            [[_maybe(end) for end in pause] for pause in _data(pauses)],
            bool(over),
        )
        disputes[dispute].deadlines.append(made)
    for number, level, fired in ask(ESCALATIONS):
        deadlines[number].fired[level] = _minute(fired)
    for event, at, data in ask(TOLD):
        known = _data(data)
        told = deadlines[known["deadline"]].told
        told += [(level, _minute(at), event) for level in known["levels"]]
    for (data,) in ask(ALERTS):
        known = _data(data)
        deadlines[known["deadline"]].alerts[known["event"]] += 1
    for number, count in ask(MOVED):
        disputes[number].moves = count
    linked: dict[int, set[int]] = defaultdict(set)
    for one, other in ask(LINKS):
        linked[one].add(other)
        linked[other].add(one)
    for number, there in linked.items():
        disputes[number].linked = there
    return Rows(
        {dispute.name: dispute for dispute in disputes.values()},
        [(key, zone, tuple(map(_shifts, _data(week)))) for key, zone, week in ask(CALENDARS)],
        [(key, str(date), _shifts(_data(shifts))) for key, date, shifts in ask(DAYS)],
        _data(ask(DOCUMENT)[0][0]),
    )


def _shifts(stored: Any) -> Shifts:
    return tuple((opens, closes) for opens, closes in stored)


def _minute(at: Any) -> int:
    moment = dt.datetime.fromisoformat(at) if isinstance(at, str) else at
    aware = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
    return minute(aware.astimezone(dt.UTC))


def _maybe(at: Any) -> int | None:
    return None if at is None else _minute(at)


def _data(stored: Any) -> Any:
    return json.loads(stored) if isinstance(stored, str) else stored
