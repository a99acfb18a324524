"""What a level of a ladder may decide by itself: to open the next stage, no more (rule 9, G5)."""

from core.workflow.model import Decision, Document, Workflow
from core.workflow.relevance import targets
from core.workflow.terms import By, EffectKind, Kind, Meaning

_HARMLESS_EFFECTS = frozenset({EffectKind.SET, EffectKind.REQUEST})
_HARMLESS_MEANINGS = frozenset({"", Meaning.REQUEST})


def taken_by_ladders(document: Document, workflow: Workflow, stage: str) -> set[str]:
    """The keys of the decisions that ladders take at a stage where its time is over."""
    ladders = (
        document.ladder_by_key.get(level.ladder)
        for level in workflow.levels_by_stage.get(stage, ())
    )
    rungs = (rung for ladder in ladders if ladder is not None for rung in ladder.levels)
    return {rung.decision for rung in rungs if rung.decision}


def harmless(workflow: Workflow, decision: Decision) -> bool:
    """Whether time alone may make this decision for an agent.

    It ends nothing, asks nothing, means nothing that figures or remedies hang on, moves no money,
    and records no fact in which liability, a remedy or a settlement is kept.
    """
    kept = _weighty_facts(workflow)
    stages = (workflow.stage_by_key.get(key) for key in targets(workflow, decision))
    return (
        decision.by == By.TIMEOUT
        and decision.meaning in _HARMLESS_MEANINGS
        and not (decision.when or decision.needs or decision.fields)
        and all(effect.kind in _HARMLESS_EFFECTS for effect in decision.effects)
        and not any(effect.fact in kept for effect in decision.effects)
        and all(stage is not None and stage.kind != Kind.FINAL for stage in stages)
    )


def _weighty_facts(workflow: Workflow) -> set[str]:
    """Every fact that a decision with a meaning records, and every field that has one."""
    decisions = [d for stage in workflow.stages for d in stage.decisions] + [*workflow.ends]
    fields = [f for stage in workflow.stages for f in stage.fields]
    fields += [field for decision in decisions for field in decision.fields]
    recorded = {
        effect.fact
        for decision in decisions
        if decision.meaning not in _HARMLESS_MEANINGS
        for effect in decision.effects
        if effect.kind == EffectKind.SET
    }
    return recorded | {field.key for field in fields}
