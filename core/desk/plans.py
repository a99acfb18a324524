"""Publishing at a set time: the draft as it is now becomes the active document by itself (S3).

What is planned is stored at once, so editing goes on meanwhile. A plan is made against the document
that is active: where another one is published before its time, the plan is overtaken by that.
"""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.orm import aliased

from core.desk import changes, documents, draft, people, second
from core.desk.actor import TIMEOUT, Actor, Right, agent
from core.desk.answers import Refused
from core.tables import ActiveDocument, Person, Plan

MOST = dt.timedelta(days=90)  # ahead
CANCELLED, FAILED, BARRED = "cancelled", "failed", "barred"
_ASKER = aliased(Person)
_POINTER = select(ActiveDocument.plan_id).where(ActiveDocument.id == 1)
_LOCKED = _POINTER.with_for_update()
_DUE = (
    select(Plan.id, Plan.document_id, Plan.planned_by_id, Plan.asked_by_id, Plan.note)
    .join(ActiveDocument, ActiveDocument.plan_id == Plan.id)
    .with_for_update(of=ActiveDocument.__table__, skip_locked=True)
)
_TOLD: Any = (
    select(
        Plan,
        func.coalesce(Person.name, "").label("planner"),
        func.coalesce(_ASKER.name, "").label("asked_by"),
    )
    .outerjoin(Person, Person.id == Plan.planned_by_id)
    .outerjoin(_ASKER, _ASKER.id == Plan.asked_by_id)
)


def plan(
    connection: Connection,
    actor: Actor,
    read_version: int,
    at: dt.datetime,
    *,
    now: dt.datetime,
    note: str = "",
) -> int | Refused:
    """Plans to publish the draft as it was read at a moment; returns the plan's id, or why not.

    Raises Stale where the draft changed since, NotPublishable where it has problems.
    """
    if connection.scalar(_LOCKED) is not None:
        return Refused("plan_waits")
    if not now < at <= now + MOST:
        return Refused("plan_moment", {"days": MOST.days})
    given = draft.release(connection, actor, read_version, note)
    if isinstance(given, Refused):
        return given
    document_id, asked_by_id = given
    row = {
        "document_id": document_id,
        "at": at,
        "note": note,
        "planned_at": now,
        "planned_by_id": actor.person_id,
        "asked_by_id": asked_by_id,
    }
    plan_id = int(connection.execute(insert(Plan).returning(Plan.id), row).scalar_one())
    connection.execute(update(ActiveDocument).values(plan_id=plan_id))
    after = {"document": document_id, "moment": at, "note": note}
    changes.record(connection, actor, changes.PLANNED, changes.DRAFT, (), now=now, after=after)
    return plan_id


def cancel(
    connection: Connection, actor: Actor, plan_id: int, *, now: dt.datetime
) -> Refused | None:
    """Gives up the plan that waits, if it is still this one."""
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    if connection.scalar(_LOCKED) != plan_id:
        return Refused("plan_over")
    _end(connection, plan_id, CANCELLED, now=now)
    given_up = select(Plan.document_id, Plan.asked_by_id).where(Plan.id == plan_id)
    second.give_back(connection, *connection.execute(given_up).one())
    changes.record(connection, actor, changes.CANCELLED, changes.DRAFT, (), now=now)
    return None


def carry_out(connection: Connection, *, now: dt.datetime) -> bool:
    """Publishes what was planned for a moment that has come; True where there was something.

    Where open disputes would lose their stage by now, or whoever planned it may not publish any
    more, the plan fails and says so: the document that is active stays.
    """
    due = connection.execute(_DUE.where(Plan.at <= now)).first()
    if due is None:
        return False
    after: dict[str, Any] = {"document": due.document_id, "note": due.note}
    found = documents.obstacles(connection, documents.load(connection, due.document_id))
    if _barred(connection, due.planned_by_id):
        _end(connection, due.id, BARRED, now=now)
        after["barred"] = people.name(connection, due.planned_by_id)
        what = changes.FAILED
    elif found:
        _end(connection, due.id, FAILED, now=now)
        after["problems"] = sorted({"/".join(problem.place) for problem in found})
        what = changes.FAILED
    else:
        documents.activate(
            connection,
            due.document_id,
            now=now,
            publisher_id=due.planned_by_id,
            note=due.note,
            asked_by_id=due.asked_by_id,
        )
        what = changes.PUBLISHED
    changes.record(connection, TIMEOUT, what, changes.DRAFT, (), now=now, after=after)
    return True


def _barred(connection: Connection, planner_id: int | None) -> bool:
    """Whether who planned it has left, or may not publish any more; a shell is never barred."""
    if planner_id is None:
        return False
    return people.refusal(connection, agent(planner_id), Right.SHAPE) is not None


def waiting(connection: Connection) -> Row[Any] | None:
    """The plan that waits for its time, with who made it."""
    return connection.execute(_TOLD.where(Plan.id == _POINTER.scalar_subquery())).first()


def failed(connection: Connection) -> Row[Any] | None:
    """The latest plan, where it failed and nothing was published since; `ended` says why."""
    row = connection.execute(_TOLD.order_by(Plan.id.desc()).limit(1)).first()
    since = connection.scalar(select(ActiveDocument.since).where(ActiveDocument.id == 1))
    if row is None or row.ended not in (FAILED, BARRED) or since is None or row.ended_at < since:
        return None
    return row


def _end(connection: Connection, plan_id: int, how: str, *, now: dt.datetime) -> None:
    connection.execute(update(Plan).where(Plan.id == plan_id).values(ended_at=now, ended=how))
    connection.execute(update(ActiveDocument).values(plan_id=None))
