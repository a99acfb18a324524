"""Home: what one person sees first, and the lists behind it, a page at a time (A2, W5, K1)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, or_, select

from core.desk import absences, documents, facts, locked, queues
from core.desk.actor import Right
from core.desk.answers import Refused
from core.desk.live import LIVE, its_due
from core.desk.people import Member
from core.desk.queues import Queued
from core.tables import Dispute, Fact, Order, Person, Visit
from core.workflow.model import Document, Value
from core.workflow.terms import Kind, Meaning

MINE, OVERDUE, WAITING, STAGE, TEAM = "mine", "overdue", "waiting", "stage", "team"
LISTS = (MINE, OVERDUE, WAITING, STAGE, TEAM)
FEW, PAGE = 5, 10  # items of a list on the first page, and on a page of its own
AT_HAND = 100  # options of a select
COUNTED = 1_000  # counting stops here


@dataclass(frozen=True, slots=True)
class Place:
    """Where in Home somebody is: a list (empty: the first page), its page, its stage."""

    list: str = ""
    page: int = 0
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A visit in a list, with what it is about, its amount in minor units, and who holds it."""

    queued: Queued
    topic: Value | None
    paid: int
    currency: str
    holder: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of a list, and how much the list holds in all, up to COUNTED."""

    items: list[Item]
    count: int
    page: int = 0
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Colleague:
    """What one of the team holds."""

    name: str
    stage: str
    held: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Home:
    """What a person sees: how much waits at each stage, shelves by list, and their team's load."""

    place: Place
    stages: list[str]  # those that the person serves
    waiting: dict[str, int]  # by stage
    late: dict[str, int]  # by stage
    shelves: dict[str, Shelf]
    team: list[Colleague] | None  # None for whoever leads nobody
    locked: Refused | None = None  # why not every decision of their stages is theirs to make (K1)
    away: absences.Away | None = None  # their own absence, where they are marked as away now


def home(
    connection: Connection, member: Member, place: Place | None = None, *, now: dt.datetime
) -> Home:
    """What this person sees at a place of their Home."""
    place = place or Place()
    stages = queues.served_stages(connection, member.home_stage)
    leads = Right.ASSIGN in member.rights
    seen = _stages(connection) if leads else stages
    waiting, late = _counts(connection, seen, now=now)
    if place.list:
        wanted, most = [place.list], PAGE
    else:
        wanted, most = [MINE, OVERDUE, WAITING], FEW
    shelves: dict[str, Shelf] = {}
    above: list[int] = []  # what stands on the first page already is not told again below
    for name in wanted:
        statement = _statement(connection, member, name, place.stage, leads, stages, now=now)
        if statement is not None:
            page = place.page if place.list else 0
            rest = statement.where(Visit.id.not_in(above))
            shelves[name] = _shelf(connection, rest, page, most, now=now)
            above += [item.queued.visit_id for item in shelves[name].items]
    team = _team(connection, member, now=now) if leads else None
    document = documents.active(connection)
    shut = locked.at_stages(connection, document, stages, member.actor, now=now)
    away = absences.away(connection, member.id, now=now)
    return Home(place, stages, waiting, late, shelves, team, shut, away)


def _stages(connection: Connection) -> list[str]:
    """Every stage at which agents act, in the order of the active document."""
    return list(
        dict.fromkeys(
            stage.key
            for workflow in documents.active(connection).workflows
            for stage in workflow.stages
            if stage.kind in (Kind.INTAKE, Kind.WORK)
        )
    )


def _statement(
    connection: Connection,
    member: Member,
    name: str,
    stage: str,
    leads: bool,
    stages: list[str],
    *,
    now: dt.datetime,
) -> Any:
    """The visits of a list; None for one that is not this person's to see."""
    if name == MINE:
        return queues.held_by([member.id], now=now)
    if name == OVERDUE and leads and not stages:
        return queues.open_visits().where(Visit.stage.in_(_stages(connection)), its_due <= now)
    if name in (WAITING, OVERDUE):
        return queues.for_person(connection, member.id, stages, now=now, overdue=name == OVERDUE)
    if name == STAGE and leads:
        return queues.open_visits().where(Visit.stage == stage)
    if name == STAGE and stage in stages:
        return queues.for_person(connection, member.id, [stage], now=now)
    if name == TEAM and leads:
        return queues.held_by([row.id for row in _members(connection, member)], now=now)
    return None


def free_items(
    connection: Connection, member: Member, stage: str, *, now: dt.datetime
) -> list[Item]:
    """What this person may act on at a stage, or at all they serve: what may be decided at once."""
    stages = [stage] if stage else queues.served_stages(connection, member.home_stage)
    statement = queues.for_person(connection, member.id, stages, now=now)
    return items(connection, queues.rows(connection, statement.limit(AT_HAND)), now=now)


