"""What a workflow may do, told a second time: it reads documents and imports nothing it checks.

Small and slow on purpose. Facts are plain dicts, conditions are read row by row, and every way to
fill a card is tried.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, combinations, product
from typing import Any

from core.workflow.model import Condition, Decision, Document, Field, Group, Workflow

NUMBERS = ("amount",)
REPORTED = ("confirmed", "failed", "mismatched")
AWAITED = ("instructed", "owed", "overdue", "unconfirmed", "vouchered")
EFFECTS = ("set", "silence", "close_round", "request", "ask_funds", "owe", "pay", "ask_payment")


def holds(row: Condition, facts: Mapping[str, Any], currency: str) -> bool:
    """Whether one row holds."""
    if row.currency not in ("", currency):
        return False
    value = facts.get(row.fact)
    if row.operator == "known":
        return value is not None
    if row.operator == "unknown":
        return value is None
    if row.operator in ("in", "not_in"):
        several = value if isinstance(value, tuple) else (value,)
        return any(v in row.values for v in several) == (row.operator == "in")
    if not isinstance(value, int):
        return False
    bound = row.values[0]
    assert isinstance(bound, int)
    return {
        "above": value > bound,
        "at_least": value >= bound,
        "below": value < bound,
        "at_most": value <= bound,
    }[row.operator]


def against(groups: tuple[Group, ...], facts: Mapping[str, Any], currency: str) -> list[str]:
    """The reasons of the groups that do not hold."""
    found = []
    for group in groups:
        held = [holds(row, facts, currency) for row in group.conditions]
        if not (any(held) if group.match == "any" else all(held)):
            found.append(group.reason)
    return found


def left(workflow: Workflow, counts: Mapping[str, int]) -> dict[str, int]:
    """What is left of each limit."""
    return {
        f"left.{limit.key}": limit.maximum
        + (counts.get(limit.grants, 0) if limit.grants else 0)
        - counts.get(limit.counts, 0)
        for limit in workflow.limits
    }


def destination(
    workflow: Workflow, decision: Decision, facts: Mapping[str, Any], currency: str
) -> str:
    """Where a decision leads."""
    for route in decision.routes:
        if all(holds(row, facts, currency) for row in route.when):
            return {s.removed: s.to for s in workflow.successors}.get(route.to, route.to)
    raise AssertionError("the last route has conditions")


def choices(
    document: Document, field: Field, lines: Mapping[str, int], currency: str, named: set[Any]
) -> list[Any]:
    """Every valid choice of a field, as far as the values in `named` tell them apart."""
    if field.kind == "typed":
        return ["anything", *sorted(v for v in named if isinstance(v, str))]
    if field.kind == "file":
        return [7]
    if field.kind == "items":
        return [(f"{key}:{n}",) for key, quantity in lines.items() for n in range(1, quantity + 1)]
    options = next(s.options for s in document.option_sets if s.key == field.options)
    trunks = {option.parent for option in options}
    free = [o for o in options if not o.retired and o.key not in trunks]
    if field.kind == "share":
        return [
            o.key
            for o in free
            if o.share
            and (not o.share.steps or currency in [step.currency for step in o.share.steps])
        ]
    if field.kind == "one":
        return [o.key for o in free]
    alone = [(o.key,) for o in free if o.exclusive]
    together = [o.key for o in free if not o.exclusive]
    sets = chain.from_iterable(combinations(together, n) for n in range(1, len(together) + 1))
    return [*alone, *sets]


def rows(workflow: Workflow) -> Iterator[Condition]:
    """Every condition of the workflow."""
    for decision in chain(workflow.ends, *(stage.decisions for stage in workflow.stages)):
        for group in chain(decision.when, *(field.when for field in decision.fields)):
            yield from group.conditions
        for route in decision.routes:
            yield from route.when
    for stage in workflow.stages:
        for field in stage.fields:
            for group in field.when:
                yield from group.conditions


def cards(
    document: Document,
    fields: Mapping[str, Field],
    read: Mapping[str, set[Any]],
    lines: Mapping[str, int],
    currency: str,
) -> Iterator[dict[str, Any]]:
    """Every way to fill a card; a field that no condition reads is left alone, or filled once."""
    left_alone = object()
    ways: list[list[Any]] = []
    for field in fields.values():
        valid = choices(document, field, lines, currency, read.get(field.key, set()))
        if field.key in read:
            ways.append([left_alone, None, *valid])
        else:
            ways.append([valid[0] if valid else left_alone])
    for values in product(*ways):
        yield {k: v for k, v in zip(fields, values, strict=True) if v is not left_alone}


def effected(decision: Decision) -> list[dict[str, Any]]:
    """The facts that a decision's effects may record, in every way they may turn out."""
    ways: list[dict[str, Any]] = [{}]
    for kind in EFFECTS:
        for effect in decision.effects:
            if effect.kind != kind:
                continue
            if kind == "set":
                ways = [{**way, effect.fact: effect.value} for way in ways]
            elif kind == "owe":
                ways = [{**way, "payment": "owed"} for way in ways]
            elif kind in ("pay", "ask_payment"):
                ways = [{**way, "payment": "instructed"} for way in ways]
            elif kind == "silence":
                who = [(), ("buyer",), ("merchant",), ("buyer", "merchant")]
                ways = [{**way, **({"silent": w} if w else {})} for way in ways for w in who]
    return ways
