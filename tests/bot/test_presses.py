"""What a press does, and what only its presser is told when it does nothing."""

import json
from urllib.parse import urlencode

from sqlalchemy import select, update

from bot import ids
from core.tables import Click, Person
from tests.bot.disk import full
from tests.bot.office import Office
from tests.bot.sights import actions, last_ephemeral, wait_modal
from tests.factories import SOUND, TRIAGED


def test_missing_fields_are_pointed_out_before_anything_happens(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    at_work.settle()
    at_work.press(dispute, "decide.no_evidence", {"category": "food"})
    text = last_ephemeral(at_work, "Tom")
    assert "First choose: Reason, Buyer has given" in text
    assert desk.stage(dispute) == "triage"


def test_chinese_agent_is_refused_in_chinese(at_work: Office) -> None:
    dispute = at_work.desk.at_stage("triage")
    at_work.settle()
    at_work.press(dispute, "decide.no_evidence", TRIAGED, who="Tang Li")
    assert "由 Tom 处理中" in last_ephemeral(at_work, "Tang Li")


def test_second_presser_is_told_who_was_first_and_changes_nothing(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.open()
    at_work.settle()
    card = at_work.card(dispute)
    at_work.press(dispute, "take", who="Tom")
    at_work.person("Tang Li").click(card["channel"], card["ts"], "take")
    assert "Tom 已先处理" in last_ephemeral(at_work, "Tang Li")
    assert desk.at(dispute).row.holder_id == desk.people["Tom"]


def test_press_delivered_twice_acts_once(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.open()
    at_work.settle()
    body = at_work.payload("take", str(desk.visit(dispute)), who="Tom")
    assert [at_work.send(body).status_code for _ in range(3)] == [200, 200, 200]
    assert len(desk.visits(dispute)) == 2
    assert len(desk.rows(select(Click.key).where(Click.key.startswith("press:")))) == 1


def test_press_is_decided_although_slack_does_not_say_who_the_bot_is(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.open()
    body = at_work.payload("take", str(desk.visit(dispute)), who="Tom")
    with at_work.sandbox.broken("error", method="auth.test", error="internal_error"):
        assert at_work.send(body).status_code == 200
    assert desk.stage(dispute) == "triage"


def test_press_that_could_not_be_committed_is_not_acknowledged(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.open()
    body = at_work.payload("take", str(desk.visit(dispute)), who="Tom")
    with full(desk.db):
        assert at_work.send(body).status_code == 500
    assert desk.stage(dispute) == "intake"
    assert at_work.send(body).status_code == 200
    assert desk.stage(dispute) == "triage"


def test_setting_a_field_holds_the_dispute_for_the_setter(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    at_work.press(dispute, "field.quality", who="Ada", value="sound")
    row = desk.at(dispute).row
    assert row.holder_id == desk.people["Ada"]
    at_work.press(dispute, "decide.rule_buyer", SOUND, who="Sun Wei")
    assert "Ada 正在处理" in last_ephemeral(at_work, "Sun Wei")


def test_decision_with_its_own_reason_asks_it_in_a_modal(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    at_work.press(dispute, "ask.cannot_judge", SOUND, who="Ada")
    ada = at_work.person("Ada")
    modal = wait_modal(at_work, "Ada")
    assert modal["callback_id"] == "decide"
    ada.submit({"field.cannot_judge_reason": "contradiction"})
    assert desk.stage(dispute) == "evidence_review"


def test_modal_that_leaves_its_reason_out_says_so_beside_the_field(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("intake")
    at_work.settle()
    at_work.press(dispute, "more", who="Tom", value=f"{desk.visit(dispute)}:decline")
    wait_modal(at_work, "Tom")
    outcome = at_work.person("Tom").submit({})
    assert outcome.get("errors")
    at_work.person("Tom").submit({"field.not_accepted_reason": "out_of_time"})
    assert desk.stage(dispute) == "not_accepted"


def test_deactivated_agent_s_press_is_refused(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.open()
    at_work.settle()
    desk.db.transact(
        lambda c, now: c.execute(update(Person).where(Person.name == "Tom").values(active=False))
    )
    at_work.press(dispute, "take", who="Tom")
    assert "not an active member" in last_ephemeral(at_work, "Tom")
    assert desk.stage(dispute) == "intake"


def test_released_triage_shows_take_again(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    at_work.settle()
    assert "take" not in actions(at_work, dispute)
    at_work.press(dispute, "more", value=f"{desk.visit(dispute)}:HANDOVER")
    wait_modal(at_work, "Tom")
    at_work.person("Tom").submit({"reason": "shift_ends"})
    at_work.settle()
    assert "Tom handed it over: My shift ends" in str(at_work.card(dispute)["blocks"])
    assert "take" in actions(at_work, dispute)
    at_work.press(dispute, "take", who="Tang Li")
    assert desk.at(dispute).row.holder_id == desk.people["Tang Li"]


def submission(office: Office, dispute: int, reason: str) -> str:
    """The body of a modal's submission; its id and hash stay the same, as in Slack."""
    key, option = "field.cannot_judge_reason", {"value": reason} if reason else None
    payload = {
        "type": "view_submission",
        "team": {"id": "T0001"},
        "user": {"id": office.slack_ids["Ada"]},
        "view": {
            "id": "V1",
            "hash": "1.same",
            "type": "modal",
            "callback_id": ids.DECIDE_VIEW,
            "private_metadata": ids.view_metadata(
                office.desk.visit(dispute), "cannot_judge", SOUND
            ),
            "state": {"values": {key: {key: {"type": "static_select", "selected_option": option}}}},
        },
    }
    return urlencode({"payload": json.dumps(payload)})


def test_modal_that_the_desk_refused_can_be_mended_and_sent_again(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    empty, mended = (submission(at_work, dispute, reason) for reason in ("", "contradiction"))
    for _ in range(2):
        assert at_work.send(empty).json()["response_action"] == "errors"
    assert at_work.send(mended).json()["response_action"] == "clear"
    assert desk.stage(dispute) == "evidence_review"
    assert at_work.send(mended).json()["response_action"] == "clear"  # twice is once
    assert len(desk.visits(dispute)) == 4
