"""The draft's rows as the tree of the document that they say (S2, S3)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from core.tables import (
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
from core.workflow.model import FORMAT

Rows = dict[str, Sequence[Row[Any]]]


def tree(connection: Connection) -> dict[str, Any]:
    """The tree that the draft's rows say; see `core.workflow.text`."""
    rows: Rows = {
        table.__tablename__: connection.execute(
            select(table).order_by(table.position, table.id)
        ).all()
        for table in (
            DraftOptionSet,
            DraftOption,
            DraftReason,
            DraftWorkflow,
            DraftStage,
            DraftField,
            DraftDecision,
            DraftEffect,
            DraftRoute,
            DraftCondition,
            DraftLadder,
            DraftLadderLevel,
            DraftLimit,
            DraftMacro,
            DraftServiceLevel,
            DraftSuccessor,
            DraftAssignment,
            DraftWorkflowRule,
            DraftGradeRule,
        )
    }
    return {
        "format": FORMAT,
        "option_sets": [
            _plain(row, "key meaning") | {"label": _label(row), "options": _options(rows, row.id)}
            for row in rows["draft_option_sets"]
        ],
        "reasons": [{"key": r.key, "label": _label(r)} for r in rows["draft_reasons"]],
        "workflows": [_workflow(rows, row) for row in rows["draft_workflows"]],
        "workflow_rules": [
            _plain(row, "key workflow")
            | {"label": _label(row), "when": _when(rows, "workflow_rule_id", row.id)}
            for row in rows["draft_workflow_rules"]
        ],
        "ladders": [
            _plain(row, "key calendar ack_minutes")
            | {
                "label": _label(row),
                "levels": [
                    _plain(level, "key point at hears whom act decision shift")
                    for level in rows["draft_ladder_levels"]
                    if level.ladder_id == row.id
                ],
            }
            for row in rows["draft_ladders"]
        ],
        "grade_rules": [
            _plain(row, "key grade")
            | {"label": _label(row), "when": _when(rows, "grade_rule_id", row.id)}
            for row in rows["draft_grade_rules"]
        ],
    }


def _workflow(rows: Rows, row: Row[Any]) -> dict[str, Any]:
    def own(table: str) -> list[Row[Any]]:
        return [r for r in rows[table] if r.workflow_id == row.id]

    return {
        **_plain(row, "key start first escalation preferred_minutes undo_seconds"),
        "label": _label(row),
        "limits": [_plain(r, "key maximum counts grants") for r in own("draft_limits")],
        "service_levels": [
            _plain(r, "key minutes stage starts stops pauses calendar ladder")
            | {"label": _label(r), "when": _when(rows, "service_level_id", r.id)}
            for r in own("draft_service_levels")
        ],
        "successors": [_plain(r, "removed to") for r in own("draft_successors")],
        "assignments": [
            _plain(r, "key stage strategy team rota people")
            | {"label": _label(r), "when": _when(rows, "assignment_id", r.id)}
            for r in own("draft_assignments")
        ],
        "stages": [
            _plain(stage, "key kind channel separation hold_minutes")
            | {
                "label": _label(stage),
                "fields": [_field(rows, f) for f in rows["draft_fields"] if f.stage_id == stage.id],
                "decisions": [
                    _decision(rows, d) for d in rows["draft_decisions"] if d.stage_id == stage.id
                ],
                "macros": [
                    _plain(m, "key decision presets") | {"label": _label(m)}
                    for m in rows["draft_macros"]
                    if m.stage_id == stage.id
                ],
            }
            for stage in own("draft_stages")
        ],
        "ends": [_decision(rows, d) for d in own("draft_decisions") if d.stage_id is None],
    }


def _decision(rows: Rows, row: Row[Any]) -> dict[str, Any]:
    def own(table: str) -> list[Row[Any]]:
        return [r for r in rows[table] if r.decision_id == row.id]

    tree = _plain(row, "key by style meaning needs") | {
        "label": _label(row),
        "fields": [_field(rows, f) for f in own("draft_fields")],
        "effects": [_plain(r, "kind fact value parties sources") for r in own("draft_effects")],
        "routes": [
            _plain(r, "to assignee") | {"when": _when(rows, "route_id", r.id)}
            for r in own("draft_routes")
        ],
        "when": _groups(own("draft_conditions")),
    }
    if row.confirm_zh or row.confirm_en:
        tree["confirm"] = {"zh_CN": row.confirm_zh, "en": row.confirm_en}
    return tree


def _field(rows: Rows, row: Row[Any]) -> dict[str, Any]:
    when = _groups([c for c in rows["draft_conditions"] if c.field_id == row.id])
    return _plain(row, "key kind options required prefill meaning") | {
        "label": _label(row),
        "when": when,
    }


def _options(rows: Rows, set_id: int) -> list[dict[str, Any]]:
    return [
        _plain(row, "key parent meaning exclusive retired minutes successor")
        | {"label": _label(row)}
        | ({"share": row.share} if row.share is not None else {})
        for row in rows["draft_options"]
        if row.set_id == set_id
    ]


def _when(rows: Rows, column: str, owner_id: int) -> list[dict[str, Any]]:
    """The conditions of a row that has one group of them, without a reason."""
    return [_condition(c) for c in rows["draft_conditions"] if c._mapping[column] == owner_id]


def _groups(conditions: list[Row[Any]]) -> list[dict[str, Any]]:
    groups: dict[int, dict[str, Any]] = {}
    for row in sorted(conditions, key=lambda row: (row.group_number, row.position, row.id)):
        group = groups.setdefault(
            row.group_number, {"reason": row.reason, "match": row.match, "conditions": []}
        )
        group["conditions"].append(_condition(row))
    return list(groups.values())


def _condition(row: Row[Any]) -> dict[str, Any]:
    # `values` is also a method of a row, so it is read by its name.
    return _plain(row, "fact operator currency") | {"values": row._mapping["values"]}


def _plain(row: Row[Any], names: str) -> dict[str, Any]:
    return {name: row._mapping[name] for name in names.split()}


def _label(row: Row[Any]) -> dict[str, str]:
    return {"zh_CN": row.label_zh, "en": row.label_en}
