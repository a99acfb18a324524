"""Decisions that an exam locks: refused when they are made, and told beforehand (X2, K1)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from core.desk import effects, exams, standing
from core.desk.actor import Actor
from core.desk.answers import Refused
from core.desk.exams import Sensitive
from core.desk.standing import Standing
from core.workflow.model import Decision, Document
from core.workflow.terms import By, Meaning


@dataclass(frozen=True, slots=True)
class Locked:
    """The decisions of a visit that wait for an exam of whoever looks, and why."""

    decisions: tuple[Decision, ...]
    refused: Refused
    document: Document


def sensitive(decision: Decision) -> bool:
    """Whether a decision moves money, or says that it arrived."""
    return effects.moves_money(decision.effects) or decision.meaning == Meaning.VERIFIED


def refusal(
    connection: Connection, at: Standing, decision: Decision, actor: Actor, *, now: dt.datetime
) -> Refused | None:
    """Why an agent may not make a decision that is sensitive: it takes an exam that counts (X2)."""
    if not sensitive(decision) or actor.by != By.AGENT:
        return None
    refused = exams.refusal(connection, actor, Sensitive.REFUND, now=now)
    return at.refused(refused.key, **refused.params) if refused is not None else None


def beforehand(
    connection: Connection, visit_id: int, actor: Actor, *, now: dt.datetime
) -> Locked | None:
    """What of an open visit's own decisions this person cannot make before an exam (K1).

    A shared card cannot know who looks at it; a person's own view can, and says it before a press.
    """
    at = standing.at_visit(connection, visit_id, lock=False)
    if at is None or at.row.left_at is not None:
        return None
    own = at.workflow.stage_by_key[at.row.stage].decisions
    shut = tuple(one for one in own if one.by == By.AGENT and sensitive(one))
    refused = refusal(connection, at, shut[0], actor, now=now) if shut else None
    return Locked(shut, refused, at.document) if refused is not None else None


def at_stages(
    connection: Connection,
    document: Document,
    stages: Sequence[str],
    actor: Actor,
    *,
    now: dt.datetime,
) -> Refused | None:
    """Why this person cannot make every decision of the stages that they serve (K1)."""
    served = set(stages)
    shut = any(
        decision.by == By.AGENT and sensitive(decision)
        for workflow in document.workflows
        for stage in workflow.stages
        if stage.key in served
        for decision in stage.decisions
    )
    return exams.refusal(connection, actor, Sensitive.REFUND, now=now) if shut else None
