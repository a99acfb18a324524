"""What is known of a dispute that comes in, and the workflow that it then follows (W17).

Rules that choose a workflow are asked before any stage: they read what the intake states of the
first stage's fields, and the facts that the desk knows from the first moment on, the grade too.
"""

from collections.abc import Iterator
from functools import lru_cache

from core.workflow.facts import GRADE, RESERVED, RULE_FACTS
from core.workflow.first_match import tried
from core.workflow.model import Document, Facts, Field, Label, Stage, Workflow
from core.workflow.terms import FieldKind, Kind, Meaning

ARRIVAL = ""  # the key of what stands in a workflow's place here; no workflow can have it
_STATED = (FieldKind.ONE, FieldKind.MANY, FieldKind.TYPED)
_NOWHERE = Label("", "")


def chosen_workflow(document: Document, facts: Facts, currency: str) -> Workflow:
    """The workflow of the first rule that matches and whose workflow exists; else the first."""
    rules = document.workflow_rules
    rows = tried([rule.when for rule in rules], facts, currency)
    for rule, row in zip(rules, rows, strict=True):
        if row.hit and rule.workflow in document.workflow_by_key:
            return document.workflow_by_key[rule.workflow]
    return document.workflows[0]


def arrival_facts(document: Document, *, graded: bool = True) -> tuple[str, ...]:
    """The facts that rules choosing a workflow may name; those that grade not the grade itself."""
    stated = (field.key for field in _fields(document))
    rules = (fact for fact in RULE_FACTS if graded or fact != GRADE)
    return tuple(dict.fromkeys((*stated, *rules)))


@lru_cache(maxsize=8)
def arrival(document: Document) -> Workflow:
    """What conditions are read by before a dispute has a workflow: a stage with what is stated.

    Its key is ARRIVAL.
    """
    stage = Stage(ARRIVAL, Kind.INTAKE, _NOWHERE, fields=tuple(_fields(document)))
    return Workflow(ARRIVAL, _NOWHERE, ARRIVAL, ARRIVAL, stages=(stage,))


def _fields(document: Document) -> Iterator[Field]:
    """What an intake may state: the fields of each workflow's first stage that are filled alone."""
    for workflow in document.workflows:
        first = workflow.stage_by_key.get(workflow.first)
        for field in first.fields if first is not None else ():
            own = field.key in RESERVED  # a draft may still call a field so
            if field.kind in _STATED and field.meaning != Meaning.REMARK and not own:
                yield field
