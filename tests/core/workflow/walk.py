"""Walks a workflow concretely, through `engine.decide`: every card filled in every way."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from core.workflow import engine
from core.workflow.model import Decision, Document, Workflow
from tests.core.workflow import oracle

MOST_STATES = 400
MOST_COUNTED = 4  # how often a meaning is counted before counts no longer tell states apart

Frozen = tuple[tuple[str, Any], ...]


class TooBig(Exception):
    """The workflow has more states than a test walks through."""


@dataclass(frozen=True)
class State:
    """A stage, what is stored of the dispute, how often what was done, and what holds around it.

    `around` are facts that nobody stores: whether funds cover, what an amount comes to, whether
    somebody is left to judge. They may change with every step, and no way out may hang on that.
    """

    stage: str
    facts: Frozen
    counts: Frozen
    around: Frozen


@dataclass(frozen=True)
class World:
    """What does not change in a dispute: its order's currency and lines."""

    currency: str
    lines: Mapping[str, int]


class Walk:
    """Every state of a workflow that can be reached in a world, and how one leads to another."""

    def __init__(self, document: Document, workflow: Workflow, world: World) -> None:
        self.document, self.workflow, self.world = document, workflow, world
        self.read: dict[str, set[Any]] = {}
        for row in oracle.rows(workflow):
            self.read.setdefault(row.fact, set()).update(row.values)
        every = [*workflow.ends, *(d for stage in workflow.stages for d in stage.decisions)]
        self.money = any(_moves_money(decision) for decision in every)
        self.after: dict[State, set[State]] = {}  # steps that count as a way out
        self._explore()

    def stuck(self) -> list[State]:
        """The states from which no final stage can be reached while what is around stays."""
        finals = {s for s in self.after if self._kind(s.stage) == "final"}
        before: dict[State, set[State]] = {}
        for state, following in self.after.items():
            for one in following:
                before.setdefault(one, set()).add(state)
        found, queue = set(finals), deque(finals)
        while queue:
            for one in before.get(queue.popleft(), set()) - found:
                found.add(one)
                queue.append(one)
        return [state for state in self.after if state not in found]

    def _explore(self) -> None:
        queue = deque(self._starts())
        seen = set(queue)
        while queue:
            state = queue.popleft()
            ways = set(self._out(state))
            self.after[state] = ways
            for one in {*ways, *self._others(state)}:
                for turned in self._turned(one):
                    if turned not in seen:
                        seen.add(turned)
                        queue.append(turned)
            if len(seen) > MOST_STATES:
                raise TooBig

    def _kind(self, stage: str) -> str:
        return next(s.kind for s in self.workflow.stages if s.key == stage)

    def _starts(self) -> Iterator[State]:
        entered = [None, "unsettled", "buyer_timeout", "merchant_timeout"]
        for value in entered if "entered" in self.read else [None]:
            facts = {} if value is None else {"entered": value}
            yield from self._turned(State(self.workflow.start, _frozen(facts), (), ()))

    def _turned(self, state: State) -> Iterator[State]:
        """The state, with everything around it in every way it may be."""
        ways: list[list[tuple[str, Any]]] = []
        bounds = [v for v in self.read.get("amount", ()) if isinstance(v, int)]
        for key, values in (
            ("funds", (None, "cover", "short")),
            ("nothing_left", (None, "yes")),
            ("judgeable", (None, "yes")),
            ("amount", (None, *(b + n for b in bounds for n in (-1, 0, 1)))),
        ):
            if key in self.read or (key == "nothing_left" and self.money):
                ways.append([(key, value) for value in values])
        for chosen in product(*ways):
            yield State(state.stage, state.facts, state.counts, tuple(chosen))

    def _situation(self, state: State) -> engine.Situation:
        around = {key: value for key, value in state.around if value is not None}
        return engine.Situation(
            self.workflow.key,
            state.stage,
            {**dict(state.facts), **around},
            dict(state.counts),
            self.world.lines,
            self.world.currency,
        )

    def _out(self, state: State) -> Iterator[State]:
        """One step on, by whatever counts as a way out."""
        stage = next(s for s in self.workflow.stages if s.key == state.stage)
        facts = dict(state.facts)
        if stage.kind == "intake":
            yield State(self.workflow.first, state.facts, state.counts, state.around)
        if facts.get("payment") in oracle.AWAITED and stage.kind != "final":
            for news in oracle.REPORTED:
                told = _frozen({**facts, "payment": news})
                yield State(state.stage, told, state.counts, state.around)
        for decision in stage.decisions:
            if decision.by in ("timeout", "evidence") and stage.kind != "wait":
                continue  # the desk makes these at waits only
            yield from self._decided(state, decision)

    def _others(self, state: State) -> Iterator[State]:
        """One step on by an inherited end: it leads somewhere, but is no way out of a trap."""
        if self._kind(state.stage) != "final":
            for decision in self.workflow.ends:
                yield from self._decided(state, decision)

    def _decided(self, state: State, decision: Decision) -> Iterator[State]:
        stage = next(s for s in self.workflow.stages if s.key == state.stage)
        fields = {f.key: f for f in (*stage.fields, *decision.fields)}
        money = _moves_money(decision)
        if money and dict(state.around).get("nothing_left"):
            return
        situation = self._situation(state)
        currency, lines = self.world.currency, self.world.lines
        for card in oracle.cards(self.document, fields, self.read, lines, currency):
            step = engine.decide(self.document, situation, decision.key, card, decision.by)
            if isinstance(step, engine.Refusal):
                continue
            amounts = [key for key in decision.needs if fields[key].kind == "share"]
            if money and not any(key in {**dict(state.facts), **step.facts} for key in amounts):
                continue  # without an amount nothing is moved
            emptied = [k for k, v in step.facts.items() if v == ()]
            for effects in oracle.effected(decision):
                facts = {**dict(state.facts), **step.facts, **effects}
                kept = {k: v for k, v in facts.items() if k in self.read and k not in emptied}
                counts = dict(state.counts)
                if any(decision.meaning in (x.counts, x.grants) for x in self.workflow.limits):
                    counted = counts.get(decision.meaning, 0) + 1
                    counts[decision.meaning] = min(counted, MOST_COUNTED)
                yield State(step.stage.key, _frozen(kept), _frozen(counts), state.around)


def _moves_money(decision: Decision) -> bool:
    return any(effect.kind in ("pay", "owe") for effect in decision.effects)


def _frozen(values: Mapping[str, Any]) -> Frozen:
    return tuple(sorted(values.items()))
