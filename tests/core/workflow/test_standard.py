"""workflow.md's rules 1 to 6 as sentences, asked of the standard document."""

import pytest

from core.workflow import engine
from core.workflow.engine import Situation
from tests.core.workflow.asked import (
    DOCUMENT,
    FLOW,
    SOUND,
    TRIAGED,
    WAITS,
    WORK,
    allowed,
    at,
    decide,
    decisions,
    goes,
    reasons,
    sets,
)

# 1


def test_intake_is_the_only_stage_with_a_take_button_and_opens_triage() -> None:
    assert [s.key for s in FLOW.stages if s.kind == "intake"] == ["intake"]
    assert (FLOW.start, FLOW.first) == ("intake", "triage")


def test_nothing_is_decided_at_intake_but_not_to_accept() -> None:
    assert FLOW.stage_by_key["intake"].decisions == ()
    assert allowed(at("intake")) == {"decline"}


# 2


def test_four_work_stages_are_done_by_four_people_who_hold_for_fifteen_minutes() -> None:
    work = [s for s in FLOW.stages if s.kind == "work"]
    assert [s.key for s in work] == list(WORK)
    assert {(s.separation, s.hold_minutes) for s in work} == {(True, 15)}
    assert len({s.channel for s in FLOW.stages if s.channel}) == 5
    assert not FLOW.stage_by_key["intake"].separation


def test_dispute_that_returns_to_a_stage_prefers_its_earlier_holder() -> None:
    for _, decision in decisions():
        for route in decision.routes:
            if FLOW.stage_by_key[route.to].kind == "work":
                assert route.assignee == "earlier", decision.key


# 3


def test_triage_asks_category_reason_state_and_evidence_given_by_both() -> None:
    fields = FLOW.stage_by_key["triage"].fields
    assert [(f.key, f.kind) for f in fields] == [
        ("category", "one"),
        ("reason", "one"),
        ("state", "one"),
        ("impact", "one"),  # these two grade it, where they are known (G2)
        ("claim", "one"),
        ("given_buyer", "many"),
        ("given_merchant", "many"),
        ("remark", "many"),  # to the next stage, if any (D8)
    ]
    assert all(f.prefill for f in fields[:-1])
    left_open = [f.key for f in fields if not f.required]
    assert left_open == ["impact", "claim", "remark"]


def test_triage_decides_nothing_before_its_fields_are_filled() -> None:
    for key in ("no_evidence", "request_buyer", "request_merchant", "request_both"):
        for field in TRIAGED:
            card = {**TRIAGED, field: None}
            assert reasons(at("triage"), key, card) == {"missing", field}


def test_state_says_settled_unsettled_or_who_timed_out() -> None:
    assert set(DOCUMENT.leaves_by_set["state"]) == {
        "settled",
        "unsettled",
        "buyer_timeout",
        "merchant_timeout",
    }


def test_reason_has_two_levels() -> None:
    reason = DOCUMENT.set_by_key["reason"]
    assert any(option.parent for option in reason.options)


def test_none_stands_alone_among_the_evidence_given() -> None:
    for side in ("buyer", "merchant"):
        card = {**TRIAGED, f"given_{side}": ["none", "chat"]}
        assert reasons(at("triage"), "no_evidence", card) == {"exclusive", f"given_{side}"}


@pytest.mark.parametrize(
    ("remedy", "stage"),
    [
        ("refund_only", "verification"),
        ("return_refund", "verification"),
        ("nothing_owed", "finished"),
    ],
)
def test_agreed_remedy_is_verified_and_nothing_owed_is_finished(remedy: str, stage: str) -> None:
    settled = {**TRIAGED, "state": "settled", "remedy": remedy}
    assert goes(at("triage"), "settled_before", settled) == stage
    for later in ("evidence_review", "adjudication", "verification", *WAITS):
        assert goes(at(later), "settle", {"remedy": remedy}) == stage


