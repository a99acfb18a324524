"""Problems of the rules that are asked before any stage: which workflow (W17), and which grade."""

from collections.abc import Iterator, Sequence

from core.workflow.arrival import arrival, arrival_facts
from core.workflow.facts import GRADES
from core.workflow.grading import GradeRule
from core.workflow.model import Document, WorkflowRule
from core.workflow.problems.conditions import condition_problems
from core.workflow.problems.found import Found, blank, twice
from core.workflow.vocabulary import values_of


def workflow_rule_problems(document: Document) -> Iterator[Found]:
    """Problems of the rules that choose a workflow; a document needs none. They lead somewhere."""
    facts = arrival_facts(document)
    yield from _table(document, "workflow_rules", document.workflow_rules, facts)
    for rule in document.workflow_rules:
        if rule.workflow not in document.workflow_by_key:
            yield "unknown_workflow", ("workflow_rules", rule.key), {"name": rule.workflow}


def grade_rule_problems(document: Document) -> Iterator[Found]:
    """Problems of the rules that give a grade (G2); a document needs none."""
    facts = arrival_facts(document, graded=False)
    yield from _table(document, "grade_rules", document.grade_rules, facts)
    for rule in document.grade_rules:
        if rule.grade not in GRADES:
            yield "unknown_grade", ("grade_rules", rule.key), {"name": rule.grade}


def _table(
    document: Document,
    name: str,
    rules: Sequence[WorkflowRule | GradeRule],
    facts: tuple[str, ...],
) -> Iterator[Found]:
    """What any first-match table needs whose rows may name these facts."""
    yield from twice(name, (rule.key for rule in rules))
    for place, rule in enumerate(rules):
        at = (name, rule.key)
        yield from blank(at, rule.label)
        unconditional = next((one for one in rules[:place] if not one.when), None)
        if unconditional is not None:
            yield "rule_never_hit", at, {"name": unconditional.key}
        yield from condition_problems(document, arrival(document), at, (), rule.when)
        for condition in rule.when:
            provided = values_of(document, arrival(document), condition.fact) is not None
            if provided and condition.fact not in facts:
                yield "not_known_yet", at, {"name": condition.fact}
    if rules and rules[-1].when:
        key = "last_rule_conditional" if name == "workflow_rules" else "last_grade_conditional"
        yield key, (name, rules[-1].key), {}
