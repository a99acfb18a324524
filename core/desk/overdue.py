"""The sweep: whatever is due is acted on, once, however many sweepers there are (G5, G8, W5).

Deadlines are rows; the unique key of a fired level makes firing twice impossible. A batch is one
savepoint; a batch that fails is halved until the poisonous dispute stands alone and is set aside.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import DBAPIError

from core.db import gave_up
from core.desk import documents, outbox
from core.desk.actor import TIMEOUT
from core.desk.answers import Refused
from core.desk.batches import insert_all, insert_rows
from core.desk.choose import choose
from core.desk.deadlines import DUE, WARN
from core.tables import Deadline, Dispute, Escalation, Event, Outbox, Visit
from core.workflow.terms import By, Kind

BATCH = 200
SET_ASIDE_FOR = dt.timedelta(hours=1)

_DUE = (
    select(
        Deadline.id,
        Deadline.dispute_id,
        Deadline.visit_id,
        Deadline.document_id,
        Deadline.service_level,
        Deadline.level,
        Deadline.due_at,
        Visit.kind,
        Visit.stage,
        Visit.channel,
        Visit.document_id.label("visit_document_id"),
        Dispute.workflow,
    )
    .join(Visit, Visit.id == Deadline.visit_id)
    .join(Dispute, Dispute.id == Deadline.dispute_id)
    .where(Deadline.next_at <= bindparam("now"))
    .order_by(Deadline.next_at, Deadline.id)
    .limit(bindparam("most"))
    # Whoever acts on a dispute holds its rows already and is passed over: nobody waits in a circle.
    .with_for_update(of=(Deadline.__table__, Dispute.__table__, Visit.__table__), skip_locked=True)
)
_WARNED = (
    update(Deadline)
    .where(Deadline.id.in_(bindparam("ids", expanding=True)))
    .values(level=DUE, next_at=Deadline.due_at, set_aside=None)
)
_FIRED = (
    update(Deadline)
    .where(Deadline.id.in_(bindparam("ids", expanding=True)))
    .values(level=DUE + 1, next_at=None, set_aside=None)
)


class TimeoutRefused(RuntimeError):
    """A wait ran out, and its timeout decision was refused."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one batch did; `more` where it was full and another one may follow."""

    warned: int = 0
    escalated: int = 0
    timed_out: int = 0
    set_aside: int = 0
    more: bool = False


def sweep(connection: Connection, *, now: dt.datetime, most: int = BATCH) -> Swept:
    """Acts on up to `most` deadlines that are due, earliest first.

    A stage that ran out tells its escalation channel; a wait that ran out takes its timeout
    decision. After a long silence only the level that matters fires, not each one missed (G9).
    """
    rows = connection.execute(_DUE, {"now": now, "most": most}).all()
    total: Counter[str] = Counter()
    _act_or_halve(connection, rows, total, now=now)
    return Swept(
        total["warned"],
        total["escalated"],
        total["timed_out"],
        total["set_aside"],
        more=len(rows) == most,
    )


def _act_or_halve(
    connection: Connection, rows: Sequence[Any], total: Counter[str], *, now: dt.datetime
) -> None:
    if not rows:
        return
    try:
        with connection.begin_nested():
            counts = _act(connection, rows, now=now)
    except Exception as error:
        if isinstance(error, DBAPIError) and gave_up(error):
            raise
        if len(rows) == 1:
            _set_aside(connection, rows[0].id, error, now=now)
            total["set_aside"] += 1
            return
        middle = len(rows) // 2
        _act_or_halve(connection, rows[:middle], total, now=now)
        _act_or_halve(connection, rows[middle:], total, now=now)
        return
    total.update(counts)


def _act(connection: Connection, rows: Sequence[Any], *, now: dt.datetime) -> dict[str, int]:
    waits = [row for row in rows if row.kind == Kind.WAIT]
    stages = [row for row in rows if row.kind != Kind.WAIT]
    warned = [row for row in stages if row.level == WARN and row.due_at > now]
    due = [row for row in stages if row.level == DUE or row.due_at <= now]
    fired = [(row, WARN) for row in warned] + [(row, DUE) for row in (*due, *waits)]
    insert_rows(
        connection,
        Escalation,
        [{"deadline_id": row.id, "level": level, "fired_at": now} for row, level in fired],
    )
    if warned:
        connection.execute(_WARNED, {"ids": [row.id for row in warned]})
    if due or waits:
        connection.execute(_FIRED, {"ids": [row.id for row in (*due, *waits)]})
    _tell(connection, [f for f in fired if f[0].kind != Kind.WAIT], now=now)
    for row in waits:
        _time_out(connection, row, now=now)
    return {"warned": len(warned), "escalated": len(due), "timed_out": len(waits)}


def _tell(connection: Connection, fired: list[tuple[Any, int]], *, now: dt.datetime) -> None:
    """One event and one message for each level that fired."""
    if not fired:
        return
    events = [
        {
            "dispute_id": row.dispute_id,
            "visit_id": row.visit_id,
            "kind": "warned" if level == WARN else "escalated",
            "at": now,
            "by": str(By.TIMEOUT),
            "person_id": None,
            "data": {"deadline": row.id, "service_level": row.service_level},
        }
        for row, level in fired
    ]
    event_ids = insert_all(connection, Event, events)
    messages = [
        _message(connection, row, level, event_id, now=now)
        for (row, level), event_id in zip(fired, event_ids, strict=True)
    ]
    insert_rows(connection, Outbox, messages)


def _message(
    connection: Connection, row: Any, level: int, event_id: int, *, now: dt.datetime
) -> dict[str, Any]:
    """A warning goes to the card's thread; an escalation to the escalation channel."""
    if level == WARN:
        return outbox.line(row.visit_id, row.channel, row.dispute_id, event_id, now=now)
    document = documents.load(connection, row.document_id)
    channel = document.workflow_by_key[row.workflow].escalation
    return outbox.message(
        outbox.ALERT,
        outbox.post_lane(channel),
        f"alert:{row.id}:{level}",
        now=now,
        dispute_id=row.dispute_id,
        visit_id=row.visit_id,
        data={"deadline": row.id, "event": event_id},
    )


def _time_out(connection: Connection, row: Any, *, now: dt.datetime) -> None:
    """The wait's timeout decision, through the same door as every click (rule 9)."""
    document = documents.load(connection, row.visit_document_id)
    decisions = document.workflow_by_key[row.workflow].decisions_by_stage[row.stage].values()
    key = next(decision.key for decision in decisions if decision.by == By.TIMEOUT)
    answer = choose(connection, row.visit_id, key, {}, TIMEOUT, now=now)
    if isinstance(answer, Refused):  # nobody else would ever end this wait: an operator must see it
        raise TimeoutRefused(answer.key)


def _set_aside(
    connection: Connection, deadline_id: int, error: Exception, *, now: dt.datetime
) -> None:
    """Out of the way for an hour, with the kind of error for the operator; nothing is lost."""
    connection.execute(
        update(Deadline)
        .where(Deadline.id == deadline_id)
        .values(next_at=now + SET_ASIDE_FOR, set_aside=type(error).__name__)
    )
