"""Running deadlines follow the calendars that they count by, and those change while they run (G7).

Whoever saves a calendar changes no deadline; the scheduler goes over those that run and times them
anew, a batch at a time. Done twice it does the same, so nothing is kept of how far it came.
"""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from core.desk import documents
from core.desk.deadlines import timed
from core.desk.ladders import Plans
from core.tables import BusinessCalendar, Deadline, Dispute
from core.workflow.uses import counting_by

BATCH = 500
_RUNNING = (
    select(
        Deadline.id,
        Deadline.document_id,
        Deadline.service_level,
        Deadline.started_at,
        Deadline.level,
        Deadline.pauses,
        Deadline.acknowledged_until,
        Dispute.workflow,
    )
    .join(Dispute, Dispute.id == Deadline.dispute_id)
    .where(
        Deadline.stopped_at.is_(None),
        Deadline.id > bindparam("after"),
        Deadline.service_level.in_(bindparam("levels", expanding=True)),
    )
    .order_by(Deadline.id)
    .limit(BATCH)
    .with_for_update(of=Deadline.__table__)
)
_TIME = (
    update(Deadline)
    .where(Deadline.id == bindparam("deadline"))
    .values(due_at=bindparam("due"), next_at=bindparam("next"))
)


def changed(connection: Connection, **_: Any) -> list[tuple[str, int]]:
    """The calendars that were saved since deadlines last followed them, with their revisions."""
    rows = connection.execute(
        select(BusinessCalendar.key, BusinessCalendar.revision)
        .where(BusinessCalendar.revision > BusinessCalendar.followed)
        .order_by(BusinessCalendar.key)
    )
    return [(row.key, row.revision) for row in rows]


def reckon(connection: Connection, key: str, after: int, *, now: dt.datetime) -> int | None:
    """Times a batch of running deadlines anew that count, or tell, by this calendar.

    `after` is the id of the last one of the batch before, 0 at first; gives that of this batch,
    None where there are no more.
    """
    del now
    levels = _levels(connection, key)
    rows = connection.execute(_RUNNING, {"after": after, "levels": sorted(levels)}).all()
    plans, changes = Plans(connection), []
    for row in rows:
        document = documents.load(connection, row.document_id)
        level = document.workflow_by_key[row.workflow].level_by_key[row.service_level]
        plan = plans.of(row.document_id, document, row.workflow, level)
        found = timed(plan, row.started_at, row.pauses, row.level, row.acknowledged_until)
        changes.append({"deadline": row.id, "due": found["due"], "next": found["next"]})
    if changes:
        connection.execute(_TIME, changes)
    return rows[-1].id if len(rows) == BATCH else None


def followed(connection: Connection, key: str, revision: int, *, now: dt.datetime) -> None:
    """Notes that deadlines follow this revision of a calendar."""
    del now
    connection.execute(
        update(BusinessCalendar).where(BusinessCalendar.key == key).values(followed=revision)
    )


def _levels(connection: Connection, key: str) -> set[str]:
    """The service levels that use a calendar in any document by which a deadline runs."""
    running = select(Deadline.document_id).where(Deadline.stopped_at.is_(None)).distinct()
    ids = connection.execute(running).scalars()
    return {one for i in ids for one in counting_by(documents.load(connection, i), key)}
