"""Problems of decisions: who makes them, what they need, what they do and where they lead."""

from collections.abc import Iterator

from core.workflow.model import Decision, Document, Effect, Stage, Workflow
from core.workflow.problems.conditions import condition_problems
from core.workflow.problems.fields import field_problems
from core.workflow.problems.found import Found, blank
from core.workflow.terms import Assignee, By, EffectKind, Kind, Meaning

PARTIES = frozenset({"buyer", "merchant", "carrier"})
SOURCES = frozenset({"held", "balance", "deposit", "fund"})
STYLES = frozenset({"", "primary", "danger"})


def decision_problems(
    document: Document, workflow: Workflow, stage: Stage | None, decision: Decision
) -> Iterator[Found]:
    place = (workflow.key, stage.key if stage else "ends", decision.key)
    yield from blank(place, decision.label)
    yield from blank(place, decision.confirm)
    if stage and any(decision.key == end.key for end in workflow.ends):
        yield "key_twice", place, {"name": decision.key}
    if decision.by not in set(By) or decision.style not in STYLES:
        yield "unknown_kind", place, {"name": f"{decision.by} {decision.style}".strip()}
    if decision.meaning and decision.meaning not in set(Meaning):
        yield "unknown_meaning", place, {"name": decision.meaning}
    own = {asked.key for asked in decision.fields}
    for key in decision.needs:
        if key not in own and not (stage and key in stage.field_by_key):
            yield "unknown_field", place, {"name": key}
    for asked in decision.fields:
        yield from field_problems(document, workflow, (*place, asked.key), asked)
    for effect in decision.effects:
        yield from _effect(workflow, place, decision, effect)
    yield from condition_problems(document, workflow, place, decision.when)
    yield from _routes(document, workflow, place, decision)


def _routes(
    document: Document, workflow: Workflow, place: tuple[str, ...], decision: Decision
) -> Iterator[Found]:
    if not decision.routes or decision.routes[-1].when:
        yield "last_route_conditional", place, {}
    if any(not route.when for route in decision.routes[:-1]):
        yield "route_never_reached", place, {}
    for route in decision.routes:
        target = workflow.stage_by_key.get(workflow.successor_of.get(route.to, route.to))
        if target is None or target.kind == Kind.INTAKE:
            yield "unknown_stage", place, {"name": route.to}
        if route.assignee not in set(Assignee):
            yield "unknown_kind", place, {"name": route.assignee}
        yield from condition_problems(document, workflow, place, (), route.when)


def _effect(
    workflow: Workflow, place: tuple[str, ...], decision: Decision, effect: Effect
) -> Iterator[Found]:
    if effect.kind not in set(EffectKind):
        yield "unknown_kind", place, {"name": effect.kind}
    incomplete = (
        (effect.kind == EffectKind.SET and not (effect.fact and effect.value))
        or (effect.kind == EffectKind.REQUEST and not effect.parties)
        or (effect.kind == EffectKind.PAY and not effect.sources)
        or not set(effect.parties) <= PARTIES
        or not set(effect.sources) <= SOURCES
    )
    if incomplete:
        yield "effect_incomplete", place, {"name": effect.kind}
    moves_money = effect.kind in (EffectKind.PAY, EffectKind.OWE)
    sets_liability = effect.kind == EffectKind.SET and effect.fact in _liability_facts(workflow)
    if decision.by == By.TIMEOUT and (moves_money or sets_liability):
        yield "timeout_decides", place, {}  # G5: never by the mere passing of time


def _liability_facts(workflow: Workflow) -> set[str]:
    """The facts in which rulings record who is liable."""
    return {
        effect.fact
        for stage in workflow.stages
        for decision in stage.decisions
        if decision.meaning.startswith(Meaning.LIABILITY)
        for effect in decision.effects
        if effect.kind == EffectKind.SET
    }
