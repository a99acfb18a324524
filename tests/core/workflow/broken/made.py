"""The standard document and how to break it: places in it, and what is put there."""

from typing import Any

from core.migrate import standard
from core.workflow import model as m
from tests.core.workflow.edits import add, look, put

STANDARD = standard()
LABEL = m.Label("标签", "label")
GRADE = "grade_rules/ordinary"
FLOW = "workflows/dispute"
TRIAGE = f"{FLOW}/stages/triage"
REVIEW = f"{FLOW}/stages/evidence_review"
RULING = f"{FLOW}/stages/adjudication"
PAYING = f"{FLOW}/stages/verification"
WAIT = f"{FLOW}/stages/awaiting_evidence"
DEDUCT = f"{PAYING}/decisions/deduct_online"
ENOUGH = f"{REVIEW}/decisions/enough"
SHARE = "option_sets/share/options/full"


def choosing(*made: m.WorkflowRule) -> m.Document:
    """The standard document with rules that choose a workflow."""
    return put(STANDARD, "", workflow_rules=made)


def chooses(key: str = "w", *conditions: m.Condition, **more: Any) -> m.WorkflowRule:
    """A rule that chooses a workflow."""
    return m.WorkflowRule(
        key, more.get("label", LABEL), more.get("workflow", "dispute"), conditions
    )


def defaulting(decision: str, **more: Any) -> m.Document:
    """The standard document with a ladder at evidence review that decides, and with what."""
    level = m.LadderLevel("default", at=60, act="decide", decision=decision)
    made = add(STANDARD, "ladders", m.Ladder("own", LABEL, (level,)))
    made = put(made, f"{FLOW}/service_levels/review", ladder="own")
    if not more:
        return made
    values = {"routes": (m.Route("adjudication"),), "by": "timeout", **more}
    return add(made, f"{REVIEW}/decisions", m.Decision(decision, LABEL, **values))


# A kind of problem, its place, the document in which one thing is broken.
Case = tuple[str, tuple[str, ...], m.Document]


def group(fact: str, operator: str, *values: str | int, **more: str) -> m.Group:
    """One condition as a group."""
    return m.Group("use_settled", (m.Condition(fact, operator, values, **more),))


def enough(*groups: m.Group) -> m.Document:
    """The standard document, with conditions on one decision of evidence review."""
    return put(STANDARD, ENOUGH, when=groups)


def route(to: str = "adjudication", *conditions: m.Condition) -> m.Route:
    """A route."""
    return m.Route(to, when=conditions)


def too_subtle() -> m.Document:
    """Conditions that tell more states apart than anybody could check."""
    document = STANDARD
    for place in (f"{REVIEW}/decisions/enough", f"{RULING}/decisions/rule_none"):
        for name, fact in (("merchant", "given_merchant"), ("buyer", "given_buyer")):
            keys = [o.key for o in look(document, f"option_sets/evidence_{name}").leaves()]
            rows = [m.Condition(fact, "in", (key,)) for key in keys]
            document = add(document, f"{place}/when", m.Group("use_settled", tuple(rows), "any"))
    return document


def rules(*made: m.AssignmentRule) -> m.Document:
    """The standard document with assignment rules."""
    return put(STANDARD, FLOW, assignments=made)


def rule(key: str = "r", stage: str = "intake", strategy: str = "round_robin", **more: Any) -> Any:
    """An assignment rule."""
    return m.AssignmentRule(key, more.pop("label", LABEL), stage, strategy, **more)


RULE = ("dispute", "assignments", "r")
FOOD = m.Condition("category", "in", ("food",))

CHOICE = ("workflow_rules", "w")
STATE = "option_sets/state/options/buyer_timeout"
MERGED = ("option_sets", "state", "buyer_timeout")
PAID = m.Condition("payment", "known")
