"""Whoever decided is offered to take it back, and nobody else is (D3)."""

from typing import Any

from core.desk.answers import Applied
from tests.bot.office import Office
from tests.bot.sights import wait_modal, wait_told
from tests.factories import REFUND, SOUND, TRIAGED


def offer(office: Office, who: str) -> dict[str, Any]:
    """The message with the undo button that somebody sees."""
    seen = office.person(who).seen(0, wait=3.0, kind="ephemeral")
    found = [c["message"] for c in seen if "accessory" in str(c["message"].get("blocks"))]
    assert found, "no undo was offered"
    return dict(found[-1])


def undo(office: Office, who: str, channel: str) -> None:
    """Somebody presses undo on what they were offered."""
    office.person(who).click(channel, offer(office, who)["ts"], "undo")


def test_author_undoes_beside_the_card_and_decides_anew(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    at_work.settle()
    old, channel = desk.visit(dispute), at_work.card(dispute)["channel"]
    at_work.press(dispute, "decide.request_both", TRIAGED)
    at_work.settle()
    assert "“Ask both” → Awaiting evidence" in offer(at_work, "Tom")["text"]
    assert at_work.person("Tang Li").seen(0, kind="ephemeral") == []
    undo(at_work, "Tom", channel)
    assert desk.stage(dispute) == "triage"
    at_work.settle()
    assert "undone → " in at_work.message(old)["text"] or "Triage" in at_work.message(old)["text"]
    assert "undone" in str(at_work.message(old)["blocks"])
    assert "Tom took the decision back: at Triage again" in at_work.thread(old)
    at_work.press(dispute, "decide.no_evidence", TRIAGED)
    assert desk.stage(dispute) == "adjudication"


def test_what_was_chosen_stands_on_the_fresh_card_for_its_author_alone(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("evidence_review")
    desk.must(dispute, "enough", {"quality": "evidence_overlooked", "remark": ["check_photos"]})
    desk.undo(dispute)
    at_work.settle()
    drawn = str(at_work.card(dispute)["blocks"])
    assert "'initial_option': {'text': {'type': 'plain_text', 'text': 'Defect: evidence" in drawn
    assert "'initial_options': [{'text': {'type': 'plain_text', 'text': 'Look closely" in drawn
    at_work.press(dispute, "decide.enough", who="Eva")
    assert desk.stage(dispute) == "adjudication"
    desk.undo(dispute)
    desk.release(dispute, "Eva")
    at_work.settle()
    assert "initial_option" not in str(at_work.card(dispute)["blocks"])
    assert desk.differences() == []


def test_decision_made_in_a_modal_can_be_undone_too(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    channel = at_work.card(dispute)["channel"]
    at_work.press(dispute, "ask.cannot_judge", SOUND, who="Ada")
    wait_modal(at_work, "Ada")
    at_work.person("Ada").submit({"field.cannot_judge_reason": "contradiction"})
    assert desk.stage(dispute) == "evidence_review"
    at_work.settle()
    undo(at_work, "Ada", channel)
    assert desk.stage(dispute) == "adjudication"


def test_amount_that_moves_is_named_while_it_can_be_called_back(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("verification")
    at_work.settle()
    at_work.press(dispute, "decide.deduct_online", {**REFUND, "share": "half"}, who="Vera")
    at_work.settle()
    assert "CN¥95.00" in offer(at_work, "Vera")["text"]
    assert desk.stage(dispute) == "awaiting_payment"


def test_late_undo_is_refused_politely(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    at_work.settle()
    channel = at_work.card(dispute)["channel"]
    at_work.press(dispute, "decide.no_evidence", TRIAGED)
    at_work.settle()
    told = offer(at_work, "Tom")
    desk.hold(dispute, "Ada")
    at_work.person("Tom").click(channel, told["ts"], "undo")
    wait_told(at_work, "Tom", "Ada has already gone on")
    assert desk.stage(dispute) == "adjudication"


def test_nothing_is_offered_once_the_minute_is_over(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    at_work.settle()
    at_work.press(dispute, "decide.no_evidence", TRIAGED)
    desk.pass_time(seconds=60)
    at_work.settle()
    assert at_work.person("Tom").seen(0, kind="ephemeral") == []


def test_card_of_the_visit_that_was_closed_leads_to_the_fresh_one(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    at_work.settle()
    at_work.press(dispute, "decide.no_evidence", TRIAGED)
    at_work.settle()
    next_visit = desk.visit(dispute)
    assert isinstance(desk.undo(dispute), Applied)
    at_work.settle()
    fresh = at_work.card(dispute)
    assert "“Undone”" in at_work.message(next_visit)["blocks"][0]["text"]["text"]
    assert fresh["ts"].replace(".", "") in str(at_work.message(next_visit)["blocks"])
