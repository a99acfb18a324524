"""Supervisors are asked where no option fits, and answer with one choice (D4)."""

from sqlalchemy import select

from core.tables import Channel
from tests.bot.office import Office
from tests.bot.sights import actions
from tests.factories import SOUND


def question(office: Office) -> tuple[str, dict]:  # type: ignore[type-arg]
    """The channel of the supervisors, and the latest message there."""
    row = office.desk.rows(select(Channel.slack_id).where(Channel.key == "escalation"))[0]
    return row.slack_id, office.sandbox.messages(row.slack_id)[-1]


def test_no_option_fits_is_one_click_and_its_answer_another(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    visit = desk.visit(dispute)
    at_work.press(dispute, "park", SOUND, who="Ada")
    at_work.settle()
    assert actions(at_work, dispute) == ["open"]
    assert "with a supervisor since" in at_work.card(dispute)["text"]
    channel, asked = question(at_work)
    assert "Ada found nothing to choose for: the decision" in asked["text"]
    at_work.person("Sun Wei").click(channel, asked["ts"], "hint", f"{visit}:ask_first")
    at_work.settle()
    assert "Sun Wei says: Ask for evidence first" in str(at_work.card(dispute)["blocks"])
    assert "decide.rule_none" in actions(at_work, dispute)
    at_work.press(dispute, "decide.rule_none", SOUND, who="Ada")
    assert desk.stage(dispute) == "verification"


def test_supervisor_takes_it_over_and_decides(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    desk.park(dispute)
    at_work.settle()
    channel, asked = question(at_work)
    at_work.person("Sun Wei").click(channel, asked["ts"], "take_over")
    at_work.settle()
    at_work.press(dispute, "decide.rule_none", SOUND, who="Sun Wei")
    assert desk.stage(dispute) == "verification"
