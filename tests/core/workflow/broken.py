"""The standard document with exactly one thing broken, for each kind of problem."""

from dataclasses import replace
from typing import Any

from core.migrate import standard
from core.workflow import model as m
from tests.core.workflow.edits import add, drop, look, put

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

# What stands alone: a kind of problem, its place, the document in which one thing is broken.
CHOICE = ("workflow_rules", "w")
STATE = "option_sets/state/options/buyer_timeout"
MERGED = ("option_sets", "state", "buyer_timeout")
PAID = m.Condition("payment", "known")
ALONE: list[Case] = [
    ("unknown_strategy", RULE, rules(rule(strategy="loudest"))),
    ("rule_names_nobody", RULE, rules(rule(strategy="named"))),
    ("rule_people_unused", RULE, rules(rule(strategy="first_come", people=("U1",)))),
    ("rule_people_unused", RULE, rules(rule(strategy="first_come", team="food"))),
    ("rule_people_unused", RULE, rules(rule(strategy="first_come", rota="nights"))),
    ("rule_stage", RULE, rules(rule(stage="awaiting_evidence"))),
    ("rule_stage", RULE, rules(rule(stage="attic"))),
    ("rule_fact", RULE, rules(rule(when=(m.Condition("funds", "in", ("cover",)),)))),
    ("rule_never_hit", RULE, rules(rule("first", "triage"), rule())),
    ("rule_never_hit", RULE, rules(rule("first", when=(FOOD,)), rule(when=(FOOD,)))),
    ("unknown_fact", RULE, rules(rule(when=(m.Condition("weather", "known"),)))),
    ("label_missing", RULE, rules(rule(label=m.Label("", "Rule")))),
    ("key_twice", ("dispute/assignments", "r"), rules(rule(when=(FOOD,)), rule())),
    ("bad_successor_option", MERGED, put(STANDARD, STATE, retired=True, successor="gone")),
    ("bad_successor_option", MERGED, put(STANDARD, STATE, successor="unsettled")),
    ("unknown_workflow", CHOICE, choosing(chooses(workflow="attic"))),
    ("not_known_yet", CHOICE, choosing(chooses("w", PAID), chooses("rest"))),
    ("unknown_fact", CHOICE, choosing(chooses("w", m.Condition("weather", "known")), chooses("x"))),
    ("last_rule_conditional", CHOICE, choosing(chooses("w", FOOD))),
    ("rule_never_hit", CHOICE, choosing(chooses("first"), chooses())),
    ("label_missing", CHOICE, choosing(chooses(label=m.Label("", "Rule")))),
    ("key_twice", CHOICE, choosing(chooses("w", FOOD), chooses())),
    ("no_workflow", (), replace(STANDARD, workflows=(), grade_rules=())),
    ("key_missing", ("reasons",), add(STANDARD, "reasons", m.Reason("", LABEL))),
    (
        "options_alike",
        ("option_sets", "state", "other"),
        add(
            STANDARD,
            "option_sets/state/options",
            m.Option("other", m.Label("别的", " SETTLED ")),
        ),
    ),
    (
        "key_twice",
        ("option_sets/state", "settled"),
        add(STANDARD, "option_sets/state/options", m.Option("settled", LABEL)),
    ),
    (
        "key_twice",
        ("dispute", "triage", "withdraw"),
        add(STANDARD, f"{TRIAGE}/decisions", m.Decision("withdraw", LABEL, (route(),))),
    ),
    (
        "key_twice",
        ("dispute/limits", "spare"),
        add(STANDARD, f"{FLOW}/limits", *(m.Limit("spare", 1, "quality"),) * 2),
    ),
    (
        "key_reserved",
        ("dispute", "triage", "payment"),
        add(STANDARD, f"{TRIAGE}/fields", m.Field("payment", "typed", LABEL)),
    ),
    (
        "key_unfit",
        ("dispute/triage", "left.rounds"),
        add(STANDARD, f"{TRIAGE}/fields", m.Field("left.rounds", "typed", LABEL)),
    ),
    (
        "key_unfit",
        ("dispute/adjudication/cannot_judge", "Why?"),
        add(
            STANDARD,
            f"{RULING}/decisions/cannot_judge/fields",
            m.Field("Why?", "typed", LABEL),
        ),
    ),
    ("label_missing", ("dispute", "triage"), put(STANDARD, f"{TRIAGE}/label", en=" ")),
    (
        "label_missing",
        ("dispute", "adjudication", "rule_buyer"),
        put(STANDARD, f"{RULING}/decisions/rule_buyer/confirm", zh_CN=""),
    ),
    ("label_missing", ("option_sets", "share", "full"), put(STANDARD, f"{SHARE}/label", zh_CN="")),
    ("label_missing", ("reasons", "owes"), put(STANDARD, "reasons/owes/label", en="")),
    (
        "meaning_twice",
        ("option_sets",),
        put(STANDARD, "option_sets/share", meaning="handover"),
    ),
    (
        "bad_option_minutes",
        ("option_sets", "share", "full"),
        put(STANDARD, SHARE, minutes=-1),
    ),
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
    (
        "unknown_meaning",
        ("dispute", "evidence_review", "enough"),
        put(STANDARD, ENOUGH, meaning="guess"),
    ),
    ("unknown_meaning", ("option_sets", "share", "full"), put(STANDARD, SHARE, meaning="guess")),
    (
        "unknown_meaning",
        ("dispute", "triage", "state"),
        put(STANDARD, f"{TRIAGE}/fields/state", meaning="guess"),
    ),
    (
        "unknown_meaning",
        ("dispute", "limits", "spare"),
        add(STANDARD, f"{FLOW}/limits", m.Limit("spare", 1, "guess")),
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
    ("too_many_states", ("dispute",), too_subtle()),
    (
        "leaves_count",
        ("option_sets", "spare"),
        add(STANDARD, "option_sets", m.OptionSet("spare", LABEL)),
    ),
    (
        "leaves_count",
        ("option_sets", "spare"),
        add(
            STANDARD,
            "option_sets",
            m.OptionSet(
                "spare",
                LABEL,
                tuple(m.Option(f"o{i}", m.Label(f"{i}", f"{i}")) for i in range(101)),
            ),
        ),
    ),
    (
        "bad_parent",
        ("option_sets", "reason", "lost"),
        put(STANDARD, "option_sets/reason/options/lost", parent="nowhere"),
    ),
    ("bad_share", ("option_sets", "share", "full"), put(STANDARD, SHARE, share=m.Share(101))),
    ("bad_share", ("option_sets", "share", "full"), put(STANDARD, SHARE, share=m.Share(5, "tip"))),
    (
        "bad_share",
        ("option_sets", "share", "full"),
        put(STANDARD, SHARE, share=m.Share(steps=(m.Step("CNY", 0),))),
    ),
    ("share_missing", ("option_sets", "share", "full"), put(STANDARD, SHARE, share=None)),
    (
        "steps_only",
        ("option_sets", "goodwill"),
        drop(
            drop(STANDARD, "option_sets/goodwill/options/five_percent"),
            "option_sets/goodwill/options/ten_percent",
        ),
    ),
    (
        "unknown_set",
        ("dispute", "triage", "category"),
        put(STANDARD, f"{TRIAGE}/fields/category", options="nowhere"),
    ),
    (
        "options_unused",
        ("dispute", "verification", "items"),
        put(STANDARD, f"{PAYING}/fields/items", options="state"),
    ),
    (
        "unknown_field",
        ("dispute", "evidence_review", "enough"),
        put(STANDARD, ENOUGH, needs=("category",)),
    ),
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
        "timeout_decides",
        ("dispute", "awaiting_evidence", "evidence_timeout"),
        put(
            STANDARD,
            f"{WAIT}/decisions/evidence_timeout",
            effects=(m.Effect("set", "liability", "merchant"),),
        ),
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
ALONE += [
    ("unknown_grade", ("grade_rules", "ordinary"), put(STANDARD, GRADE, grade="Z")),
    (
        "last_grade_conditional",
        ("grade_rules", "ordinary"),
        put(STANDARD, GRADE, when=(m.Condition("language", "in", ("pt",)),)),
    ),
]
# What cannot be broken alone, and what breaks with it.
TOGETHER: list[tuple[str, tuple[str, ...], m.Document, set[str]]] = [
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
