"""Disputes as a list: filtered, searched, a page at a time, at any size of the desk (W5, W8).

Waits and finished disputes are in no agent's queue, but always here.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, select

from core.desk import by_due, narrowing, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.live import its_due
from core.desk.narrowing import FINISHED, HIDDEN, OPEN, OVERDUE, Wanted
from core.tables import Dispute, Order, Party, Person, Visit

PAGE = 20
BATCH = 500  # rows that an export reads at once
COUNTED = 10_001  # counting stops here: "more than 10,000"
COUNTED_LESS = 1_001
STATES = (OPEN, FINISHED, OVERDUE, HIDDEN)


@dataclass(frozen=True, slots=True)
class Listed:
    """A dispute in a list, where it stands now."""

    id: int
    number: str
    workflow: str
    stage: str
    kind: str
    document_id: int
    holder: str
    opened_at: dt.datetime
    due_at: dt.datetime | None
    order_number: str
    merchant: str
    grade: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of disputes, and how many there are in all, up to COUNTED."""

    rows: list[Listed]
    count: int


def search(
    connection: Connection, actor: Actor, wanted: Wanted, *, now: dt.datetime
) -> Found | Refused:
    """The page of disputes that is wanted, newest first unless asked otherwise.

    First their ids and their number, from no more tables than the asking names, then what twenty
    rows tell: so a page costs the same however many disputes there are.
    """
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    if not _can_be_asked(wanted):
        return Found([], 0)
    most = counted_up_to(wanted)
    page = min(max(wanted.page, 0), (most - 1) // PAGE)
    which = narrowing.narrowed(connection, wanted, now)
    counted = which.counted.limit(most).subquery()
    count = connection.scalar(select(func.count()).select_from(counted)) or 0
    ids: Sequence[int]
    if wanted.due:
        ids = by_due.page(connection, which, wanted, many=count, offset=page * PAGE, most=PAGE)
    else:
        ids = connection.scalars(which.in_order(wanted).limit(PAGE).offset(page * PAGE)).all()
    return Found(_listed(connection, ids, now), count)


def counted_up_to(wanted: Wanted) -> int:
    """Where counting what is wanted stops: what no single index counts is counted less far."""
    return COUNTED_LESS if wanted.tag else COUNTED


def newest(connection: Connection, actor: Actor, **_: Any) -> int | Refused:
    """The id of the newest dispute, 0 where there is none: an export ends there."""
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    return connection.scalar(select(func.max(Dispute.id))) or 0


def due(
    connection: Connection, actor: Actor, wanted: Wanted, last: int, *, now: dt.datetime
) -> list[int] | Refused:
    """The ids of all that is wanted and due at some moment, in that order, up to the id `last`.

    None where the order is another. Only what is open is ever due: they are few beside all.
    """
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    if not wanted.due or not _can_be_asked(wanted):
        return []
    which = narrowing.narrowed(connection, wanted, now)
    return [one for one in by_due.all_due(connection, which, wanted) if one <= last]


def told(
    connection: Connection, actor: Actor, ids: Sequence[int], *, now: dt.datetime
) -> list[Listed] | Refused:
    """What the list tells of these disputes, in their order."""
    return people.refusal(connection, actor, Right.SEE) or _listed(connection, ids, now)


def following(
    connection: Connection,
    actor: Actor,
    wanted: Wanted,
    after: int,
    last: int,
    *,
    now: dt.datetime,
) -> list[Listed] | Refused:
    """The next BATCH of all that is wanted, whatever its page; none when it is at its end (M7).

    `after` is the id of the dispute told last, 0 at the beginning; `last` is the newest one of all
    when that was. What is opened meanwhile is left out, so that the end is always reached.
    """
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    if not _can_be_asked(wanted):
        return []
    which = narrowing.narrowed(connection, wanted, now)
    asked = which.statement.where(which.id <= last)
    if after:
        asked = asked.where(which.id > after if wanted.ascending else which.id < after)
    order = which.id.asc() if wanted.ascending else which.id.desc()
    return _listed(connection, connection.scalars(asked.order_by(order).limit(BATCH)).all(), now)


def _can_be_asked(wanted: Wanted) -> bool:
    """Whether such a text can be stored at all, and asked for."""
    told = wanted.text + wanted.stage + wanted.tag + wanted.workflow + wanted.team + wanted.grade
    return told.isprintable()


def _listed(connection: Connection, ids: Sequence[int], now: dt.datetime) -> list[Listed]:
    """What the list tells of these disputes, in their order."""
    if not ids:
        return []
    rows = {row.id: Listed(*row) for row in connection.execute(_rows(ids, now))}
    return [rows[one] for one in ids if one in rows]


def _rows(ids: Sequence[int], now: dt.datetime) -> Any:
    """Every dispute has one open visit, which says where it stands."""
    return (
        select(
            Dispute.id,
            Dispute.number,
            Dispute.workflow,
            Visit.stage,
            Visit.kind,
            Visit.document_id,
            func.coalesce(Person.name, ""),
            Dispute.opened_at,
            its_due.label("due_at"),
            Order.number,
            func.coalesce(Party.reference, ""),
            Dispute.grade,
        )
        .join(Visit, and_(Visit.dispute_id == Dispute.id, Visit.left_at.is_(None)))
        .join(Order, Order.id == Dispute.order_id)
        .outerjoin(
            Person, and_(Person.id == Visit.holder_id, Person.active, narrowing.lasting(now))
        )
        .outerjoin(Party, Party.id == Dispute.merchant_id)
        .where(Dispute.id.in_(ids))
    )
