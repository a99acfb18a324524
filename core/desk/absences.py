"""Who is away when, entered ahead, and what they hold meanwhile (A2)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, and_, or_, select, update

from core.desk import changes, holding, people, queues
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Refused
from core.desk.assignment import absent
from core.desk.queues import Queued
from core.tables import Person

MOST_SHOWN = 200  # held disputes of all who are away


@dataclass(frozen=True, slots=True)
class Absence:
    """When somebody is away: without a beginning since ever, without an end until further notice.

    `held` is what they hold, if they are away now.
    """

    person_id: int
    name: str
    team: str
    begins: dt.datetime | None
    ends: dt.datetime | None
    now: bool
    held: list[Queued]


def absences(connection: Connection, actor: Actor, *, now: dt.datetime) -> list[Absence] | Refused:
    """Those who are away now, then those who will be, by when; for whoever may assign."""
    refused = people.refusal(connection, actor, Right.ASSIGN)
    if refused is not None:
        return refused
    rows = connection.execute(
        select(
            Person.id,
            Person.name,
            Person.team,
            Person.absent_from,
            Person.absent_until,
            absent(now).label("away"),
        ).where(Person.active, or_(absent(now), Person.absent_from > now))
    ).all()
    away = [row.id for row in rows if row.away]
    held: dict[int, list[Queued]] = {}
    if away:
        statement = queues.held_by(away, now=now).limit(MOST_SHOWN)
        for one in queues.rows(connection, statement):
            held.setdefault(one.holder_id or 0, []).append(one)
    found = [
        Absence(
            row.id,
            row.name,
            row.team,
            row.absent_from,
            row.absent_until,
            bool(row.away),
            held.get(row.id, []),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (not one.now, one.begins or now, one.name))


def enter(
    connection: Connection,
    actor: Actor,
    person_id: int,
    begins: dt.datetime | None,
    ends: dt.datetime | None,
    *,
    now: dt.datetime,
) -> Refused | None:
    """Notes when a person is away, in place of what was noted; neither moment: they are there.

    Raises ValueError for an absence that ends before it begins.
    """
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    if begins is not None and ends is not None and ends <= begins:
        raise ValueError("an absence ends after it begins")
    theirs = and_(Person.id == person_id, Person.active)
    columns = (Person.name, Person.absent_from, Person.absent_until)
    before = connection.execute(select(*columns).where(theirs).with_for_update()).first()
    if before is None:
        return Refused("unknown_person")
    values = {"absent_from": begins, "absent_until": ends}
    connection.execute(
        update(Person).where(Person.id == person_id).values(**values, version=Person.version + 1)
    )
    known = {"absent_from": before.absent_from, "absent_until": before.absent_until}
    changes.record(
        connection,
        actor,
        changes.CHANGED,
        changes.PERSON,
        [before.name],
        now=now,
        before=known,
        after=values,
    )
    return None


def give_back(
    connection: Connection,
    visit_id: int,
    person_id: int,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Gives back one visit that an absent person holds; refused where they hold it no more."""
    held = queues.rows(connection, queues.held_by([person_id], now=now))
    if visit_id not in {one.visit_id for one in held}:
        return Refused("unknown_visit")
    return holding.release(connection, visit_id, actor, now=now, click=click)


@dataclass(frozen=True, slots=True)
class Away:
    """Since when somebody is away, and until when; None: since ever, until further notice."""

    since: dt.datetime | None
    until: dt.datetime | None


def away(connection: Connection, person_id: int, *, now: dt.datetime) -> Away | None:
    """Somebody's absence, where they are away at this moment: rules give them nothing (A2)."""
    row = connection.execute(
        select(Person.absent_from, Person.absent_until).where(Person.id == person_id, absent(now))
    ).first()
    return Away(row.absent_from, row.absent_until) if row is not None else None
