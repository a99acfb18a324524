"""What agents see of assignment rules: whose the card is, and by which rule (A2)."""

import json

from bot.cards.facts import status
from core.desk import views
from tests.bot.office import Office
from tests.bot.sights import actions
from tests.core.desk.ruled import away, publish, rule, tick
from tests.factories import VAULT


def test_assigned_card_says_who_has_it_by_which_rule_and_has_no_take_button(
    at_work: Office,
) -> None:
    desk = at_work.desk
    publish(desk, rule("intake", people=("U0002",)))
    dispute = desk.open()
    at_work.settle()
    card = at_work.card(dispute)
    assert "Assigned to Tom by the rule “Rule intake_round_robin”" in json.dumps(
        card["blocks"], ensure_ascii=False
    )
    assert "take" not in actions(at_work, dispute)
    view = desk.db.read(views.card_view, desk.visit(dispute), VAULT)
    assert view is not None
    assert "已按规则“规则 intake_round_robin”分派给 Tom" in status(view, "zh_CN")


def test_dispute_that_waited_at_intake_says_in_its_thread_by_which_rule_it_went(
    at_work: Office,
) -> None:
    desk = at_work.desk
    publish(desk, rule("intake", people=("U0002",)))
    away(desk, "Tom", hours=1)
    dispute = desk.open()
    at_work.settle()
    intake = desk.visit(dispute)
    desk.pass_time(hours=1)
    tick(desk)
    at_work.settle()
    (line, *_) = at_work.thread(intake)
    assert "assigned by the rule “Rule intake_round_robin”" in line
    assert "Assigned to Tom" in json.dumps(at_work.card(dispute)["blocks"])
