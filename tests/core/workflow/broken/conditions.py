"""Conditions, limits and routes."""

from dataclasses import replace

from core.workflow import model as m
from tests.core.workflow.broken.made import (
    ENOUGH,
    REVIEW,
    RULING,
    STANDARD,
    TRIAGE,
    Case,
    enough,
    group,
    route,
    too_subtle,
)
from tests.core.workflow.edits import put

CASES: list[Case] = [
    (
        "limit_unheeded",
        ("dispute", "adjudication", "cannot_judge"),
        put(STANDARD, f"{RULING}/decisions/cannot_judge", when=()),
    ),
    (
        "limit_misplaced",
        ("dispute", "evidence_review", "enough"),
        put(
            STANDARD,
            ENOUGH,
            routes=(route("finished", m.Condition("left.rounds", "above", (0,))), route()),
        ),
    ),
    (
        "limit_misplaced",
        ("dispute", "triage", "state"),
        put(STANDARD, f"{TRIAGE}/fields/state", when=(group("left.rounds", "above", 0),)),
    ),
    (
        "limit_not_above",
        ("dispute", "evidence_review", "enough"),
        enough(group("left.rounds", "below", 1)),
    ),
    ("too_many_states", ("dispute",), too_subtle()),
    (
        "last_route_conditional",
        ("dispute", "evidence_review", "enough"),
        put(
            STANDARD,
            ENOUGH,
            routes=(route("adjudication", m.Condition("state", "in", ("settled",))),),
        ),
    ),
    (
        "last_route_conditional",
        ("dispute", "evidence_review", "again_both"),
        put(STANDARD, f"{REVIEW}/decisions/again_both", routes=()),
    ),
    (
        "route_never_reached",
        ("dispute", "evidence_review", "enough"),
        put(STANDARD, ENOUGH, routes=(route(), route())),
    ),
    (
        "unknown_reason",
        ("dispute", "evidence_review", "enough"),
        enough(m.Group("nobody_knows", (m.Condition("state", "known"),))),
    ),
    ("bad_group", ("dispute", "evidence_review", "enough"), enough(m.Group("use_settled", ()))),
    (
        "bad_group",
        ("dispute", "evidence_review", "enough"),
        enough(replace(group("state", "known"), match="most")),
    ),
    (
        "bad_values",
        ("dispute", "evidence_review", "enough"),
        enough(group("state", "known", "settled")),
    ),
    ("bad_values", ("dispute", "evidence_review", "enough"), enough(group("state", "in"))),
    ("bad_values", ("dispute", "evidence_review", "enough"), enough(group("state", "above", 1))),
    ("bad_values", ("dispute", "evidence_review", "enough"), enough(group("amount", "above"))),
    ("bad_values", ("dispute", "evidence_review", "enough"), enough(group("items", "in", "1:1"))),
    ("unknown_fact", ("dispute", "evidence_review", "enough"), enough(group("mood", "known"))),
    (
        "unknown_value",
        ("dispute", "evidence_review", "enough"),
        enough(group("state", "not_in", "asleep")),
    ),
]
