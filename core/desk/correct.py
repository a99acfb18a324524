"""A supervisor corrects what was recorded, with a preset reason; the old value is kept (D3).

A correction changes what is known, never where the dispute stands, and it moves no money.
"""

import datetime as dt

from sqlalchemy import Connection

from core.desk import cards, clicks, events, facts, outbox, regrading, stages, standing
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.standing import Standing
from core.workflow.choices import Choice, Invalid, check
from core.workflow.model import Document, Field
from core.workflow.terms import FieldKind, Meaning

_CORRECTED = (FieldKind.ONE, FieldKind.MANY, FieldKind.TYPED)
_NEVER = (Meaning.QUALITY, Meaning.REMARK)  # judgments have a correction of their own
_DECIDED = frozenset(meaning for meaning in Meaning if meaning.startswith("remedy."))


def correct_fact(
    connection: Connection,
    dispute_id: int,
    key: str,
    choice: Choice,
    reason: str,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Records another value of a stage's field; `reason` is a correction reason's option (D3).

    Facts are append-only, so the old value stays in the record, and the event names both.
    """
    return clicks.once(
        connection,
        actor,
        Right.ASSIGN,
        click,
        lambda who: _correct(connection, dispute_id, key, choice, reason, who, now=now),
        now=now,
    )


def correctable(at: Standing) -> dict[str, Field]:
    """The stages' fields whose facts may be corrected, by key: what was answered before.

    What nobody answered yet cannot be wrong. Judgments, remarks, and what says which remedy or how
    much money it is, are decisions: they are undone or sent back, never corrected.
    """
    asked = {f.key: f for stage in at.workflow.stages for f in stage.fields}
    return {key: f for key, f in asked.items() if key in at.facts and _only_told(at.document, f)}


def _only_told(document: Document, field: Field) -> bool:
    """Whether a field only tells something, and chooses neither remedy nor money."""
    if field.kind not in _CORRECTED or field.meaning in _NEVER:
        return False
    options = document.options_by_set.get(field.options, {}).values()
    return not any(option.meaning in _DECIDED or option.share for option in options)


def _correct(
    connection: Connection,
    dispute_id: int,
    key: str,
    choice: Choice,
    reason: str,
    actor: Actor,
    *,
    now: dt.datetime,
) -> Answer:
    at = standing.of_dispute(connection, dispute_id)
    if at is None:
        return Refused("unknown_dispute")
    field = correctable(at).get(key)
    if field is None:
        return at.refused("not_correctable")
    asking = {stage.key for stage in at.workflow.stages if key in stage.field_by_key}
    allowed = stages.limits(connection, actor)
    if allowed and not asking.intersection(allowed):  # the answer is another stage's (X2)
        return at.refused("not_your_stage_correct", stages=list(allowed))
    value = check(at.document, field, choice, at.lines, at.row.currency)
    if isinstance(value, Invalid) or reason not in at.document.choices_of(Meaning.CORRECTION):
        return at.refused("unknown_preset")
    old, row = at.facts.get(key), at.row
    if old == value:
        return at.refused("nothing_to_correct")
    data = {
        "facts": {key: list(value) if isinstance(value, tuple) else value},
        "old": list(old) if isinstance(old, tuple) else old,
        "reason": reason,
    }
    event_id = events.record(
        connection, dispute_id, row.visit_id, "corrected", actor, data, now=now
    )
    facts.append(connection, dispute_id, row.visit_id, event_id, {key: value})
    regrading.anew(connection, at, at.facts, {key: value}, actor, now=now)
    outbox.put(connection, cards.redrawn(row, event_id, now=now))
    return Applied("correct", dispute_id, row.number, row.visit_id, stage=row.stage)
