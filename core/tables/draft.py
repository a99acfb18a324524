"""The draft: one set of ordinary rows with stable keys, which supervisors edit.

Columns follow `core.workflow.model`; `position` keeps the order. Labels are two columns.
"""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Draft(Base):
    """The draft's head, one row: its version guards every save against a newer one."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))  # loaded from
    # Who asked a second person to publish it, and at which version (S7).
    asked_version: Mapped[int | None]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[dt.datetime | None]
    asked_note: Mapped[str] = mapped_column(default="")


class Labelled:
    """A text in both languages."""

    label_zh: Mapped[str] = mapped_column(default="")
    label_en: Mapped[str] = mapped_column(default="")


class Placed:
    """A row that stands in an order."""

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class DraftOptionSet(Placed, Labelled, Base):
    """An option set."""

    __tablename__ = "draft_option_sets"

    key: Mapped[str]
    meaning: Mapped[str] = mapped_column(default="")


class DraftOption(Placed, Labelled, Base):
    """An option; `share` is empty, or percent and of, or steps by currency."""

    __tablename__ = "draft_options"

    set_id: Mapped[int] = mapped_column(ForeignKey("draft_option_sets.id", ondelete="CASCADE"))
    key: Mapped[str]
    parent: Mapped[str] = mapped_column(default="")
    meaning: Mapped[str] = mapped_column(default="")
    exclusive: Mapped[bool] = mapped_column(default=False)
    retired: Mapped[bool] = mapped_column(default=False)
    share: Mapped[dict[str, Any] | None]
    minutes: Mapped[int] = mapped_column(default=0)
    successor: Mapped[str] = mapped_column(default="")


class DraftReason(Placed, Labelled, Base):
    """Why something is not offered."""

    __tablename__ = "draft_reasons"

    key: Mapped[str]


class DraftWorkflow(Placed, Labelled, Base):
    """A workflow."""

    __tablename__ = "draft_workflows"

    key: Mapped[str]
    start: Mapped[str]
    first: Mapped[str]
    escalation: Mapped[str] = mapped_column(default="escalation")
    preferred_minutes: Mapped[int] = mapped_column(default=60)
    undo_seconds: Mapped[int] = mapped_column(default=60)


class DraftStage(Placed, Labelled, Base):
    """A stage."""

    __tablename__ = "draft_stages"

    workflow_id: Mapped[int] = mapped_column(ForeignKey("draft_workflows.id", ondelete="CASCADE"))
    key: Mapped[str]
    kind: Mapped[str]
    channel: Mapped[str] = mapped_column(default="")
    separation: Mapped[bool] = mapped_column(default=True)
    hold_minutes: Mapped[int] = mapped_column(default=15)


class DraftDecision(Placed, Labelled, Base):
    """A decision of a stage, or of the workflow (an end) where it has no stage."""

    __tablename__ = "draft_decisions"

    workflow_id: Mapped[int] = mapped_column(ForeignKey("draft_workflows.id", ondelete="CASCADE"))
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("draft_stages.id", ondelete="CASCADE"))
    key: Mapped[str]
    by: Mapped[str] = mapped_column(default="agent")
    style: Mapped[str] = mapped_column(default="")
    confirm_zh: Mapped[str] = mapped_column(default="")
    confirm_en: Mapped[str] = mapped_column(default="")
    meaning: Mapped[str] = mapped_column(default="")
    needs: Mapped[list[str]] = mapped_column(default=list)


class DraftField(Placed, Labelled, Base):
    """A field of a stage, or of a decision."""

    __tablename__ = "draft_fields"

    stage_id: Mapped[int | None] = mapped_column(ForeignKey("draft_stages.id", ondelete="CASCADE"))
    decision_id: Mapped[int | None] = mapped_column(
        ForeignKey("draft_decisions.id", ondelete="CASCADE")
    )
    key: Mapped[str]
    kind: Mapped[str]
    options: Mapped[str] = mapped_column(default="")
    required: Mapped[bool] = mapped_column(default=True)
    prefill: Mapped[bool] = mapped_column(default=True)
    meaning: Mapped[str] = mapped_column(default="")


class DraftMacro(Placed, Labelled, Base):
    """A macro of a stage; `presets` holds field and values of each."""

    __tablename__ = "draft_macros"

    stage_id: Mapped[int] = mapped_column(ForeignKey("draft_stages.id", ondelete="CASCADE"))
    key: Mapped[str]
    decision: Mapped[str]
    presets: Mapped[list[dict[str, Any]]] = mapped_column(default=list)


class DraftEffect(Placed, Base):
    """An effect of a decision."""

    __tablename__ = "draft_effects"

    decision_id: Mapped[int] = mapped_column(ForeignKey("draft_decisions.id", ondelete="CASCADE"))
    kind: Mapped[str]
    fact: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
    parties: Mapped[list[str]] = mapped_column(default=list)
    sources: Mapped[list[str]] = mapped_column(default=list)


class DraftRoute(Placed, Base):
    """A route of a decision."""

    __tablename__ = "draft_routes"

    decision_id: Mapped[int] = mapped_column(ForeignKey("draft_decisions.id", ondelete="CASCADE"))
    to: Mapped[str]
    assignee: Mapped[str] = mapped_column(default="nobody")


class DraftCondition(Placed, Base):
    """A condition of a field, decision, route or rule; those of one number are a group."""

    __tablename__ = "draft_conditions"

    field_id: Mapped[int | None] = mapped_column(ForeignKey("draft_fields.id", ondelete="CASCADE"))
    decision_id: Mapped[int | None] = mapped_column(
        ForeignKey("draft_decisions.id", ondelete="CASCADE")
    )
    route_id: Mapped[int | None] = mapped_column(ForeignKey("draft_routes.id", ondelete="CASCADE"))
    assignment_id: Mapped[int | None] = mapped_column(
        ForeignKey("draft_assignments.id", ondelete="CASCADE")
    )
    workflow_rule_id: Mapped[int | None] = mapped_column(
        ForeignKey("draft_workflow_rules.id", ondelete="CASCADE")
    )
    service_level_id: Mapped[int | None] = mapped_column(
        ForeignKey("draft_service_levels.id", ondelete="CASCADE")
    )
    grade_rule_id: Mapped[int | None] = mapped_column(
        ForeignKey("draft_grade_rules.id", ondelete="CASCADE")
    )
    group_number: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")
    match: Mapped[str] = mapped_column(default="all")
    fact: Mapped[str]
    operator: Mapped[str]
    values: Mapped[list[Any]] = mapped_column(default=list)
    currency: Mapped[str] = mapped_column(default="")


class DraftLimit(Placed, Base):
    """A limit of a workflow."""

    __tablename__ = "draft_limits"

    workflow_id: Mapped[int] = mapped_column(ForeignKey("draft_workflows.id", ondelete="CASCADE"))
    key: Mapped[str]
    maximum: Mapped[int]
    counts: Mapped[str]
    grants: Mapped[str] = mapped_column(default="")


class DraftServiceLevel(Placed, Labelled, Base):
    """A service level of a workflow."""

    __tablename__ = "draft_service_levels"

    workflow_id: Mapped[int] = mapped_column(ForeignKey("draft_workflows.id", ondelete="CASCADE"))
    key: Mapped[str]
    minutes: Mapped[int]
    stage: Mapped[str] = mapped_column(default="")
    starts: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    stops: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    pauses: Mapped[bool] = mapped_column(default=False)
    calendar: Mapped[str] = mapped_column(default="")
    ladder: Mapped[str] = mapped_column(default="")


class DraftLadder(Placed, Labelled, Base):
    """A ladder."""

    __tablename__ = "draft_ladders"

    key: Mapped[str]
    calendar: Mapped[str] = mapped_column(default="")
    ack_minutes: Mapped[int] = mapped_column(default=30)


class DraftLadderLevel(Placed, Base):
    """A level of a ladder."""

    __tablename__ = "draft_ladder_levels"

    ladder_id: Mapped[int] = mapped_column(ForeignKey("draft_ladders.id", ondelete="CASCADE"))
    key: Mapped[str]
    point: Mapped[str] = mapped_column(default="after")
    at: Mapped[int] = mapped_column(default=0)
    hears: Mapped[str] = mapped_column(default="")
    whom: Mapped[str] = mapped_column(default="")
    act: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default="")
    shift: Mapped[str] = mapped_column(default="")


class DraftSuccessor(Placed, Base):
    """Where entries to a removed stage go."""

    __tablename__ = "draft_successors"

    workflow_id: Mapped[int] = mapped_column(ForeignKey("draft_workflows.id", ondelete="CASCADE"))
    removed: Mapped[str]
    to: Mapped[str]


class DraftAssignment(Placed, Labelled, Base):
    """An assignment rule of a workflow; `people` holds Slack ids."""

    __tablename__ = "draft_assignments"

    workflow_id: Mapped[int] = mapped_column(ForeignKey("draft_workflows.id", ondelete="CASCADE"))
    key: Mapped[str]
    stage: Mapped[str]
    strategy: Mapped[str]
    team: Mapped[str] = mapped_column(default="")
    rota: Mapped[str] = mapped_column(default="")
    people: Mapped[list[str]] = mapped_column(default=list)


class DraftWorkflowRule(Placed, Labelled, Base):
    """A rule that chooses the workflow which a dispute follows."""

    __tablename__ = "draft_workflow_rules"

    key: Mapped[str]
    workflow: Mapped[str]


class DraftGradeRule(Placed, Labelled, Base):
    """A rule that gives disputes a grade."""

    __tablename__ = "draft_grade_rules"

    key: Mapped[str]
    grade: Mapped[str]
