"""Which facts matter where: those that a condition reads at a stage or at any stage after it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from core.workflow.facts import CURRENCY, LEFT, LINES, NOTHING_LEFT, STAGE
from core.workflow.model import Condition, Decision, Document, Field, Stage, Workflow
from core.workflow.terms import MOVES_MONEY, FieldKind, Kind


@dataclass(frozen=True, slots=True)
class Relevance:
    """Facts read from each stage on, all facts read anywhere, and the values they are held to.

    `rows` are the conditions on each fact; `currencies` those that anything tells apart, and
    `stepped` says that preset amounts do, not conditions alone.
    """

    facts: dict[str, frozenset[str]]
    tracked: frozenset[str]
    values: dict[str, frozenset[str | int]]
    currencies: frozenset[str]
    rows: dict[str, tuple[Condition, ...]]
    stepped: bool


def conditions(decision: Decision) -> Iterator[Condition]:
    """Every condition that decides whether a decision is offered and where it leads."""
    for group in decision.when:
        yield from group.conditions
    for route in decision.routes:
        yield from route.when


def when(field: Field) -> Iterator[Condition]:
    """Every condition that decides whether a field is asked."""
    for group in field.when:
        yield from group.conditions


def moves_money(decision: Decision) -> bool:
    """Whether the decision is refused where nothing is left to pay."""
    return any(effect.kind in MOVES_MONEY for effect in decision.effects)


def asked_at(stage: Stage, decision: Decision) -> dict[str, Field]:
    """What is asked when a decision is made at a stage; its own fields hide the stage's."""
    return {**stage.field_by_key, **{field.key: field for field in decision.fields}}


def targets(workflow: Workflow, decision: Decision) -> Iterator[str]:
    """The stages that a decision may lead to, successors of removed stages in their place."""
    for route in decision.routes:
        yield workflow.successor_of.get(route.to, route.to)


def leads_on(workflow: Workflow, stage: str, decisions: Iterable[Decision]) -> bool:
    """Whether one of these decisions may lead to a work stage that stands after `stage`.

    Waits are passed through: whoever goes on after them is a colleague as well.
    """
    queue = [target for decision in decisions for target in targets(workflow, decision)]
    seen = set(queue)
    while queue:
        found = workflow.stage_by_key[queue.pop()]
        if found.kind == Kind.WORK and workflow.order[found.key] > workflow.order[stage]:
            return True
        if found.kind == Kind.WAIT:
            fresh = next_stages(workflow, found.key) - seen
            seen |= fresh
            queue += fresh
    return False


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


def relevance(document: Document, workflow: Workflow) -> Relevance:
    """Which facts matter where in a workflow."""
    decisions = workflow.decisions_by_stage
    rows = {
        key: [row for decision in known.values() for row in conditions(decision)]
        for key, known in decisions.items()
    }
    read = {key: _read(found) for key, found in rows.items()}
    for key, known in decisions.items():
        if any(moves_money(decision) for decision in known.values()):
            read[key] |= {NOTHING_LEFT}
    _add_fields(document, workflow, rows, read)
    _spread(workflow, read)
    every = list(chain.from_iterable(rows.values()))
    values: dict[str, frozenset[str | int]] = {}
    on: dict[str, dict[Condition, None]] = {}
    for row in every:
        values[row.fact] = values.get(row.fact, frozenset()).union(row.values)
        on.setdefault(row.fact, {})[row] = None
    tracked = frozenset[str]().union(*read.values())
    drawn = {field.options for _, field in _fields(workflow) if field.key in tracked}
    steps = {currency for name in drawn for currency in _currencies(document, name)}
    currencies = {row.currency for row in every if row.currency} | steps
    rows_on = {fact: tuple(found) for fact, found in on.items()}
    return Relevance(read, tracked, values, frozenset(currencies), rows_on, bool(steps))


def _add_fields(
    document: Document,
    workflow: Workflow,
    rows: dict[str, list[Condition]],
    read: dict[str, frozenset[str]],
) -> None:
    """Where a field is read, it matters whether it is asked and what can be chosen in it.

    An amount field is read by whatever moves money.
    """
    done: set[tuple[str, int]] = set()
    grown = True
    while grown:
        grown = False
        tracked = frozenset[str]().union(*read.values())
        for stage, field in _fields(workflow):
            relevant = field.key in tracked or field.kind == FieldKind.SHARE
            if not relevant or (stage, id(field)) in done:
                continue
            done.add((stage, id(field)))
            grown = True
            more = list(when(field))
            rows[stage] += more
            read[stage] |= _read(more)
            if field.kind == FieldKind.ITEMS:
                read[stage] |= {LINES}
            if field.key in tracked and _currencies(document, field.options):
                read[stage] |= {CURRENCY}


def _fields(workflow: Workflow) -> Iterator[tuple[str, Field]]:
    for stage in workflow.stages:
        own = (d.fields for d in workflow.decisions_by_stage[stage.key].values())
        for field in chain(stage.fields, *own):
            yield stage.key, field


def _currencies(document: Document, option_set: str) -> set[str]:
    """The currencies for which a set knows preset steps."""
    return {
        step.currency
        for option in document.leaves_by_set.get(option_set, {}).values()
        if option.share
        for step in option.share.steps
    }


def _spread(workflow: Workflow, read: dict[str, frozenset[str]]) -> None:
    """Adds to each stage what is read at the stages after it."""
    after = {key: next_stages(workflow, key) for key in read}
    changed = True
    while changed:
        changed = False
        for key, facts in read.items():
            wider = facts.union(*(read[target] for target in after[key]))
            if wider != facts:
                read[key], changed = wider, True


def _read(rows: Iterable[Condition]) -> frozenset[str]:
    facts: set[str] = set()
    for row in rows:
        if row.fact != STAGE and not row.fact.startswith(LEFT):
            facts.add(row.fact)
        if row.currency:
            facts.add(CURRENCY)
    return frozenset(facts)
