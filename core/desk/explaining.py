"""Why a promise is due when it is: everything that telling it needs, from its rows (U, G6, G7)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, select

from core.clocks.calendar import NeverOpen
from core.clocks.explained import Account, account
from core.clocks.running import NOTHING, Running
from core.desk import calendar_days, documents, hearing, time_used
from core.desk.deadlines import running_of
from core.desk.hearing import Coming
from core.desk.ladders import Plans
from core.desk.turns import turns
from core.tables import BusinessCalendar, Deadline, Dispute, Visit
from core.workflow.model import Decision, Document, Mark, ServiceLevel, Workflow
from core.workflow.service_level import struck
from core.workflow.terms import By, Kind

_DEADLINES = (
    select(Deadline, Dispute.workflow, Visit.stage, Visit.kind)
    .join(Dispute, Dispute.id == Deadline.dispute_id)
    .join(Visit, Visit.id == Deadline.visit_id)
    .where(Visit.dispute_id == bindparam("dispute"))  # as the indexes know them
    .order_by(Deadline.id)
)
_VISITS = (
    select(
        Visit.id,
        Visit.stage,
        Visit.kind,
        Visit.channel,
        Visit.opened_at,
        Visit.left_at,
        Visit.meaning,
    )
    .where(Visit.dispute_id == bindparam("dispute"))
    .order_by(Visit.id)
)


class State(StrEnum):
    """How a promise stands, or ended."""

    RUNNING = "running"
    HELD = "held"
    LATE = "late"  # it runs, and its time is over
    KEPT = "kept"
    BROKEN = "broken"
    SUPERSEDED = "superseded"  # promised no longer, or another took its place


@dataclass(frozen=True, slots=True)
class Counting:
    """The calendar by which a promise counts, as it is now."""

    key: str
    label_zh: str
    label_en: str
    names: Mapping[dt.date, tuple[str, str]]  # what its special days are called: Chinese, English

    def label(self, locale: str) -> str:
        """What the calendar is called."""
        return self.label_zh if locale == "zh_CN" else self.label_en

    def day(self, date: dt.date, locale: str) -> str:
        """What a special day is called; empty where nobody named it."""
        zh, en = self.names.get(date, ("", ""))
        return zh or en if locale == "zh_CN" else en or zh


@dataclass(frozen=True, slots=True)
class Stood:
    """A while in which a promise stood still, and the stages at which the dispute waited."""

    since: dt.datetime
    until: dt.datetime | None
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A promise with all that says why it is due when it is.

    `due_at` is what its row says, `account.due` what its calendar says now: they differ only where
    the calendar was edited after the promise had ended.
    """

    id: int
    document: Document
    workflow: Workflow
    level: ServiceLevel
    stage: str  # at which the dispute was when it started
    state: State
    started_at: dt.datetime
    marks: tuple[Mark, ...]  # what started it; none where it runs with a stage
    counting: Counting | None
    length: dt.timedelta
    account: Account
    stood: tuple[Stood, ...]
    due_at: dt.datetime | None
    stopped_at: dt.datetime | None
    coming: tuple[Coming, ...]
    otherwise: Decision | None  # what ends a wait when its time is over
    visit_id: int

    @property
    def over(self) -> dt.timedelta:
        """By how much of its own clock it is, or was, too late; nothing while there is time."""
        return max(-self.account.left, NOTHING)


@dataclass(frozen=True, slots=True)
class About:
    """What a dispute's time is told by, where only one of its visits is at hand."""

    number: str
    promises: tuple[Explained, ...]
    used: dict[str, dt.timedelta]
    names: hearing.Names


def about(connection: Connection, visit_id: int, *, now: dt.datetime) -> About | None:
    """The time of the dispute to which a visit belongs; None where there is no such visit."""
    found = select(Dispute.id, Dispute.number).join(Visit, Visit.dispute_id == Dispute.id)
    row = connection.execute(found.where(Visit.id == visit_id)).first()
    if row is None:
        return None
    return About(
        row.number,
        tuple(explained(connection, row.id, now=now)),
        time_used.of_dispute(connection, row.id, now=now),
        hearing.names(connection),
    )


def explained(connection: Connection, dispute_id: int, *, now: dt.datetime) -> list[Explained]:
    """Every promise of a dispute, oldest first; those whose calendar never opens are left out."""
    visits = connection.execute(_VISITS, {"dispute": dispute_id}).all()
    plans, known = Plans(connection), dict[str, Counting | None]()
    found = []
    for row in connection.execute(_DEADLINES, {"dispute": dispute_id}):
        one = _explained(plans, known, row, visits, now=now)
        if one is not None:
            found.append(one)
    return found


