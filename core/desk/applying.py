"""Apply to open disputes: running promises follow the published service levels and ladders (G8).

A supervisor looks at what it would do, gives a reason and asks for it; the scheduler does it, a
batch at a time. How far it came is kept, so that a killed scheduler goes on where it was; and what
follows the document already is left alone, so that doing a batch twice does the same. Nothing is
told here: what is overdue by it is told once by the sweep, as after any outage.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from core.desk import applied, changes, documents, events, outbox, people, still_open
from core.desk.actor import Actor, Right, agent
from core.desk.answers import Refused, Stale
from core.desk.applied import Change, Target, What
from core.tables import ActiveDocument, Application, Card, Deadline, Person, Round

BATCH = 100  # disputes
LOOKED = 2_000  # disputes that a preview looks at
NAMED = 20
REASON_LIMIT = 200
DONE, OVERTAKEN, BARRED = "done", "overtaken", "barred"
# In this order changes are worth naming.
WORTH = (What.OVERDUE, What.EARLIER, What.ENDED, What.STARTED, What.LATER, What.SAME)
_ACTIVE = select(ActiveDocument.document_id).where(ActiveDocument.id == 1)
_WAITING = (
    select(Application)
    .where(Application.ended_at.is_(None))
    .order_by(Application.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_END = (
    update(Deadline)
    .where(Deadline.id == bindparam("deadline"), Deadline.stopped_at.is_(None))
    .values(
        stopped_at=bindparam("now"),
        next_at=None,
        set_aside=None,
        superseded=True,
        superseded_by_id=bindparam("application"),
    )
)
_ROUND = (
    update(Round)
    .where(Round.visit_id == bindparam("visit"), Round.closed_at.is_(None))
    .values(due_at=bindparam("due"))
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What applying would do now. `more` says that there are more open disputes than it looked at.

    `named` are the changes worth naming most, `document_id` the document that would be applied.
    """

    document_id: int
    looked: int
    more: bool
    disputes: int
    counts: dict[str, int]
    named: tuple[Change, ...]


def preview(
    connection: Connection, actor: Actor, starts: bool, *, now: dt.datetime
) -> Preview | Refused:
    """What applying the published service levels would do to the disputes that are open."""
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    target = Target(connection, documents.active_id(connection), starts, now)
    after, looked, found = 0, 0, list[Change]()
    rows: Sequence[Any] = [None]
    while rows and looked < LOOKED:
        rows = still_open.open_disputes(connection, after, BATCH)
        found += applied.changes(target, rows)
        looked += len(rows)
        after = rows[-1].id if rows else after
    counts = Counter(change.what for change in found)
    worth = sorted(found, key=lambda change: (WORTH.index(change.what), change.dispute.id))
    return Preview(
        target.document_id,
        looked,
        bool(still_open.open_disputes(connection, after, 1)),
        len({change.dispute.id for change in found}),
        {str(what): counts[what] for what in WORTH if counts[what]},
        tuple(worth[:NAMED]),
    )


