"""Rules that choose a workflow, a grade or a person."""

from dataclasses import replace

from core.workflow import model as m
from tests.core.workflow.broken.made import (
    CHOICE,
    FOOD,
    GRADE,
    PAID,
    RULE,
    STANDARD,
    Case,
    chooses,
    choosing,
    rule,
    rules,
)
from tests.core.workflow.edits import put

CASES: list[Case] = [
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
    ("unknown_workflow", CHOICE, choosing(chooses(workflow="attic"))),
    ("not_known_yet", CHOICE, choosing(chooses("w", PAID), chooses("rest"))),
    ("unknown_fact", CHOICE, choosing(chooses("w", m.Condition("weather", "known")), chooses("x"))),
    ("last_rule_conditional", CHOICE, choosing(chooses("w", FOOD))),
    ("rule_never_hit", CHOICE, choosing(chooses("first"), chooses())),
    ("label_missing", CHOICE, choosing(chooses(label=m.Label("", "Rule")))),
    ("key_twice", CHOICE, choosing(chooses("w", FOOD), chooses())),
    ("no_workflow", (), replace(STANDARD, workflows=(), grade_rules=())),
    ("unknown_grade", ("grade_rules", "ordinary"), put(STANDARD, GRADE, grade="Z")),
    (
        "last_grade_conditional",
        ("grade_rules", "ordinary"),
        put(STANDARD, GRADE, when=(m.Condition("language", "in", ("pt",)),)),
    ),
]
