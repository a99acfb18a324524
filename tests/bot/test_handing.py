"""Handing over and snoozing from a card's menu."""

from tests.bot.office import Office
from tests.bot.sights import wait_modal
from tests.factories import SOUND


def test_snoozed_card_says_until_when_and_why(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    at_work.press(dispute, "more", value=f"{desk.visit(dispute)}:SNOOZE", who="Ada")
    wait_modal(at_work, "Ada")
    at_work.person("Ada").submit({"length": "two_hours", "reason": "settling"})
    at_work.settle()
    shown = str(at_work.card(dispute)["blocks"])
    assert "Snoozed until" in shown
    assert "by Ada: The parties are talking" in shown
    at_work.press(dispute, "decide.rule_none", SOUND, who="Ada")
    assert desk.stage(dispute) == "verification"


def test_dispute_is_handed_to_a_colleague_by_name(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    at_work.settle()
    at_work.press(dispute, "more", value=f"{desk.visit(dispute)}:HANDOVER")
    wait_modal(at_work, "Tom")
    colleague = desk.people["Tang Li"]
    at_work.person("Tom").submit({"to": str(colleague), "reason": "knows_better"})
    at_work.settle()
    assert desk.at(dispute).row.holder_id == colleague
    assert "Tom handed it over: A colleague knows this better" in str(
        at_work.card(dispute)["blocks"]
    )
