"""Asking the standard document: what is offered at a stage, what a decision does, why not."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.migrate import standard
from core.workflow import engine
from core.workflow.engine import Refusal, Situation, Step
from core.workflow.model import Decision, Stage, Value

DOCUMENT = standard()
FLOW = DOCUMENT.workflow_by_key["dispute"]
WORK = ("triage", "evidence_review", "adjudication", "verification")
WAITS = ("awaiting_evidence", "awaiting_return", "awaiting_inspection", "awaiting_refund")
TRIAGED: dict[str, Any] = {
    "category": "food",
    "reason": "damaged",
    "state": "unsettled",
    "given_buyer": ["photos"],
    "given_merchant": ["none"],
}
SOUND = {"quality": "sound"}
REFUND = {**SOUND, "remedy": "refund_only", "share": "full"}
RETURN = {**SOUND, "remedy": "return_refund", "share": "full"}
MONEY_UNDER_WAY = ("instructed", "unconfirmed", "confirmed", "vouchered")


def at(stage: str, counts: Mapping[str, int] | None = None, **facts: Value) -> Situation:
    """A dispute at a stage, with an earlier visit to judge."""
    return Situation("dispute", stage, {"judgeable": "yes", **facts}, counts or {}, {"1": 2}, "CNY")


def allowed(situation: Situation, by: str = "agent") -> set[str]:
    """The decisions that may be made now."""
    return {o.decision.key for o in engine.offered(DOCUMENT, situation, by) if o.allowed}


def known(situation: Situation, by: str = "agent") -> set[str]:
    """The decisions that are shown, allowed or not."""
    return {o.decision.key for o in engine.offered(DOCUMENT, situation, by)}


def decide(situation: Situation, key: str, card: Any = None, by: str = "agent") -> Step | Refusal:
    """What a decision does, or why it is refused."""
    return engine.decide(DOCUMENT, situation, key, card or {}, by)


def goes(situation: Situation, key: str, card: Any = None, by: str = "agent") -> str:
    """Where a decision leads."""
    step = decide(situation, key, card, by)
    assert isinstance(step, Step), step
    return step.stage.key


def reasons(situation: Situation, key: str, card: Any = None, by: str = "agent") -> set[str]:
    """Why a decision is refused."""
    refusal = decide(situation, key, card, by)
    assert isinstance(refusal, Refusal), refusal
    return {refusal.key, *refusal.reasons, *refusal.fields}


def sets(stage: str, key: str) -> dict[str, str]:
    """The facts that a decision's effects set."""
    decision = FLOW.decisions_by_stage[stage][key]
    return {effect.fact: effect.value for effect in decision.effects if effect.kind == "set"}


def decisions() -> Iterator[tuple[Stage | None, Decision]]:
    """Every decision with its stage; the inherited ends have none."""
    for stage in FLOW.stages:
        for decision in stage.decisions:
            yield stage, decision
    for decision in FLOW.ends:
        yield None, decision