def test_settled_dispute_takes_no_other_way_out_of_triage() -> None:
    settled = {**TRIAGED, "state": "settled"}
    for key in ("no_evidence", "request_both"):
        assert reasons(at("triage"), key, settled) == {"not_allowed", "use_settled"}
    assert reasons(at("triage"), "settled_before", settled) == {"missing", "remedy"}
    unsettled = {**TRIAGED, "remedy": "nothing_owed"}
    assert reasons(at("triage"), "settled_before", unsettled) == {"not_allowed", "not_settled"}


def test_missing_fields_are_asked_for_before_what_hangs_on_them() -> None:
    facts = {"liability": "merchant"}
    for key in ("deduct_online", "pay_offline", "return_first"):
        found = reasons(at("verification", **facts), key, {})
        assert found == {"missing", "quality", "remedy", "share"}
    chosen = {**SOUND, "remedy": "refund_only", "share": "half"}
    assert reasons(at("verification", **facts), "return_first", chosen) == {
        "not_allowed",
        "no_return_chosen",
    }


# 4


@pytest.mark.parametrize("stage", WORK[1:])
def test_stage_judges_the_one_before_where_there_is_one_to_judge(stage: str) -> None:
    shown = [f.key for f in engine.shown_fields(DOCUMENT, at(stage))]
    assert shown[0] == "quality"
    nobody = Situation("dispute", stage, {}, {}, {}, "CNY")
    assert "quality" not in [f.key for f in engine.shown_fields(DOCUMENT, nobody)]
    for decision in FLOW.stage_by_key[stage].decisions:
        # Asking the payment system again decides nothing new: that visit's judgment was given.
        assert ("quality" in decision.needs) == (decision.key != "ask_payment_again")


def test_judgment_is_sound_or_a_defect_with_a_preset_reason() -> None:
    leaves = DOCUMENT.leaves_by_set["quality"].values()
    meanings = [o.meaning for o in leaves]
    assert meanings.count("quality.sound") == 1
    assert set(meanings) == {"quality.sound", "quality.defect"}
    assert len(meanings) > 3
    assert not FLOW.stage_by_key["adjudication"].field_by_key["quality"].prefill


def test_send_back_is_a_defect_only_where_its_reason_says_so() -> None:
    for options in ("cannot_judge_reason", "ruling_back_reason"):
        meanings = {o.meaning for o in DOCUMENT.leaves_by_set[options].values()}
        assert meanings == {"", "quality.defect"}


def test_defect_alone_reroutes_nothing() -> None:
    for judgment in DOCUMENT.leaves_by_set["quality"]:
        assert goes(at("evidence_review"), "enough", {"quality": judgment}) == "adjudication"


# 5


@pytest.mark.parametrize(
    ("stage", "key", "parties"),
    [
        ("triage", "request_buyer", ("buyer",)),
        ("triage", "request_merchant", ("merchant",)),
        ("triage", "request_both", ("buyer", "merchant")),
        ("evidence_review", "again_buyer", ("buyer",)),
        ("evidence_review", "again_merchant", ("merchant",)),
        ("evidence_review", "again_both", ("buyer", "merchant")),
    ],
)
def test_asking_opens_a_round_with_those_asked_and_the_hidden_wait(
    stage: str, key: str, parties: tuple[str, ...]
) -> None:
    card = TRIAGED if stage == "triage" else SOUND
    assert goes(at(stage), key, card) == "awaiting_evidence"
    effects = FLOW.decisions_by_stage[stage][key].effects
    assert [(e.kind, e.parties) for e in effects] == [("request", parties)]


def test_both_ends_of_a_round_lead_to_evidence_review() -> None:
    wait = at("awaiting_evidence")
    assert goes(wait, "evidence_complete", by="evidence") == "evidence_review"
    assert goes(wait, "evidence_timeout", by="timeout") == "evidence_review"
    effects = FLOW.decisions_by_stage["awaiting_evidence"]["evidence_timeout"].effects
    assert [e.kind for e in effects] == ["silence", "close_round"]


