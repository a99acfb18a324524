"""Whom a page may call: people of the desk, and whoever is on duty at a rota now (K5)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from core.clocks.rota import on_duty, stretches
from core.desk import quiet, rota_watch, rotas
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.assignment import absent
from core.desk.held import RIGHTS
from core.tables import Page, Paged, Person

_AHEAD = dt.timedelta(days=14)
_COLUMNS = (
    Person.id,
    Person.name,
    Person.slack_id,
    Person.zone,
    Person.quiet_from,
    Person.quiet_to,
    Person.home_stage,
    RIGHTS,
)
_HERE = (Person.active, Person.practises_for.is_(None))


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody, or whoever is on duty at a rota: one of the two."""

    person: int | None = None
    rota: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """A rota at which somebody is on duty now, and who it is."""

    key: str
    label_zh: str
    label_en: str
    names: list[str]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person who may be called, and what it is like where they are now."""

    id: int
    name: str
    at: dt.datetime
    zone: str
    quiet: bool
    away: bool
    in_slack: bool


@dataclass(frozen=True, slots=True)
class Next:
    """Who comes next at a rota, from when on; None: they are on duty now."""

    label_zh: str
    label_en: str
    people: list[tuple[int, str]]
    at: dt.datetime | None


def meant(
    connection: Connection,
    dispute_id: int,
    whom: Whom,
    anyway: bool,
    actor: Actor,
    *,
    now: dt.datetime,
) -> list[Any] | Refused:
    """The rows of those whom a page calls, or why it can call nobody."""
    ids = [whom.person] if whom.person is not None else []
    if whom.rota:
        ids = rotas.on_duty(connection, whom.rota, now=now)
        if not ids:
            return Refused("page_nobody_on_duty")
    others = [one for one in ids if one != actor.person_id]
    if ids and not others:
        return Refused("page_self")
    found = connection.execute(
        select(*_COLUMNS, absent(now).label("away"))
        .where(Person.id.in_(others), *_HERE)
        .order_by(Person.name, Person.id)
    ).all()
    known = [row for row in found if Right.SEE in row.rights]
    if not known:
        return Refused("unknown_person")
    reached = [row for row in known if row.slack_id]
    if not reached:
        return Refused("page_no_slack", {"names": [row.name for row in known]})
    waiting = _waiting(connection, dispute_id, [row.id for row in reached])
    free = [row for row in reached if row.id not in waiting]
    if not free:
        return Refused("page_open", {"names": [row.name for row in reached]})
    if whom.person is not None and free[0].away and not anyway:
        return _away(connection, free[0], now=now)
    return free


def choices(
    connection: Connection, person_id: int, *, now: dt.datetime
) -> tuple[list[Duty], list[Somebody]]:
    """What a picker offers to somebody: rotas with whoever is on duty, then everybody else."""
    duties = []
    for key, (row, rota) in rota_watch.everything(connection, now=now).items():
        there = [one for one in on_duty(rota, now) or () if one != person_id]
        if there:
            called = rotas.names(connection, there)
            names = [called[one] for one in there]
            duties.append(Duty(key, row.label_zh, row.label_en, names))
    rows = connection.execute(
        select(*_COLUMNS, absent(now).label("away"))
        .where(Person.id != person_id, *_HERE)
        .order_by(Person.name, Person.id)
    )
    return duties, [
        Somebody(
            row.id,
            row.name,
            now,
            row.zone,
            quiet.until(row.quiet_from, row.quiet_to, row.zone, now) is not None,
            bool(row.away),
            bool(row.slack_id),
        )
        for row in rows
        if Right.SEE in row.rights
    ]


def next_up(connection: Connection, page_id: int, *, now: dt.datetime) -> Next | None:
    """Who could be called instead: on duty beside whom was called, or next at their rota.

    The rota that was paged comes first, then those in which whoever was called takes part, then
    any. None where nobody else is on duty now or within two weeks.
    """
    page = connection.execute(select(Page.rota, Page.by_id).where(Page.id == page_id)).one()
    asked = select(Paged.person_id).where(Paged.page_id == page_id)
    called = set(connection.execute(asked).scalars())
    known = rota_watch.everything(connection, now=now)
    ordered = sorted(
        known.items(),
        key=lambda one: (one[0] != page.rota, not (called & one[1][1].everybody), one[0]),
    )
    for _, (row, rota) in ordered:
        for stretch in stretches(rota, now, now + _AHEAD):
            others = [one for one in stretch.people if one not in {*called, page.by_id}]
            if others:
                names = rotas.names(connection, others)
                at = stretch.since if stretch.since > now else None
                pairs = [(one, names[one]) for one in others]
                return Next(row.label_zh, row.label_en, pairs, at)
    return None


def _waiting(connection: Connection, dispute_id: int, ids: Sequence[int]) -> set[int]:
    """Who of these has an unanswered page of the dispute."""
    found = (
        select(Paged.person_id)
        .join(Page, Page.id == Paged.page_id)
        .where(
            Page.dispute_id == dispute_id,
            Page.closed_at.is_(None),
            Paged.answer == "",
            Paged.person_id.in_(ids),
        )
    )
    return set(connection.execute(found).scalars())


def _away(connection: Connection, row: Any, *, now: dt.datetime) -> Refused:
    """That somebody is away, and who is on duty at their rotas meanwhile."""
    there: Iterable[int] = (
        one
        for _, rota in rota_watch.everything(connection, now=now).values()
        if row.id in rota.everybody
        for one in on_duty(rota, now) or ()
    )
    called = rotas.names(connection, dict.fromkeys(there))
    if not called:
        return Refused("page_away", {"who": row.name})
    return Refused("page_away_stood_in", {"who": row.name, "names": sorted(called.values())})
