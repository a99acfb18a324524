"""Queues: what waits for whom. Hidden disputes (waits, finished ones) are in none (W5)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from core.desk import documents, standing
from core.desk.live import LIVE, its_due, open_ones
from core.tables import Dispute, Person, Visit
from core.workflow.terms import Kind


@dataclass(frozen=True, slots=True)
class Queued:
    """One open visit in a queue."""

    visit_id: int
    dispute_id: int
    number: str
    stage: str
    document_id: int
    opened_at: dt.datetime
    due_at: dt.datetime | None
    holder_id: int | None
    held_until: dt.datetime | None
    kind: str


def served_stages(connection: Connection, home_stage: str) -> list[str]:
    """The stages that a home stage serves: itself, and intake where it is the first stage."""
    served = [home_stage] if home_stage else []
    workflows = documents.active(connection).workflows
    return served + [workflow.start for workflow in workflows if workflow.first == home_stage]


def queue(
    connection: Connection,
    person_id: int,
    stages: list[str],
    *,
    now: dt.datetime,
    most: int = 20,
    overdue: bool = False,
) -> list[Queued]:
    """The visits at these stages that this person may act on, most urgent first (W3, W5).

    Left out: those that somebody else holds, and those of disputes that the person handled at
    another stage. `overdue` keeps only what is past its time.
    """
    statement = for_person(connection, person_id, stages, now=now, overdue=overdue)
    return rows(connection, statement.limit(most))


def for_person(
    connection: Connection,
    person_id: int,
    stages: list[str],
    *,
    now: dt.datetime,
    overdue: bool = False,
) -> Any:
    """The statement of `queue`, without its end."""
    statement = open_visits().where(
        Visit.stage.in_(stages),
        Visit.kind.in_((str(Kind.INTAKE), str(Kind.WORK))),
        Visit.parked_at.is_(None),
        _awake(now),
        or_(*standing.free_for(person_id, now)),
        ~_handled_elsewhere(person_id, _separated(connection)),
    )
    return statement.where(its_due <= now) if overdue else statement


def held(
    connection: Connection, person_id: int, *, now: dt.datetime, most: int = 20
) -> list[Queued]:
    """The visits that a person holds, most urgent first."""
    return rows(connection, held_by([person_id], now=now).limit(most))


def held_by(person_ids: Sequence[int], *, now: dt.datetime) -> Any:
    """The statement of `held`, for several people at once."""
    return open_visits().where(
        Visit.holder_id.in_(person_ids),
        Visit.kind == str(Kind.WORK),
        or_(Visit.held_until.is_(None), Visit.held_until > now),
        _awake(now),
    )


def following(connection: Connection, person_id: int, *, now: dt.datetime) -> Queued | None:
    """The one dispute this person should open next: what they hold first, then the most urgent."""
    mine = held(connection, person_id, now=now, most=1)
    if mine:
        return mine[0]
    stages = served_stages(connection, home_stage(connection, person_id))
    found = queue(connection, person_id, stages, now=now, most=1)
    return found[0] if found else None


def parked(connection: Connection, *, most: int = 20, **_: object) -> list[Queued]:
    """The visits that wait for a supervisor, because no option fits, most urgent first (D4)."""
    return rows(connection, open_visits().where(Visit.parked_at.is_not(None)).limit(most))


@dataclass(frozen=True, slots=True)
class AtStage:
    """How much waits at a stage, and since when."""

    waiting: int
    held: int
    overdue: int
    oldest: dt.datetime


def by_stage(connection: Connection, *, now: dt.datetime) -> dict[tuple[str, str], AtStage]:
    """What stands at each stage that is not an end, by workflow and stage, whoever may act (M1)."""
    held = not_(or_(*standing.free_for(None, now)))
    its = open_ones(Visit.opened_at.label("since"), case((held, 1)).label("held"))
    rows = connection.execute(
        select(
            its.c.workflow,
            its.c.stage,
            func.count(),
            func.count(its.c.held),
            func.count().filter(its.c.due_at <= now),
            func.min(its.c.since),
        ).group_by(its.c.workflow, its.c.stage)
    )
    return {(row[0], row[1]): AtStage(*row[2:]) for row in rows}


def _awake(now: dt.datetime) -> Any:
    """Not snoozed, or no longer: a visit comes back even before the sweep has told so (K4)."""
    return or_(Visit.snoozed_until.is_(None), Visit.snoozed_until <= now)


def open_visits() -> Any:
    """Every open visit that is not an end with its dispute and what is due, most urgent first.

    The dispute's number is looked up for each: PostgreSQL expects many and would join with all.
    """
    number = select(Dispute.number).where(Dispute.id == Visit.dispute_id).correlate(Visit)
    return (
        select(
            Visit.id,
            Visit.dispute_id,
            number.scalar_subquery().label("number"),
            Visit.stage,
            Visit.document_id,
            Visit.opened_at,
            its_due.label("due_at"),
            Visit.holder_id,
            Visit.held_until,
            Visit.kind,
        )
        .where(LIVE)
        .order_by(its_due.is_(None), its_due, Visit.id)
    )


def _separated(connection: Connection) -> list[str]:
    """The stages at which separation holds (W3)."""
    return [
        stage.key
        for workflow in documents.active(connection).workflows
        for stage in workflow.stages
        if stage.separation and stage.kind == Kind.WORK
    ]


def _handled_elsewhere(person_id: int, separated: list[str]) -> Any:
    """Whether the person decided a work visit of the dispute at another stage.

    The offset has it asked of each dispute: PostgreSQL would read all that the person ever decided.
    """
    earlier = aliased(Visit)
    return exists(
        select(1)
        .where(
            earlier.dispute_id == Visit.dispute_id,
            earlier.decider_id == person_id,
            earlier.undone_at.is_(None),
            earlier.stage != Visit.stage,
            earlier.stage.in_(separated),
            Visit.stage.in_(separated),
        )
        .offset(0)
    )


def home_stage(connection: Connection, person_id: int) -> str:
    """The person's home stage; empty where they have none."""
    return str(connection.scalar(select(Person.home_stage).where(Person.id == person_id)) or "")


def rows(connection: Connection, statement: Any) -> list[Queued]:
    """The visits of a statement."""
    return [Queued(*row) for row in connection.execute(statement)]
