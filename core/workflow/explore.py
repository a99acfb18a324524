"""Explores every state a workflow can reach, as far as its own conditions can tell states apart.

A state is a stage with the facts that some condition from there on reads. How much of a limit is
left is not part of it: conditions may only ask that something is left (`problems` sees to that),
so whatever is offered with nothing left is offered always. What can be reached is explored as if
limits never ran out; what can be finished, as if all had. Both err on the safe side.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from core.workflow.conditions import holds, unmet
from core.workflow.facts import (
    CURRENCY,
    DESK_FACTS,
    INSTRUCTED,
    LEFT,
    OWED,
    PAYMENT,
    SILENT,
    STAGE,
)
from core.workflow.model import Decision, Document, Field, Stage, Value, Workflow
from core.workflow.relevance import Relevance, relevance
from core.workflow.terms import EffectKind, FieldKind, Kind

MOST_STATES = 60_000

PLENTY, NOTHING = 10**6, -(10**6)

State = tuple[str, tuple[tuple[str, Value], ...]]


class TooManyStates(Exception):
    """The workflow tells more states apart than can be explored."""


@dataclass(frozen=True, slots=True)
class Exploration:
    """What was found: every reachable state, and those from which no final stage is reached."""

    states: frozenset[State]
    unfinishable: tuple[State, ...]


def explore(document: Document, workflow: Workflow) -> Exploration:
    """Every state reachable from the start, and those that cannot be finished.

    The inherited ends count for reaching states, not for finishing: an exit that exists
    everywhere would make every trap look harmless. Raises TooManyStates.
    """
    walker = _Walker(document, workflow)
    states = set(walker.starts())
    queue = deque(states)
    back: dict[State, set[State]] = {}
    while queue:
        state = queue.popleft()
        for after, finishing in walker.steps(state):
            if finishing:
                back.setdefault(after, set()).add(state)
            if after not in states:
                states.add(after)
                queue.append(after)
                if len(states) > MOST_STATES:
                    raise TooManyStates
    finals = {s for s in states if workflow.stage_by_key[s[0]].kind == Kind.FINAL}
    stuck = states - _reaching(finals, back)
    return Exploration(frozenset(states), tuple(sorted(stuck, key=repr)))


def _reaching(finals: set[State], back: dict[State, set[State]]) -> set[State]:
    reached, queue = set(finals), deque(finals)
    while queue:
        for before in back.get(queue.popleft(), ()):
            if before not in reached:
                reached.add(before)
                queue.append(before)
    return reached


class _Walker:
    """Steps from state to state of one workflow."""

    def __init__(self, document: Document, workflow: Workflow) -> None:
        self.document = document
        self.workflow = workflow
        self.relevance: Relevance = relevance(workflow)
        self.plenty = {LEFT + limit.key: PLENTY for limit in workflow.limits}
        self.nothing = {LEFT + limit.key: NOTHING for limit in workflow.limits}

    def state(self, stage: str, facts: dict[str, Value]) -> State:
        """The state, without the facts that nothing from here on reads."""
        kept = self.relevance.facts[stage]
        return stage, tuple(sorted((k, v) for k, v in facts.items() if k in kept))

    def starts(self) -> Iterator[State]:
        """Every way a dispute may come in, as far as conditions tell them apart."""
        known: dict[str, Sequence[Value | None]] = {
            name: [None, *self._given(name)]
            for name in sorted(self.relevance.tracked)
            if name == CURRENCY or (name in DESK_FACTS and DESK_FACTS[name].given)
        }
        for values in product(*known.values()):
            facts = {k: v for k, v in zip(known, values, strict=True) if v is not None}
            yield self.state(self.workflow.start, facts)

    def _given(self, name: str) -> Sequence[Value]:
        if name == CURRENCY:
            return sorted(self.relevance.currencies)
        if not DESK_FACTS[name].number:
            return DESK_FACTS[name].values
        bounds = [v for v in self.relevance.values.get(name, ()) if isinstance(v, int)]
        return sorted({near for bound in bounds for near in (bound - 1, bound, bound + 1)})

    def steps(self, state: State) -> Iterator[tuple[State, bool]]:
        """States one step on, each with whether the step counts for finishing."""
        key, pairs = state
        facts = dict(pairs)
        stage = self.workflow.stage_by_key[key]
        if stage.kind == Kind.FINAL:
            return
        for moved in self._moved(facts):
            yield self.state(key, moved), True
        if stage.kind == Kind.INTAKE:
            yield self.state(self.workflow.first, facts), True  # taking
        for decision in stage.decisions:
            yield from self._decided(stage, decision, facts)
        for decision in self.workflow.ends:
            for after, _ in self._decided(stage, decision, facts):
                yield after, False

    def _moved(self, facts: dict[str, Value]) -> Iterator[dict[str, Value]]:
        """What events from outside may turn the desk's own facts into."""
        for name in self.relevance.tracked & DESK_FACTS.keys():
            for before, turned in DESK_FACTS[name].moves:
                if facts.get(name, "") == before:
                    for value in turned:
                        yield {**facts, name: value}

    def _decided(
        self, stage: Stage, decision: Decision, facts: dict[str, Value]
    ) -> Iterator[tuple[State, bool]]:
        currency = str(facts.get(CURRENCY, ""))
        for chosen in self._chosen(stage, decision, facts):
            seen = {**facts, **chosen, STAGE: stage.key}
            if unmet(decision.when, {**seen, **self.plenty}, currency):
                continue
            always = not unmet(decision.when, {**seen, **self.nothing}, currency)
            route = next(
                r for r in decision.routes if all(holds(c, seen, currency) for c in r.when)
            )
            target = self.workflow.successor_of.get(route.to, route.to)
            for effected in _effected(decision):
                yield self.state(target, {**facts, **chosen, **effected}), always

    def _chosen(
        self, stage: Stage, decision: Decision, facts: dict[str, Value]
    ) -> Iterator[dict[str, Value]]:
        """Every way to fill the fields that some condition reads."""
        asked = [f for f in (*stage.fields, *decision.fields) if f.key in self.relevance.tracked]
        needed = {*decision.needs, *(f.key for f in decision.fields if f.required)}
        ways: list[Sequence[Value | None]] = []
        for field in asked:
            keeps = field.key not in needed or (field.prefill and field.key in facts)
            ways.append([*([None] if keeps else []), *self._values(field)])
        for values in product(*ways):
            yield {
                field.key: value
                for field, value in zip(asked, values, strict=True)
                if value is not None
            }

    def _values(self, field: Field) -> Sequence[Value]:
        """The values of a field that conditions tell apart, and one that they do not."""
        if field.kind in (FieldKind.TYPED, FieldKind.ITEMS):
            return ("something",) if field.kind == FieldKind.TYPED else (("line:1",),)
        if field.kind == FieldKind.FILE:
            return (1,)
        named = self.relevance.values.get(field.key, frozenset())
        leaves = [o.key for o in self.document.set_by_key[field.options].leaves()]
        others = [key for key in leaves if key not in named][:1]
        distinct = [key for key in leaves if key in named] + others
        if field.kind == FieldKind.MANY:
            return [(key,) for key in distinct] + ([tuple(distinct)] if len(distinct) > 1 else [])
        return distinct


def _effected(decision: Decision) -> list[dict[str, Value]]:
    """The facts that a decision's effects record, in every way they may turn out."""
    facts: dict[str, Value] = {}
    ways: list[dict[str, Value]] = [{}]
    for effect in decision.effects:
        if effect.kind == EffectKind.SET:
            facts[effect.fact] = effect.value
        elif effect.kind == EffectKind.PAY:
            facts[PAYMENT] = INSTRUCTED
        elif effect.kind == EffectKind.OWE:
            facts[PAYMENT] = OWED
        elif effect.kind == EffectKind.SILENCE:
            silent = DESK_FACTS[SILENT].values
            ways += [{SILENT: parties} for parties in (*((party,) for party in silent), silent)]
    return [{**facts, **way} for way in ways]
