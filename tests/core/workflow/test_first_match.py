"""First-match tables: what nothing can ever hit, against trying every dispute there can be (A1)."""

from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st

from core.migrate import standard
from core.workflow import model as m
from core.workflow.first_match import Shadow, never_hit, tried
from core.workflow.satisfying import Domain, domains_of
from tests.core.workflow import oracle

LETTERS = ("p", "q", "r")
DOMAINS: Mapping[str, Domain] = {
    "one": Domain(LETTERS),
    "given": Domain(("p", "q"), unknown=False),
    "many": Domain(("p", "q", "none"), several=True, alone=frozenset({"none"})),
    "text": Domain(),
    "amount": Domain(number=True),
}
NUMBERS = (0, 2, 4)


def worlds() -> Iterator[tuple[dict[str, Any], str]]:
    """Every dispute there can be, as far as these tables can tell."""
    lists = [("none",), *(c for n in (1, 2) for c in combinations(("p", "q"), n))]
    ways: dict[str, list[Any]] = {
        "one": [None, *LETTERS],
        "given": ["p", "q"],
        "many": [None, *lists],
        "text": [None, *LETTERS, "other"],
        "amount": [None, *range(6)],
    }
    for values in product(*ways.values()):
        facts = {k: v for k, v in zip(ways, values, strict=True) if v is not None}
        for currency in ("", "CNY", "EUR"):
            yield facts, currency


WORLDS = list(worlds())


@st.composite
def condition(draw: Any) -> m.Condition:
    fact = draw(st.sampled_from(sorted(DOMAINS)))
    if fact == "amount":
        compare = draw(st.sampled_from(("above", "at_least", "below", "at_most")))
        currency = draw(st.sampled_from(("", "CNY", "EUR")))
        return m.Condition(fact, compare, (draw(st.sampled_from(NUMBERS)),), currency)
    compare = draw(st.sampled_from(("in", "in", "not_in", "known", "unknown")))
    if compare in ("known", "unknown"):
        return m.Condition(fact, compare)
    letters = {"many": ("p", "q", "none"), "given": ("p", "q")}.get(fact, LETTERS)
    values = draw(st.lists(st.sampled_from(letters), min_size=1, max_size=2, unique=True))
    return m.Condition(fact, compare, tuple(values))


tables = st.lists(st.lists(condition(), max_size=3).map(tuple), min_size=1, max_size=5)
groups = st.lists(
    st.builds(
        m.Group,
        st.just("why"),
        st.lists(condition(), min_size=1, max_size=2).map(tuple),
        st.sampled_from(("all", "any")),
    ),
    max_size=1,
)


@settings(max_examples=100, deadline=None)
@given(tables, groups, st.frozensets(st.integers(0, 4), max_size=1))
def test_row_is_said_never_to_be_hit_exactly_where_no_dispute_there_can_be_hits_it(
    rows: list[tuple[m.Condition, ...]], known: list[m.Group], falling: frozenset[int]
) -> None:
    note(str(rows))
    alive: set[int] = set()
    for facts, currency in WORLDS:
        if oracle.against(tuple(known), facts, currency):
            continue
        for place, row in enumerate(rows):
            if all(oracle.holds(one, facts, currency) for one in row):
                alive.add(place)
                if place not in falling:
                    break
    found = never_hit(rows, DOMAINS, known, falling)
    dead = set(range(len(rows))) - alive
    if not rows[-1]:
        dead -= {len(rows) - 1}  # a table needs its last row
    assert set(found) == dead


def test_row_below_one_that_matches_the_same_and_more_is_shadowed_by_it() -> None:
    food = m.Condition("one", "in", ("p", "q"))
    rows = [(food,), (m.Condition("one", "in", ("q",)), m.Condition("text", "known")), ()]
    assert never_hit(rows, DOMAINS) == {1: Shadow((0,))}


def test_rows_that_together_leave_nothing_are_all_named_and_only_they() -> None:
    rows = [
        (m.Condition("text", "known"),),
        (m.Condition("given", "in", ("p",)),),
        (m.Condition("given", "in", ("q",)),),
        (m.Condition("one", "known"),),
        (),
    ]
    assert never_hit(rows, DOMAINS) == {3: Shadow((1, 2))}


def test_row_that_contradicts_itself_needs_no_other() -> None:
    rows = [(m.Condition("one", "in", ("p",)), m.Condition("one", "unknown")), ()]
    assert never_hit(rows, DOMAINS) == {0: Shadow()}


def test_amounts_in_two_currencies_are_never_compared() -> None:
    small = m.Condition("amount", "at_most", (5,), "CNY")
    rows = [
        (small,),
        (m.Condition("amount", "at_most", (4,), "EUR"),),
        (m.Condition("amount", "below", (3,), "CNY"),),
    ]
    assert never_hit(rows, DOMAINS) == {2: Shadow((0,))}


def test_every_row_says_condition_by_condition_why_a_dispute_hits_it_or_not() -> None:
    first, second = m.Condition("one", "in", ("p",)), m.Condition("text", "known")
    found = tried([(first, second), (first,), ()], {"one": "p"}, "")
    assert [row.checks for row in found] == [((first, True), (second, False)), ((first, True),), ()]
    assert [(row.matches, row.hit) for row in found] == [
        (False, False),
        (True, True),
        (True, False),
    ]


def test_row_that_falls_through_lets_the_next_one_be_hit_too() -> None:
    assert [row.hit for row in tried([(), (), ()], {}, "", frozenset({0}))] == [True, True, False]


def test_standard_document_has_no_route_that_is_never_taken() -> None:
    document = standard()
    (workflow,) = document.workflows
    for stage in workflow.stages:
        domains = domains_of(document, workflow, [stage.key])
        for decision in stage.decisions:
            rows = [route.when for route in decision.routes]
            assert never_hit(rows, domains, decision.when) == {}, (stage.key, decision.key)
