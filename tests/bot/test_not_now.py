"""What is not possible now is named on the card, and why is told in its details (K1)."""

import pytest

from bot.cards.card import card
from bot.cards.modals import opened
from core.i18n import LOCALES
from tests.bot.drawn import shown
from tests.bot.office import Office
from tests.bot.sights import wait_modal
from tests.factories import Desk


@pytest.mark.parametrize("locale", LOCALES)
def test_card_names_what_is_not_possible_and_its_details_say_why(desk: Desk, locale: str) -> None:
    dispute = desk.at_stage("verification")
    desk.funds(dispute, held=0)
    view = shown(desk, dispute)
    refused = next(o.decision for o in view.offers if o.decision.key == "nothing_due")
    label = refused.label.text(locale)
    reason = view.document.reason_by_key["owes"].text(locale)
    _, blocks = card(view, locale)
    assert blocks[-1]["type"] == "context"
    assert label in str(blocks[-1])
    assert reason not in str(blocks)
    assert reason in str(opened(view, locale, None)["blocks"])


def test_details_open_from_the_card_s_menu_and_hold_it(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    at_work.press(dispute, "more", who="Ada", value=f"{desk.visit(dispute)}:DETAILS")
    assert wait_modal(at_work, "Ada")["callback_id"] == "details"
    at_work.settle()
    assert "Ada is working on it" in at_work.card(dispute)["text"]
