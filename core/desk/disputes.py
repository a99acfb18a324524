"""Disputes as a list: filtered, searched, a page at a time, at any size of the desk (W5, W8).

Waits and finished disputes are in no agent's queue, but always here.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, union
from sqlalchemy.orm import aliased

from core.desk import finding, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.board import aged
from core.desk.live import LIVE
from core.tables import Deadline, Dispute, Order, Party, Person, Visit
from core.workflow.terms import Kind

PAGE = 20
BATCH = 500  # rows that an export reads at once
COUNTED = 10_001  # counting stops here: "more than 10,000"
OPEN, FINISHED, OVERDUE, HIDDEN = "open", "finished", "overdue", "hidden"
NOBODY = -1  # for a holder: what an agent could take or hold now
STATES = (OPEN, FINISHED, OVERDUE, HIDDEN)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `text` is a dispute's or an order's number, or a merchant's reference.

    `tag` is a tag of the buyer's (TAGS), `contact` the fingerprint of a buyer's or merchant's.
    `holder` is a person's id, NOBODY, or 0 for whoever; `age` is a bucket of `board.AGES`, or -1.
    """

    state: str = ""
    stage: str = ""
    text: str = ""
    oldest_first: bool = False
    page: int = 0
    tag: str = ""
    contact: bytes = b""
    workflow: str = ""
    holder: int = 0
    team: str = ""
    age: int = -1


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


@dataclass(frozen=True, slots=True)
class Found:
    """A page of disputes, and how many there are in all, up to COUNTED."""

    rows: list[Listed]
    count: int


def search(
    connection: Connection, actor: Actor, wanted: Wanted, *, now: dt.datetime
) -> Found | Refused:
    """The page of disputes that is wanted, newest first unless asked otherwise."""
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    if not _can_be_asked(wanted):
        return Found([], 0)
    chosen = _chosen(wanted, now)
    deepest = (COUNTED - 1) // PAGE
    page = min(max(wanted.page, 0), deepest)
    rows = connection.execute(
        _rows(now).where(*chosen).order_by(_order(wanted)).limit(PAGE).offset(page * PAGE)
    )
    counted = _joined(select(Dispute.id)).where(*chosen).limit(COUNTED).subquery()
    count = connection.scalar(select(func.count()).select_from(counted)) or 0
    return Found([Listed(*row) for row in rows], count)


def newest(connection: Connection, actor: Actor, **_: Any) -> int | Refused:
    """The id of the newest dispute, 0 where there is none: an export ends there."""
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    return connection.scalar(select(func.max(Dispute.id))) or 0


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
    chosen = [*_chosen(wanted, now), Dispute.id <= last]
    if after:
        chosen.append(Dispute.id > after if wanted.oldest_first else Dispute.id < after)
    rows = connection.execute(_rows(now).where(*chosen).order_by(_order(wanted)).limit(BATCH))
    return [Listed(*row) for row in rows]


def _can_be_asked(wanted: Wanted) -> bool:
    """Whether such a text can be stored at all, and asked for."""
    told = wanted.text + wanted.stage + wanted.tag + wanted.workflow + wanted.team
    return told.isprintable()


def _order(wanted: Wanted) -> ColumnElement[int]:
    return Dispute.id.asc() if wanted.oldest_first else Dispute.id.desc()


def _chosen(wanted: Wanted, now: dt.datetime) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if wanted.stage:
        chosen.append(Visit.stage == wanted.stage)
    if wanted.state == OPEN:
        chosen.append(LIVE)
    elif wanted.state == FINISHED:
        chosen.append(Visit.kind == str(Kind.FINAL))
    elif wanted.state == OVERDUE:
        chosen.append(Deadline.due_at <= now)
    elif wanted.state == HIDDEN:
        chosen += [LIVE, Visit.kind == str(Kind.WAIT)]
    text = wanted.text.strip()
    if text:
        chosen.append(Dispute.id.in_(union(*finding.meanings(text))))
    if wanted.contact:
        chosen.append(Dispute.id.in_(union(*finding.meanings_of_contact(wanted.contact))))
    if wanted.tag:
        chosen.append(Dispute.id.in_(finding.meaning_of_tag(wanted.tag)))
    if wanted.workflow:
        chosen.append(Dispute.workflow == wanted.workflow)
    if wanted.age >= 0:
        chosen.append(aged(wanted.age, now))
    return [*chosen, *_held(wanted, now)]


def _held(wanted: Wanted, now: dt.datetime) -> list[ColumnElement[bool]]:
    """Held at this moment by a person, by a team's people, or by nobody."""
    chosen: list[ColumnElement[bool]] = []
    person = aliased(Person)  # the list itself tells who holds, too
    if wanted.holder == NOBODY:
        held = exists(select(1).where(person.id == Visit.holder_id, person.active, _lasting(now)))
        chosen += [LIVE, Visit.kind.in_((str(Kind.INTAKE), str(Kind.WORK))), ~held]
    elif wanted.holder:
        chosen += [Visit.holder_id == wanted.holder, _lasting(now)]
    if wanted.team:
        members = select(person.id).where(person.team == wanted.team, person.active)
        chosen += [Visit.holder_id.in_(members), _lasting(now)]
    return chosen


def _lasting(now: dt.datetime) -> ColumnElement[bool]:
    """A hold that has not run out."""
    return or_(Visit.held_until.is_(None), Visit.held_until > now)


def _rows(now: dt.datetime) -> Any:
    return (
        _joined(
            select(
                Dispute.id,
                Dispute.number,
                Dispute.workflow,
                Visit.stage,
                Visit.kind,
                Visit.document_id,
                func.coalesce(Person.name, ""),
                Dispute.opened_at,
                Deadline.due_at,
                Order.number,
                func.coalesce(Party.reference, ""),
            )
        )
        .join(Order, Order.id == Dispute.order_id)
        .outerjoin(Person, and_(Person.id == Visit.holder_id, Person.active, _lasting(now)))
        .outerjoin(Party, Party.id == Dispute.merchant_id)
    )


def _joined(statement: Any) -> Any:
    """Every dispute has one open visit, which says where it stands."""
    return statement.join(
        Visit, and_(Visit.dispute_id == Dispute.id, Visit.left_at.is_(None))
    ).outerjoin(Deadline, and_(Deadline.visit_id == Visit.id, Deadline.stopped_at.is_(None)))
