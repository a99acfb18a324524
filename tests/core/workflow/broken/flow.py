"""Stages, fields, decisions, effects and macros."""

from dataclasses import replace

from core.workflow import model as m
from tests.core.workflow.broken.made import (
    DEDUCT,
    ENOUGH,
    FLOW,
    LABEL,
    REVIEW,
    RULING,
    STANDARD,
    TRIAGE,
    WAIT,
    Case,
    enough,
    group,
    route,
)
from tests.core.workflow.edits import add, drop, look, put

CASES: list[Case] = [
    (
        "limit_negative",
        ("dispute", "limits", "rounds"),
        put(STANDARD, f"{FLOW}/limits/rounds", maximum=-1),
    ),
    (
        "limit_never_ends",
        ("dispute", "limits", "rounds"),
        put(STANDARD, f"{FLOW}/limits/rounds", grants="verified"),
    ),
    (
        "limit_never_ends",
        ("dispute", "limits", "rounds"),
        put(STANDARD, f"{FLOW}/limits/rounds", grants="request"),
    ),
    (
        "limit_never_ends",
        ("dispute", "limits", "send_backs"),
        put(STANDARD, f"{FLOW}/limits/send_backs", grants="request"),
    ),
    (
        "unknown_decision",
        ("dispute", "evidence_review", "quick"),
        add(STANDARD, f"{REVIEW}/macros", m.Macro("quick", LABEL, "rule_none")),
    ),
    (
        "unknown_field",
        ("dispute", "evidence_review", "quick"),
        add(
            STANDARD,
            f"{REVIEW}/macros",
            m.Macro("quick", LABEL, "enough", (m.Preset("category", ("food",)),)),
        ),
    ),
    (
        "macro_value",
        ("dispute", "evidence_review", "quick"),
        add(
            STANDARD,
            f"{REVIEW}/macros",
            m.Macro("quick", LABEL, "enough", (m.Preset("quality", ("food",)),)),
        ),
    ),
    (
        "unknown_stage",
        ("dispute", "evidence_review", "enough"),
        put(STANDARD, ENOUGH, routes=(route("nowhere"),)),
    ),
    (
        "unknown_stage",
        ("dispute", "evidence_review", "enough"),
        put(STANDARD, ENOUGH, routes=(route("intake"),)),
    ),
    ("bad_hold_minutes", ("dispute", "triage"), put(STANDARD, TRIAGE, hold_minutes=0)),
    ("bad_hold_minutes", ("dispute",), put(STANDARD, FLOW, preferred_minutes=-1)),
    ("bad_undo_seconds", ("dispute",), put(STANDARD, FLOW, undo_seconds=3601)),
    (
        "bad_successor",
        ("dispute",),
        put(STANDARD, FLOW, successors=(m.Successor("triage", "finished"),)),
    ),
    (
        "bad_successor",
        ("dispute",),
        put(STANDARD, FLOW, successors=(m.Successor("old", "nowhere"),)),
    ),
    (
        "unknown_kind",
        ("dispute", "evidence_review", "enough"),
        put(STANDARD, ENOUGH, style="loud"),
    ),
    (
        "unknown_kind",
        ("dispute", "evidence_review", "enough"),
        put(STANDARD, ENOUGH, by="anybody"),
    ),
    (
        "unknown_kind",
        ("dispute", "evidence_review", "enough"),
        put(STANDARD, f"{ENOUGH}/routes/0", assignee="anybody"),
    ),
    (
        "unknown_kind",
        ("dispute", "evidence_review", "enough"),
        put(STANDARD, ENOUGH, effects=(m.Effect("magic"),)),
    ),
    (
        "unknown_kind",
        ("dispute", "evidence_review", "enough"),
        enough(group("state", "resembles", "settled")),
    ),
    (
        "unknown_kind",
        ("dispute", "triage", "spare"),
        add(STANDARD, f"{TRIAGE}/fields", m.Field("spare", "magic", LABEL)),
    ),
    ("unknown_kind", ("dispute", "adjudication"), put(STANDARD, RULING, kind="magic")),
    ("channel_missing", ("dispute", "triage"), put(STANDARD, TRIAGE, channel="")),
    ("channel_missing", ("dispute",), put(STANDARD, FLOW, escalation="")),
    (
        "final_decides",
        ("dispute", "finished"),
        add(STANDARD, f"{FLOW}/stages/finished/fields", m.Field("spare", "typed", LABEL)),
    ),
    (
        "wait_timeouts",
        ("dispute", "awaiting_evidence"),
        drop(STANDARD, f"{WAIT}/decisions/evidence_timeout"),
    ),
    (
        "wait_without_limit",
        ("dispute", "awaiting_evidence"),
        drop(STANDARD, f"{FLOW}/service_levels/evidence_wait"),
    ),
    (
        "stage_unreachable",
        ("dispute", "spare"),
        add(
            STANDARD,
            f"{FLOW}/stages",
            m.Stage("spare", "work", LABEL, "x", decisions=(m.Decision("on", LABEL, (route(),)),)),
        ),
    ),
    (
        "cannot_finish",
        ("dispute", "evidence_review"),
        put(
            STANDARD,
            REVIEW,
            decisions=(replace(look(STANDARD, ENOUGH), when=(group("state", "in", "settled"),)),),
        ),
    ),
    (
        "unknown_field",
        ("dispute", "evidence_review", "enough"),
        put(STANDARD, ENOUGH, needs=("category",)),
    ),
    (
        "effect_incomplete",
        ("dispute", "evidence_review", "enough"),
        put(STANDARD, ENOUGH, effects=(m.Effect("set", fact="spare"),)),
    ),
    (
        "effect_incomplete",
        ("dispute", "triage", "request_buyer"),
        put(STANDARD, f"{TRIAGE}/decisions/request_buyer", effects=(m.Effect("request"),)),
    ),
    (
        "effect_incomplete",
        ("dispute", "verification", "deduct_online"),
        put(STANDARD, DEDUCT, effects=(m.Effect("pay", sources=("the till",)),)),
    ),
    (
        "bad_merge",
        ("dispute", "ends", "merge_elsewhere"),
        put(STANDARD, f"{FLOW}/ends/merge_elsewhere", meaning=""),
    ),
    (
        "bad_merge",
        ("dispute", "ends", "settle"),
        put(STANDARD, f"{FLOW}/ends/settle", meaning="merged"),
    ),
    (
        "only_at_waits",
        ("dispute", "evidence_review", "enough"),
        put(STANDARD, ENOUGH, by="timeout", needs=()),
    ),
    (
        "only_at_waits",
        ("dispute", "ends", "settle"),
        put(STANDARD, f"{FLOW}/ends/settle", by="evidence"),
    ),
    (
        "money_without_share",
        ("dispute", "verification", "deduct_online"),
        put(STANDARD, DEDUCT, needs=("quality",)),
    ),
    (
        "request_without_wait",
        ("dispute", "triage", "request_buyer"),
        put(STANDARD, f"{TRIAGE}/decisions/request_buyer", routes=(route(),)),
    ),
]
