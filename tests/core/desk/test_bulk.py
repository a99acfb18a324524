"""Look-alikes at once: only what all of them offer, a preview that changes nothing (K3)."""

import pytest

from core.desk import bulk
from core.desk.answers import Refused
from tests.core.desk.seen import foreseen, shared
from tests.factories import REFUND, SOUND, Desk


def test_only_what_all_of_them_offer_is_in_common(any_desk: Desk) -> None:
    fresh, returned = any_desk.at_stage("verification"), any_desk.at_stage("verification")
    any_desk.must(returned, "ruling_back", {**SOUND, "ruling_back_reason": "facts_changed"})
    any_desk.must(returned, "rule_merchant")
    any_desk.funds(returned)
    found = shared(any_desk, "Vera", [fresh, returned])
    assert isinstance(found, bulk.Common)
    keys = {decision.key for decision in found.decisions}
    assert "deduct_online" in keys
    assert "ruling_back" not in keys  # used up in one of them
    assert [f.key for f in bulk.fields_of(found, "deduct_online")] == ["quality", "remedy", "share"]


def test_disputes_at_different_stages_have_nothing_in_common(desk: Desk) -> None:
    found = shared(desk, "Ada", [desk.at_stage("adjudication"), desk.at_stage("triage")])
    assert isinstance(found, Refused)
    assert found.key == "different_stages"


def test_trainee_may_not_even_look(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    found = shared(desk, "Tim", [dispute])
    assert isinstance(found, Refused)
    told = foreseen(desk, "Tim", [dispute], "rule_none", SOUND)
    assert [one.refused.key for one in told if one.refused] == ["no_right"]


def test_preview_says_of_each_what_would_happen_or_why_not_and_changes_nothing(
    any_desk: Desk,
) -> None:
    able, short, taken = (any_desk.at_stage("verification") for _ in range(3))
    any_desk.funds(short, held=0)
    any_desk.hold(taken, "Sun Wei")
    found = foreseen(any_desk, "Vera", [able, short, taken], "deduct_online", REFUND)
    assert [(one.stage, one.amount) for one in found] == [
        ("awaiting_payment", 20_000),
        ("", 0),
        ("", 0),
    ]
    assert [one.refused.key for one in found if one.refused] == ["not_allowed", "held"]
    assert any_desk.stage(able) == "verification"


@pytest.mark.parametrize("known", [True, False])
def test_what_is_left_empty_stays_as_each_dispute_knows_it(desk: Desk, known: bool) -> None:
    facts = {"category": "food", "reason": "lost"} if known else {}
    dispute = desk.open(facts=facts)
    desk.take(dispute, "Tom")
    chosen = {"state": "unsettled", "given_buyer": ["none"], "given_merchant": ["none"]}
    found = foreseen(desk, "Tom", [dispute], "request_both", {**chosen, "category": None})
    assert (found[0].refused is None) == known