def ask(
    connection: Connection,
    actor: Actor,
    read_document: int,
    reason: str,
    starts: bool,
    *,
    now: dt.datetime,
) -> int | Refused:
    """Asks for the published service levels to be applied; returns the application's id.

    `starts` also begins what is new and whose start has happened. Raises Stale where another
    document than the one that was looked at is published by now.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    if not reason.strip():
        return Refused("reason_needed")
    document_id = connection.scalar(_ACTIVE.with_for_update())
    if document_id != read_document:
        raise Stale("another document was published meanwhile")
    if waits(connection):
        return Refused("applying_already")
    row = {
        "document_id": document_id,
        "reason": reason.strip()[:REASON_LIMIT],
        "starts": starts,
        "asked_at": now,
        "asked_by_id": actor.person_id,
    }
    application_id = connection.execute(
        insert(Application).returning(Application.id), row
    ).scalar_one()
    after = {"document": document_id, "note": row["reason"], "begins": starts}
    changes.record(connection, actor, changes.APPLIED, changes.DRAFT, (), now=now, after=after)
    return int(application_id)


def waits(connection: Connection, **_: Any) -> bool:
    """Whether an application is under way."""
    found = select(Application.id).where(Application.ended_at.is_(None)).limit(1)
    return connection.scalar(found) is not None


def carry_on(connection: Connection, *, now: dt.datetime) -> bool:
    """Does a batch of the application that waits; False where none does.

    It ends as overtaken where another document was published meanwhile, as barred where whoever
    asked for it may not publish any more; what it did by then stays.
    """
    row = connection.execute(_WAITING).first()
    if row is None:
        return False
    if connection.scalar(_ACTIVE) != row.document_id:
        _over(connection, row, OVERTAKEN, now=now)
    elif _barred(connection, row.asked_by_id):
        _over(connection, row, BARRED, now=now)
    else:
        _batch(connection, row, now=now)
    return True


def latest(connection: Connection, most: int = 5) -> list[Row[Any]]:
    """The latest applications with who asked for them, newest first."""
    asked = func.coalesce(Person.name, "").label("asked_by")
    found = select(Application, asked).outerjoin(Person, Person.id == Application.asked_by_id)
    return list(connection.execute(found.order_by(Application.id.desc()).limit(most)))


def _batch(connection: Connection, row: Any, *, now: dt.datetime) -> None:
    ids = [one.id for one in still_open.open_disputes(connection, row.after_id, BATCH)]
    disputes = still_open.locked(connection, ids)
    target = Target(connection, row.document_id, row.starts, now)
    by_dispute: dict[int, list[Change]] = defaultdict(list)
    for change in applied.changes(target, disputes):
        by_dispute[change.dispute.id].append(change)
    for found in by_dispute.values():
        _apply(connection, row, found, now=now)
    connection.execute(
        update(Application)
        .where(Application.id == row.id)
        .values(
            after_id=ids[-1] if ids else row.after_id,
            disputes=Application.disputes + len(by_dispute),
            deadlines=Application.deadlines + sum(map(len, by_dispute.values())),
        )
    )
    if len(ids) < BATCH:
        _over(connection, row, DONE, now=now)


def _apply(
    connection: Connection, application: Any, found: Sequence[Change], *, now: dt.datetime
) -> None:
    """What becomes of the promises of one dispute, and one event that says so."""
    dispute = found[0].dispute
    old = [change.old.id for change in found if change.old is not None]
    if old:
        ended = {"now": now, "application": application.id}
        connection.execute(_END, [{"deadline": one, **ended} for one in old])
    rows = [change.row for change in found if change.row is not None]
    if rows:
        connection.execute(insert(Deadline), rows)
    for row in rows:
        if row["with_visit"] and row["due_at"] is not None:  # what a party was asked by when
            connection.execute(_ROUND, {"visit": row["visit_id"], "due": row["due_at"]})
    actor = agent(application.asked_by_id) if application.asked_by_id else Actor("desk")
    data = {
        "application": application.id,
        "document": application.document_id,
        "promises": [
            {
                "key": change.level.key,
                "what": str(change.what),
                "due": change.after.isoformat() if change.after else None,
            }
            for change in found
        ],
    }
    kind, visit_id = "levels_applied", dispute.visit_id
    event_id = events.record(connection, dispute.id, visit_id, kind, actor, data, now=now)
    if connection.scalar(select(Card.visit_id).where(Card.visit_id == visit_id).limit(1)):
        drawn = outbox.redraw(visit_id, dispute.id, str(event_id), now=now)
        outbox.put(connection, [drawn])


def _over(connection: Connection, row: Any, how: str, *, now: dt.datetime) -> None:
    ended = {"ended_at": now, "ended": how}
    connection.execute(update(Application).where(Application.id == row.id).values(ended))


def _barred(connection: Connection, person_id: int | None) -> bool:
    """Whether who asked for it has left, or may not publish any more; a shell is never barred."""
    if person_id is None:
        return False
    return people.refusal(connection, agent(person_id), Right.SHAPE) is not None
