"""Choosing: every transition but take. One transaction decides it, guarded; both answers commit."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert, select

from core.desk import (
    clicks,
    effects,
    locked,
    money,
    outbox,
    people,
    preferred,
    stages,
    standing,
    transition,
)
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.standing import Standing
from core.tables import Judgment, Visit
from core.workflow.choices import Choice
from core.workflow.derived import known_with
from core.workflow.engine import Refusal, Step, decide
from core.workflow.model import Field
from core.workflow.terms import By, Kind, Meaning

Chosen = Mapping[str, Choice | None]
_JUDGE = insert(Judgment).returning(Judgment.id)


def choose(
    connection: Connection,
    visit_id: int,
    decision: str,
    chosen: Chosen,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
    reply_to: bytes | None = None,
) -> Answer:
    """Makes a decision at a visit, or says why not (W4).

    `chosen` is what was picked by field; `click` is the click's key, under which the same answer
    is given again; `reply_to` a sealed response_url. Serves rows W3 to W14 and faults 1 to 4.
    """
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _choose(
            connection, visit_id, decision, chosen, actor, now=now, reply_to=reply_to
        ),
        now=now,
        reply_to=reply_to,
    )


def rehearse(
    connection: Connection,
    visit_id: int,
    decision: str,
    chosen: Chosen,
    actor: Actor,
    *,
    now: dt.datetime,
) -> Refused | None:
    """Why the decision would be refused, were its own fields filled; changes nothing.

    A door asks this before it shows those fields, so that nobody fills them in vain.
    """
    entry = clicks.enter(connection, actor, Right.DECIDE, None)
    at = standing.at_visit(connection, visit_id, lock=False)
    if entry.refused is not None or at is None:
        return entry.refused or Refused("unknown_visit")
    actor = entry.actor or actor
    refused = not_free(connection, at, actor, now=now)
    if refused is not None:
        return refused
    step = decided(at, decision, chosen, actor)
    if isinstance(step, Step):
        return locked.refusal(connection, at, step.decision, actor, now=now)
    found = at.workflow.decisions_by_stage[at.row.stage].get(decision)
    own = {field.key for field in found.fields} if found else set()
    missing = tuple(key for key in step.fields if key not in own)
    if step.key == "missing" and not missing:
        return None
    return replace(as_refused(at, step), fields=missing or step.fields)


def _choose(
    connection: Connection,
    visit_id: int,
    decision: str,
    chosen: Chosen,
    actor: Actor,
    *,
    now: dt.datetime,
    reply_to: bytes | None,
) -> Answer:
    at = standing.at_visit(connection, visit_id)
    if at is None:
        return Refused("unknown_visit")
    refused = not_free(connection, at, actor, now=now)
    if refused is not None:
        return refused
    step = decided(at, decision, chosen, actor)
    if isinstance(step, Refusal):
        return as_refused(at, step)
    refused = locked.refusal(connection, at, step.decision, actor, now=now)
    if refused is not None:
        return refused
    minor = amount_of(connection, at, step)
    if minor == 0:
        return at.refused("nothing_left")
    holder_id, held_until = preferred.held(
        connection, at, step.assignee, step.stage.key, actor, now=now
    )
    move = transition.Move(
        decision,
        step.decision.meaning,
        step.stage,
        holder_id,
        held_until,
        step.facts,
        step.effects,
        minor or 0,
        _judgment(at, step, actor),
    )
    if not transition.leave(connection, visit_id, move, actor, now=now):
        lost = standing.at_visit(connection, visit_id)
        refused = not_free(connection, lost, actor, now=now) if lost else None
        return refused or at.refused("try_again")
    moved = transition.advance(connection, at, move, actor, now=now, reply_to=reply_to)
    if move.judged is not None:
        _judge(connection, at, move, actor, now=now)
    return Applied(
        decision,
        at.row.dispute_id,
        at.row.number,
        visit_id,
        moved.visit_id,
        moved.stage,
        {"amount": minor, "currency": at.row.currency} if minor else {},
    )


def not_free(
    connection: Connection, at: Standing, actor: Actor, *, now: dt.datetime
) -> Refused | None:
    """Why this actor may not act at the visit: left, held by another, not for them (W3, X2)."""
    row = at.row
    if row.left_at is not None:
        return _too_late(connection, at, actor)
    if actor.person_id is None or actor.by != By.AGENT:
        return None
    barred = stages.barred(connection, at, actor)
    if barred is not None:
        return barred
    if row.parked_at is not None:
        return at.refused("parked")
    if standing.held_by_other(row, actor.person_id, now):
        until = row.held_until.isoformat() if row.held_until else ""
        return at.refused("held", who=people.name(connection, row.holder_id), until=until)
    stage = at.workflow.stage_by_key[row.stage]
    if stage.separation and stage.kind == Kind.WORK:
        elsewhere = at.handled_elsewhere(actor.person_id)
        if elsewhere is not None:
            return at.refused("separation", elsewhere=elsewhere)
    return None


def _too_late(connection: Connection, at: Standing, actor: Actor) -> Refused:
    """Somebody was first, or they themselves: who, with what, and where the dispute is now."""
    row = at.row
    now_at = connection.execute(
        select(Visit.stage).where(Visit.dispute_id == row.dispute_id, Visit.left_at.is_(None))
    ).scalar()
    if row.decider_id is not None and row.decider_id == actor.person_id:
        return at.refused("already_decided", decision=row.decision, stage=now_at or row.stage)
    return at.refused(
        "too_late",
        who=people.name(connection, row.decider_id),
        by=row.by,
        decision=row.decision,
        stage=now_at or row.stage,
    )


def decided(at: Standing, decision: str, chosen: Chosen, actor: Actor) -> Step | Refusal:
    """The engine's answer, with the facts that follow from what was chosen on the card."""
    wanted = at.workflow.decisions_by_stage[at.row.stage].get(decision)
    facts = at.facts
    if wanted:
        facts = known_with(at.document, at.stage, wanted, facts, chosen, at.lines, at.row.currency)
    share = money.share_of(at, wanted, facts) if wanted else None
    derived = money.derived(at, share, facts)
    if actor.by == By.AGENT:
        derived |= at.judgeable_fact(actor.person_id)
    return decide(at.document, at.situation(derived), decision, chosen, actor.by)


