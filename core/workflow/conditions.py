"""Conditions: rows of fact, operator and values, decided against facts."""

from core.workflow.parts import Condition, Facts, Group
from core.workflow.terms import Operator

NUMERIC = frozenset({Operator.ABOVE, Operator.AT_LEAST, Operator.BELOW, Operator.AT_MOST})


def holds(condition: Condition, facts: Facts, currency: str = "") -> bool:
    """Whether the condition holds.

    A fact that is not known is in nothing and compares with nothing; a condition that names a
    currency holds only for disputes in that currency (minor units are not comparable across).
    """
    if condition.currency and condition.currency != currency:
        return False
    operator = condition.operator
    if operator == Operator.KNOWN:
        return condition.fact in facts
    if operator == Operator.UNKNOWN:
        return condition.fact not in facts
    value = facts.get(condition.fact)
    if operator in NUMERIC:
        return isinstance(value, int) and _compares(operator, value, condition.values)
    if isinstance(value, tuple):
        found = any(item in condition.values for item in value)
    else:
        found = value in condition.values
    return found if operator == Operator.IN else not found


def unmet(groups: tuple[Group, ...], facts: Facts, currency: str = "") -> tuple[str, ...]:
    """The reasons of the groups that do not hold, each once; every group must."""
    reasons = [group.reason for group in groups if not group_holds(group, facts, currency)]
    return tuple(dict.fromkeys(reasons))


def group_holds(group: Group, facts: Facts, currency: str) -> bool:
    """Whether all of the group's conditions hold, or any, as the group says."""
    if group.match == "any":
        return any(holds(condition, facts, currency) for condition in group.conditions)
    return all(holds(condition, facts, currency) for condition in group.conditions)


def _compares(operator: str, value: int, bounds: tuple[str | int, ...]) -> bool:
    bound = bounds[0] if bounds else None  # a draft may still lack it
    if not isinstance(bound, int):
        return False
    if operator == Operator.ABOVE:
        return value > bound
    if operator == Operator.AT_LEAST:
        return value >= bound
    if operator == Operator.BELOW:
        return value < bound
    return value <= bound
