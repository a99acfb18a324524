"""Problems of limits: caps that cap nothing, and loops that would never end."""

from collections.abc import Iterator

from core.workflow.facts import LEFT
from core.workflow.limit import Limit
from core.workflow.model import Decision, Workflow
from core.workflow.problems.found import Found, twice
from core.workflow.terms import Meaning


def limit_problems(workflow: Workflow) -> Iterator[Found]:
    """Problems of a workflow's limits."""
    yield from twice(workflow.key + "/limits", (limit.key for limit in workflow.limits))
    grants = {
        limit.counts: {x.grants for x in _counting(workflow, limit.counts)}
        for limit in workflow.limits
    }
    for limit in workflow.limits:
        place = (workflow.key, "limits", limit.key)
        if limit.maximum < 0:
            yield "limit_negative", place, {}
        if limit.counts not in set(Meaning):
            yield "unknown_meaning", place, {"name": limit.counts}
        if limit.grants and (
            limit.grants not in grants or _leads_to(limit.grants, limit.counts, grants)
        ):
            yield "limit_never_ends", place, {"name": limit.grants}
        for stage, decision in _decisions(workflow):
            if decision.meaning == limit.counts and not _heeds(decision, limit):
                yield "limit_unheeded", (workflow.key, stage, decision.key), {"name": limit.key}


def _counting(workflow: Workflow, meaning: str) -> list[Limit]:
    return [limit for limit in workflow.limits if limit.counts == meaning]


def _decisions(workflow: Workflow) -> Iterator[tuple[str, Decision]]:
    for stage in workflow.stages:
        for decision in stage.decisions:
            yield stage.key, decision
    for decision in workflow.ends:
        yield "ends", decision


def _heeds(decision: Decision, limit: Limit) -> bool:
    """Whether the decision asks, by itself, that something of the limit is left."""
    return any(
        condition.fact == LEFT + limit.key
        for group in decision.when
        if group.match == "all" or len(group.conditions) == 1
        for condition in group.conditions
    )


def _leads_to(meaning: str, wanted: str, grants: dict[str, set[str]]) -> bool:
    """Whether granting goes round in a circle: one meaning grants another that grants it back."""
    seen: set[str] = set()
    queue = [meaning]
    while queue:
        found = queue.pop()
        if found == wanted:
            return True
        fresh = grants.get(found, set()) - seen
        seen |= fresh
        queue += fresh
    return False
