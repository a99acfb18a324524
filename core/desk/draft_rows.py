"""The kinds of rows that a draft consists of: their columns, and which belong to which.

A row belongs to one owner; rows of one kind and one owner stand in an order.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select

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


@dataclass(frozen=True, slots=True)
class RowKind:
    """A kind of row: its table, the columns people edit, and the column of each possible owner."""

    table: Any
    columns: tuple[str, ...]
    owners: Mapping[str, str]
    keyed: bool = True  # whether it has a key, given once and never changed

    def owner_of(self, row: Row[Any]) -> "Owner | None":
        """The row's owner; None for the rows that belong to the draft itself."""
        for kind, column in self.owners.items():
            owner_id = row._mapping[column]
            if owner_id is not None:
                return Owner(kind, int(owner_id))
        return None


# Owners whose conditions are one group, without a reason: all of them must hold.
BARE = ("route", "assignment", "workflow_rule", "grade_rule", "service_level")


@dataclass(frozen=True, slots=True)
class Owner:
    """The row that others belong to."""

    kind: str
    id: int


def _columns(names: str) -> tuple[str, ...]:
    return tuple(names.split())


# The narrowest owner stands first: a stage's decision names its workflow too.
KINDS: dict[str, RowKind] = {
    "option_set": RowKind(DraftOptionSet, _columns("label_zh label_en meaning"), {}),
    "option": RowKind(
        DraftOption,
        _columns("label_zh label_en parent meaning exclusive retired share minutes successor"),
        {"option_set": "set_id"},
    ),
    "reason": RowKind(DraftReason, _columns("label_zh label_en"), {}),
    "workflow": RowKind(
        DraftWorkflow,
        _columns("label_zh label_en start first escalation preferred_minutes undo_seconds"),
        {},
    ),
    "workflow_rule": RowKind(DraftWorkflowRule, _columns("label_zh label_en workflow"), {}),
    "grade_rule": RowKind(DraftGradeRule, _columns("label_zh label_en grade"), {}),
    "stage": RowKind(
        DraftStage,
        _columns("label_zh label_en kind channel separation hold_minutes"),
        {"workflow": "workflow_id"},
    ),
    "decision": RowKind(
        DraftDecision,
        _columns("label_zh label_en by style confirm_zh confirm_en meaning needs"),
        {"stage": "stage_id", "workflow": "workflow_id"},
    ),
    "field": RowKind(
        DraftField,
        _columns("label_zh label_en kind options required prefill meaning"),
        {"stage": "stage_id", "decision": "decision_id"},
    ),
    "effect": RowKind(
        DraftEffect,
        _columns("kind fact value parties sources"),
        {"decision": "decision_id"},
        keyed=False,
    ),
    "route": RowKind(DraftRoute, _columns("to assignee"), {"decision": "decision_id"}, keyed=False),
    "condition": RowKind(
        DraftCondition,
        _columns("group_number reason match fact operator values currency"),
        {
            "workflow_rule": "workflow_rule_id",
            "grade_rule": "grade_rule_id",
            "field": "field_id",
            "decision": "decision_id",
            "route": "route_id",
            "assignment": "assignment_id",
            "service_level": "service_level_id",
        },
        keyed=False,
    ),
    "macro": RowKind(
        DraftMacro, _columns("label_zh label_en decision presets"), {"stage": "stage_id"}
    ),
    "limit": RowKind(DraftLimit, _columns("maximum counts grants"), {"workflow": "workflow_id"}),
    "service_level": RowKind(
        DraftServiceLevel,
        _columns("label_zh label_en minutes stage starts stops pauses calendar ladder"),
        {"workflow": "workflow_id"},
    ),
    "ladder": RowKind(DraftLadder, _columns("label_zh label_en calendar ack_minutes"), {}),
    "ladder_level": RowKind(
        DraftLadderLevel,
        _columns("point at hears whom act decision shift"),
        {"ladder": "ladder_id"},
    ),
    "assignment": RowKind(
        DraftAssignment,
        _columns("label_zh label_en stage strategy team rota people"),
        {"workflow": "workflow_id"},
    ),
    "successor": RowKind(
        DraftSuccessor, _columns("removed to"), {"workflow": "workflow_id"}, keyed=False
    ),
}


def find(connection: Connection, kind: str, row_id: int) -> Row[Any] | None:
    """The row of this kind with this id."""
    table = KINDS[kind].table
    return connection.execute(select(table).where(table.id == row_id)).first()


def rows(connection: Connection, kind: str, owner: Owner | None) -> list[Row[Any]]:
    """The rows of a kind that belong to an owner, in their order."""
    table = KINDS[kind].table
    statement = select(table).where(belongs(kind, owner)).order_by(table.position, table.id)
    return list(connection.execute(statement))


def lineage(connection: Connection, owner: Owner | None) -> list[tuple[str, Row[Any]]]:
    """An owner and whatever it belongs to, from the outside in; empty where one is missing."""
    found: list[tuple[str, Row[Any]]] = []
    while owner is not None:
        row = find(connection, owner.kind, owner.id)
        if row is None:
            return []
        found.append((owner.kind, row))
        owner = KINDS[owner.kind].owner_of(row)
    return found[::-1]


def belongs(kind: str, owner: Owner | None) -> ColumnElement[bool]:
    """The condition that a row belongs to this owner and to none that is narrower."""
    found = KINDS[kind]
    conditions = []
    for owner_kind, column in found.owners.items():
        at = getattr(found.table, column)
        if owner is not None and owner.kind == owner_kind:
            conditions.append(at == owner.id)
            break
        conditions.append(at.is_(None))
    return and_(True, *conditions)


def values(kind: str, row: Row[Any]) -> dict[str, Any]:
    """What people edit of a row."""
    return {name: row._mapping[name] for name in KINDS[kind].columns}


def mark(kind: str, row: Row[Any]) -> str:
    """A mark that changes with anything people edit of the row: what a save was read with."""
    text = json.dumps(values(kind, row), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
