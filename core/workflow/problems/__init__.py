"""What forbids publishing a document: a list, each problem at its place.

The checks go from small to large; whether every reachable state can be finished is only asked
once the rest holds, for the question makes no sense before.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from core.workflow.explore import explore
from core.workflow.model import Document, Workflow
from core.workflow.problems.fields import set_problems
from core.workflow.problems.found import Found, blank, twice
from core.workflow.problems.service_levels import ladder_problems
from core.workflow.problems.stages import workflow_problems
from core.workflow.problems.workflow_rules import grade_rule_problems, workflow_rule_problems
from core.workflow.ways import TooManyWays


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem: its message key, its place as keys from the outside in, what it names."""

    key: str
    place: tuple[str, ...]
    names: dict[str, str] = field(default_factory=dict)


def problems(document: Document) -> list[Problem]:
    """Every problem that forbids publishing `document` (S3); none means it may be published."""
    return list(_problems(document))


@lru_cache(maxsize=8)
def _problems(document: Document) -> tuple[Problem, ...]:
    """Kept, for a draft is looked at many times before it is published, then once more."""
    found = [Problem(key, place, names) for key, place, names in _static(document)]
    if not found:
        for workflow in document.workflows:
            found += _traps(document, workflow)
    return tuple(found)


def _static(document: Document) -> Iterator[Found]:
    yield from set_problems(document)
    yield from twice("reasons", (reason.key for reason in document.reasons))
    for reason in document.reasons:
        yield from blank(("reasons", reason.key), reason.label)
    yield from twice("workflows", (workflow.key for workflow in document.workflows))
    if not document.workflows:
        yield "no_workflow", (), {}
    for workflow in document.workflows:
        yield from workflow_problems(document, workflow)
    yield from workflow_rule_problems(document)
    yield from grade_rule_problems(document)
    yield from ladder_problems(document)


def _traps(document: Document, workflow: Workflow) -> list[Problem]:
    """Stages in which a dispute could stay for ever."""
    try:
        unfinishable = explore(document, workflow).unfinishable
    except TooManyWays:
        return [Problem("too_many_states", (workflow.key,))]
    example = dict(reversed(unfinishable))
    return [
        Problem(
            "cannot_finish",
            (workflow.key, stage),
            {"example": ", ".join(f"{key}={value}" for key, value in facts) or "-"},
        )
        for stage, facts in sorted(example.items())
    ]
