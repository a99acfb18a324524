"""A desk with two workflows, and rules that choose between them (W17)."""

from dataclasses import replace

from core.desk import documents
from core.workflow import model as m
from core.workflow.problems import problems
from tests.factories import Desk

LABEL = m.Label("规则", "Rule")


def repairs(document: m.Document) -> m.Workflow:
    """A second workflow, like the first but for its names."""
    return replace(document.workflows[0], key="repair", label=m.Label("维修", "Repair"))


def rule(key: str, workflow: str, *conditions: m.Condition) -> m.WorkflowRule:
    return m.WorkflowRule(key, LABEL, workflow, conditions)


def chosen_by(desk: Desk, *rules: m.WorkflowRule) -> m.Document:
    """Publishes a second workflow, and rules that choose."""
    active = desk.db.read(lambda c, now: documents.active(c))
    document = replace(active, workflows=(*active.workflows, repairs(active)), workflow_rules=rules)
    assert problems(document) == []
    desk.db.transact(lambda c, now: documents.publish(c, document, now=now))
    return document
