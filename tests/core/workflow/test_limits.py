"""Loops that are capped end: whoever only asks, or only sends back, comes to an end."""

from hypothesis import assume, given, note
from hypothesis import strategies as st

from core.workflow import engine
from core.workflow import model as m
from core.workflow.problems import problems
from core.workflow.text import to_toml
from tests.core.workflow import asked, oracle
from tests.core.workflow.documents import LABEL, workable

LONG = 60  # steps; far beyond what the caps of these documents allow together


def test_robot_that_only_asks_and_sends_back_ends_within_the_caps() -> None:
    wanted = {
        "triage": ("request_both", asked.TRIAGED),
        "evidence_review": ("again_both", asked.SOUND),
        "adjudication": ("cannot_judge", {**asked.SOUND, "cannot_judge_reason": "new_facts"}),
    }
    stage, counts = "triage", dict[str, int]()
    for _ in range(LONG):
        key, card = wanted[stage]
        step = asked.decide(asked.at(stage, counts), key, card)
        if isinstance(step, engine.Refusal):
            if stage == "adjudication":
                break
            step = asked.decide(asked.at(stage, counts), "enough", asked.SOUND)
        assert isinstance(step, engine.Step), step
        meaning = step.decision.meaning
        counts[meaning] = counts.get(meaning, 0) + 1
        stage = step.stage.key
        if stage == "awaiting_evidence":
            stage = asked.goes(asked.at(stage), "evidence_timeout", by="timeout")
    assert stage == "adjudication"
    assert counts["request"] == 3 + 2  # three rounds, and one more for each sending back
    assert counts["send_back"] == 2


def test_each_grant_gives_exactly_one_more() -> None:
    limits = (m.Limit("asking", 2, "request", "send_back"),)
    flow = m.Workflow("flow", LABEL, "in", "work", limits=limits)
    for granted in range(4):
        for used in range(6):
            at = engine.Situation("flow", "work", {}, {"request": used, "send_back": granted})
            facts = engine.facts_with_limits(flow, at, {})
            assert facts["left.asking"] == 2 + granted - used


@given(workable(), st.randoms(use_true_random=False))
def test_capped_decisions_of_any_document_with_sound_limits_run_out(
    document: m.Document, choice: object
) -> None:
    assume(not any(problem.key.startswith("limit_") for problem in problems(document)))
    flow = document.workflows[0]
    capped = {limit.counts for limit in flow.limits}
    note(to_toml(document))
    most = sum(_most(flow, meaning) for meaning in capped)
    counts: dict[str, int] = {}
    for _ in range(LONG):
        made = [
            decision.meaning
            for stage in flow.stages
            for decision in stage.decisions
            if decision.meaning in capped and _within(flow, decision, counts)
        ]
        if not made:
            break
        meaning = choice.choice(made)  # type: ignore[attr-defined]
        counts[meaning] = counts.get(meaning, 0) + 1
    assert sum(counts.values()) <= most


def _most(flow: m.Workflow, meaning: str) -> int:
    """How often decisions of a meaning can be made at most, all grants used."""
    return min(
        limit.maximum + (_most(flow, limit.grants) if limit.grants else 0)
        for limit in flow.limits
        if limit.counts == meaning
    )


def _within(flow: m.Workflow, decision: m.Decision, counts: dict[str, int]) -> bool:
    """Whether what the decision asks of limits holds, everything else granted."""
    facts = oracle.left(flow, counts)
    return all(
        oracle.holds(row, facts, "")
        for group in decision.when
        for row in group.conditions
        if row.fact.startswith("left.")
    )
