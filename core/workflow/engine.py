"""The engine: what is offered in a situation, and what a decision does there.

It reads nothing but its arguments. `offered` answers for every decision of a stage, allowed or
with its reasons (K1); `decide` is total over what is allowed and refuses all else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.workflow.choices import Choice, Invalid, check
from core.workflow.conditions import group_holds, holds, unmet
from core.workflow.facts import CHOSEN_FACTS, LEFT, STAGE
from core.workflow.model import (
    Decision,
    Document,
    Effect,
    Facts,
    Field,
    Group,
    Route,
    Stage,
    Value,
    Workflow,
)
from core.workflow.terms import By, FieldKind, Kind

EMPTIED = ()  # the value of a field that was known and is no longer
NO_COUNTS: Mapping[str, int] = MappingProxyType({})
NO_LINES: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a dispute stands, as far as a decision depends on it.

    `counts` says how often decisions of each meaning were made; `lines` gives the quantity of
    each line of the order, which bounds what an items field may hold.
    """

    workflow: str
    stage: str
    facts: Facts
    counts: Mapping[str, int] = field(default_factory=lambda: NO_COUNTS)
    lines: Mapping[str, int] = field(default_factory=lambda: NO_LINES)
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A decision, allowed where it has no reasons against it (keys of the document's reasons).

    `open_to_choice` holds where every reason hangs on what is still to be chosen on the card, so
    that the button belongs there although it is not allowed yet.
    """

    decision: Decision
    reasons: tuple[str, ...]
    open_to_choice: bool = False

    @property
    def allowed(self) -> bool:
        """Whether the decision may be made now."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Step:
    """What a decision does: where it leads and what it records (EMPTIED: known no longer)."""

    decision: Decision
    stage: Stage
    assignee: str
    facts: dict[str, Value]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a decision was not taken: a message key, and what it names.

    `reasons` are keys of the document's reasons, `fields` are keys of the fields concerned.
    """

    key: str
    reasons: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


def facts_with_limits(workflow: Workflow, situation: Situation, chosen: Facts) -> dict[str, Value]:
    """The facts that conditions read: known ones, then chosen ones, the stage, what is left."""
    facts: dict[str, Value] = {**situation.facts, **chosen, STAGE: situation.stage}
    counts = situation.counts
    for limit in workflow.limits:
        granted = counts.get(limit.grants, 0) if limit.grants else 0
        facts[LEFT + limit.key] = limit.maximum + granted - counts.get(limit.counts, 0)
    return facts


def offered(document: Document, situation: Situation, by: str = By.AGENT) -> tuple[Offer, ...]:
    """Every decision that `by` knows at this stage, allowed or with its reasons (K1)."""
    workflow = document.workflow_by_key[situation.workflow]
    facts = facts_with_limits(workflow, situation, {})
    stage = workflow.stage_by_key[situation.stage]
    offers = []
    for decision in workflow.decisions_by_stage[stage.key].values():
        if decision.by == by:
            reasons = unmet(decision.when, facts, situation.currency)
            chosen = {*stage.field_by_key, *(field.key for field in decision.fields), *CHOSEN_FACTS}
            hanging = all(
                any(condition.fact in chosen for condition in group.conditions)
                for group in decision.when
                if not group_holds(group, facts, situation.currency)
            )
            offers.append(Offer(decision, reasons, bool(reasons) and hanging))
    return tuple(offers)


def shown_fields(document: Document, situation: Situation) -> tuple[Field, ...]:
    """The fields of the stage that apply in this situation, in their order."""
    workflow = document.workflow_by_key[situation.workflow]
    facts = facts_with_limits(workflow, situation, {})
    stage = workflow.stage_by_key[situation.stage]
    return tuple(f for f in stage.fields if not unmet(f.when, facts, situation.currency))


def decide(
    document: Document,
    situation: Situation,
    key: str,
    chosen: Mapping[str, Choice | None],
    by: str = By.AGENT,
) -> Step | Refusal:
    """What the decision `key` of `by` does here, or why it is refused (W4).

    `chosen` holds what was picked, by field; None is a field that was left or made empty, a field
    that is absent keeps what is known of it.
    """
    workflow = document.workflow_by_key[situation.workflow]
    stage = workflow.stage_by_key[situation.stage]
    decision = workflow.decisions_by_stage[situation.stage].get(key)
    if stage.kind == Kind.FINAL:
        return Refusal("finished")
    if decision is None:
        return Refusal("unknown_decision")
    if decision.by != by:
        return Refusal("not_yours")

    fields = {**stage.field_by_key, **{f.key: f for f in decision.fields}}
    values: dict[str, Value] = {}
    for name, choice in chosen.items():
        asked = fields.get(name)
        if asked is None:
            return Refusal("unknown_field", fields=(name,))
        if choice is None:
            continue
        value = check(document, asked, choice, situation.lines, situation.currency)
        if isinstance(value, Invalid):
            return Refusal(value.key, fields=(name,))
        values[name] = value

    emptied = emptied_of(fields, chosen, situation.facts)
    facts = facts_with_limits(workflow, situation, values)
    for name in emptied:
        del facts[name]
    reasons = unmet(decision.when, facts, situation.currency)
    missing = missing_of(
        decision, fields, facts, chosen, situation.currency, lined=bool(situation.lines)
    )
    # What only hangs on a field that is still empty is no reason yet: the field is asked first.
    if reasons and not _hanging(decision.when, facts, situation.currency, fields, missing):
        return Refusal("not_allowed", reasons=reasons)
    if missing:
        return Refusal("missing", fields=missing)
    route = route_of(decision.routes, facts, situation.currency)
    target = workflow.stage_by_key[workflow.successor_of.get(route.to, route.to)]
    applying = {
        name: value
        for name, value in {**values, **dict.fromkeys(emptied, EMPTIED)}.items()
        if not unmet(fields[name].when, facts, situation.currency)
    }
    return Step(decision, target, route.assignee, applying, decision.effects)


def emptied_of(
    fields: Mapping[str, Field], chosen: Mapping[str, Choice | None], facts: Facts
) -> list[str]:
    """The fields that showed what was known and were emptied: it holds no longer."""
    return [
        name
        for name, choice in chosen.items()
        if choice is None and name in facts and fields[name].prefill
    ]


def missing_of(
    decision: Decision,
    fields: Mapping[str, Field],
    facts: Facts,
    chosen: Mapping[str, Choice | None],
    currency: str,
    *,
    lined: bool,
) -> tuple[str, ...]:
    """Fields that the decision needs, that apply here, and that nobody has filled.

    An order known by its total only (not `lined`) has no items to choose from: none are missing.
    """
    wanted = [*decision.needs, *(f.key for f in decision.fields if f.required)]
    return tuple(
        key
        for key in dict.fromkeys(wanted)
        if not _filled(fields[key], facts, chosen)
        and (lined or fields[key].kind != FieldKind.ITEMS)
        and not unmet(fields[key].when, facts, currency)
    )


def _hanging(
    groups: tuple[Group, ...],
    facts: Facts,
    currency: str,
    fields: Mapping[str, Field],
    missing: tuple[str, ...],
) -> bool:
    """Whether every group that does not hold reads a missing field, or what follows from it."""
    amounts = any(fields[key].kind in (FieldKind.SHARE, FieldKind.ITEMS) for key in missing)
    open_facts = {*missing, *(CHOSEN_FACTS if amounts else ())}
    return all(
        any(condition.fact in open_facts for condition in group.conditions)
        for group in groups
        if not group_holds(group, facts, currency)
    )


def _filled(asked: Field, facts: Facts, chosen: Mapping[str, Choice | None]) -> bool:
    """Chosen now, or, where the field is prefilled and was not emptied, known before."""
    if asked.key in chosen:
        return chosen[asked.key] is not None
    return asked.prefill and asked.key in facts


def route_of(routes: tuple[Route, ...], facts: Facts, currency: str) -> Route:
    """The first route whose conditions all hold; the last one always does."""
    for route in routes[:-1]:
        if all(holds(condition, facts, currency) for condition in route.when):
            return route
    return routes[-1]
