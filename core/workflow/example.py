"""An example of how a dispute comes to a stage: what was decided on the way, what is known by then.

For eyes only (S4): the shortest way is gone, whatever its conditions, and the first option is
chosen everywhere, so that a draft with problems has an example, too.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.workflow.conditions import unmet
from core.workflow.engine import Situation, facts_with_limits
from core.workflow.model import Decision, Document, Field, Stage, Value, Workflow
from core.workflow.terms import By, EffectKind, FieldKind, Kind, Meaning, Operator

EARLY = (Meaning.SETTLED, Meaning.WITHDRAWN, Meaning.NOT_ACCEPTED)
MANY = 2  # options that are chosen where several may be


@dataclass(frozen=True, slots=True)
class Hop:
    """A stage that was left on the way, and by which decision; empty where it was only taken."""

    stage: str
    decision: str
    by: str


def way_to(workflow: Workflow, stage: Stage) -> tuple[Hop, ...] | None:
    """The shortest way from the start to a stage; None where no route leads there.

    Ways by which disputes end early count only where no other leads there. Of ways that are as
    short, it is the one by agents' decisions that stand first.
    """
    return _shortest(workflow, early=False).get(stage.key) or _shortest(workflow, early=True).get(
        stage.key
    )


def _shortest(workflow: Workflow, *, early: bool) -> dict[str, tuple[Hop, ...]]:
    ways: dict[str, tuple[Hop, ...]] = {workflow.start: ()}
    todo = deque([workflow.start])
    while todo:
        here = todo.popleft()
        for hop, target in _steps(workflow, here, early):
            if target in workflow.stage_by_key and target not in ways:
                ways[target] = (*ways[here], hop)
                todo.append(target)
    return ways


def example(
    document: Document, workflow: Workflow, stage: Stage, lines: Mapping[str, int], currency: str
) -> Situation:
    """Where an example of a dispute stands at a stage: facts and counts of the way there.

    `lines` are the quantities of its order. At a stage that nothing leads to it knows nothing.
    """
    standing = Situation(workflow.key, workflow.start, {}, {}, lines, currency)
    for hop in way_to(workflow, stage) or ():
        standing = _gone(document, workflow, standing, hop)
    return replace(standing, stage=stage.key)


def _steps(workflow: Workflow, here: str, early: bool) -> list[tuple[Hop, str]]:
    """Where a stage leads to; an intake stage by being taken, above all."""
    stage = workflow.stage_by_key.get(here)
    if stage is None or stage.kind == Kind.FINAL:
        return []
    taken = [(Hop(here, "", By.AGENT), workflow.first)] if stage.kind == Kind.INTAKE else []
    decisions = sorted(stage.decisions, key=lambda decision: decision.by != By.AGENT)
    return taken + [
        (Hop(here, decision.key, decision.by), route.to)
        for decision in decisions
        if early or decision.meaning not in EARLY
        for route in decision.routes
    ]


def _gone(document: Document, workflow: Workflow, standing: Situation, hop: Hop) -> Situation:
    """The situation after a hop: fields filled, facts set, the decision's meaning counted."""
    stage = workflow.stage_by_key[hop.stage]
    decision = workflow.decisions_by_stage[hop.stage].get(hop.decision)
    if decision is None:
        return standing
    here = replace(standing, stage=stage.key)
    facts = {**standing.facts, **_filled(document, workflow, here, stage, decision)}
    for effect in decision.effects:
        if effect.kind == EffectKind.SET:
            facts[effect.fact] = effect.value
    counts = dict(standing.counts)
    if decision.meaning:
        counts[decision.meaning] = counts.get(decision.meaning, 0) + 1
    return replace(here, facts=facts, counts=counts)


def _filled(
    document: Document, workflow: Workflow, here: Situation, stage: Stage, decision: Decision
) -> dict[str, Value]:
    """The first choice in every field that applies; what the decision asks for before the rest."""
    wanted = _wanted(decision)
    chosen: dict[str, Value] = {}
    for field in (*stage.fields, *decision.fields):
        facts = facts_with_limits(workflow, here, chosen)
        value = wanted.get(field.key) or _first(document, field, here)
        if value is not None and not unmet(field.when, facts, here.currency):
            chosen[field.key] = value
    return chosen


def _wanted(decision: Decision) -> dict[str, Value]:
    """The values that a decision's own conditions name, where they name any."""
    return {
        condition.fact: condition.values[0]
        for group in decision.when
        for condition in group.conditions
        if condition.operator == Operator.IN and condition.values
    }


def _first(document: Document, field: Field, here: Situation) -> Value | None:
    if field.kind == FieldKind.ITEMS:
        return tuple(f"{line}:1" for line in list(here.lines)[:1]) or None
    options = document.leaves_by_set.get(field.options, {})
    keys = [key for key, option in options.items() if not option.exclusive]
    if not keys or field.kind in (FieldKind.TYPED, FieldKind.FILE):
        return None
    return tuple(keys[:MANY]) if field.kind == FieldKind.MANY else keys[0]
