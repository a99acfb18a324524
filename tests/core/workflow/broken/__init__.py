"""The standard document with exactly one thing broken, for each kind of problem."""

from tests.core.workflow.broken import conditions, flow, options, rules, timing, together
from tests.core.workflow.broken.made import STANDARD

ALONE = [*rules.CASES, *options.CASES, *timing.CASES, *conditions.CASES, *flow.CASES]
TOGETHER = together.CASES

__all__ = ["ALONE", "STANDARD", "TOGETHER"]
