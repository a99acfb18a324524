"""Grades: how urgent a dispute is, by a first-match table over what is known of it (G2).

The grade is a fact like others. It is worked out when a dispute comes in, and anew whenever what is
known of it changes; promises, rules and people read it. A grade to which a ladder raised a dispute
is a floor: whatever becomes known, the more urgent of the two counts until the end (G8).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.workflow.conditions import holds
from core.workflow.facts import GRADE, GRADES, RAISED
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
    """The facts with the grade that these rules give, in the place of any other; see `counting`."""
    found = {key: value for key, value in facts.items() if key != GRADE}
    grade = counting(rules, facts, currency)
    return {**found, GRADE: grade} if grade else found


def counting(rules: Sequence[GradeRule], facts: Facts, currency: str) -> str:
    """The grade that counts: what these rules give, and no less urgent than it was raised to."""
    return more_urgent(graded(rules, facts, currency), str(facts.get(RAISED, "")))


def more_urgent(one: str, other: str) -> str:
    """The more urgent of two grades; any is more urgent than none, or than one that is unknown."""
    return min(
        one, other, key=lambda grade: GRADES.index(grade) if grade in GRADES else len(GRADES)
    )


def next_up(rules: Sequence[GradeRule], grade: str) -> str:
    """The next more urgent grade of those that these rules give; empty where there is none.

    What has no grade yet is raised to the least urgent one.
    """
    given = {rule.grade for rule in rules}
    reached = GRADES.index(grade) if grade in GRADES else len(GRADES)
    return next((one for one in reversed(GRADES[:reached]) if one in given), "")


def graded(rules: Sequence[GradeRule], facts: Facts, currency: str) -> str:
    """The grade of a dispute of these facts; empty where no rule gives one."""
    return next(
        (r.grade for r in rules if all(holds(c, facts, currency) for c in r.when)),
        "",
    )
