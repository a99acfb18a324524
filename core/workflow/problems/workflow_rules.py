"""Problems of the rules that choose a workflow (W17): they must always lead somewhere."""

from collections.abc import Iterator

from core.workflow.arrival import arrival, arrival_facts
from core.workflow.model import Document
from core.workflow.problems.conditions import condition_problems
from core.workflow.problems.found import Found, blank, twice
from core.workflow.vocabulary import values_of


def workflow_rule_problems(document: Document) -> Iterator[Found]:
    """Problems of the rules that choose a workflow; a document needs none."""
    rules = document.workflow_rules
    yield from twice("workflow_rules", (rule.key for rule in rules))
    facts = arrival_facts(document)
    for place, rule in enumerate(rules):
        at = ("workflow_rules", rule.key)
        yield from blank(at, rule.label)
        if rule.workflow not in document.workflow_by_key:
            yield "unknown_workflow", at, {"name": rule.workflow}
        unconditional = next((one for one in rules[:place] if not one.when), None)
        if unconditional is not None:
            yield "rule_never_hit", at, {"name": unconditional.key}
        yield from condition_problems(document, arrival(document), at, (), rule.when)
        for condition in rule.when:
            provided = values_of(document, arrival(document), condition.fact) is not None
            if provided and condition.fact not in facts:
                yield "not_known_yet", at, {"name": condition.fact}
    if rules and rules[-1].when:
        yield "last_rule_conditional", ("workflow_rules", rules[-1].key), {}
