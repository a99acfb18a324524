"""Problems of conditions: facts that nobody provides, values that nothing can take."""

from collections.abc import Iterator
from itertools import chain

from core.workflow.conditions import NUMERIC
from core.workflow.facts import DESK_FACTS, LEFT, STAGE
from core.workflow.model import Condition, Document, Field, Group, Workflow
from core.workflow.problems.found import Found
from core.workflow.terms import EffectKind, FieldKind, Operator


def condition_problems(
    document: Document,
    workflow: Workflow,
    place: tuple[str, ...],
    groups: tuple[Group, ...],
    bare: tuple[Condition, ...] = (),
    *,
    limits: bool = False,
) -> Iterator[Found]:
    """Problems of the groups of a field or decision, or of the bare conditions of a route.

    Only a decision may depend on a limit (`limits`).
    """
    for group in groups:
        if group.reason not in document.reason_by_key:
            yield "unknown_reason", place, {"name": group.reason}
        if group.match not in ("all", "any") or not group.conditions:
            yield "bad_group", place, {"name": group.reason}
    for condition in chain(bare, *(group.conditions for group in groups)):
        if condition.fact.startswith(LEFT) and not limits:
            yield "limit_misplaced", place, {"name": condition.fact}
        yield from _condition(document, workflow, place, condition)


def _condition(
    document: Document, workflow: Workflow, place: tuple[str, ...], condition: Condition
) -> Iterator[Found]:
    operator, values = condition.operator, condition.values
    if operator not in set(Operator):
        yield "unknown_kind", place, {"name": operator}
        return
    numeric = _is_number(workflow, condition.fact)
    if operator in (Operator.KNOWN, Operator.UNKNOWN):
        fitting = not values
    elif operator in NUMERIC:
        fitting = numeric and len(values) == 1 and type(values[0]) is int
    else:
        fitting = bool(values) and not numeric and not _is_opaque(workflow, condition.fact)
    if not fitting:
        yield "bad_values", place, {"name": condition.fact, "operator": operator}
    if condition.fact.startswith(LEFT) and operator not in (Operator.ABOVE, Operator.AT_LEAST):
        yield "limit_not_above", place, {"name": condition.fact}
    known = _values(document, workflow, condition.fact)
    if known is None and not numeric:
        yield "unknown_fact", place, {"name": condition.fact}
    elif known:  # a typed fact may be anything
        for value in values:
            if isinstance(value, str) and value not in known:
                yield "unknown_value", place, {"name": condition.fact, "value": value}


def _is_number(workflow: Workflow, fact: str) -> bool:
    if fact.startswith(LEFT):
        return any(fact == LEFT + limit.key for limit in workflow.limits)
    return fact in DESK_FACTS and DESK_FACTS[fact].number


def _is_opaque(workflow: Workflow, fact: str) -> bool:
    """Whether the fact is another one in every dispute: its order's lines, its files' numbers."""
    opaque = (FieldKind.ITEMS, FieldKind.FILE)
    return any(field.key == fact and field.kind in opaque for field in _fields(workflow))


def _values(document: Document, workflow: Workflow, fact: str) -> set[str] | None:
    """The values a fact may take: empty where it may be anything, None where nobody provides it."""
    if fact == STAGE:
        return set(workflow.stage_by_key)
    found = [set(DESK_FACTS[fact].values)] if fact in DESK_FACTS else []
    found += [
        set(document.options_by_set.get(field.options, {}))
        for field in _fields(workflow)
        if field.key == fact
    ]
    effects = {
        effect.value
        for decisions in workflow.decisions_by_stage.values()
        for decision in decisions.values()
        for effect in decision.effects
        if effect.kind == EffectKind.SET and effect.fact == fact
    }
    if effects:
        found.append(effects)
    return set().union(*found) if found else None


def _fields(workflow: Workflow) -> Iterator[Field]:
    for stage in workflow.stages:
        yield from stage.fields
        for decision in (*stage.decisions, *workflow.ends):
            yield from decision.fields
