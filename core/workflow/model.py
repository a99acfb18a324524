"""The frozen model of a document: what supervisors shape and agents click through.

Every value is immutable, so a document loaded once can be shared by all threads of a process.
Keys are the document's own; code reads kinds and meanings, never keys.
"""

from dataclasses import dataclass
from functools import cached_property

from core.workflow.assignment import AssignmentRule
from core.workflow.grading import GradeRule
from core.workflow.limit import Limit
from core.workflow.parts import (
    LOCALES,
    Condition,
    Facts,
    Group,
    Label,
    Option,
    OptionSet,
    Reason,
    Share,
    Step,
    Successor,
    Value,
)
from core.workflow.service_level import Ladder, LadderLevel, Mark, ServiceLevel
from core.workflow.terms import Assignee, By, Kind

__all__ = [
    "FORMAT",
    "LOCALES",
    "AssignmentRule",
    "Condition",
    "Decision",
    "Document",
    "Effect",
    "Facts",
    "Field",
    "GradeRule",
    "Group",
    "Label",
    "Ladder",
    "LadderLevel",
    "Limit",
    "Macro",
    "Mark",
    "Option",
    "OptionSet",
    "Preset",
    "Reason",
    "Route",
    "ServiceLevel",
    "Share",
    "Stage",
    "Step",
    "Successor",
    "Value",
    "Workflow",
    "WorkflowRule",
]

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Field:
    """What an agent fills before deciding."""

    key: str
    kind: str
    label: Label
    options: str = ""  # an option set's key
    required: bool = True
    prefill: bool = True  # a fact already known counts as chosen
    meaning: str = ""
    when: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision does besides moving the dispute; `values` are its parameters."""

    kind: str
    fact: str = ""
    value: str = ""
    parties: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """Where a decision leads when all its conditions hold; the last one has none."""

    to: str
    assignee: str = Assignee.NOBODY
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A button: who may press it and when, what it needs, what it does, where it leads."""

    key: str
    label: Label
    routes: tuple[Route, ...]
    by: str = By.AGENT
    style: str = ""  # primary | danger
    confirm: Label | None = None
    meaning: str = ""
    needs: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()  # its own fields, asked when it is pressed
    effects: tuple[Effect, ...] = ()
    when: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Preset:
    """What a macro chooses in one field: an option's key, or several."""

    field: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Macro:
    """A decision of a stage with what it needs chosen beforehand: several options, one click."""

    key: str
    label: Label
    decision: str
    presets: tuple[Preset, ...] = ()


@dataclass(frozen=True)
class Stage:
    """A room of the workflow."""

    key: str
    kind: str
    label: Label
    channel: str = ""
    separation: bool = True
    hold_minutes: int = 15
    fields: tuple[Field, ...] = ()
    decisions: tuple[Decision, ...] = ()
    macros: tuple[Macro, ...] = ()

    @cached_property
    def field_by_key(self) -> dict[str, Field]:
        """The stage's own fields by key."""
        return {field.key: field for field in self.fields}


