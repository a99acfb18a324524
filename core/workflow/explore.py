"""Explores every state a workflow can reach, as far as its own conditions can tell states apart.

A state is a stage with the facts that some condition from there on reads. How much of a limit is
left is not part of it: conditions may only ask that something is left (`problems` sees to that),
so whatever is offered with nothing left is offered always. What can be reached is explored as if
limits never ran out; what can be finished, as if all had. What the desk works out anew for every
decision (whether funds cover, what an amount comes to) may change at any time, and no way out may
depend on that. All of this errs on the safe side.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from core.workflow.classes import Classes
from core.workflow.conditions import unmet
from core.workflow.engine import EMPTIED, emptied_of, missing_of, route_of
from core.workflow.facts import (
    CURRENCY,
    DESK_FACTS,
    LEFT,
    LINES,
    NOTHING_LEFT,
    STAGE,
    YES,
)
from core.workflow.model import Decision, Document, Field, Stage, Value, Workflow
from core.workflow.relevance import Relevance, asked_at, conditions, moves_money, relevance, when
from core.workflow.terms import FieldKind, Kind
from core.workflow.ways import ANYTHING, TooManyWays, choices, turns_out

MOST_STATES = 60_000
PLENTY, SPENT = 10**6, -(10**6)

Known = tuple[tuple[str, Value], ...]
State = tuple[str, Known]
Outcome = tuple[str, Known, bool]  # where to, what becomes known, whether limits do not matter
Card = dict[str, Value | None]


class TooManyStates(TooManyWays):
    """The workflow tells more states apart than can be explored."""


@dataclass(frozen=True, slots=True)
class Exploration:
    """What was found: every reachable state, and those from which no final stage is reached."""

    states: frozenset[State]
    unfinishable: tuple[State, ...]


def explore(document: Document, workflow: Workflow) -> Exploration:
    """Every state reachable from the start, and those that cannot be finished.

    The inherited ends count for reaching states, not for finishing: an exit that exists
    everywhere would make every trap look harmless. Raises TooManyWays.
    """
    walker = _Walker(document, workflow)
    states = list(dict.fromkeys(walker.starts()))
    number = {state: place for place, state in enumerate(states)}
    back: list[list[int]] = [[] for _ in states]  # by numbers: states are many and heavy
    for place, state in enumerate(states):  # grows as it goes
        for after, finishing in set(walker.steps(state)):
            known = number.setdefault(after, len(states))
            if known == len(states):
                states.append(after)
                back.append([])
                if len(states) > MOST_STATES:
                    raise TooManyStates
            if finishing:
                back[known].append(place)
    finals = [n for s, n in number.items() if workflow.stage_by_key[s[0]].kind == Kind.FINAL]
    reached = _reaching(finals, back)
    stuck = [state for state, place in number.items() if place not in reached]
    return Exploration(frozenset(states), tuple(sorted(stuck, key=repr)))


def _reaching(finals: Sequence[int], back: Sequence[Sequence[int]]) -> set[int]:
    reached, queue = set(finals), deque(finals)
    while queue:
        for before in back[queue.popleft()]:
            if before not in reached:
                reached.add(before)
                queue.append(before)
    return reached


class _Walker:
    """Steps from state to state of one workflow."""

    def __init__(self, document: Document, workflow: Workflow) -> None:
        self.document = document
        self.workflow = workflow
        self.relevance: Relevance = relevance(document, workflow)
        self.plenty = {LEFT + limit.key: PLENTY for limit in workflow.limits}
        self.spent = {LEFT + limit.key: SPENT for limit in workflow.limits}
        self.known: dict[tuple[str, str], tuple[str, ...]] = {}
        self.outcomes: dict[tuple[str, str, Known], set[Outcome]] = {}
        self.classes = Classes(self.relevance)

    def state(self, stage: str, facts: dict[str, Value]) -> State:
        """The state, without what nothing from here on reads or tells apart."""
        kept = self.relevance.facts[stage]
        currency = str(facts.get(CURRENCY, ""))
        found = (self.classes.of(name, v, currency) for name, v in facts.items() if name in kept)
        return stage, tuple(sorted(pair for pair in found if pair is not None))

    def starts(self) -> Iterator[State]:
        """Every way a dispute may come in, as far as conditions tell them apart."""
        given = [key for key, fact in DESK_FACTS.items() if fact.given or fact.rules]
        known: dict[str, Sequence[Value | None]] = {
            name: [None, *self._values_of(name)]
            for name in (*given, LINES)
            if name in self.relevance.tracked
        }
        if CURRENCY in self.relevance.tracked:
            known[CURRENCY] = [one or None for one in self.classes.currencies()]
        for values in product(*known.values()):
            facts = {k: v for k, v in zip(known, values, strict=True) if v is not None}
            yield self.state(self.workflow.start, facts)

    def _values_of(self, name: str) -> Sequence[Value]:
        """The values of what the desk itself provides."""
        if name == LINES:
            return (YES,)
        fact = DESK_FACTS[name]
        if fact.number:
            return self.classes.near(name)
        named = (v for v in self.relevance.values.get(name, ()) if isinstance(v, str))
        values = fact.values or (ANYTHING, *sorted(named))  # a text that nobody lists
        if not fact.several:
            return values
        sizes = range(1, len(values) + 1)
        return [several for size in sizes for several in combinations(values, size)]

    def steps(self, state: State) -> Iterator[tuple[State, bool]]:
        """States one step on, each with whether the step counts for finishing."""
        key, pairs = state
        facts = dict(pairs)
        stage = self.workflow.stage_by_key[key]
        if stage.kind == Kind.FINAL:
            return
        for moved, finishing in self._moved(facts):
            yield self.state(key, moved), finishing
        if stage.kind == Kind.INTAKE:
            yield self.state(self.workflow.first, facts), True  # taking
        for decision in stage.decisions:
            yield from self._decided(stage, decision, facts)
        for decision in self.workflow.ends:
            for after, _ in self._decided(stage, decision, facts):
                yield after, False

    def _moved(self, facts: dict[str, Value]) -> Iterator[tuple[dict[str, Value], bool]]:
        """What the desk's own facts may turn into without any decision.

        The payment system answers some day, which may be waited for; the rest just changes.
        """
        for name in self.relevance.tracked & DESK_FACTS.keys():
            rest = {key: value for key, value in facts.items() if key != name}
            if DESK_FACTS[name].derived or DESK_FACTS[name].shifts:
                yield rest, False
                for value in self._values_of(name):
                    yield {**rest, name: value}, False
            for before, turned in DESK_FACTS[name].moves:
                if facts.get(name, "") == before:
                    for value in turned:
                        yield {**rest, name: value}, True

    def _decided(
        self, stage: Stage, decision: Decision, facts: dict[str, Value]
    ) -> Iterator[tuple[State, bool]]:
        known = self._known_to(stage, decision)
        seen = tuple((name, facts[name]) for name in known if name in facts)
        outcomes = self.outcomes.get((stage.key, decision.key, seen))
        if outcomes is None:  # many states look the same to one decision
            outcomes = set(self._outcomes(stage, decision, dict(seen)))
            self.outcomes[stage.key, decision.key, seen] = outcomes
        for target, changes, always in outcomes:
            after = {**facts, **dict(changes)}
            kept = {key: value for key, value in after.items() if value != EMPTIED}
            yield self.state(target, kept), always

    def _known_to(self, stage: Stage, decision: Decision) -> tuple[str, ...]:
        """The facts on which it depends what a decision does at a stage."""
        found = self.known.get((stage.key, decision.key))
        if found is None:
            fields = asked_at(stage, decision)
            rows = [*conditions(decision), *(c for f in fields.values() for c in when(f))]
            names = {*fields, *(row.fact for row in rows), NOTHING_LEFT, CURRENCY, LINES}
            found = tuple(sorted(names & self.relevance.tracked))
            self.known[stage.key, decision.key] = found
        return found

    def _outcomes(
        self, stage: Stage, decision: Decision, facts: dict[str, Value]
    ) -> Iterator[Outcome]:
        """What a decision does where these facts are known, in every way the card is filled."""
        if moves_money(decision) and NOTHING_LEFT in facts:
            return
        currency, lined = str(facts.get(CURRENCY, "")), LINES in facts
        fields = asked_at(stage, decision)
        for card in self._cards(fields, facts):
            emptied = emptied_of(fields, card, facts)
            chosen = {key: value for key, value in card.items() if value is not None}
            seen = {**facts, **chosen, STAGE: stage.key}
            for name in emptied:
                del seen[name]
            if unmet(decision.when, {**seen, **self.plenty}, currency) or missing_of(
                decision, fields, seen, card, currency, lined=lined
            ):
                continue
            if moves_money(decision) and not self._share_asked(decision, fields, seen):
                continue
            always = not unmet(decision.when, {**seen, **self.spent}, currency)
            target = route_of(decision.routes, seen, currency).to
            target = self.workflow.successor_of.get(target, target)
            changed = {
                name: value
                for name, value in {**chosen, **dict.fromkeys(emptied, EMPTIED)}.items()
                if name in self.relevance.tracked and not unmet(fields[name].when, seen, currency)
            }
            for effected in turns_out(decision):
                yield target, tuple(sorted({**changed, **effected}.items())), always

    def _share_asked(
        self, decision: Decision, fields: dict[str, Field], seen: dict[str, Value]
    ) -> bool:
        """Whether an amount is chosen: without one nothing can be moved."""
        currency = str(seen.get(CURRENCY, ""))
        shares = (fields[key] for key in decision.needs if fields[key].kind == FieldKind.SHARE)
        return any(not unmet(field.when, seen, currency) for field in shares)

    def _cards(self, fields: dict[str, Field], facts: dict[str, Value]) -> Iterator[Card]:
        """Every way to fill what some condition reads: left alone, emptied, or chosen.

        What no condition reads can always be filled, and how does not matter.
        """
        read = {key: field for key, field in fields.items() if key in self.relevance.tracked}
        ways: list[list[Card]] = [
            [{}, {key: None}, *self._chosen(field, facts)] for key, field in read.items()
        ]
        rest: Card = {key: ANYTHING for key in fields if key not in read}
        for chosen in product(*ways):
            card = dict(rest)
            for part in chosen:
                card |= part
            yield card

    def _chosen(self, field: Field, facts: dict[str, Value]) -> Iterator[Card]:
        named = self.relevance.values.get(field.key, frozenset())
        currency = str(facts.get(CURRENCY, ""))
        for value in choices(self.document, field, named, currency, lined=LINES in facts):
            yield {field.key: value}
