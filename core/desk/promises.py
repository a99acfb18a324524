"""Promises for reports: kept, broken, by how much of their own clock (G6, M2).

What was promised no longer, or replaced by another, counts for neither. The latest promises are
looked at, so that a page costs the same at any size of desk.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from core.clocks.running import used
from core.desk import documents, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.deadlines import running_of
from core.desk.explaining import State
from core.desk.ladders import Plans
from core.tables import Deadline, Dispute

LOOKED_AT = 100_000
PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed by; moments are those at which promises started."""

    state: str = ""
    level: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """One running of one service level; `left` is of its own clock, below zero where it is late."""

    id: int
    number: str
    document_id: int
    key: str
    state: State
    started_at: dt.datetime
    due_at: dt.datetime | None
    stopped_at: dt.datetime | None
    left: dt.timedelta


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a promise was kept and broken, and how it stands with those that run."""

    key: str
    counts: dict[str, int]

    @property
    def kept(self) -> int | None:
        """Of those that were kept or broken, how many in a hundred were kept; None of none."""
        kept, broken = self.counts.get(State.KEPT, 0), self.counts.get(State.BROKEN, 0)
        return round(100 * kept / (kept + broken)) if kept + broken else None


def state(now: dt.datetime) -> ColumnElement[str]:
    """How a promise stands, or ended, as SQL says it."""
    stopped = Deadline.stopped_at.is_not(None)
    return case(
        (Deadline.superseded, str(State.SUPERSEDED)),
        (and_(stopped, Deadline.stopped_at > Deadline.due_at), str(State.BROKEN)),
        (stopped, str(State.KEPT)),
        (Deadline.due_at.is_(None), str(State.HELD)),
        (Deadline.due_at < now, str(State.LATE)),
        else_=str(State.RUNNING),
    )


def page(
    connection: Connection,
    actor: Actor,
    asked: Asked,
    beneath: int | None,
    *,
    now: dt.datetime,
) -> list[Promise] | Refused:
    """The latest promises that are asked for, newest first; those older than `beneath`."""
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    told = state(now).label("state")
    found = (
        select(Deadline, Dispute.number, Dispute.workflow, told)
        .join(Dispute, Dispute.id == Deadline.dispute_id)
        .where(*_within(connection, asked, now))
        .order_by(Deadline.id.desc())
        .limit(PAGE)
    )
    if beneath is not None:
        found = found.where(Deadline.id < beneath)
    return list(_promises(connection, connection.execute(found).all(), now))


def tallies(
    connection: Connection, actor: Actor, asked: Asked, *, now: dt.datetime
) -> list[Tally] | Refused:
    """Each service level that is asked for with how often it was kept, by its key."""
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    told = state(now).label("state")
    inner = select(Deadline.service_level, told).where(*_within(connection, asked, now)).subquery()
    rows = connection.execute(
        select(inner.c.service_level, inner.c.state, func.count()).group_by(
            inner.c.service_level, inner.c.state
        )
    )
    counts: dict[str, dict[str, int]] = {}
    for key, how, count in rows:
        counts.setdefault(key, {})[how] = count
    return [Tally(key, counts[key]) for key in sorted(counts)]


def _within(connection: Connection, asked: Asked, now: dt.datetime) -> Iterable[Any]:
    last = connection.scalar(select(func.max(Deadline.id))) or 0
    yield Deadline.id > last - LOOKED_AT
    if asked.state:
        yield state(now) == asked.state
    if asked.level:
        yield Deadline.service_level == asked.level
    if asked.since is not None:
        yield Deadline.started_at >= asked.since
    if asked.until is not None:
        yield Deadline.started_at < asked.until


def _promises(connection: Connection, rows: Sequence[Any], now: dt.datetime) -> Iterator[Promise]:
    plans = Plans(connection)
    for row in rows:
        document = documents.load(connection, row.document_id)
        level = document.workflow_by_key[row.workflow].level_by_key[row.service_level]
        plan = plans.of(row.document_id, document, row.workflow, level)
        spent = used(running_of(plan, row.started_at, row.pauses), row.stopped_at or now)
        yield Promise(
            row.id,
            row.number,
            row.document_id,
            row.service_level,
            State(row.state),
            row.started_at,
            row.due_at,
            row.stopped_at,
            plan.length - spent,
        )
