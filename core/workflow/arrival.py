"""What is known of a dispute that comes in, and the workflow that it then follows (W17).

Rules that choose a workflow are asked before any stage: they read what the intake states of the
first stage's fields, why it came to the desk, by which way, and from which source.
"""

from collections.abc import Iterator
from functools import lru_cache

from core.workflow.facts import CHANNEL, ENTERED, SOURCE
from core.workflow.first_match import tried
from core.workflow.model import Document, Facts, Field, Label, Stage, Workflow
from core.workflow.terms import FieldKind, Kind, Meaning

ARRIVAL = ""  # the key of what stands in a workflow's place here; no workflow can have it
_STATED = (FieldKind.ONE, FieldKind.MANY, FieldKind.TYPED)
_NOWHERE = Label("", "")


def chosen_workflow(document: Document, facts: Facts) -> Workflow:
    """The workflow of the first rule that matches and whose workflow exists; else the first."""
    rules = document.workflow_rules
    for rule, row in zip(rules, tried([rule.when for rule in rules], facts, ""), strict=True):
        if row.hit and rule.workflow in document.workflow_by_key:
            return document.workflow_by_key[rule.workflow]
    return document.workflows[0]


def arrival_facts(document: Document) -> tuple[str, ...]:
    """The facts that rules choosing a workflow may name."""
    stated = (field.key for field in _fields(document))
    return tuple(dict.fromkeys((*stated, ENTERED, CHANNEL, SOURCE)))


@lru_cache(maxsize=8)
def arrival(document: Document) -> Workflow:
    """What conditions are read by before a dispute has a workflow: a stage with what is stated.

    Its key is ARRIVAL.
    """
    fields = [*_fields(document), Field(CHANNEL, FieldKind.ONE, _NOWHERE)]
    fields.append(Field(SOURCE, FieldKind.TYPED, _NOWHERE))
    stage = Stage(ARRIVAL, Kind.INTAKE, _NOWHERE, fields=tuple(fields))
    return Workflow(ARRIVAL, _NOWHERE, ARRIVAL, ARRIVAL, stages=(stage,))


def _fields(document: Document) -> Iterator[Field]:
    """What an intake may state: the fields of each workflow's first stage that are filled alone."""
    for workflow in document.workflows:
        first = workflow.stage_by_key.get(workflow.first)
        for field in first.fields if first is not None else ():
            own = field.key in (ENTERED, CHANNEL, SOURCE)
            if field.kind in _STATED and field.meaning != Meaning.REMARK and not own:
                yield field
