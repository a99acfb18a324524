"""What cannot be broken alone, and what breaks with it."""

from dataclasses import replace

from core.workflow import model as m
from tests.core.workflow.broken.made import FLOW, LABEL, STANDARD
from tests.core.workflow.edits import add, put

CASES: list[tuple[str, tuple[str, ...], m.Document, set[str]]] = [
    (
        "start_not_intake",
        ("dispute",),
        put(STANDARD, FLOW, start="triage"),
        {"stage_unreachable"},
    ),
    (
        "first_not_work",
        ("dispute",),
        # Grades ask for what the first stage asks.
        replace(put(STANDARD, FLOW, first="awaiting_evidence"), grade_rules=()),
        {"stage_unreachable"},
    ),
    (
        "dead_end",
        ("dispute", "spare"),
        put(
            add(STANDARD, f"{FLOW}/stages", m.Stage("spare", "work", LABEL, "x")),
            FLOW,
            ends=(),
        ),
        {"stage_unreachable"},
    ),
]
