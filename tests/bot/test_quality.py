"""A defect reaches its agent as a direct message, and is contested there (W6)."""

from sqlalchemy import select

from core.tables import Channel, Judgment
from tests.bot.office import Office
from tests.bot.sights import direct


def test_judging_is_one_click_and_contesting_another(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    assert "radio_buttons" in str(at_work.card(dispute)["blocks"])
    at_work.press(dispute, "field.quality", who="Ada", value="wrong_facts")
    at_work.press(dispute, "decide.rule_none", {"quality": "wrong_facts"}, who="Ada")
    desk.pass_time(minutes=1)
    at_work.settle()
    channel, messages = direct(at_work, "Tom")
    assert "Ada found a defect in your decision" in messages[-1]["text"]
    reason = {"contest_reason": "followed_the_rules"}
    at_work.person("Tom").click(channel, messages[-1]["ts"], "contest", state=reason)
    at_work.settle()
    row = desk.rows(select(Channel.slack_id).where(Channel.key == "escalation"))[0]
    asked = at_work.sandbox.messages(row.slack_id)[-1]
    assert "Reason: It followed the rules of that time" in asked["text"]
    at_work.person("Sun Wei").click(row.slack_id, asked["ts"], "annul")
    assert desk.rows(select(Judgment.upheld)) == [(False,)]
    at_work.settle()
    assert "was withdrawn" in direct(at_work, "Tom")[1][-1]["text"]
