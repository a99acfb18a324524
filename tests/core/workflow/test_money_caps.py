"""Conditions on money part it at the bounds they name, so that checking a draft stays small."""

from dataclasses import replace

import pytest

from core.migrate import standard
from core.workflow import model as m
from core.workflow.explore import explore
from core.workflow.problems import problems
from tests.core.workflow.edits import add, put

STANDARD = standard()
PAYING = "workflows/dispute/stages/verification/decisions"


def cap(minor: int, currency: str = "CNY", operator: str = "at_most") -> m.Condition:
    return m.Condition("amount", operator, (minor,), currency)


def capped(key: str, *caps: m.Condition) -> m.Document:
    """The standard document with caps on a payment, each in a group of its own."""
    groups = (m.Group("use_settled", (condition,)) for condition in caps)
    return add(STANDARD, f"{PAYING}/{key}/when", *groups)


CAPS = {
    "one": (cap(20_000),),
    "two bounds": (cap(20_000), cap(100, operator="above")),
    "two currencies": (cap(20_000), cap(3_000, "EUR")),
    "with and without a currency": (cap(20_000), cap(0, "", "above")),
}


@pytest.mark.parametrize("caps", CAPS.values(), ids=CAPS)
def test_cap_on_a_payment_that_may_be_left_out_can_be_published(
    caps: tuple[m.Condition, ...],
) -> None:
    document = capped("pay_goodwill", *caps)
    assert problems(document) == []
    states = explore(document, document.workflows[0]).states
    before = explore(STANDARD, STANDARD.workflows[0]).states
    assert len(states) <= 5 * len(before)


def test_cap_that_leaves_larger_amounts_no_way_out_says_where_they_stay() -> None:
    found = problems(capped("deduct_online", cap(20_000)))
    assert {problem.key for problem in found} == {"cannot_finish"}
    assert "verification" in {problem.place[-1] for problem in found}


def test_cap_with_a_way_for_larger_amounts_can_be_published() -> None:
    online = STANDARD.workflows[0].decisions_by_stage["verification"]["deduct_online"]
    larger = replace(online, key="deduct_large", label=m.Label("大额", "Deduct a large amount"))
    document = add(capped("deduct_online", cap(20_000)), PAYING, larger)
    assert problems(document) == []


def test_route_by_an_amount_can_be_published() -> None:
    place = f"{PAYING}/deduct_online"
    (last,) = STANDARD.workflows[0].decisions_by_stage["verification"]["deduct_online"].routes[-1:]
    routes = (m.Route(last.to, when=(cap(20_000),)), last)
    assert problems(put(STANDARD, place, routes=routes)) == []
