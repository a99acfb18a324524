"""What cards say reads as people talk: nothing twice, no odd plurals, no half words."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.cards import background, bulk, facts, modals
from bot.cards.card import not_now, not_now_short
from bot.ids import Several
from core.desk import documents
from core.desk.background import Background
from core.i18n import LOCALES
from tests.bot.drawn import shown
from tests.core.desk.seen import foreseen
from tests.factories import SOUND, TRIAGED, Desk


@pytest.mark.parametrize(("stage", "locale"), [("intake", "en"), ("adjudication", "zh_CN")])
def test_what_the_title_or_the_way_in_says_is_not_said_again(
    desk: Desk, stage: str, locale: str
) -> None:
    columns = " ".join(facts.columns(shown(desk, desk.at_stage(stage)), locale))
    assert ("The parties did not settle" if locale == "en" else "双方未协商一致") in columns
    assert ("*State*" if locale == "en" else "*现状*") not in columns
    assert ("*Reason*" if locale == "en" else "*纠纷原因*") not in columns


def test_state_is_shown_where_triage_found_another_one(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.must(dispute, "no_evidence", {**TRIAGED, "state": "merchant_timeout"})
    assert "*State*\nMerchant timed out" in facts.columns(shown(desk, dispute), "en")


@pytest.mark.parametrize(
    ("known", "english", "chinese"),
    [
        ({}, "*Merchant:* no ruling yet", "*商家：* 尚无判责记录"),
        (
            {"merchant_open": 1, "merchant_ruled": 1, "merchant_liable": 1},
            "*Merchant:* 1 other open; liable in the one ruling so far",
            "*商家：* 另有 1 单未结；仅有 1 次判责，为广义商责",
        ),
        (
            {"merchant_open": 4, "merchant_ruled": 1},
            "*Merchant:* 4 others open; not liable in the one ruling so far",
            "*商家：* 另有 4 单未结；仅有 1 次判责，非广义商责",
        ),
        (
            {"merchant_ruled": 6, "merchant_liable": 2},
            "*Merchant:* liable in 2 of the last 6 rulings",
            "*商家：* 近 6 次判责中 2 次为广义商责",
        ),
    ],
)
def test_a_merchants_record_is_told_as_people_count(
    desk: Desk, known: dict[str, int], english: str, chinese: str
) -> None:
    view = replace(shown(desk, desk.open()), background=Background(merchant=True, **known))
    assert background.people(view, "en")[1] == english
    assert background.people(view, "zh_CN")[1] == chinese


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({}, "first dispute"),
        ({"buyer_past": 2}, "2 past"),
        ({"buyer_open": 1, "buyer_past": 2}, "1 other open, 2 past"),
    ],
)
def test_a_buyers_past_leaves_out_what_is_nothing(
    desk: Desk, known: dict[str, int], told: str
) -> None:
    view = replace(shown(desk, desk.open()), background=Background(**known))
    assert background.people(view, "en")[0] == f"*Buyer:* {told}"


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_not_possible_is_named_whole_and_explained_line_by_line(
    desk: Desk, locale: str
) -> None:
    dispute = desk.at_stage("awaiting_payment")
    desk.pay(dispute)
    view = shown(desk, dispute)
    refused = [
        o.decision.label.text(locale) for o in view.offers if not o.allowed and not o.open_to_choice
    ]
    short, lines = not_now_short(view, locale), not_now(view, locale).splitlines()
    assert "…" not in short
    named = [label for label in refused if f"“{label}”" in short]
    left_out = len(lines) - 1 - len(named)
    assert named
    more = f"and {left_out} more" if locale == "en" else f"另有 {left_out} 项"
    assert (more in short) is bool(left_out)
    assert left_out or locale == "zh_CN"
    assert all(line.startswith("• “") for line in lines[1:])


def test_a_preview_tells_moments_in_its_readers_zone(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.hold(dispute, "Sun Wei")
    until = desk.at(dispute).row.held_until
    preview = foreseen(desk, "Ada", [dispute], "rule_none", SOUND)
    several = Several((desk.visit(dispute),), "rule_none", SOUND)
    local = until.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%H:%M")
    assert f" {local} " in str(bulk.confirm(preview, "X", several, "zh_CN", "Asia/Shanghai"))
    assert f" {local} " not in str(bulk.confirm(preview, "X", several, "zh_CN", "UTC"))


def test_a_new_dispute_is_not_asked_twice_why_it_comes(desk: Desk) -> None:
    asked = [
        b.get("block_id")
        for b in modals.new(desk.db.read(lambda c, now: documents.active(c)), "en")["blocks"]
    ]
    assert "entered" in asked
    assert "field.reason" in asked
    assert "field.state" not in asked
