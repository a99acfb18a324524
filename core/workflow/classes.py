"""Values that no condition tells apart: of each such class, exploring keeps one.

Conditions on an amount or another number part it at the bounds that they name; options that are
named together are one. So what can be told apart stays as little as the conditions say, whatever
they compare. A currency is one of a dispute for good, and is left out where another one tells apart
all that it does.
"""

from itertools import chain

from core.workflow.conditions import holds
from core.workflow.facts import CURRENCY, DESK_FACTS, LINES, NOTHING_LEFT
from core.workflow.model import Value
from core.workflow.relevance import Relevance

Vector = tuple[bool, ...]
Classed = tuple[str, Value] | None  # None: as if it were not known


class Classes:
    """The classes of one workflow's facts; the first value of each that is met stands for it."""

    def __init__(self, relevance: Relevance) -> None:
        self._relevance = relevance
        self._found: dict[tuple[str, Value, str], Classed] = {}
        self._first: dict[tuple[str, str, Vector], tuple[str, Value]] = {}

    def of(self, name: str, value: Value, currency: str) -> Classed:
        """What stands for a fact's value in a dispute of a currency."""
        key = (name, value, currency)
        if key not in self._found:
            self._found[key] = self._class(name, value, currency)
        return self._found[key]

    def _class(self, name: str, value: Value, currency: str) -> Classed:
        desk = DESK_FACTS.get(name)
        # What is read otherwise than by conditions stays as it is.
        if name in (CURRENCY, LINES, NOTHING_LEFT) or (desk is not None and desk.moves):
            return name, value
        vector = self._vector(name, {name: value}, currency)
        if desk is not None and desk.derived and vector == self._vector(name, {}, currency):
            return None
        return self._first.setdefault((name, currency, vector), (name, value))

    def _vector(self, name: str, facts: dict[str, Value], currency: str) -> Vector:
        rows = self._relevance.rows.get(name, ())
        return tuple(holds(row, facts, currency) for row in rows)

    def currencies(self) -> list[str]:
        """The currencies to explore; the empty one stands for all that nothing names."""
        every = ["", *sorted(self._relevance.currencies)]
        rows = [row for row in chain(*self._relevance.rows.values()) if row.currency]
        numbers = {row.fact for row in rows}
        derived = all(fact in DESK_FACTS and DESK_FACTS[fact].number for fact in numbers)
        if self._relevance.stepped or not derived:
            return every
        told = {one: {fact: self._vectors(fact, one) for fact in numbers} for one in every}
        kept = list(every)
        for one in every:
            others = [other for other in kept if other != one]
            if any(all(told[one][f] <= told[other][f] for f in numbers) for other in others):
                kept.remove(one)
        return kept

    def _vectors(self, name: str, currency: str) -> set[Vector]:
        found = {self._vector(name, {name: near}, currency) for near in self.near(name)}
        return found | {self._vector(name, {}, currency)}

    def near(self, name: str) -> list[int]:
        """Numbers on and beside every bound that conditions name."""
        bounds = (v for v in self._relevance.values.get(name, ()) if isinstance(v, int))
        return sorted({near for bound in bounds for near in (bound - 1, bound, bound + 1)})
