"""Grades: how urgent a dispute is, by a first-match table over what is known of it (G2).

The grade is a fact like others. It is worked out when a dispute comes in, and anew whenever what is
known of it changes; promises, rules and people read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.workflow.conditions import holds
from core.workflow.facts import GRADE
from core.workflow.parts import Condition, Facts, Label, Value


@dataclass(frozen=True, slots=True)
class GradeRule:
    """A dispute of which all these conditions hold has this grade; first match wins.

    The last one has no conditions.
    """

    key: str
    label: Label
    grade: str
    when: tuple[Condition, ...] = ()


def with_grade(rules: Sequence[GradeRule], facts: Facts, currency: str) -> dict[str, Value]:
    """The facts with the grade that these rules give, in the place of any other."""
    found = {key: value for key, value in facts.items() if key != GRADE}
    grade = graded(rules, facts, currency)
    return {**found, GRADE: grade} if grade else found


def graded(rules: Sequence[GradeRule], facts: Facts, currency: str) -> str:
    """The grade of a dispute of these facts; empty where no rule gives one."""
    return next(
        (r.grade for r in rules if all(holds(c, facts, currency) for c in r.when)),
        "",
    )
