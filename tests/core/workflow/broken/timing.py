"""Service levels, ladders and what time alone decides."""

from core.workflow import model as m
from tests.core.workflow.broken.made import (
    FLOW,
    LABEL,
    STANDARD,
    WAIT,
    Case,
    defaulting,
    group,
)
from tests.core.workflow.edits import add, put

CASES: list[Case] = [
    (
        "unknown_stage",
        ("dispute", "service_levels", "ruling"),
        put(STANDARD, f"{FLOW}/service_levels/ruling", stage="finished"),
    ),
    (
        "bad_minutes",
        ("dispute", "service_levels", "ruling"),
        put(STANDARD, f"{FLOW}/service_levels/ruling", minutes=0, ladder=""),
    ),
    (
        "bad_minutes",
        ("ladders", "desk", "warned"),
        put(STANDARD, "ladders/desk/levels/warned", at=101),
    ),
    (
        "unknown_ladder",
        ("dispute", "service_levels", "ruling"),
        put(STANDARD, f"{FLOW}/service_levels/ruling", ladder="none"),
    ),
    (
        "warned_before_start",
        ("dispute", "service_levels", "ruling"),
        put(STANDARD, f"{FLOW}/service_levels/ruling", minutes=15),
    ),
    (
        "stage_level_marked",
        ("dispute", "service_levels", "ruling"),
        put(STANDARD, f"{FLOW}/service_levels/ruling", pauses=True),
    ),
    (
        "level_never_starts",
        ("dispute", "service_levels", "ruling"),
        put(STANDARD, f"{FLOW}/service_levels/ruling", stage=""),
    ),
    (
        "unknown_mark",
        ("dispute", "service_levels", "plan"),
        add(
            STANDARD,
            f"{FLOW}/service_levels",
            m.ServiceLevel("plan", LABEL, 60, starts=(m.Mark("entered", "nowhere"),)),
        ),
    ),
    (
        "rule_never_hit",
        ("dispute", "service_levels", "spare"),
        add(STANDARD, f"{FLOW}/service_levels", m.ServiceLevel("spare", LABEL, 60, "triage")),
    ),
    (
        "level_tells_nobody",
        ("ladders", "desk", "late"),
        put(STANDARD, "ladders/desk/levels/late", whom=""),
    ),
    (
        "level_tells_nobody",
        ("ladders", "desk", "late"),
        put(STANDARD, "ladders/desk/levels/late", hears="supervisors"),
    ),
    (
        "unknown_kind",
        ("ladders", "desk", "late"),
        put(STANDARD, "ladders/desk/levels/late", hears="", whom=""),
    ),
    (
        "bad_user_group",
        ("ladders", "desk", "late"),
        put(STANDARD, "ladders/desk/levels/late", hears="group"),
    ),
    ("bad_ack_minutes", ("ladders", "desk"), put(STANDARD, "ladders/desk", ack_minutes=1441)),
    (
        "level_decides_nothing",
        ("ladders", "three_levels", "plan"),
        put(STANDARD, "ladders/three_levels/levels/plan", act="decide"),
    ),
    (
        "level_decides_nothing",
        ("ladders", "desk", "late"),
        put(STANDARD, "ladders/desk/levels/late", act="reassign", decision="enough"),
    ),
    (
        "level_gives_no_shift",
        ("ladders", "desk", "late"),
        put(STANDARD, "ladders/desk/levels/late", shift="nights"),
    ),
    (
        "raises_no_grade",
        ("ladders", "desk", "late"),
        put(put(STANDARD, "ladders/desk/levels/late", act="raise"), "", grade_rules=()),
    ),
    ("default_unknown", ("dispute", "service_levels", "review"), defaulting("move_on")),
    (
        "default_not_harmless",
        ("dispute", "service_levels", "review"),
        defaulting("move_on", meaning="liability.buyer"),
    ),
    (
        "default_not_harmless",
        ("dispute", "service_levels", "review"),
        defaulting("move_on", routes=(m.Route("finished"),)),
    ),
    (
        "default_not_harmless",
        ("dispute", "service_levels", "review"),
        defaulting("move_on", effects=(m.Effect("set", "remedy", "refund_only"),)),
    ),
    ("default_not_harmless", ("dispute", "service_levels", "review"), defaulting("enough")),
    (
        "bad_minutes",
        ("dispute", "service_levels", "ruling"),
        put(STANDARD, f"{FLOW}/service_levels/ruling", minutes=2**60),
    ),
    (
        "timeout_decides",
        ("dispute", "awaiting_evidence", "evidence_timeout"),
        put(
            STANDARD,
            f"{WAIT}/decisions/evidence_timeout",
            effects=(m.Effect("set", "liability", "merchant"),),
        ),
    ),
    (
        "timeout_refused",
        ("dispute", "awaiting_evidence", "evidence_timeout"),
        put(
            STANDARD,
            f"{WAIT}/decisions/evidence_timeout",
            when=(group("silent", "known"),),
        ),
    ),
    (
        "timeout_refused",
        ("dispute", "awaiting_evidence", "evidence_timeout"),
        put(
            STANDARD,
            f"{WAIT}/decisions/evidence_timeout",
            fields=(m.Field("spare", "typed", LABEL),),
        ),
    ),
]
