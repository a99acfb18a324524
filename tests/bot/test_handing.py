"""Handing over, snoozing and noting a contact from a card."""

from tests.bot.office import Office
from tests.bot.sights import wait_modal
from tests.factories import SOUND, TRIAGED


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


def test_contact_is_noted_from_the_card_and_told_in_its_thread(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage", facts={"reason": "unsafe"})
    at_work.settle()
    assert "A: urgent" in str(at_work.card(dispute)["blocks"])
    at_work.press(dispute, "more.9", value=f"{desk.visit(dispute)}:CONTACT")
    wait_modal(at_work, "Tom")
    at_work.person("Tom").submit({"reason": "got_through"})
    at_work.settle()
    lines = at_work.thread(desk.visit(dispute))
    assert "Tom noted a contact: Reached" in lines


def test_another_grade_is_told_in_the_thread(at_work: Office) -> None:
    dispute = at_work.desk.at_stage("triage")
    visit = at_work.desk.visit(dispute)
    at_work.settle()
    at_work.press(dispute, "decide.no_evidence", {**TRIAGED, "reason": "unsafe"})
    at_work.settle()
    told = "Grade is now A: urgent (it was B: normal); starts now: Reach the buyer (A)"
    assert told in at_work.thread(visit)
