"""Putting a document into the draft's rows (roll-back, import, the first draft)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, update

from core.tables import (
    Draft,
    DraftAssignment,
    DraftCondition,
    DraftDecision,
    DraftEffect,
    DraftField,
    DraftGradeRule,
    DraftLadder,
    DraftLadderLevel,
    DraftLimit,
    DraftMacro,
    DraftOption,
    DraftOptionSet,
    DraftReason,
    DraftRoute,
    DraftServiceLevel,
    DraftStage,
    DraftSuccessor,
    DraftWorkflow,
    DraftWorkflowRule,
)
from core.workflow import model as m
from core.workflow.text import to_tree

_TABLES = (
    DraftCondition,
    DraftRoute,
    DraftEffect,
    DraftField,
    DraftDecision,
    DraftMacro,
    DraftStage,
    DraftLimit,
    DraftServiceLevel,
    DraftLadderLevel,
    DraftLadder,
    DraftSuccessor,
    DraftAssignment,
    DraftWorkflowRule,
    DraftGradeRule,
    DraftWorkflow,
    DraftReason,
    DraftOption,
    DraftOptionSet,
)


def load(
    connection: Connection, document: m.Document, document_id: int | None = None, **_: Any
) -> None:
    """Puts a document into the draft in place of what stood there (roll-back, import)."""
    for table in _TABLES:
        connection.execute(delete(table))
    if not connection.execute(
        update(Draft)
        .where(Draft.id == 1)
        .values(version=Draft.version + 1, document_id=document_id)
    ).rowcount:
        connection.execute(insert(Draft), {"id": 1, "version": 1, "document_id": document_id})
    for position, option_set in enumerate(document.option_sets):
        set_id = _add(connection, DraftOptionSet, position, option_set, "key meaning")
        for at, option in enumerate(option_set.options):
            _add(
                connection,
                DraftOption,
                at,
                option,
                "key parent meaning exclusive retired minutes successor",
                set_id=set_id,
                share=to_tree(option.share) if option.share else None,
            )
    for position, reason in enumerate(document.reasons):
        _add(connection, DraftReason, position, reason, "key")
    for position, workflow in enumerate(document.workflows):
        _load_workflow(connection, position, workflow)
    for position, ladder in enumerate(document.ladders):
        ladder_id = _add(connection, DraftLadder, position, ladder, "key calendar ack_minutes")
        for at, level in enumerate(ladder.levels):
            names = "key point at hears whom act decision shift"
            _add(connection, DraftLadderLevel, at, level, names, ladder_id=ladder_id)
    for position, rule in enumerate(document.workflow_rules):
        rule_id = _add(connection, DraftWorkflowRule, position, rule, "key workflow")
        for place, condition in enumerate(rule.when):
            _load_condition(connection, place, condition, workflow_rule_id=rule_id)
    for position, grade in enumerate(document.grade_rules):
        rule_id = _add(connection, DraftGradeRule, position, grade, "key grade")
        for place, condition in enumerate(grade.when):
            _load_condition(connection, place, condition, grade_rule_id=rule_id)


def _load_workflow(connection: Connection, position: int, workflow: m.Workflow) -> None:
    workflow_id = _add(
        connection,
        DraftWorkflow,
        position,
        workflow,
        "key start first escalation preferred_minutes undo_seconds",
    )
    for at, limit in enumerate(workflow.limits):
        _add(
            connection, DraftLimit, at, limit, "key maximum counts grants", workflow_id=workflow_id
        )
    for at, level in enumerate(workflow.service_levels):
        level_id = _add(
            connection,
            DraftServiceLevel,
            at,
            level,
            "key minutes stage pauses calendar ladder",
            workflow_id=workflow_id,
            starts=to_tree(level.starts),
            stops=to_tree(level.stops),
        )
        for place, condition in enumerate(level.when):
            _load_condition(connection, place, condition, service_level_id=level_id)
    for at, successor in enumerate(workflow.successors):
        _add(connection, DraftSuccessor, at, successor, "removed to", workflow_id=workflow_id)
    _load_assignments(connection, workflow, workflow_id)
    for at, stage in enumerate(workflow.stages):
        stage_id = _add(
            connection,
            DraftStage,
            at,
            stage,
            "key kind channel separation hold_minutes",
            workflow_id=workflow_id,
        )
        for place, field in enumerate(stage.fields):
            _load_field(connection, place, field, stage_id=stage_id)
        for place, decision in enumerate(stage.decisions):
            _load_decision(connection, place, decision, workflow_id, stage_id)
        for place, macro in enumerate(stage.macros):
            presets = [to_tree(preset) for preset in macro.presets]
            _add(
                connection,
                DraftMacro,
                place,
                macro,
                "key decision",
                stage_id=stage_id,
                presets=presets,
            )
    for at, decision in enumerate(workflow.ends):
        _load_decision(connection, at, decision, workflow_id, None)


def _load_assignments(connection: Connection, workflow: m.Workflow, workflow_id: int) -> None:
    for at, rule in enumerate(workflow.assignments):
        rule_id = _add(
            connection,
            DraftAssignment,
            at,
            rule,
            "key stage strategy team rota",
            workflow_id=workflow_id,
            people=list(rule.people),
        )
        for place, condition in enumerate(rule.when):
            _load_condition(connection, place, condition, assignment_id=rule_id)


def _load_decision(
    connection: Connection,
    position: int,
    decision: m.Decision,
    workflow_id: int,
    stage_id: int | None,
) -> None:
    confirm = decision.confirm
    decision_id = _add(
        connection,
        DraftDecision,
        position,
        decision,
        "key by style meaning",
        workflow_id=workflow_id,
        stage_id=stage_id,
        needs=list(decision.needs),
        confirm_zh=confirm.zh_CN if confirm else "",
        confirm_en=confirm.en if confirm else "",
    )
    for at, field in enumerate(decision.fields):
        _load_field(connection, at, field, decision_id=decision_id)
    for at, effect in enumerate(decision.effects):
        _add(
            connection,
            DraftEffect,
            at,
            effect,
            "kind fact value",
            decision_id=decision_id,
            parties=list(effect.parties),
            sources=list(effect.sources),
        )
    for at, route in enumerate(decision.routes):
        route_id = _add(connection, DraftRoute, at, route, "to assignee", decision_id=decision_id)
        for place, condition in enumerate(route.when):
            _load_condition(connection, place, condition, route_id=route_id)
    _load_groups(connection, decision.when, decision_id=decision_id)


def _load_field(connection: Connection, position: int, field: m.Field, **owner: int) -> None:
    field_id = _add(
        connection,
        DraftField,
        position,
        field,
        "key kind options required prefill meaning",
        **owner,
    )
    _load_groups(connection, field.when, field_id=field_id)


def _load_groups(connection: Connection, groups: Sequence[m.Group], **owner: int) -> None:
    for number, group in enumerate(groups):
        for at, condition in enumerate(group.conditions):
            _load_condition(
                connection,
                at,
                condition,
                group_number=number,
                reason=group.reason,
                match=group.match,
                **owner,
            )


def _load_condition(
    connection: Connection, position: int, condition: m.Condition, **owner: Any
) -> None:
    _add(
        connection,
        DraftCondition,
        position,
        condition,
        "fact operator currency",
        values=list(condition.values),
        **owner,
    )


def _add(
    connection: Connection, table: Any, position: int, value: Any, names: str, **more: Any
) -> int:
    row = {name: getattr(value, name) for name in names.split()} | more | {"position": position}
    label = getattr(value, "label", None)
    if label is not None:
        row |= {"label_zh": label.zh_CN, "label_en": label.en}
    return int(connection.execute(insert(table).returning(table.id), row).scalar_one())
