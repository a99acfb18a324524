"""Whether some dispute can satisfy a set of clauses over conditions.

Conditions are closed: each compares one fact with named values. So a fact's values fall into few
classes that no condition tells apart, and a search over classes decides what a search over all
values would. A currency is one for all conditions, and is tried one by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from core.workflow.conditions import NUMERIC, holds
from core.workflow.facts import DESK_FACTS, LEFT, STAGE
from core.workflow.model import Condition, Document, Effect, Value, Workflow
from core.workflow.terms import FieldKind
from core.workflow.vocabulary import fields_of, is_number, is_opaque, values_of

ANYTHING = "\x00anything"  # stands for a text that no condition names; no document can hold it
MOST_STEPS = 4_000  # of one search
MOST_CLASSES = 256  # of one fact

# At least one of these must be so: a condition, and whether it is to hold.
Clause = list[tuple[Condition, bool]]
Class = Value | None  # None: not known


class TooHard(Exception):
    """It cannot be decided within bounds."""


@dataclass(frozen=True, slots=True)
class Domain:
    """The values that a fact may have where conditions read it.

    `values` closed lists; nothing where any text may stand. `several`: it may be a list of them,
    of which those in `alone` stand for themselves.
    """

    values: tuple[str, ...] = ()
    number: bool = False
    several: bool = False
    alone: frozenset[str] = frozenset()
    unknown: bool = True
    negative: bool = False


Domains = Mapping[str, Domain]


def domains_of(document: Document, workflow: Workflow, stages: Iterable[str] = ()) -> Domains:
    """The domains of all facts that conditions of a workflow may name.

    `stages` narrows the fact that tells where a dispute stands.
    """
    found: dict[str, Domain] = {}
    fields = list(fields_of(workflow))
    names = {field.key for field in fields} | set(DESK_FACTS)
    names |= {effect.fact for effect in _effects(workflow) if effect.fact}
    for name in names:
        of = [field for field in fields if field.key == name]
        desk = DESK_FACTS.get(name)
        many = any(field.kind == FieldKind.MANY for field in of) or (desk and desk.several)
        options = [document.options_by_set.get(field.options, {}) for field in of]
        trunks = {option.parent for known in options for option in known.values()}
        alone = {o.key for known in options for o in known.values() if o.exclusive}
        opaque = is_opaque(workflow, name)
        values = () if opaque else values_of(document, workflow, name) or ()
        # A typed field's facts may be anything, whatever else records the same fact.
        typed = any(field.kind == FieldKind.TYPED for field in of)
        found[name] = Domain(
            () if typed else tuple(value for value in values if value not in trunks),
            is_number(workflow, name),
            bool(many),
            frozenset(alone),
            not (desk and desk.given),
        )
    found |= {
        LEFT + limit.key: Domain(number=True, unknown=False, negative=True)
        for limit in workflow.limits
    }
    found[STAGE] = Domain(tuple(stages) or tuple(workflow.stage_by_key), unknown=False)
    return found


def _effects(workflow: Workflow) -> Iterable[Effect]:
    decisions = chain(workflow.ends, *(stage.decisions for stage in workflow.stages))
    return (effect for decision in decisions for effect in decision.effects)


def satisfiable(clauses: Sequence[Clause], domains: Domains) -> bool:
    """Whether some dispute satisfies every clause. Raises TooHard."""
    rows = [row for clause in clauses for row, _ in clause]
    classes = {
        fact: _classes(domains.get(fact, Domain()), [row for row in rows if row.fact == fact])
        for fact in {row.fact for row in rows}
    }
    currencies = sorted({row.currency for row in rows if row.currency})
    return any(_Search(currency, classes).run(clauses) for currency in ("", *currencies))


class _Search:
    """A search over classes with one currency."""

    def __init__(self, currency: str, classes: Mapping[str, Sequence[Class]]) -> None:
        self.currency = currency
        self.classes = dict(classes)
        self.steps = 0

    def run(self, clauses: Sequence[Clause]) -> bool:
        """Whether there is a class of every fact with which each clause is satisfied."""
        if any(not classes for classes in self.classes.values()):
            return False
        return self._search(list(clauses), self.classes)

    def _search(self, clauses: list[Clause], left: dict[str, Sequence[Class]]) -> bool:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooHard
        open_still: list[Clause] = []
        for clause in clauses:
            possible = [literal for literal in clause if self._kept(literal, left)]
            if not possible:
                return False
            if not any(self._sure(literal, left) for literal in possible):
                open_still.append(possible)
        if not open_still:
            return True
        shortest = min(open_still, key=len)
        narrowed = left
        for row, wanted in shortest:  # each way of satisfying it, the ways before it left out
            kept = self._kept((row, wanted), narrowed)
            if kept and self._search(open_still, {**narrowed, row.fact: kept}):
                return True
            rest = self._kept((row, not wanted), narrowed)
            if not rest:
                return False
            narrowed = {**narrowed, row.fact: rest}
        return False

    def _kept(
        self, literal: tuple[Condition, bool], left: Mapping[str, Sequence[Class]]
    ) -> list[Class]:
        row, wanted = literal
        return [one for one in left[row.fact] if _held(row, one, self.currency) == wanted]

    def _sure(self, literal: tuple[Condition, bool], left: Mapping[str, Sequence[Class]]) -> bool:
        return len(self._kept(literal, left)) == len(left[literal[0].fact])


def _held(row: Condition, value: Class, currency: str) -> bool:
    return holds(row, {} if value is None else {row.fact: value}, currency)


def _classes(domain: Domain, rows: Sequence[Condition]) -> list[Class]:
    """One value of every class that these conditions tell apart."""
    plain = [Condition(row.fact, row.operator, row.values) for row in rows]
    singles = _singles(domain, plain)
    if domain.several:
        texts = sorted((v for v in singles if isinstance(v, str)), key=domain.alone.__contains__)
        singles = [(value,) for value in texts]  # what may stand with others stands for its class
    told: dict[tuple[bool, ...], Class] = {}
    for value in ([None] if domain.unknown else []) + singles:
        told.setdefault(tuple(_held(row, value, "") for row in plain), value)
    if domain.several:
        _join(domain, plain, [v for v in told.values() if isinstance(v, tuple)], told)
    return list(told.values())


def _singles(domain: Domain, rows: Sequence[Condition]) -> list[Class]:
    if domain.number:
        bounds = {v for row in rows for v in row.values if isinstance(v, int)}
        near = {bound + step for bound in bounds for step in (-1, 0, 1)} | {0}
        return [number for number in sorted(near) if number >= 0 or domain.negative]
    if domain.values:
        return list(domain.values)
    named = {v for row in rows if row.operator not in NUMERIC for v in row.values}
    return [ANYTHING, *sorted(value for value in named if isinstance(value, str))]


def _join(
    domain: Domain,
    rows: Sequence[Condition],
    found: list[tuple[str, ...]],
    told: dict[tuple[bool, ...], Class],
) -> None:
    """Adds what lists of several values tell apart, grown one value at a time."""
    together = [value for value in found if not set(value) & domain.alone]
    grown = list(together)
    while grown:
        value = grown.pop()
        for more in together:
            joined = tuple(dict.fromkeys((*value, *more)))
            vector = tuple(_held(row, joined, "") for row in rows)
            if vector not in told:
                told[vector] = joined
                grown.append(joined)
                if len(told) > MOST_CLASSES:
                    raise TooHard