def test_at_the_cap_of_three_rounds_the_request_buttons_go() -> None:
    for counted, left in ((2, True), (3, False)):
        review = at("evidence_review", {"request": counted})
        triage = at("triage", {"request": counted}, state="unsettled")
        assert ({"again_buyer", "again_merchant", "again_both"} <= allowed(review)) is left
        assert ({"request_buyer", "request_both"} <= allowed(triage)) is left
    assert reasons(at("evidence_review", {"request": 3}), "again_both", SOUND) == {
        "not_allowed",
        "rounds_used_up",
    }
    assert goes(at("evidence_review", {"request": 3}), "enough", SOUND) == "adjudication"


# 6


@pytest.mark.parametrize("liability", ["merchant", "buyer", "shared", "none"])
def test_ruling_records_liability_and_leads_to_verification(liability: str) -> None:
    key = f"rule_{liability}"
    assert goes(at("adjudication"), key, SOUND) == "verification"
    assert sets("adjudication", key) == {"liability": liability}
    decision = FLOW.decisions_by_stage["adjudication"][key]
    assert decision.meaning == f"liability.{liability}"
    assert decision.confirm is not None


def test_carrier_fault_before_receipt_counts_as_the_merchant_s() -> None:
    assert "carrier" not in {d.meaning.partition(".")[2] for _, d in decisions()}
    confirm = FLOW.decisions_by_stage["adjudication"]["rule_merchant"].confirm
    assert confirm is not None
    assert "物流" in confirm.zh_CN
    assert "carrier" in confirm.en


def test_cannot_judge_needs_a_preset_reason_and_goes_back_to_evidence_review() -> None:
    assert reasons(at("adjudication"), "cannot_judge", SOUND) == {"missing", "cannot_judge_reason"}
    card = {**SOUND, "cannot_judge_reason": "contradiction"}
    assert goes(at("adjudication"), "cannot_judge", card) == "evidence_review"


def test_cannot_judge_is_capped_at_two_and_each_grants_one_round() -> None:
    for sent_back in (0, 1, 2):
        spent = {"send_back": sent_back, "request": 3 + sent_back}
        assert "again_both" not in allowed(at("evidence_review", spent))
        one_less = {"send_back": sent_back, "request": 2 + sent_back}
        assert "again_both" in allowed(at("evidence_review", one_less))
        assert ("cannot_judge" in allowed(at("adjudication", spent))) is (sent_back < 2)
    assert {"rule_merchant", "rule_none"} <= allowed(at("adjudication", {"send_back": 2}))


# G1


@pytest.mark.parametrize(
    ("reason", "asked"),
    [
        ("faulty", {"quality_checks"}),
        ("unsafe", {"quality_checks"}),
        ("counterfeit", {"quality_checks"}),
        ("attitude", {"service_audit"}),
        ("promise_broken", {"service_audit"}),
        ("lost", set()),
        ("wrong_item", set()),
    ],
)
def test_ruling_checks_warranty_rules_for_quality_and_audits_service(
    reason: str, asked: set[str]
) -> None:
    situation = at("adjudication", reason=reason)
    shown = {field.key: field for field in engine.shown_fields(DOCUMENT, situation)}
    assert shown.keys() & {"quality_checks", "service_audit"} == asked
    for key in asked:
        ticked = tuple(option.key for option in DOCUMENT.set_by_key[key].options[:2])
        step = decide(situation, "rule_merchant", {**SOUND, key: list(ticked)})
        assert isinstance(step, engine.Step)
        assert step.facts[key] == ticked
        assert goes(situation, "rule_merchant", SOUND) == "verification"  # none may apply


def test_sound_service_stands_alone_among_what_its_audit_found() -> None:
    card = {**SOUND, "service_audit": ["all_sound", "answered_late"]}
    situation = at("adjudication", reason="attitude")
    assert reasons(situation, "rule_none", card) == {"exclusive", "service_audit"}
