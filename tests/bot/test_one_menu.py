"""What a card asks and offers beside decisions: one menu, no question that nobody would read."""

from dataclasses import replace
from typing import Any

import pytest

from bot.cards.asked import askable
from bot.cards.card import MOST_MENU, card
from core.desk import views
from core.workflow.terms import Meaning
from tests.bot.drawn import problems, shown
from tests.factories import AT, STAGES, Desk


def elements(view: views.CardView) -> list[dict[str, Any]]:
    """The buttons and menus of a card."""
    blocks = card(view, "en")[1]
    return [e for block in blocks if block["type"] == "actions" for e in block["elements"]]


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("stage", STAGES)
def test_card_has_one_menu_whether_it_is_held_or_not(desk: Desk, stage: str, held: bool) -> None:
    dispute = desk.at_stage(stage)
    if held:
        desk.hold(dispute, AT[stage])
    elif stage == "triage":
        desk.release(dispute, "Tom")
    found = elements(shown(desk, dispute))
    (menu,) = [element for element in found if element["type"] == "overflow"]
    named = [option["text"]["text"] for option in menu["options"]]
    assert named[0] == "Details"
    assert {"Hand over…", "Snooze…"} < set(named)
    assert ("Release" in named) is held
    assert "No option fits" in [e["text"]["text"] for e in found if e["type"] == "button"]


def test_ends_that_the_menu_cannot_hold_are_buttons(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.hold(dispute, "Ada")
    view = shown(desk, dispute)
    (menu,) = [element for element in elements(view) if element["type"] == "overflow"]
    assert len(menu["options"]) == MOST_MENU
    offer = next(o for o in view.offers if o.decision.key == "settle")
    more = replace(offer, decision=replace(offer.decision, key="settle_again"))
    fuller = replace(view, offers=(*view.offers, more))
    assert problems(card(fuller, "en")) == []
    assert [e["action_id"] for e in elements(fuller)].count("ask.settle_again") == 1


@pytest.mark.parametrize("stage", STAGES)
def test_remark_is_asked_only_where_a_later_stage_will_read_it(desk: Desk, stage: str) -> None:
    asked = {field.meaning for field in askable(shown(desk, desk.at_stage(stage)))}
    assert (Meaning.REMARK in asked) is (stage != "verification")


def test_state_stands_on_the_triage_card_as_the_dispute_came_in(desk: Desk) -> None:
    dispute = desk.at_stage("triage", entered="merchant_timeout")
    blocks = {block.get("block_id"): block for block in card(shown(desk, dispute), "en")[1]}
    chosen = blocks["field.state"]["accessory"]["initial_option"]
    assert chosen["text"]["text"] == "Merchant timed out"
