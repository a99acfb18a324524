"""Which options were chosen how often over a period, and where none fitted (M3).

Only what agents decided is counted, each visit once; what was undone never happened (D3), and what
was corrected later still was chosen.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, distinct, func, select

from core.desk import people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.tables import (
    Dispute,
    DraftDecision,
    DraftOption,
    DraftOptionSet,
    DraftStage,
    DraftWorkflow,
    Event,
    Fact,
    NoFit,
    Visit,
)
from core.workflow.model import Document, Stage, Workflow
from core.workflow.terms import By, Kind

PERIODS = (7, 28, 90)  # days
LOOKED_AT = 20_000  # visits, the latest of all workflows: a page costs the same at any size of desk
ENOUGH = 30  # answers below which nothing is said of how they are spread
TOO_OFTEN = 0.5  # of the answers to a field: an option that says too little
DECISION = ""  # in place of a field: the decisions of a stage

# Their limit keeps them together: the databases would else begin with all facts that ever were, or
# look for the latest visits once more for each.
_LATEST = (
    select(
        *(Visit.id, Visit.dispute_id, Visit.stage, Visit.kind, Visit.opened_at),
        *(Visit.by, Visit.decision, Visit.undone_at),
    )
    .order_by(Visit.id.desc())
    .limit(LOOKED_AT)
    .subquery()
)
_AT = _LATEST.c
_EDGE = select(func.count(), func.min(_AT.opened_at))
_WORKFLOW = select(Dispute.workflow).where(Dispute.id == _AT.dispute_id).correlate(_LATEST)
_COUNTED = (
    _AT.opened_at >= bindparam("since"),
    _WORKFLOW.scalar_subquery() == bindparam("workflow"),
    _AT.by == str(By.AGENT),
    _AT.kind == str(Kind.WORK),
    _AT.decision.is_not(None),
    _AT.undone_at.is_(None),
)
_DECISIONS = (
    select(_AT.stage, _AT.decision, func.count().label("times"))
    .where(*_COUNTED)
    .group_by(_AT.stage, _AT.decision)
)
_CHOSEN = (
    select(_AT.stage, Fact.key, Fact.text, _AT.id)
    .join(Fact, (Fact.dispute_id == _AT.dispute_id) & (Fact.visit_id == _AT.id))
    .join(Event, Event.id == Fact.event_id)
    .where(*_COUNTED, Event.kind == "moved", Fact.text.is_not(None))
    .subquery()
)
_VISITS = func.count(distinct(_CHOSEN.c.id)).label("times")
_ANSWERS = select(_CHOSEN.c.stage, _CHOSEN.c.key, _VISITS).group_by(_CHOSEN.c.stage, _CHOSEN.c.key)
_NO_FITS = (
    select(NoFit.stage, NoFit.field, func.count().label("times"))
    .join(Dispute, Dispute.id == NoFit.dispute_id)
    .where(NoFit.said_at >= bindparam("since"), Dispute.workflow == bindparam("workflow"))
    .group_by(NoFit.stage, NoFit.field)
)


@dataclass(frozen=True, slots=True)
class Use:
    """An option, or a decision: how often it was chosen, whether it can still be."""

    key: str
    times: int
    offered: bool


@dataclass(frozen=True, slots=True)
class FieldUse:
    """A field of a stage, or its decisions: how often it was answered, what with, what lacked."""

    stage: str
    field: str
    options: str  # the option set; empty for decisions
    answers: int
    no_fit: int
    uses: list[Use]

    def share(self, use: Use) -> float:
        """Of the answers, how many held it."""
        return use.times / self.answers if self.answers else 0.0

    def unused(self, use: Use) -> bool:
        """Whether nobody ever chose it, though there was occasion enough."""
        return use.offered and not use.times and self.answers >= ENOUGH

    def overused(self, use: Use) -> bool:
        """Whether it is chosen so often, among several, that it may say too little."""
        among = sum(one.offered for one in self.uses) > 2
        return among and self.answers >= ENOUGH and self.share(use) > TOO_OFTEN


@dataclass(frozen=True, slots=True)
class Used:
    """A workflow's fields, since a moment."""

    since: dt.datetime
    fields: list[FieldUse]


