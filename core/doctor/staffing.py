"""Who works where: whether the stages can be staffed, and where their channels are (W3)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.desk import documents
from core.desk.actor import Right
from core.desk.held import RIGHTS
from core.doctor.findings import Area, Finding, error, warning
from core.tables import Channel, Person
from core.workflow.model import Document, Stage, Workflow
from core.workflow.terms import Kind


@dataclass(frozen=True, slots=True)
class Place:
    """A channel that the desk posts to: the key by which documents name it, and Slack's id."""

    key: str
    slack_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody active who may decide."""

    name: str
    home_stage: str
    in_slack: bool


def findings(connection: Connection, *, now: dt.datetime) -> list[Finding]:
    """What is wrong with the people and channels of the active document."""
    del now
    document = documents.active(connection)
    columns = (Person.name, Person.home_stage, Person.slack_id, RIGHTS)
    people = connection.execute(select(*columns).where(Person.active)).all()
    workers = [
        Worker(row.name, row.home_stage, bool(row.slack_id))
        for row in people
        if Right.DECIDE in row.rights
    ]
    supervised = any(Right.SHAPE in row.rights for row in people)
    places = {row.key: row.slack_id for row in connection.execute(select(Channel)).all()}
    return [
        *([] if supervised else [error("no_supervisor", Area.PEOPLE)]),
        *_staffing(document, workers),
        *_unset(document, places),
    ]


def places(connection: Connection, *, now: dt.datetime) -> list[Place]:
    """Every channel of the panel's table that has a Slack id."""
    del now
    rows = connection.execute(select(Channel).where(Channel.slack_id != "").order_by(Channel.key))
    return [Place(row.key, row.slack_id, row.name) for row in rows]


def _staffing(document: Document, workers: list[Worker]) -> Iterator[Finding]:
    if not workers:
        yield error("nobody_decides", Area.PEOPLE)
        return
    for workflow in document.workflows:
        work = [stage for stage in workflow.stages if stage.kind == Kind.WORK]
        apart = [stage for stage in work if stage.separation]
        if len(workers) < len(apart):
            names = {"workflow": workflow.label, "stages": tuple(stage.label for stage in apart)}
            yield error("too_few", Area.PEOPLE, **names, needed=len(apart), there=len(workers))
        for stage in work:
            if not any(worker.home_stage == stage.key for worker in workers):
                names = {"stage": stage.label, "workflow": workflow.label}
                yield warning("nobody_home", Area.PEOPLE, **names)
    known = {s.key for w in document.workflows for s in w.stages if s.kind == Kind.WORK}
    for worker in workers:
        if worker.home_stage and worker.home_stage not in known:
            yield warning("home_unknown", Area.PEOPLE, who=worker.name, stage=worker.home_stage)
        if not worker.in_slack:
            yield warning("not_in_slack", Area.PEOPLE, who=worker.name)


def _unset(document: Document, places: dict[str, str]) -> Iterator[Finding]:
    """Channels that the document names and nobody has said where they are."""
    for workflow in document.workflows:
        if not places.get(workflow.escalation):
            names = {"channel": workflow.escalation, "workflow": workflow.label}
            yield error("fallback_unset", Area.CHANNELS, **names)
        for key, stages in _stages_of(workflow).items():
            if key != workflow.escalation and not places.get(key):
                told = tuple(stage.label for stage in stages)
                yield error("channel_unset", Area.CHANNELS, channel=key, stages=told)

    named = {workflow.escalation for workflow in document.workflows}
    for ladder in document.ladders:
        for key in sorted({level.whom for level in ladder.levels if level.whom} - named):
            if not places.get(key):
                names = {"channel": key, "ladder": ladder.label}
                yield error("ladder_channel_unset", Area.CHANNELS, **names)


def _stages_of(workflow: Workflow) -> dict[str, list[Stage]]:
    found: dict[str, list[Stage]] = {}
    for stage in workflow.stages:
        if stage.channel:
            found.setdefault(stage.channel, []).append(stage)
    return found
