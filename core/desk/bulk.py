"""Several look-alikes at once: what they have in common, and what a decision would do (K3, D9).

Nothing here decides: each dispute is decided by `choose`, in its own transaction, under its own
key of the same click, so that each has its own record and its own undo.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from core.desk import choose, clicks, documents, locked, money, standing
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.standing import Standing
from core.workflow.choices import Choice
from core.workflow.engine import Refusal, offered
from core.workflow.macros import choices
from core.workflow.model import Decision, Document, Field, Macro
from core.workflow.relevance import asked_at
from core.workflow.terms import FieldKind

MOST_AT_ONCE = 20
# What every dispute answers differently is not asked for many at once.
_OWN = (FieldKind.ITEMS, FieldKind.FILE, FieldKind.TYPED)


@dataclass(frozen=True, slots=True)
class Common:
    """What disputes at one stage have in common; labels are those of `document`."""

    stage: str
    workflow: str
    document: Document
    decisions: tuple[Decision, ...]
    macros: tuple[Macro, ...] = ()  # of these decisions


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a decision would do at one visit: where it leads, what it moves; or why nothing."""

    visit_id: int
    number: str
    stage: str = ""
    amount: int = 0
    currency: str = ""
    refused: Refused | None = None
    document: Document | None = None


def common(
    connection: Connection, actor: Actor, visit_ids: Sequence[int], *, now: dt.datetime
) -> Common | Refused:
    """The decisions that all these visits offer this actor, or why there are none (K3)."""
    del now
    refused = clicks.enter(connection, actor, Right.DECIDE, None).refused
    found = [at for i in visit_ids if (at := standing.at_visit(connection, i, lock=False))]
    still = [at for at in found if at.row.left_at is None]
    if refused is not None or not still:
        return refused or Refused("nothing_chosen")
    if len({(at.workflow.key, at.row.stage) for at in still}) > 1:
        return Refused("different_stages")
    offers = [_offered(at, actor) for at in still]
    shared = [
        decision
        for key, decision in offers[0].items()
        if all(key in other for other in offers) and _same_for_all(still[0], decision)
    ]
    if not shared:
        return Refused("nothing_in_common")
    first, keys = still[0], {decision.key for decision in shared}
    stage = first.workflow.stage_by_key[first.row.stage]
    macros = tuple(macro for macro in stage.macros if macro.decision in keys)
    return Common(stage.key, first.workflow.key, first.document, tuple(shared), macros)


def preset(found: Common, key: str) -> tuple[str, dict[str, Choice]] | None:
    """The decision of a macro and what it chooses; None where there is no such macro."""
    stage = found.document.workflow_by_key[found.workflow].stage_by_key[found.stage]
    macro = next((macro for macro in found.macros if macro.key == key), None)
    if macro is None:
        return None
    decision = next(d for d in found.decisions if d.key == macro.decision)
    return decision.key, choices(macro, asked_at(stage, decision))


def fields_of(found: Common, key: str) -> tuple[Field, ...]:
    """What a decision asks, once for all of them."""
    stage = found.document.workflow_by_key[found.workflow].stage_by_key[found.stage]
    decision = next((d for d in found.decisions if d.key == key), None)
    if decision is None:
        return ()
    asked = asked_at(stage, decision)
    wanted = dict.fromkeys([*decision.needs, *(field.key for field in decision.fields)])
    return tuple(asked[name] for name in wanted if asked[name].kind not in _OWN)


def asked_together(at: Standing, key: str) -> tuple[Field, ...]:
    """What a decision asks at a visit that can be said once for many."""
    stage = at.workflow.stage_by_key[at.row.stage]
    asked = asked_at(stage, at.workflow.decisions_by_stage[stage.key][key])
    return tuple(field for field in asked.values() if field.kind not in _OWN)


def preview(
    connection: Connection,
    actor: Actor,
    visit_ids: Sequence[int],
    decision: str,
    chosen: choose.Chosen,
    *,
    now: dt.datetime,
) -> list[Foreseen]:
    """What the decision would do at each visit at this moment; changes nothing."""
    refused = clicks.enter(connection, actor, Right.DECIDE, None).refused
    found = []
    for visit_id in visit_ids:
        at = standing.at_visit(connection, visit_id, lock=False)
        if at is None or refused is not None:
            number = at.row.number if at else ""
            found.append(Foreseen(visit_id, number, refused=refused or Refused("unknown_visit")))
        else:
            found.append(_foreseen(connection, at, actor, decision, chosen, now=now))
    return found


def _foreseen(
    connection: Connection,
    at: Standing,
    actor: Actor,
    decision: str,
    chosen: choose.Chosen,
    *,
    now: dt.datetime,
) -> Foreseen:
    row = at.row
    document = documents.load(connection, row.document_id)
    refused = choose.not_free(connection, at, actor, now=now)
    if refused is not None:
        return Foreseen(row.visit_id, row.number, refused=refused, document=document)
    applying = applicable(at, decision, chosen)
    step = choose.decided(at, decision, applying, actor)
    if isinstance(step, Refusal):
        refused = choose.as_refused(at, step)
        return Foreseen(row.visit_id, row.number, refused=refused, document=document)
    refused = locked.refusal(connection, at, step.decision, actor, now=now)
    if refused is not None:
        return Foreseen(row.visit_id, row.number, refused=refused, document=document)
    minor = choose.amount_of(connection, at, step, lock=False)
    if minor == 0:
        refused = at.refused("nothing_left")
        return Foreseen(row.visit_id, row.number, refused=refused, document=document)
    return Foreseen(
        row.visit_id, row.number, step.stage.key, minor or 0, row.currency, None, document
    )


def applicable(at: Standing, decision: str, chosen: choose.Chosen) -> dict[str, Choice | None]:
    """What was chosen for all, as far as this visit knows the fields; empty choices change none."""
    found = at.workflow.decisions_by_stage[at.row.stage].get(decision)
    known = asked_at(at.workflow.stage_by_key[at.row.stage], found) if found else {}
    return {key: value for key, value in chosen.items() if value is not None and key in known}


def _offered(at: Standing, actor: Actor) -> dict[str, Decision]:
    derived = money.derived(at, None, at.facts) | at.judgeable_fact(actor.person_id)
    return {
        offer.decision.key: offer.decision
        for offer in offered(at.document, at.situation(derived))
        if offer.allowed or offer.open_to_choice
    }


def _same_for_all(at: Standing, decision: Decision) -> bool:
    """Whether everything that the decision needs can be said once for all."""
    asked = asked_at(at.workflow.stage_by_key[at.row.stage], decision)
    wanted = [*decision.needs, *(field.key for field in decision.fields if field.required)]
    return all(asked[key].kind not in _OWN for key in wanted)
