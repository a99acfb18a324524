"""How often the disputes of late hit each row of a first-match table, and what one knows (A1)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, select

from core.desk import backtest
from core.tables import Dispute, Event, Order
from core.workflow.rule_tables import EARLY, Known, RuleTable, askings

DAYS = 90
MOST = 500  # disputes that are counted: the newest

_ARRIVED = (
    select(
        Dispute.id,
        *backtest.ARRIVED,
        Dispute.opened_at,
        Event.data,
    )
    .join(Order, Order.id == Dispute.order_id)
    .join(Event, and_(Event.dispute_id == Dispute.id, Event.kind == "opened"))
    .order_by(Dispute.id.desc())
)


@dataclass(slots=True)
class Hits:
    """How often each row was hit, of how many askings of how many disputes."""

    rows: list[int]
    askings: int = 0
    disputes: int = 0


def count(connection: Connection, tables: Sequence[RuleTable], *, now: dt.datetime) -> list[Hits]:
    """How often each row of these tables would have been hit by the newest disputes of late.

    Open ones count too. What a decision at a stage that exists no more knew is left out.
    """
    since = now - dt.timedelta(days=DAYS)
    found = [Hits([0] * len(table.rows)) for table in tables]
    if all(table.kind in EARLY for table in tables):
        for known in _arrivals(connection, since):
            for table, hits in zip(tables, found, strict=True):
                hits.disputes += 1
                _add(table, hits, known)
        return found
    before: int | None = backtest.NEWEST
    while before is not None and found[0].disputes < MOST:
        most = MOST - found[0].disputes
        part = backtest.read(connection, before, since, most, open_too=True)
        before = part.before
        for past in part.pasts:
            for table, hits in zip(tables, found, strict=True):
                hits.disputes += 1
                for known in askings(table, past):
                    _add(table, hits, known)
    return found


def dispute_of(connection: Connection, number: str) -> int | None:
    """The id of the dispute with this number."""
    found: int | None = connection.scalar(select(Dispute.id).where(Dispute.number == number))
    return found


def arrival_of(connection: Connection, dispute_id: int) -> Known:
    """What was known of a dispute when it came in; nothing where there is no such dispute."""
    row = connection.execute(
        _ARRIVED.where(Dispute.id == bindparam("id")), {"id": dispute_id}
    ).first()
    return (backtest.arrival_facts(row, row.data), row.currency) if row is not None else ({}, "")


def _arrivals(connection: Connection, since: dt.datetime) -> Iterator[Known]:
    for row in connection.execute(_ARRIVED.limit(MOST)):
        if row.opened_at >= since:
            yield backtest.arrival_facts(row, row.data), row.currency


def _add(table: RuleTable, hits: Hits, known: Known) -> None:
    hits.askings += 1
    for place, row in enumerate(table.tried(*known)):
        hits.rows[place] += row.hit
