"""The grade that counts: what rules give, and the floor to which a ladder raised it (G2, G8)."""

import pytest

from core.workflow.grading import counting, more_urgent, next_up, with_grade
from core.workflow.model import Condition, GradeRule, Label

LABEL = Label("规则", "Rule")
BROKEN = Condition("reason", "in", ("broken",))


def rules(*grades: str) -> list[GradeRule]:
    """The first one's grade for what came broken, the last one's for all else."""
    first, *rest = grades
    return [
        GradeRule("first", LABEL, first, (BROKEN,)),
        *(GradeRule(f"r{n}", LABEL, grade) for n, grade in enumerate(rest)),
    ]


@pytest.mark.parametrize(
    ("raised", "reason", "counts"),
    [
        ({}, "late", "C"),
        ({}, "broken", "A"),
        ({"raised": "B"}, "late", "B"),
        ({"raised": "B"}, "broken", "A"),
        ({"raised": "A"}, "late", "A"),
        ({"raised": "C"}, "late", "C"),
    ],
)
def test_more_urgent_of_what_rules_give_and_what_it_was_raised_to_counts(
    raised: dict[str, str], reason: str, counts: str
) -> None:
    known = {"reason": reason, "grade": "B", **raised}
    assert counting(rules("A", "C"), known, "") == counts
    assert with_grade(rules("A", "C"), known, "") == {**known, "grade": counts}


def test_next_grade_is_the_nearest_more_urgent_one_that_rules_give() -> None:
    assert [next_up(rules("A", "B", "C"), grade) for grade in ("C", "B", "A")] == ["B", "A", ""]
    assert [next_up(rules("A", "C"), grade) for grade in ("C", "B", "A")] == ["A", "A", ""]
    assert next_up(rules("A", "B"), "") == "B"  # what has none gets the least urgent one
    assert next_up([], "B") == ""


def test_any_grade_is_more_urgent_than_none_and_than_one_nobody_knows() -> None:
    assert [more_urgent(*pair) for pair in (("A", "C"), ("C", "B"), ("", "C"), ("Z", "C"))] == [
        "A",
        "B",
        "C",
        "C",
    ]
