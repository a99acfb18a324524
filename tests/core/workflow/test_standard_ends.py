"""The standard workflow ends lawfully; its time, amounts and labels (rules 8 to 12)."""

from collections.abc import Iterator
from typing import Any

from core.workflow.model import Label
from tests.core.workflow.asked import (
    DOCUMENT,
    FLOW,
    MONEY_UNDER_WAY,
    REFUND,
    WAITS,
    WORK,
    at,
    decisions,
    goes,
    known,
    reasons,
)

# 7


def test_whatever_waits_on_somebody_outside_is_hidden() -> None:
    outside = {s.key for s in FLOW.stages if s.kind == "wait"}
    assert outside == {*WAITS, "awaiting_payment"}
    assert {s.key for s in FLOW.stages if s.kind == "final"} == {
        "finished",
        "not_accepted",
        "withdrawn",
        "merged_elsewhere",
    }
    for stage in FLOW.stages:
        assert bool(stage.channel) is (stage.kind in ("intake", "work"))


# 9


def test_time_never_sets_liability_and_never_moves_money() -> None:
    timed = [d for _, d in decisions() if d.by == "timeout"]
    assert len(timed) == 5
    for decision in timed:
        kinds = {effect.kind for effect in decision.effects}
        facts = {effect.fact for effect in decision.effects if effect.fact}
        assert not kinds & {"pay", "owe", "ask_payment"}
        assert "liability" not in facts
        assert not decision.meaning
        assert all(FLOW.stage_by_key[r.to].kind != "final" for r in decision.routes)


# 10


def test_dispute_is_declined_at_intake_or_triage_only_with_a_reason() -> None:
    card = {"not_accepted_reason": "duplicate"}
    assert {*DOCUMENT.leaves_by_set["not_accepted_reason"]} == {
        "out_of_time",
        "bought_elsewhere",
        "duplicate",
    }
    for stage in ("intake", "triage"):
        assert goes(at(stage), "decline", card) == "not_accepted"
        assert reasons(at(stage), "decline") == {"missing", "not_accepted_reason"}
    for stage in (*WORK[1:], *WAITS):
        assert "only_before_review" in reasons(at(stage), "decline", card)


def test_buyer_withdraws_from_any_stage_and_nobody_else_does() -> None:
    for stage in ("intake", *WORK, *WAITS, "awaiting_payment"):
        assert goes(at(stage), "withdraw", by="buyer") == "withdrawn"
        for by in ("agent", "merchant", "timeout"):
            assert reasons(at(stage), "withdraw", by=by) == {"not_yours"}


def test_settlement_stands_back_while_money_is_under_way() -> None:
    for payment in (*MONEY_UNDER_WAY, "mismatched"):
        here = at("verification", liability="merchant", payment=payment)
        assert "money_under_way" in reasons(here, "settle", {"remedy": "refund_only"})


def test_nothing_finished_is_decided_again() -> None:
    for stage in ("finished", "not_accepted", "withdrawn"):
        assert known(at(stage)) == set()
        assert reasons(at(stage), "withdraw", by="buyer") == {"finished"}


# 11


def test_amounts_are_preset_shares_and_nobody_types_one() -> None:
    shares = DOCUMENT.set_by_key["share"].leaves()
    assert {(s.share.percent, s.share.of) for s in shares if s.share} == {
        (100, "paid"),
        (100, "goods"),
        (50, "goods"),
        (30, "goods"),
        (100, "freight"),
    }
    typed = [f.key for s in FLOW.stages for f in s.fields if f.kind == "typed"]
    typed += [f.key for _, d in decisions() for f in d.fields if f.kind == "typed"]
    assert typed == ["tracking_number"]


def test_no_more_of_an_item_than_was_bought() -> None:
    here = at("verification", liability="merchant", funds="cover")
    card = {**REFUND, "items": ["1:3"]}
    assert reasons(here, "deduct_online", card) == {"unknown_option", "items"}
    assert goes(here, "deduct_online", {**REFUND, "items": ["1:2"]}) == "awaiting_payment"


# 12


def test_every_stage_is_timed_and_waits_warn_nobody_at_the_desk() -> None:
    levels = {level.stage: level for level in FLOW.service_levels if level.stage}
    assert set(levels) == {s.key for s in FLOW.stages if s.kind != "final"}
    for stage in FLOW.stages:
        if stage.kind != "final":
            assert levels[stage.key].ladder == ("" if stage.kind == "wait" else "desk")


# every label in both languages


def _labels(value: Any) -> Iterator[Label]:
    if isinstance(value, Label):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _labels(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _labels(getattr(value, name))


def test_every_label_is_chinese_in_chinese_and_english_in_english() -> None:
    labels = list(_labels(DOCUMENT))
    assert len(labels) > 150
    chinese = [any("\u4e00" <= c <= "\u9fff" for c in label.zh_CN) for label in labels]
    assert [label for label, found in zip(labels, chinese, strict=True) if not found] == []
    foreign = [label for label in labels if any("\u4e00" <= c <= "\u9fff" for c in label.en)]
    assert foreign == []
    assert [label for label in labels if not label.en.strip()] == []


def test_buttons_fit_slack_s_seventy_five_characters() -> None:
    for _, decision in decisions():
        assert len(decision.label.en) <= 75
        if decision.confirm:
            assert max(len(decision.confirm.en), len(decision.confirm.zh_CN)) <= 300
