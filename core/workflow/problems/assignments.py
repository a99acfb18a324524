"""Problems of assignment rules: ones that could never choose anybody, or never be asked (A2)."""

from collections.abc import Iterator

from core.workflow.assignment import AssignmentRule
from core.workflow.facts import DESK_FACTS
from core.workflow.model import Document, Workflow
from core.workflow.problems.conditions import condition_problems
from core.workflow.problems.found import Found, blank, twice
from core.workflow.terms import Kind, Strategy


def assignment_problems(document: Document, workflow: Workflow) -> Iterator[Found]:
    """Problems of a workflow's assignment rules."""
    yield from twice(f"{workflow.key}/assignments", (rule.key for rule in workflow.assignments))
    for rule in workflow.assignments:
        place = (workflow.key, "assignments", rule.key)
        yield from blank(place, rule.label)
        stage = workflow.stage_by_key.get(rule.stage)
        assignable = stage is not None and (stage.kind == Kind.WORK or stage.key == workflow.start)
        if not assignable:
            yield "rule_stage", place, {"name": rule.stage}
        yield from _people(rule, place)
        yield from condition_problems(document, workflow, place, (), rule.when)
        for condition in rule.when:
            known = DESK_FACTS.get(condition.fact)
            if known is not None and known.derived:
                yield "rule_fact", place, {"name": condition.fact}
    yield from _shadowed(workflow)


def _people(rule: AssignmentRule, place: tuple[str, ...]) -> Iterator[Found]:
    if rule.strategy not in set(Strategy):
        yield "unknown_strategy", place, {"name": rule.strategy}
    if rule.strategy == Strategy.NAMED and not rule.people:
        yield "rule_names_nobody", place, {}
    if rule.strategy == Strategy.FIRST_COME and (rule.people or rule.team or rule.rota):
        yield "rule_people_unused", place, {}


def _shadowed(workflow: Workflow) -> Iterator[Found]:
    """Rules that an earlier one leaves nothing: whatever they match, it matched before."""
    for stage, rules in workflow.rules_by_stage.items():
        if stage == workflow.start:  # its rules are those of the stage that taking opens
            continue
        for position, rule in enumerate(rules):
            for before in rules[:position]:
                if before.strategy != Strategy.NAMED and set(before.when) <= set(rule.when):
                    names = {"name": before.key}
                    yield "rule_never_hit", (workflow.key, "assignments", rule.key), names
                    break
