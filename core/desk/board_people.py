"""The live board's figures of single people and of teams: what they hold and have done today (M1).

They are told from the counts of what is open, which `board` reads once.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from core.desk.actor import Right
from core.desk.assignment import absent
from core.desk.held import RIGHTS
from core.tables import Person, Visit
from core.workflow.model import Document
from core.workflow.terms import Kind

_PERSON = (Person.id, Person.name, Person.team, RIGHTS, Person.home_stage)


@dataclass(frozen=True, slots=True)
class OfPerson:
    """What somebody holds, what of it is overdue, what waits at their stages, what they decided."""

    id: int
    name: str
    team: str
    home: str
    absent: bool
    held: int
    overdue: int
    waiting: int
    decided: int


@dataclass(frozen=True, slots=True)
class OfTeam:
    """The same of a team's people together; its people who are not away."""

    name: str
    present: int
    held: int
    overdue: int
    waiting: int
    decided: int


def _queued(document: Document, groups: Sequence[Any], homes: set[str]) -> int:
    """What nobody holds at these home stages, and at intake where one is the first stage."""
    served = homes | {w.start for w in document.workflows if w.first in homes}
    return sum(
        one.number for one in groups if one.stage in served and one.queued and one.holder is None
    )


def persons(
    connection: Connection,
    document: Document,
    groups: Sequence[Any],
    midnight: dt.datetime,
    now: dt.datetime,
) -> list[OfPerson]:
    """Everybody who may decide, or holds something; those with most overdue first."""
    held: Counter[int] = Counter()
    late: Counter[int] = Counter()
    for one in groups:
        if one.holder is not None:
            held[one.holder] += one.number
            late[one.holder] += one.late
    rows = connection.execute(
        select(*_PERSON, absent(now).label("away")).where(Person.active)
    ).all()
    rows = [row for row in rows if Right.DECIDE in row.rights or row.id in held]
    decided = _decided(connection, [row.id for row in rows], midnight)
    waiting = {home: _queued(document, groups, {home}) for home in {row.home_stage for row in rows}}
    found = [
        OfPerson(
            row.id,
            row.name,
            row.team,
            row.home_stage,
            bool(row.away),
            held[row.id],
            late[row.id],
            waiting[row.home_stage] if row.home_stage else 0,
            decided.get(row.id, 0),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one.overdue, -one.held, -one.decided, one.name))


def _decided(connection: Connection, ids: list[int], since: dt.datetime) -> dict[int, int]:
    """How much each of these decided since a moment; what was undone never happened (D3)."""
    rows = connection.execute(
        select(Visit.decider_id, func.count().label("number"))
        .where(
            Visit.decider_id.in_(ids),
            Visit.left_at >= since,
            Visit.undone_at.is_(None),
            Visit.kind == str(Kind.WORK),
        )
        .group_by(Visit.decider_id)
    )
    return {row.decider_id: row.number for row in rows}


def teams(
    document: Document,
    groups: Sequence[Any],
    everybody: Sequence[OfPerson],
) -> list[OfTeam]:
    """The teams by name; people without one are none."""
    return [
        OfTeam(
            name,
            sum(not one.absent for one in members),
            sum(one.held for one in members),
            sum(one.overdue for one in members),
            _queued(document, groups, {one.home for one in members} - {""}),
            sum(one.decided for one in members),
        )
        for name in sorted({one.team for one in everybody} - {""})
        if (members := [one for one in everybody if one.team == name])
    ]
