"""What an alert tells, as it stands now: what is late, who is on it, what happens next and when."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from core.desk import documents, people
from core.desk.ladders import rungs
from core.tables import Channel, Deadline, Dispute, Escalation, Person, Rota, Visit
from core.workflow.model import Decision, Document, Label, LadderLevel, ServiceLevel, Workflow
from core.workflow.terms import By, Hears, Kind

_ROW = (
    select(
        Deadline.id,
        Deadline.document_id,
        Deadline.service_level,
        Deadline.with_visit,
        Deadline.due_at,
        Deadline.next_at,
        Deadline.level,
        Deadline.stopped_at,
        Deadline.set_aside,
        Deadline.acknowledged_by_id,
        Deadline.acknowledged_until,
        Dispute.workflow,
        Visit.id.label("visit_id"),
        Visit.kind,
        Visit.stage,
    )
    .join(Dispute, Dispute.id == Deadline.dispute_id)
    .join(Visit, Visit.dispute_id == Deadline.dispute_id)
    .where(Deadline.id == bindparam("deadline"), Visit.left_at.is_(None))
)
_NOISE = select(Escalation.noise, Escalation.noise_by_id).where(
    Escalation.deadline_id == bindparam("deadline"), Escalation.level == bindparam("place")
)


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next of a ladder: a level, or the end of the promise where there is none.

    `named` is what people call the channel, person or rota that the level means; `decision` is what
    is then taken, `rota` whose next shift is given the dispute.
    """

    at: dt.datetime
    level: LadderLevel | None = None
    named: str | Label = ""
    decision: Decision | None = None
    rota: Label | None = None


@dataclass(frozen=True, slots=True)
class Alerted:
    """A promise that somebody is alerted of; `visit_id` is where its dispute is now.

    It is due at no moment while a pause holds it. `ack_minutes` is for how long its ladder would
    rest; `on_it` who makes it rest, until `on_it_until`.
    """

    deadline_id: int
    visit_id: int
    document: Document
    service_level: ServiceLevel
    due_at: dt.datetime | None
    over: bool
    following: Next | None
    ack_minutes: int
    on_it: str
    on_it_until: dt.datetime | None
    noise: str  # the key of the preset reason, of the level that is told
    noise_by: str


def alerted(
    connection: Connection, deadline_id: int, place: int | None, *, now: dt.datetime
) -> Alerted:
    """What an alert of a deadline tells now; `place` is that of the level that it tells of."""
    row = connection.execute(_ROW, {"deadline": deadline_id}).one()
    document = documents.load(connection, row.document_id)
    workflow = document.workflow_by_key[row.workflow]
    level = workflow.level_by_key[row.service_level]
    ladder = document.ladder_by_key.get(level.ladder)
    said = None
    if place is not None:
        said = connection.execute(_NOISE, {"deadline": deadline_id, "place": place}).first()
    resting = row.acknowledged_until is not None and row.acknowledged_until > now
    over = row.stopped_at is not None
    following = None
    if not over and row.next_at is not None and row.set_aside is None:
        rung = rungs(document, level)[row.level]
        at = max(row.next_at, now)
        following = _next(connection, workflow, row.stage, row.kind, rung.level, at, level)
    return Alerted(
        deadline_id,
        row.visit_id,
        document,
        level,
        row.due_at,
        over,
        following,
        ladder.ack_minutes if ladder is not None and not over else 0,
        people.name(connection, row.acknowledged_by_id) if resting else "",
        row.acknowledged_until if resting else None,
        said.noise or "" if said is not None else "",
        people.name(connection, said.noise_by_id) if said is not None else "",
    )


def _next(
    connection: Connection,
    workflow: Workflow,
    stage: str,
    kind: str,
    level: LadderLevel | None,
    at: dt.datetime,
    promise: ServiceLevel,
) -> Next:
    decisions = workflow.decisions_by_stage.get(stage, {})
    if level is None:
        runs_out = kind == Kind.WAIT and promise.stage == stage
        taken = next((d for d in decisions.values() if runs_out and d.by == By.TIMEOUT), None)
        return Next(at, decision=taken)
    rota = _rota(connection, level.shift) if level.shift else None
    return Next(at, level, _named(connection, level), decisions.get(level.decision), rota)


def _named(connection: Connection, level: LadderLevel) -> str | Label:
    """What people call whom a level means."""
    if level.hears == Hears.CHANNEL:
        found = select(Channel.name).where(Channel.key == level.whom)
        return connection.scalar(found) or level.whom
    if level.hears == Hears.PERSON:
        return connection.scalar(select(Person.name).where(Person.slack_id == level.whom)) or ""
    if level.hears == Hears.ROTA:
        return _rota(connection, level.whom) or level.whom
    return ""


def _rota(connection: Connection, key: str) -> Label | None:
    labels = select(Rota.label_zh, Rota.label_en).where(Rota.key == key)
    row = connection.execute(labels).first()
    return Label(row.label_zh, row.label_en) if row is not None else None
