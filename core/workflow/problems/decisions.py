"""Problems of decisions: who makes them, what they need, what they do and where they lead."""

from collections.abc import Iterator

from core.workflow.model import Decision, Document, Effect, Stage, Workflow
from core.workflow.problems.conditions import condition_problems
from core.workflow.problems.defaults import taken_by_ladders
from core.workflow.problems.fields import field_problems
from core.workflow.problems.found import Found, blank, twice
from core.workflow.relevance import moves_money, targets
from core.workflow.terms import MOVES_MONEY, Assignee, By, EffectKind, FieldKind, Kind, Meaning

PARTIES = frozenset({"buyer", "merchant", "carrier"})
SOURCES = frozenset({"held", "balance", "deposit", "fund"})
STYLES = frozenset({"", "primary", "danger"})


def decision_problems(
    document: Document, workflow: Workflow, stage: Stage | None, decision: Decision
) -> Iterator[Found]:
    """Problems of one decision of a stage, or of an inherited end where there is no stage."""
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
    yield from twice("/".join(place), (asked.key for asked in decision.fields))
    for asked in decision.fields:
        yield from field_problems(document, workflow, (*place, asked.key), asked)
    for effect in decision.effects:
        yield from _effect(workflow, place, decision, effect)
    yield from condition_problems(document, workflow, place, decision.when, limits=True)
    yield from _powers(document, workflow, stage, place, decision)
    yield from _routes(document, workflow, place, decision)


def _powers(
    document: Document,
    workflow: Workflow,
    stage: Stage | None,
    place: tuple[str, ...],
    decision: Decision,
) -> Iterator[Found]:
    """What the desk itself asks of a decision before it can make it."""
    at_wait = stage is not None and stage.kind == Kind.WAIT
    by_ladder = (
        stage is not None
        and decision.by == By.TIMEOUT
        and decision.key in taken_by_ladders(document, workflow, stage.key)
    )
    if decision.by in (By.TIMEOUT, By.EVIDENCE) and not at_wait and not by_ladder:
        yield "only_at_waits", place, {"name": decision.by}
    asks = decision.when or decision.needs or any(field.required for field in decision.fields)
    if decision.by == By.TIMEOUT and asks:
        yield "timeout_refused", place, {}
    merges = decision.by == By.DESK
    if merges != (decision.meaning == Meaning.MERGED) or (
        merges and (stage is not None or asks or decision.effects or not _ends(workflow, decision))
    ):
        yield "bad_merge", place, {}
    shares = [f.key for f in stage.fields if f.kind == FieldKind.SHARE] if stage else []
    if moves_money(decision) and not set(shares) & set(decision.needs):
        yield "money_without_share", place, {}
    if any(effect.kind == EffectKind.REQUEST for effect in decision.effects):
        for key in targets(workflow, decision):
            target = workflow.stage_by_key.get(key)
            if target is not None and target.kind != Kind.WAIT:
                yield "request_without_wait", place, {"name": key}


def _ends(workflow: Workflow, decision: Decision) -> bool:
    """Whether a decision leads to final stages only."""
    found = (workflow.stage_by_key.get(key) for key in targets(workflow, decision))
    return all(stage is not None and stage.kind == Kind.FINAL for stage in found)


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
    sets_liability = effect.kind == EffectKind.SET and effect.fact in _liability_facts(workflow)
    if decision.by == By.TIMEOUT and (effect.kind in MOVES_MONEY or sets_liability):
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
