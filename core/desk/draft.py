"""The draft: rows that supervisors edit, read as a document and published (S1 to S3)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update

from core.desk import changes, documents, draft_load, people, second
from core.desk.actor import Actor, Right
from core.desk.answers import Refused, Stale
from core.tables import (
    Draft,
    DraftAssignment,
    DraftCondition,
    DraftDecision,
    DraftEffect,
    DraftField,
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
from core.workflow.model import FORMAT, Document
from core.workflow.text import TextError, from_tree, lost

Rows = dict[str, Sequence[Row[Any]]]


def version(connection: Connection, **_: Any) -> int:
    """The draft's version; every change of any row makes it grow."""
    return connection.scalar(select(Draft.version).where(Draft.id == 1)) or 0


def lock(connection: Connection) -> int:
    """Keeps every other writer of the draft waiting; returns its version.

    Whoever has yet to check something begins with this and counts the change last: what a refusal
    counted would let a second person's request lapse, and nothing has changed.
    """
    return connection.scalar(select(Draft.version).where(Draft.id == 1).with_for_update()) or 0


def touch(connection: Connection, read_version: int | None = None, **_: Any) -> None:
    """Counts a change. With `read_version` it raises Stale unless that is still the version."""
    guarded = update(Draft).where(Draft.id == 1).values(version=Draft.version + 1)
    if read_version is not None:
        guarded = guarded.where(Draft.version == read_version)
    if not connection.execute(guarded).rowcount:
        raise Stale("the draft was changed by somebody else meanwhile")


def publish(
    connection: Connection,
    actor: Actor,
    read_version: int,
    *,
    now: dt.datetime,
    note: str = "",
) -> int | Refused:
    """Publishes the draft as it was read (S3); returns the document's id, or why not.

    What touches routing or money is published by somebody else than who asked for it (S7). Raises
    Stale where it changed since, NotPublishable where it has problems.
    """
    given = release(connection, actor, read_version, note)
    if isinstance(given, Refused):
        return given
    document_id, asked_by_id = given
    documents.activate(
        connection,
        document_id,
        now=now,
        publisher_id=actor.person_id,
        note=note,
        asked_by_id=asked_by_id,
    )
    after = {"document": document_id, "note": note}
    changes.record(connection, actor, changes.PUBLISHED, changes.DRAFT, (), now=now, after=after)
    return document_id


def release(
    connection: Connection, actor: Actor, read_version: int, note: str
) -> tuple[int, int | None] | Refused:
    """Stores the draft as it was read: whatever makes a draft live goes through here.

    Returns the document's id and who asked for it as the first of two persons, or why this person
    may not; where two are needed, `note` says what and why. Raises Stale where it changed since,
    NotPublishable where it has problems.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    # Locked, for what weighs is told by what it differs from: a pilot may be adopted meanwhile.
    active = documents.load(connection, documents.active_id(connection, lock=True))
    sketch = document(connection)
    if second.missing(connection, actor, read_version, active, sketch):
        return Refused("second_person")
    asked = second.request(connection, read_version)
    if asked is not None and not note:
        return Refused("note_needed")
    touch(connection, read_version)
    document_id = documents.store(connection, sketch)
    connection.execute(update(Draft).where(Draft.id == 1).values(document_id=document_id))
    return document_id, asked.person_id if asked else None


def replace(
    connection: Connection,
    actor: Actor,
    read_version: int,
    new: Document,
    *,
    now: dt.datetime,
    document_id: int | None = None,
) -> Refused | None:
    """Puts a document in place of the draft as it was read: roll back, import (S3, S6).

    Raises Stale where the draft changed since, TextError naming the place where the draft's rows
    would not say what the document says: a group without conditions would be no group.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    touch(connection, read_version)
    draft_load.load(connection, new, document_id)
    if place := lost(new, document(connection)):
        raise TextError(
            place, "says nothing, and a draft would lose it: fill it in or leave it out"
        )
    after = {"document": document_id}  # none: out of a file
    changes.record(connection, actor, changes.REPLACED, changes.DRAFT, (), now=now, after=after)
    return None


def document(connection: Connection, **_: Any) -> Document:
    """The document that the draft's rows say, whatever its problems."""
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
            DraftLimit,
            DraftMacro,
            DraftServiceLevel,
            DraftSuccessor,
            DraftAssignment,
            DraftWorkflowRule,
        )
    }
    return from_tree(
        {
            "format": FORMAT,
            "option_sets": [
                _plain(row, "key meaning")
                | {"label": _label(row), "options": _options(rows, row.id)}
                for row in rows["draft_option_sets"]
            ],
            "reasons": [{"key": r.key, "label": _label(r)} for r in rows["draft_reasons"]],
            "workflows": [_workflow(rows, row) for row in rows["draft_workflows"]],
            "workflow_rules": [
                _plain(row, "key workflow")
                | {
                    "label": _label(row),
                    "when": [
                        _condition(c)
                        for c in rows["draft_conditions"]
                        if c.workflow_rule_id == row.id
                    ],
                }
                for row in rows["draft_workflow_rules"]
            ],
        }
    )


def _workflow(rows: Rows, row: Row[Any]) -> dict[str, Any]:
    def own(table: str) -> list[Row[Any]]:
        return [r for r in rows[table] if r.workflow_id == row.id]

    return {
        **_plain(row, "key start first escalation preferred_minutes undo_seconds"),
        "label": _label(row),
        "limits": [_plain(r, "key maximum counts grants") for r in own("draft_limits")],
        "service_levels": [
            _plain(r, "key stage minutes warn_percent") | {"label": _label(r)}
            for r in own("draft_service_levels")
        ],
        "successors": [_plain(r, "removed to") for r in own("draft_successors")],
        "assignments": [
            _plain(r, "key stage strategy team people")
            | {
                "label": _label(r),
                "when": [
                    _condition(c) for c in rows["draft_conditions"] if c.assignment_id == r.id
                ],
            }
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
            _plain(r, "to assignee")
            | {"when": [_condition(c) for c in rows["draft_conditions"] if c.route_id == r.id]}
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