@dataclass(frozen=True)
class Workflow:
    """Stages, the decisions that all of them share, and what counts."""

    key: str
    label: Label
    start: str  # the intake stage
    first: str  # the stage that taking opens
    escalation: str = "escalation"  # the channel in which alerts appear
    preferred_minutes: int = 60  # how long a returning visit waits for its earlier holder
    stages: tuple[Stage, ...] = ()
    ends: tuple[Decision, ...] = ()  # inherited by every stage but final ones
    limits: tuple[Limit, ...] = ()
    service_levels: tuple[ServiceLevel, ...] = ()
    successors: tuple[Successor, ...] = ()
    undo_seconds: int = 60  # how long an agent may undo a decision, and its messages wait (D3)
    assignments: tuple[AssignmentRule, ...] = ()

    @cached_property
    def stage_by_key(self) -> dict[str, Stage]:
        """The stages by key."""
        return {stage.key: stage for stage in self.stages}

    @cached_property
    def order(self) -> dict[str, int]:
        """Each stage's position, by key: which stage is earlier than which."""
        return {stage.key: position for position, stage in enumerate(self.stages)}

    @cached_property
    def successor_of(self) -> dict[str, str]:
        """Removed stages with their successors."""
        return {row.removed: row.to for row in self.successors}

    @cached_property
    def levels_by_stage(self) -> dict[str, tuple[ServiceLevel, ...]]:
        """The service levels of each stage: with a visit there the first runs that is meant."""
        found: dict[str, tuple[ServiceLevel, ...]] = {}
        for level in self.service_levels:
            if level.stage:
                found[level.stage] = (*found.get(level.stage, ()), level)
        return found

    @cached_property
    def level_by_key(self) -> dict[str, ServiceLevel]:
        """The service levels by key."""
        return {level.key: level for level in self.service_levels}

    @cached_property
    def rules_by_stage(self) -> dict[str, tuple[AssignmentRule, ...]]:
        """The assignment rules of each stage, in their order (A2).

        Intake and the stage that taking opens share theirs: assigned, a dispute skips intake.
        """
        opened = {self.start: self.first}
        found: dict[str, tuple[AssignmentRule, ...]] = {}
        for rule in self.assignments:
            stage = opened.get(rule.stage, rule.stage)
            found[stage] = (*found.get(stage, ()), rule)
        if self.first in found:
            found[self.start] = found[self.first]
        return found

    @cached_property
    def decisions_by_stage(self) -> dict[str, dict[str, Decision]]:
        """Every decision a stage knows, its own first, then the inherited ends, by key."""
        return {
            stage.key: {}
            if stage.kind == Kind.FINAL
            else {decision.key: decision for decision in (*stage.decisions, *self.ends)}
            for stage in self.stages
        }


@dataclass(frozen=True, slots=True)
class WorkflowRule:
    """A dispute that comes in with all these conditions follows this workflow; first match wins.

    The last one has no conditions (W17).
    """

    key: str
    label: Label
    workflow: str
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Document:
    """One immutable, published or drafted configuration of the whole desk."""

    format: int
    option_sets: tuple[OptionSet, ...] = ()
    reasons: tuple[Reason, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    workflow_rules: tuple[WorkflowRule, ...] = ()  # without any, disputes follow the first
    ladders: tuple[Ladder, ...] = ()
    grade_rules: tuple[GradeRule, ...] = ()  # without any, disputes have no grade

    @cached_property
    def workflow_by_key(self) -> dict[str, Workflow]:
        """The workflows by key."""
        return {workflow.key: workflow for workflow in self.workflows}

    @cached_property
    def ladder_by_key(self) -> dict[str, Ladder]:
        """The ladders by key."""
        return {ladder.key: ladder for ladder in self.ladders}

    @cached_property
    def set_by_key(self) -> dict[str, OptionSet]:
        """The option sets by key."""
        return {option_set.key: option_set for option_set in self.option_sets}

    def choices_of(self, meaning: str) -> dict[str, Option]:
        """The choosable options of the set with this meaning, by key; none where no set has it."""
        found = next((s for s in self.option_sets if s.meaning == meaning), None)
        return self.leaves_by_set[found.key] if found else {}

    @cached_property
    def leaves_by_set(self) -> dict[str, dict[str, Option]]:
        """The choosable options of each set, by key."""
        return {s.key: {o.key: o for o in s.leaves()} for s in self.option_sets}

    @cached_property
    def options_by_set(self) -> dict[str, dict[str, Option]]:
        """All options of each set, retired ones too, by key."""
        return {s.key: {o.key: o for o in s.options} for s in self.option_sets}

    def read_as(self, option_set: str, key: str) -> str:
        """The option that figures count an option's uses as: itself, or what it was merged into."""
        known = self.options_by_set.get(option_set, {})
        for _ in known:  # at most as many steps as options, should they go round
            if key not in known or not known[key].successor:
                break
            key = known[key].successor
        return key

    @cached_property
    def reason_by_key(self) -> dict[str, Label]:
        """The reasons' labels by key."""
        return {reason.key: reason.label for reason in self.reasons}
