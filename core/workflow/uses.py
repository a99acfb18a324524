"""Where a document names an option, and what counts by a calendar or tells a rota (S1, G7)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.workflow.model import Condition, Decision, Document, Field, Group, Stage, Workflow
from core.workflow.terms import Hears
from core.workflow.vocabulary import fields_of

OFFERED, READ, PRESET, SET = "offered", "read", "preset", "set"
Place = tuple[str, ...]  # keys from the outside in, as `problems` names places


@dataclass(frozen=True, slots=True)
class Use:
    """One place that names an option: fields offer it, conditions read it, macros preset it."""

    how: str
    place: Place


def facts_of(document: Document, option_set: str) -> set[str]:
    """The facts that hold options of a set: the keys of the fields that draw on it."""
    return {
        field.key
        for workflow in document.workflows
        for field in fields_of(workflow)
        if field.options == option_set
    }


def uses(document: Document, option_set: str, option: str) -> list[Use]:
    """Every place that names an option of a set, in the order of the document."""
    facts = facts_of(document, option_set)
    found = [
        use
        for workflow in document.workflows
        for use in _of_workflow(workflow, option_set, facts, option)
    ]
    rules = (rule for rule in document.workflow_rules if _reads(rule.when, facts, option))
    found += [Use(READ, ("workflow_rules", rule.key)) for rule in rules]
    grades = (rule for rule in document.grade_rules if _reads(rule.when, facts, option))
    found += [Use(READ, ("grade_rules", rule.key)) for rule in grades]
    return list(dict.fromkeys(found))


def _of_workflow(
    workflow: Workflow, option_set: str, facts: set[str], option: str
) -> Iterator[Use]:
    for rule in workflow.assignments:
        if _reads(rule.when, facts, option):
            yield Use(READ, (workflow.key, "assignments", rule.key))
    for level in workflow.service_levels:
        if _reads(level.when, facts, option):
            yield Use(READ, (workflow.key, "service_levels", level.key))
    for stage in workflow.stages:
        yield from _of_stage(workflow, stage, option_set, facts, option)
    for decision in workflow.ends:
        place = (workflow.key, "ends", decision.key)
        yield from _of_decision(decision, place, option_set, facts, option)


def _of_stage(
    workflow: Workflow, stage: Stage, option_set: str, facts: set[str], option: str
) -> Iterator[Use]:
    for field in stage.fields:
        yield from _of_field(field, (workflow.key, stage.key, field.key), option_set, facts, option)
    for decision in stage.decisions:
        place = (workflow.key, stage.key, decision.key)
        yield from _of_decision(decision, place, option_set, facts, option)
    drawn = {field.key for field in stage.fields if field.options == option_set}
    for macro in stage.macros:
        if any(p.field in drawn and option in p.values for p in macro.presets):
            yield Use(PRESET, (workflow.key, stage.key, macro.key))


def _of_decision(
    decision: Decision, place: Place, option_set: str, facts: set[str], option: str
) -> Iterator[Use]:
    for field in decision.fields:
        yield from _of_field(field, (*place, field.key), option_set, facts, option)
    rows = [condition for route in decision.routes for condition in route.when]
    if _reads(_in(decision.when), facts, option) or _reads(rows, facts, option):
        yield Use(READ, place)
    if any(effect.fact in facts and effect.value == option for effect in decision.effects):
        yield Use(SET, place)


def _of_field(
    field: Field, place: Place, option_set: str, facts: set[str], option: str
) -> Iterator[Use]:
    if field.options == option_set:
        yield Use(OFFERED, place)
    if _reads(_in(field.when), facts, option):
        yield Use(READ, place)


def _in(groups: Iterable[Group]) -> list[Condition]:
    return [condition for group in groups for condition in group.conditions]


def _reads(conditions: Iterable[Condition], facts: set[str], option: str) -> bool:
    return any(one.fact in facts and option in one.values for one in conditions)


def counting_by(document: Document, key: str) -> set[str]:
    """The keys of the service levels of a document that count, or tell, by a calendar."""
    telling = {ladder.key for ladder in document.ladders if ladder.calendar == key}
    return {
        level.key
        for workflow in document.workflows
        for level in workflow.service_levels
        if level.calendar == key or level.ladder in telling
    }


def naming_rota(document: Document, key: str) -> set[str]:
    """The keys of the ladders that name a rota, and of the rules that give to whoever is on it."""
    rules = (rule for workflow in document.workflows for rule in workflow.assignments)
    ladders = (
        ladder.key
        for ladder in document.ladders
        if any(
            (level.hears == Hears.ROTA and level.whom == key) or level.shift == key
            for level in ladder.levels
        )
    )
    return {*ladders, *(rule.key for rule in rules if rule.rota == key)}
