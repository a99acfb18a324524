"""Which facts matter where: those that a condition reads at a stage or at any stage after it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.workflow.facts import CURRENCY, LEFT, STAGE
from core.workflow.model import Condition, Decision, Workflow
from core.workflow.terms import Kind


@dataclass(frozen=True, slots=True)
class Relevance:
    """Facts read from each stage on, all facts read anywhere, and the values they are held to."""

    facts: dict[str, frozenset[str]]
    tracked: frozenset[str]
    values: dict[str, frozenset[str | int]]
    currencies: frozenset[str]


def conditions(decision: Decision) -> Iterator[Condition]:
    """Every condition that decides whether a decision is offered and where it leads."""
    for group in decision.when:
        yield from group.conditions
    for route in decision.routes:
        yield from route.when


def targets(workflow: Workflow, decision: Decision) -> Iterator[str]:
    """The stages that a decision may lead to, successors of removed stages in their place."""
    for route in decision.routes:
        yield workflow.successor_of.get(route.to, route.to)


def next_stages(workflow: Workflow, stage: str) -> set[str]:
    """The stages that can follow a stage, whatever the conditions say."""
    after = {
        target
        for decision in workflow.decisions_by_stage[stage].values()
        for target in targets(workflow, decision)
    }
    if workflow.stage_by_key[stage].kind == Kind.INTAKE:
        after.add(workflow.first)
    return after


def relevance(workflow: Workflow) -> Relevance:
    """Which facts matter where in a workflow."""
    read = {
        key: _facts(c for d in decisions.values() for c in conditions(d))
        for key, decisions in workflow.decisions_by_stage.items()
    }
    after = {key: next_stages(workflow, key) for key in read}
    changed = True
    while changed:
        changed = False
        for key, facts in read.items():
            wider = facts.union(*(read[target] for target in after[key]))
            if wider != facts:
                read[key], changed = wider, True
    every = frozenset[str]().union(*read.values()) if read else frozenset()
    rows = [
        condition
        for decisions in workflow.decisions_by_stage.values()
        for decision in decisions.values()
        for condition in conditions(decision)
    ]
    values: dict[str, frozenset[str | int]] = {}
    for condition in rows:
        values[condition.fact] = values.get(condition.fact, frozenset()).union(condition.values)
    currencies = frozenset(condition.currency for condition in rows if condition.currency)
    return Relevance(read, every, values, currencies)


def _facts(rows: Iterable[Condition]) -> frozenset[str]:
    facts: set[str] = set()
    for condition in rows:
        if condition.fact != STAGE and not condition.fact.startswith(LEFT):
            facts.add(condition.fact)
        if condition.currency:
            facts.add(CURRENCY)
    return frozenset(facts)
