"""A new agent's first day: who is new, three disputes to practise on, then the real queue (T1, W3).

Somebody is new while they have neither practised, nor gone on without, nor decided anything here.
Whoever is at this desk only to practise says so in their row; what they decided is counted.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, or_, select, update

from core.desk import people, queues
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied
from core.desk.people import Member
from core.tables import Person, Visit
from core.workflow.model import Document, Stage, Workflow
from core.workflow.terms import Kind

DISPUTES = 3  # to practise on
NEWCOMERS = frozenset({"agent", "trainee"})  # roles that begin with a first day
SKIPPED = "first_day"


@dataclass(frozen=True, slots=True)
class FirstDay:
    """Somebody's first day. `practises_for` says where they come from, if they practise here.

    Of the practice disputes so many are decided, at most DISPUTES, and `lacking` are neither that
    nor in their hands.
    """

    practises_for: dict[str, str] | None = None
    decided: int = 0
    lacking: int = 0

    @property
    def practised(self) -> bool:
        """Whether all of them are decided."""
        return self.decided >= DISPUTES


def of(connection: Connection, member: Member, *, now: dt.datetime) -> FirstDay | None:
    """The member's first day, or None for whoever is past it or has no stage to begin at."""
    if not NEWCOMERS.intersection(member.roles) or not member.home_stage:
        return None
    row = connection.execute(
        select(Person.practised_at, Person.skipped_at, Person.practises_for).where(
            Person.id == member.id
        )
    ).one()
    if row.practised_at or row.skipped_at:
        return None
    if row.practises_for:
        done = _disputes(connection, member.id)
        held = {one.dispute_id for one in queues.held(connection, member.id, now=now)}
        return FirstDay(row.practises_for, len(done), max(DISPUTES - len(done | held), 0))
    worked = connection.scalar(select(_decided(member.id).exists()))
    return None if worked else FirstDay()


def skip(
    connection: Connection, actor: Actor, *, now: dt.datetime, click: str | None = None
) -> Answer:
    """Goes on to the real queue without practising, or without practising to the end."""
    del click  # pressed twice, it changes nothing more
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    connection.execute(
        update(Person)
        .where(
            Person.id == actor.person_id, Person.skipped_at.is_(None), Person.practised_at.is_(None)
        )
        .values(skipped_at=now)
    )
    return Applied(SKIPPED, 0, "", 0)


@dataclass(frozen=True, slots=True)
class Practised:
    """That somebody has practised: since when, and whether it was noted just now."""

    name: str
    zone: str
    at: dt.datetime
    fresh: bool


def practised(connection: Connection, slack_id: str, *, now: dt.datetime) -> Practised | None:
    """Notes once that somebody has practised; None where nobody active here has this Slack id."""
    here = (Person.slack_id == slack_id, Person.active)
    done = connection.execute(
        update(Person).where(*here, Person.practised_at.is_(None)).values(practised_at=now)
    )
    columns = (Person.name, Person.zone, Person.practised_at)
    row = connection.execute(select(*columns).where(*here)).first()
    if row is None or row.practised_at is None:
        return None
    return Practised(row.name, row.zone, row.practised_at, done.rowcount == 1)


def place(document: Document, home_stage: str) -> tuple[Workflow, Stage] | None:
    """The stage of this key, with its workflow, if agents work there."""
    for workflow in document.workflows:
        stage = workflow.stage_by_key.get(home_stage)
        if stage is not None and stage.kind == Kind.WORK:
            return workflow, stage
    return None


def newcomers(connection: Connection) -> set[int]:
    """The ids of the active people whose first day is still to come or going on."""
    rows = connection.execute(
        select(Person.id, Person.roles).where(
            Person.active,
            Person.home_stage != "",
            Person.practised_at.is_(None),
            Person.skipped_at.is_(None),
            or_(
                Person.practises_for.is_not(None),
                ~exists(select(1).where(Visit.decider_id == Person.id, *_COUNTS)),
            ),
        )
    )
    return {row.id for row in rows if NEWCOMERS.intersection(row.roles)}


def _disputes(connection: Connection, person_id: int) -> set[int]:
    """The disputes that a person decided at a work stage here, up to DISPUTES of them."""
    return set(connection.scalars(_decided(person_id).distinct().limit(DISPUTES)))


_COUNTS = (Visit.kind == str(Kind.WORK), Visit.undone_at.is_(None))


def _decided(person_id: int) -> Any:
    """The disputes that a person decided; an undone decision never happened (D3)."""
    return select(Visit.dispute_id).where(Visit.decider_id == person_id, *_COUNTS)
