"""A supervisor corrects what was recorded; the old value stays in the record (D3)."""

from typing import Any

from sqlalchemy import select

from core.desk import correct
from core.desk.answers import Answer, Applied, Refused
from core.tables import Event
from tests.factories import Desk


def fix(desk: Desk, dispute: int, key: str, value: Any, why: str = "", name: str = "") -> Answer:
    """Somebody corrects a fact."""
    who = desk.who(name or "Sun Wei")
    return desk.db.transact(correct.correct_fact, dispute, key, value, why or "wrong_click", who)


def test_new_value_holds_and_the_old_one_is_kept(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("finished")
    assert isinstance(fix(desk, dispute, "category", "digital"), Applied)
    assert desk.at(dispute).facts["category"] == "digital"
    event = desk.rows(select(Event.data).where(Event.kind == "corrected"))[0].data
    assert (event["old"], event["facts"], event["reason"]) == (
        "food",
        {"category": "digital"},
        "wrong_click",
    )
    assert desk.stage(dispute) == "finished"
    assert desk.differences() == []


def test_only_supervisors_correct_and_only_by_presets(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")

    def key(answer: Answer) -> str:
        return answer.key if isinstance(answer, Refused) else ""

    assert key(fix(desk, dispute, "category", "digital", name="Tom")) == "no_right"
    assert key(fix(desk, dispute, "category", "made up")) == "unknown_preset"
    assert key(fix(desk, dispute, "category", "digital", "because")) == "unknown_preset"
    assert key(fix(desk, dispute, "category", "food")) == "nothing_to_correct"
    assert key(fix(desk, dispute, "share", "full")) == "not_correctable"
    assert key(fix(desk, dispute, "quality", "sound")) == "not_correctable"
    assert key(fix(desk, dispute, "liability", "merchant")) == "not_correctable"


def test_what_nobody_answered_yet_is_not_corrected(desk: Desk) -> None:
    dispute = desk.open()
    told = {key: desk.at(dispute).facts.get(key) for key in ("given_buyer", "remedy")}
    assert told == {"given_buyer": None, "remedy": None}
    for key, value in (("given_buyer", ["chat"]), ("remedy", "refund_only")):
        answer = fix(desk, dispute, key, value)
        assert isinstance(answer, Refused)
        assert answer.key == "not_correctable"
    assert desk.at(dispute).facts.get("remedy") is None


def test_remedy_that_was_decided_is_not_corrected_to_another(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_payment")
    before = desk.at(dispute).facts["remedy"]
    other = "return_refund" if before == "refund_only" else "refund_only"
    answer = fix(desk, dispute, "remedy", other)
    assert isinstance(answer, Refused)
    assert answer.key == "not_correctable"
    assert desk.at(dispute).facts["remedy"] == before