def amount_of(connection: Connection, at: Standing, step: Step, *, lock: bool = True) -> int | None:
    """Minor units that the step moves; None where it moves none."""
    if not effects.moves_money(step.effects):
        return None
    facts = {**at.facts, **step.facts}
    share = money.share_of(at, step.decision, facts)
    return money.due(connection, at, share, facts, lock=lock) if share else 0


def _judgment(at: Standing, step: Step, actor: Actor) -> dict[str, Any] | None:
    """How the agent judged the stage before (W6); a send-back's reason may say defect."""
    if actor.person_id is None:
        return None
    options = [_option(at, field, step) for field in _fields(at, step)]
    verdicts = [o for o in options if o and o.meaning.startswith(Meaning.QUALITY + ".")]
    visit = at.judgeable(actor.person_id) if verdicts else None
    if visit is None:
        return None
    defects = [o for o in verdicts if o.meaning == Meaning.QUALITY_DEFECT]
    option = (defects or verdicts)[-1].key
    person = visit.decider_id
    return {"visit": visit.id, "person": person, "option": option, "sound": not defects}


def _judge(
    connection: Connection,
    at: Standing,
    move: transition.Move,
    actor: Actor,
    *,
    now: dt.datetime,
) -> None:
    """Stores the judgment; whoever made a defect is told, once the decision stands (W6)."""
    judged = move.judged or {}
    values = {
        "dispute_id": at.row.dispute_id,
        "visit_id": judged["visit"],
        "judged_by_visit_id": at.row.visit_id,
        "judged_id": judged["person"],
        "judge_id": actor.person_id,
        "sound": judged["sound"],
        "option": judged["option"],
        "judged_at": now,
        "contest": "",
    }
    if judged["sound"]:
        connection.execute(insert(Judgment), values)
        return
    judgment_id = connection.execute(_JUDGE, values).scalar_one()
    message = outbox.message(
        outbox.JUDGED,
        outbox.direct_lane(judged["person"]),
        f"judged:{judgment_id}",
        now=now,
        dispute_id=at.row.dispute_id,
        visit_id=judged["visit"],
        data={"judgment": judgment_id},
    )
    window = transition.undo_until(at, move.key, actor, now=now)
    outbox.put(connection, [{**message, "undo_until": window}])


def _fields(at: Standing, step: Step) -> list[Field]:
    stage = at.workflow.stage_by_key[at.row.stage]
    return [f for f in (*stage.fields, *step.decision.fields) if f.key in step.facts]


def _option(at: Standing, field: Field, step: Step) -> Any:
    return at.document.options_by_set.get(field.options, {}).get(str(step.facts[field.key]))


def as_refused(at: Standing, refusal: Refusal) -> Refused:
    """The engine's refusal as the desk's answer."""
    row = at.row
    return Refused(
        refusal.key,
        {"number": row.number, "stage": row.stage},
        refusal.reasons,
        refusal.fields,
        row.dispute_id,
        row.visit_id,
        row.document_id,
    )