def option_use(
    connection: Connection,
    actor: Actor,
    document: Document,
    workflow: Workflow,
    days: int,
    *,
    now: dt.datetime,
) -> Used | Refused:
    """How often each option was chosen over the last `days`, for whoever edits the draft.

    Where more happened than LOOKED_AT visits, `since` is later: what is older is left out.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    since = now - dt.timedelta(days=days)
    seen, first = connection.execute(_EDGE).one()
    if seen == LOOKED_AT:
        since = max(since, first)
    asked = {"since": since, "workflow": workflow.key}
    lacked = {(row.stage, row.field): row.times for row in connection.execute(_NO_FITS, asked)}
    chosen: dict[tuple[str, str], dict[str, int]] = {}
    answers: dict[tuple[str, str], int] = {}
    for row in connection.execute(_DECISIONS, asked):
        chosen.setdefault((row.stage, DECISION), {})[row.decision] = row.times
        answers[row.stage, DECISION] = answers.get((row.stage, DECISION), 0) + row.times
    for row in connection.execute(_options(document, workflow), asked):
        chosen.setdefault((row.stage, row.key), {})[row.text] = row.times
    for row in connection.execute(_ANSWERS, asked):
        answers[row.stage, row.key] = row.times
    fields = [
        FieldUse(
            stage.key,
            name,
            options,
            answers.get((stage.key, name), 0),
            lacked.get((stage.key, name), 0),
            _uses(offered, chosen.get((stage.key, name), {})),
        )
        for stage in workflow.stages
        if stage.kind == Kind.WORK
        for name, options, offered in _asked(document, workflow, stage)
    ]
    return Used(since, fields)


def draft_rows(connection: Connection) -> dict[tuple[str, str], int]:
    """The draft's row of each option, by the keys of its set and its own."""
    rows: Sequence[Any] = connection.execute(
        select(DraftOptionSet.key.label("set"), DraftOption.key, DraftOption.id).join(
            DraftOption, DraftOption.set_id == DraftOptionSet.id
        )
    ).all()
    return {(row.set, row.key): row.id for row in rows}


def draft_decisions(connection: Connection, workflow: str) -> dict[tuple[str, str], int]:
    """The draft's row of each decision of a workflow, by its stage (none: an end) and its key."""
    rows = connection.execute(
        select(DraftStage.key.label("stage"), DraftDecision.key, DraftDecision.id)
        .join(DraftWorkflow, DraftWorkflow.id == DraftDecision.workflow_id)
        .outerjoin(DraftStage, DraftStage.id == DraftDecision.stage_id)
        .where(DraftWorkflow.key == workflow)
    )
    return {(row.stage or "", row.key): row.id for row in rows}


def draft_sets(connection: Connection) -> dict[str, int]:
    """The draft's row of each option set, by its key."""
    rows = connection.execute(select(DraftOptionSet.key, DraftOptionSet.id))
    return {row.key: row.id for row in rows}


def _asked(
    document: Document, workflow: Workflow, stage: Stage
) -> list[tuple[str, str, list[str]]]:
    """The decisions of a stage, then its fields with options: what each could be answered with."""
    decisions = [
        one for one in workflow.decisions_by_stage[stage.key].values() if one.by == By.AGENT
    ]
    fields = {one.key: one for decision in decisions for one in decision.fields}
    fields = {one.key: one for one in stage.fields} | fields
    return [
        (DECISION, "", [one.key for one in decisions]),
        *(
            (one.key, one.options, list(document.leaves_by_set[one.options]))
            for one in fields.values()
            if one.options in document.leaves_by_set
        ),
    ]


def _options(document: Document, workflow: Workflow) -> Select[Any]:
    """How many visits chose each option; a merged one is what it was merged into (S1)."""
    at = _CHOSEN.c
    merged = [
        (and_(at.stage == stage.key, at.key == name, at.text == key), successor)
        for stage in workflow.stages
        for name, options, _ in _asked(document, workflow, stage)
        for key in document.options_by_set.get(options, {})
        if (successor := document.read_as(options, key)) != key
    ]
    text = case(*merged, else_=at.text) if merged else at.text
    read = select(at.stage, at.key, at.id, text.label("text")).subquery().c
    times = func.count(distinct(read.id)).label("times")
    return select(read.stage, read.key, read.text, times).group_by(read.stage, read.key, read.text)


def _uses(offered: list[str], chosen: dict[str, int]) -> list[Use]:
    """Those that were chosen most first, then those never chosen in their own order."""
    gone = [key for key in chosen if key not in offered]
    uses = [Use(key, chosen.get(key, 0), key in offered) for key in (*offered, *gone)]
    return sorted(uses, key=lambda use: -use.times)
