"""What stands at the desk at this moment, in numbers: by stage, grade, person, team, age (M1).

Everything is counted when it is asked for, and nothing is stored. Of disputes that have ended no
row is touched.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, func, literal, or_, select, union_all

from core.desk import board_people, documents, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.board_people import OfPerson, OfTeam
from core.desk.live import open_ones
from core.tables import Dispute, Person, Visit
from core.workflow.facts import GRADES
from core.workflow.model import Document
from core.workflow.terms import Kind

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
AGES = (HOUR, 4 * HOUR, DAY, 3 * DAY, 7 * DAY)  # what is open is younger than this, or older
HOURS = 24


@dataclass(frozen=True, slots=True)
class AtStage:
    """What is open at a stage of a workflow: in all, held by somebody, past its time."""

    workflow: str
    stage: str
    kind: str
    open: int = 0
    held: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class OfGrade:
    """What is open of a grade (G2), in all, held by somebody, past its time; "" is no grade yet."""

    grade: str
    open: int = 0
    held: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """The desk at a moment. `people` is None for whom single people's figures are not."""

    stages: list[AtStage]
    grades: list[OfGrade]  # the most urgent first; none where the desk grades nothing
    ages: list[int]  # one more than AGES
    arrived: list[tuple[dt.datetime, int]]  # hours by their beginning, the running one last
    people: list[OfPerson] | None
    teams: list[OfTeam]

    @property
    def open(self) -> int:
        """All that is open."""
        return sum(one.open for one in self.stages)

    @property
    def overdue(self) -> int:
        """All that is past its time."""
        return sum(one.overdue for one in self.stages)

    @property
    def waiting(self) -> int:
        """What somebody of the desk must act on, and nobody holds."""
        return sum(one.open - one.held for one in self.stages if one.kind != Kind.WAIT)

    @property
    def hidden(self) -> int:
        """What waits for somebody outside the desk."""
        return sum(one.open for one in self.stages if one.kind == Kind.WAIT)


def board(
    connection: Connection, actor: Actor, midnight: dt.datetime, *, now: dt.datetime
) -> Board | Refused:
    """The desk at this moment; `midnight` is when the reader's day began.

    What single people hold and did is told to those who may assign.
    """
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    document = documents.active(connection)
    groups = _groups(connection, now)
    persons = board_people.persons(connection, document, groups, midnight, now)
    assigns = people.refusal(connection, actor, Right.ASSIGN) is None
    return Board(
        _stages(document, groups),
        _grades(document, groups),
        [sum(one.number for one in groups if one.age == age) for age in range(len(AGES) + 1)],
        _arrived(connection, now),
        persons if assigns else None,
        board_people.teams(document, groups, persons),
    )


def by_stage(connection: Connection, *, now: dt.datetime) -> list[AtStage]:
    """What is open at each stage of each workflow."""
    document = documents.active(connection)
    return _stages(document, _groups(connection, now))


def aged(age: int, now: dt.datetime) -> Any:
    """Whether a dispute is as old as the bucket of AGES says; none that there is not."""
    bounds = [now - length for length in AGES]
    parts = []
    if age > 0:
        parts.append(Dispute.opened_at <= bounds[age - 1])
    if age < len(AGES):
        parts.append(Dispute.opened_at > bounds[age])
    return and_(*parts)


def _groups(connection: Connection, now: dt.datetime) -> Sequence[Any]:
    """Open visits counted by workflow, stage, grade, who holds them, whether anybody may, age."""
    at_home = and_(
        Visit.parked_at.is_(None),
        or_(Visit.snoozed_until.is_(None), Visit.snoozed_until <= now),
    )
    its = open_ones(Visit.holder_id, Visit.held_until, case((at_home, 1), else_=0).label("queued"))
    holds = and_(Person.active, or_(its.c.held_until.is_(None), its.c.held_until > now))
    age = case(
        *((its.c.opened_at > now - length, index) for index, length in enumerate(AGES)),
        else_=len(AGES),
    )
    found = (
        select(
            its.c.workflow,
            its.c.stage,
            its.c.kind,
            its.c.grade,
            Person.id.label("holder"),
            its.c.queued,
            age.label("age"),
            case((its.c.due_at <= now, 1), else_=0).label("late"),
        )
        .outerjoin(Person, and_(Person.id == its.c.holder_id, holds))
        .subquery()
    )
    names = ("workflow", "stage", "kind", "grade", "holder", "queued", "age")
    keys = [found.c[name] for name in names]
    return connection.execute(
        select(*keys, func.count().label("number"), func.sum(found.c.late).label("late")).group_by(
            *keys
        )
    ).all()


def _stages(document: Document, groups: Sequence[Any]) -> list[AtStage]:
    """Each stage that is no end, in the workflows' order; those of older documents last."""
    sums: dict[tuple[str, str], list[Any]] = {
        (workflow.key, stage.key): [stage.kind, 0, 0, 0]
        for workflow in document.workflows
        for stage in workflow.stages
        if stage.kind != Kind.FINAL
    }
    for one in groups:
        row = sums.setdefault((one.workflow, one.stage), [one.kind, 0, 0, 0])
        row[1] += one.number
        row[2] += one.number if one.holder is not None else 0
        row[3] += one.late
    return [AtStage(*key, *row) for key, row in sums.items()]


def _grades(document: Document, groups: Sequence[Any]) -> list[OfGrade]:
    """Every grade, what is open of it or not; what has none last, where there is such."""
    sums: dict[str, list[int]] = {
        grade: [0, 0, 0] for grade in (GRADES if document.grade_rules else ())
    }
    for one in groups:
        row = sums.setdefault(one.grade, [0, 0, 0])
        row[0] += one.number
        row[1] += one.number if one.holder is not None else 0
        row[2] += one.late
    if not any(sums):  # the desk grades nothing, and nothing open was graded before
        return []
    return [OfGrade(grade, *sums[grade]) for grade in sorted(sums, key=lambda one: (not one, one))]


def _arrived(connection: Connection, now: dt.datetime) -> list[tuple[dt.datetime, int]]:
    """How many disputes were opened in each of the last hours."""
    running = now.replace(minute=0, second=0, microsecond=0)
    begins = [running - HOUR * back for back in range(HOURS - 1, -1, -1)]
    counted = [
        select(literal(index).label("hour"), func.count().label("number")).where(
            Dispute.opened_at >= begin, Dispute.opened_at < begin + HOUR
        )
        for index, begin in enumerate(begins)
    ]
    numbers = {row.hour: row.number for row in connection.execute(union_all(*counted))}
    return [(begin, numbers[index]) for index, begin in enumerate(begins)]
