"""The numbers that ship: what is promised to which disputes, and what keeps it (G1 to G5, I5)."""

import pytest

from core.migrate import standard
from core.workflow.grading import graded
from core.workflow.model import Facts, Mark
from core.workflow.service_level import running_after, starting

FLOW = standard().workflows[0]
# The mission's own numbers, in minutes, by what the dispute is; always with those of every dispute.
PROMISED: list[tuple[Facts, dict[str, int]]] = [
    ({"grade": "A"}, {"contact_urgent": 60, "plan_urgent": 30}),
    ({"grade": "B"}, {"feedback": 24 * 60}),
    ({"grade": "C"}, {"research": 48 * 60}),
    ({"grade": "B", "reason": "lost"}, {"feedback": 24 * 60, "instant_response": 120}),
    ({"grade": "B", "reason": "wrong_item"}, {"feedback": 24 * 60, "instant_response": 120}),
    (
        {"grade": "B", "reason": "false_delivery"},
        {"feedback": 24 * 60, "first_verification": 60, "carrier_contact": 120},
    ),
]
ALWAYS = {"receipt": 60, "unhandled": 24 * 60}
AT_STAGES = {
    "intake": 60,
    "triage": 120,
    "awaiting_evidence": 24 * 60,
    "awaiting_inspection": 24 * 60,
    "awaiting_refund": 24 * 60,
}
KEPT = {
    "receipt": ("received", ""),
    "contact_urgent": ("contacted", ""),
    "plan_urgent": ("left", "triage"),
    "feedback": ("contacted", ""),
    "research": ("decided", "liability.buyer"),
    "instant_response": ("contacted", ""),
    "first_verification": ("left", "triage"),
    "carrier_contact": ("carrier_asked", ""),
    "carrier_answer": ("carrier_answered", ""),
    "unhandled": ("left", "intake"),
}


@pytest.mark.parametrize(("facts", "minutes"), PROMISED, ids=lambda one: str(one)[:40])
def test_each_kind_of_dispute_is_promised_what_the_mission_says(
    facts: Facts, minutes: dict[str, int]
) -> None:
    started = starting(FLOW.service_levels, [Mark("opened")], {**facts, "channel": "app"}, "")
    assert {level.key: level.minutes for level in started} == {**ALWAYS, **minutes}


def test_each_is_kept_by_what_it_is_about() -> None:
    assert set(KEPT) == {level.key for level in FLOW.service_levels if not level.stage}
    for key, (event, of) in KEPT.items():
        level = FLOW.level_by_key[key]
        (begins,) = level.starts
        assert begins.event == ("carrier_asked" if key == "carrier_answer" else "opened")
        assert running_after(level, [{begins}])
        assert not running_after(level, [{begins}, {Mark(event, of)}]), key


def test_response_receipt_and_contact_never_stand_still_and_plans_do_while_hidden() -> None:
    pausing = {level.key for level in FLOW.service_levels if level.pauses}
    carrier = {"carrier_contact", "carrier_answer"}
    assert pausing == {"plan_urgent", "research", "first_verification"} | carrier


def test_carrier_has_two_days_from_being_asked() -> None:
    facts = {"reason": "false_delivery"}
    (answer,) = starting(FLOW.service_levels, [Mark("carrier_asked")], facts, "")
    assert (answer.key, answer.minutes) == ("carrier_answer", 48 * 60)


def test_stages_and_waits_keep_the_mission_s_hours() -> None:
    for stage, minutes in AT_STAGES.items():
        assert [level.minutes for level in FLOW.levels_by_stage[stage]] == [minutes]


def test_import_is_promised_nothing_that_began_elsewhere() -> None:
    facts = {"grade": "B", "channel": "import"}
    assert list(starting(FLOW.service_levels, [Mark("opened")], facts, "")) == []


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        ({"reason": "unsafe"}, "A"),
        ({"reason": "spoiled", "category": "food"}, "A"),
        ({"reason": "spoiled", "category": "apparel"}, "B"),
        ({"impact": "many_people"}, "A"),
        ({"impact": "many_people", "claim": "excessive"}, "B"),
        ({"impact": "one_person", "claim": "within_rules"}, "B"),
        ({"impact": "one_person", "claim": "excessive"}, "C"),
        ({"reason": "unsafe", "claim": "excessive"}, "A"),
        ({}, "B"),
    ],
)
def test_grade_comes_of_impact_by_claim_and_safety_goes_first(facts: Facts, grade: str) -> None:
    assert graded(standard().grade_rules, facts, "") == grade