def _explained(
    plans: Plans,
    known: dict[str, Counting | None],
    row: Any,
    visits: Sequence[Any],
    *,
    now: dt.datetime,
) -> Explained | None:
    document = documents.load(plans.connection, row.document_id)
    workflow = document.workflow_by_key[row.workflow]
    level = workflow.level_by_key[row.service_level]
    plan = plans.of(row.document_id, document, row.workflow, level)
    running = running_of(plan, row.started_at, row.pauses)
    try:
        told = account(running, plan.length, row.stopped_at or now)
    except NeverOpen:
        return None
    if level.calendar not in known:
        known[level.calendar] = counting(plans.connection, level.calendar)
    return Explained(
        id=row.id,
        document=document,
        workflow=workflow,
        level=level,
        stage=row.stage,
        state=_state(row, now),
        started_at=row.started_at,
        marks=_marks(level, row.visit_id, visits),
        counting=known[level.calendar] if plan.hours is not None else None,
        length=plan.length,
        account=told,
        stood=tuple(_stood(running, visits)),
        due_at=row.due_at,
        stopped_at=row.stopped_at,
        coming=tuple(
            hearing.coming(
                plan,
                running,
                row.level,
                now,
                thread=bool(visits[-1].channel) or not row.with_visit,
                rests_until=row.acknowledged_until,
            )
        )
        if row.stopped_at is None
        else (),
        otherwise=_otherwise(workflow, level) if row.kind == Kind.WAIT else None,
        visit_id=row.visit_id,
    )


def foreseen(
    connection: Connection,
    document: Document,
    workflow: Workflow,
    level: ServiceLevel,
    started_at: dt.datetime,
) -> Explained:
    """A promise of a draft as it would run from a moment on, if nobody did anything (G11).

    Raises NeverOpen where its calendar opens too little.
    """
    plan = Plans(connection).made(document, level)
    running = Running(plan.hours, started_at)
    told = account(running, plan.length, started_at)
    stage = workflow.stage_by_key.get(level.stage)
    waits = stage is not None and stage.kind == Kind.WAIT
    return Explained(
        id=0,
        document=document,
        workflow=workflow,
        level=level,
        stage=level.stage,
        state=State.RUNNING,
        started_at=started_at,
        marks=level.starts,
        counting=counting(connection, level.calendar) if plan.hours is not None else None,
        length=plan.length,
        account=told,
        stood=(),
        due_at=told.due,
        stopped_at=None,
        coming=tuple(hearing.coming(plan, running, 0, started_at, thread=not waits)),
        otherwise=_otherwise(workflow, level) if waits else None,
        visit_id=0,
    )


def counting(connection: Connection, key: str) -> Counting | None:
    """A calendar as far as explaining needs it; None where there is none of this key."""
    found = select(BusinessCalendar.label_zh, BusinessCalendar.label_en)
    row = connection.execute(found.where(BusinessCalendar.key == key)).first() if key else None
    if row is None:
        return None
    days = calendar_days.listed(connection, key)
    names = {day.date: (day.label_zh, day.label_en) for day in days}
    return Counting(key, row.label_zh, row.label_en, names)


def _state(row: Any, now: dt.datetime) -> State:
    end = row.stopped_at or now
    late = row.due_at is not None and end > row.due_at
    if row.superseded:
        return State.SUPERSEDED
    if row.stopped_at is not None:
        return State.BROKEN if late else State.KEPT
    if late:
        return State.LATE
    return State.HELD if row.due_at is None else State.RUNNING


def _marks(level: ServiceLevel, visit_id: int, visits: Sequence[Any]) -> tuple[Mark, ...]:
    """Which of the level's starts happened when the visit opened with which it began."""
    if level.stage:
        return ()
    happened = next((marks for visit, marks in turns(visits) if visit.id == visit_id), set[Mark]())
    return tuple(mark for mark in level.starts if struck((mark,), happened))


def _stood(running: Running, visits: Sequence[Any]) -> list[Stood]:
    """The pauses, with the stages at which the dispute waited meanwhile."""
    return [
        Stood(
            pause.since,
            pause.until,
            tuple(
                dict.fromkeys(
                    visit.stage
                    for visit in visits
                    if visit.kind == Kind.WAIT
                    and (pause.until is None or visit.opened_at < pause.until)
                    and (visit.left_at is None or visit.left_at > pause.since)
                )
            ),
        )
        for pause in running.pauses
        if pause.until is None or pause.until > max(pause.since, running.started)
    ]


def _otherwise(workflow: Workflow, level: ServiceLevel) -> Decision | None:
    """The decision that is taken when a wait runs out."""
    decisions = workflow.decisions_by_stage.get(level.stage, {}).values()
    return next((decision for decision in decisions if decision.by == By.TIMEOUT), None)