def _counts(
    connection: Connection, stages: list[str], *, now: dt.datetime
) -> tuple[dict[str, int], dict[str, int]]:
    """How much waits at each stage, and how much of it is late."""
    found = connection.execute(
        select(Visit.stage, func.count(), func.count().filter(its_due <= now))
        .where(LIVE, Visit.parked_at.is_(None), Visit.stage.in_(stages))
        .group_by(Visit.stage)
    ).all()
    return (
        dict.fromkeys(stages, 0) | {stage: count for stage, count, _ in found},
        {stage: late for stage, _, late in found if late},
    )


def _shelf(
    connection: Connection, statement: Any, page: int, most: int, *, now: dt.datetime
) -> Shelf:
    counted = statement.order_by(None).limit(COUNTED).subquery()
    count = connection.scalar(select(func.count()).select_from(counted)) or 0
    last = max(count - 1, 0) // most
    page = min(max(page, 0), last)
    found = queues.rows(connection, statement.limit(most).offset(page * most))
    return Shelf(items(connection, found, now=now), count, page, last + 1)


def items(connection: Connection, found: Sequence[Queued], *, now: dt.datetime) -> list[Item]:
    """Visits with what a list tells of them."""
    ids = [queued.dispute_id for queued in found]
    paid = {
        row.id: row
        for row in connection.execute(
            select(Dispute.id, Order.paid, Order.currency)
            .join(Order, Order.id == Dispute.order_id)
            .where(Dispute.id.in_(ids))
        )
    }
    holders = {
        queued.visit_id: queued.holder_id
        for queued in found
        if queued.holder_id and (queued.held_until is None or queued.held_until > now)
    }
    names = {
        row.id: row.name
        for row in connection.execute(
            select(Person.id, Person.name).where(
                Person.id.in_(set(holders.values())), Person.active
            )
        )
    }
    topics = _topics(connection, found)
    return [
        Item(
            queued,
            topics.get(queued.dispute_id),
            paid[queued.dispute_id].paid,
            paid[queued.dispute_id].currency,
            names.get(holders.get(queued.visit_id, 0), ""),
        )
        for queued in found
    ]


def topic_fields(document: Document) -> set[str]:
    """The keys of the fields that say what a dispute is about."""
    return {
        field.key
        for workflow in document.workflows
        for stage in workflow.stages
        for field in stage.fields
        if field.meaning == Meaning.TOPIC
    }


def _topics(connection: Connection, found: Sequence[Queued]) -> dict[int, Value]:
    keys: set[str] = set()
    for document_id in {queued.document_id for queued in found}:
        keys |= topic_fields(documents.load(connection, document_id))
    rows: dict[int, list[Any]] = {}
    for row in connection.execute(
        select(Fact.dispute_id, Fact.key, Fact.event_id, Fact.text, Fact.number, Fact.listed)
        .where(Fact.dispute_id.in_([queued.dispute_id for queued in found]), Fact.key.in_(keys))
        .order_by(Fact.id)
    ):
        rows.setdefault(row.dispute_id, []).append(row[1:])
    folded = {dispute_id: facts.fold(known) for dispute_id, known in rows.items()}
    return {dispute_id: next(iter(known.values())) for dispute_id, known in folded.items() if known}


def _members(connection: Connection, member: Member) -> Sequence[Any]:
    """The active people of one's team; whoever has no team leads everybody."""
    team = connection.scalar(select(Person.team).where(Person.id == member.id)) or ""
    statement = select(Person.id, Person.name, Person.home_stage).where(Person.active)
    if team:
        statement = statement.where(Person.team == team)
    return connection.execute(statement.order_by(Person.name, Person.id)).all()


def _team(connection: Connection, member: Member, *, now: dt.datetime) -> list[Colleague]:
    """Who of the team holds how much, the fullest hands first; those who hold nothing last."""
    people = _members(connection, member)
    loads = {
        row.holder_id: row
        for row in connection.execute(
            select(
                Visit.holder_id,
                func.count().label("held"),
                func.count().filter(its_due <= now).label("overdue"),
            )
            .where(
                LIVE,
                Visit.kind == str(Kind.WORK),
                Visit.holder_id.in_([row.id for row in people]),
                or_(Visit.held_until.is_(None), Visit.held_until > now),
            )
            .group_by(Visit.holder_id)
        )
    }
    told = [
        Colleague(
            row.name,
            row.home_stage,
            loads[row.id].held if row.id in loads else 0,
            loads[row.id].overdue if row.id in loads else 0,
        )
        for row in people
        if row.home_stage or row.id in loads
    ]
    return sorted(told, key=lambda one: (-one.overdue, -one.held, one.name))
