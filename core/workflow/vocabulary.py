"""Which facts conditions may name in a workflow, and the values that each may take."""

from collections.abc import Iterator

from core.workflow.facts import DESK_FACTS, LEFT, STAGE
from core.workflow.model import Document, Effect, Field, Workflow
from core.workflow.terms import EffectKind, FieldKind


def fact_names(workflow: Workflow) -> tuple[str, ...]:
    """Every fact that a condition of the workflow may name: fields, effects, the desk, limits."""
    names = [
        *(field.key for field in fields_of(workflow)),
        *(effect.fact for effect in _sets(workflow)),
        *DESK_FACTS,
        STAGE,
        *(LEFT + limit.key for limit in workflow.limits),
    ]
    return tuple(dict.fromkeys(name for name in names if name))


def is_number(workflow: Workflow, fact: str) -> bool:
    """Whether a fact is compared as a number."""
    if fact.startswith(LEFT):
        return any(fact == LEFT + limit.key for limit in workflow.limits)
    return fact in DESK_FACTS and DESK_FACTS[fact].number


def is_opaque(workflow: Workflow, fact: str) -> bool:
    """Whether the fact is another one in every dispute: its order's lines, its files' numbers."""
    opaque = (FieldKind.ITEMS, FieldKind.FILE)
    return any(field.key == fact and field.kind in opaque for field in fields_of(workflow))


def values_of(document: Document, workflow: Workflow, fact: str) -> tuple[str, ...] | None:
    """The values a fact may take: none where it may be anything, None where nobody provides it."""
    if fact == STAGE:
        return tuple(workflow.stage_by_key)
    found = [DESK_FACTS[fact].values] if fact in DESK_FACTS else []
    found += [
        tuple(document.options_by_set.get(field.options, {}))
        for field in fields_of(workflow)
        if field.key == fact
    ]
    effects = tuple(effect.value for effect in _sets(workflow) if effect.fact == fact)
    if effects:
        found.append(effects)
    return tuple(dict.fromkeys(value for values in found for value in values)) if found else None


def fields_of(workflow: Workflow) -> Iterator[Field]:
    """Every field of the workflow, those that decisions ask included."""
    for stage in workflow.stages:
        yield from stage.fields
        for decision in stage.decisions:
            yield from decision.fields
    for decision in workflow.ends:
        yield from decision.fields


def _sets(workflow: Workflow) -> Iterator[Effect]:
    """The effects that record a fact."""
    decisions = [
        *(decision for stage in workflow.stages for decision in stage.decisions),
        *workflow.ends,
    ]
    for decision in decisions:
        for effect in decision.effects:
            if effect.kind == EffectKind.SET:
                yield effect
