"""Contacts: only what they bring about keeps what is promised about it (G2, G4, rule 12)."""

from sqlalchemy import select

from core.desk import contacting
from core.desk.answers import Answer, Applied, Refused
from core.tables import Deadline, Event
from tests.factories import TRIAGED, Desk

UNSAFE = {"reason": "unsafe"}


def contacted(desk: Desk, dispute: int, result: str, name: str = "Tom") -> Answer:
    """Somebody notes what came of trying to reach the buyer."""
    return desk.db.transact(
        contacting.contact, desk.visit(dispute), result, desk.who(name), click=desk.click()
    )


def over(desk: Desk, key: str) -> list[bool]:
    """Of each running of a promise whether it is over."""
    rows = desk.rows(select(Deadline.stopped_at).where(Deadline.service_level == key))
    return [row.stopped_at is not None for row in rows]


def test_reaching_the_buyer_keeps_the_promise_and_nothing_less_does(any_desk: Desk) -> None:
    desk = any_desk
    dispute = desk.at_stage("triage", facts=UNSAFE)
    assert isinstance(contacted(desk, dispute, "no_answer"), Applied)
    assert isinstance(contacted(desk, dispute, "call_back_later"), Applied)
    assert over(desk, "contact_urgent") == [False]
    assert isinstance(contacted(desk, dispute, "got_through"), Applied)
    assert over(desk, "contact_urgent") == [True]
    told = desk.rows(select(Event.data).where(Event.kind == "contacted").order_by(Event.id))
    assert [row.data["achieved"] for row in told] == ["", "", "contacted"]
    assert desk.differences() == []


def test_carrier_is_asked_in_time_and_its_answer_is_waited_for(any_desk: Desk) -> None:
    desk = any_desk
    dispute = desk.at_stage("triage", facts={"reason": "false_delivery"})
    assert (over(desk, "carrier_contact"), over(desk, "carrier_answer")) == ([False], [])
    contacted(desk, dispute, "got_through")
    assert over(desk, "carrier_contact") == [False]
    contacted(desk, dispute, "asked_carrier")
    assert (over(desk, "carrier_contact"), over(desk, "carrier_answer")) == ([True], [False])
    desk.pass_time(hours=47)
    contacted(desk, dispute, "answer_of_carrier")
    assert over(desk, "carrier_answer") == [True]
    assert desk.differences() == []


def test_ruling_waits_for_no_carrier_any_more(desk: Desk) -> None:
    dispute = desk.at_stage("triage", facts={"reason": "false_delivery"})
    contacted(desk, dispute, "asked_carrier")
    desk.must(dispute, "no_evidence", {**TRIAGED, "reason": "false_delivery"})
    desk.must(dispute, "rule_merchant", {"quality": "sound"})
    assert over(desk, "carrier_answer") == [True]


def test_contact_leaves_the_visit_its_time_and_its_holder(desk: Desk) -> None:
    dispute = desk.at_stage("triage", facts=UNSAFE)
    contacted(desk, dispute, "got_through")
    assert over(desk, "triage") == [False]
    assert desk.at(dispute).row.holder_id == desk.people["Tom"]
    desk.must(dispute, "no_evidence", {**TRIAGED, **UNSAFE})
    desk.undo(dispute)
    assert over(desk, "contact_urgent") == [True]  # what was undone is the decision alone


def test_buyer_who_was_reached_before_is_not_waited_for_when_the_grade_rises(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    contacted(desk, dispute, "got_through")
    desk.must(dispute, "no_evidence", {**TRIAGED, **UNSAFE})
    assert over(desk, "contact_urgent") == []


def test_contact_is_noted_by_presets_and_by_who_may_act(desk: Desk) -> None:
    dispute = desk.at_stage("triage", facts=UNSAFE)
    assert contacted(desk, dispute, "they said no").key == "unknown_preset"
    held = contacted(desk, dispute, "got_through", name="Tang Li")
    assert isinstance(held, Refused)
    assert held.key == "held"
    desk.must(dispute, "no_evidence", {**TRIAGED, **UNSAFE})
    desk.must(dispute, "rule_buyer", {"quality": "sound"})
    finished = desk.at_stage("finished")
    assert isinstance(contacted(desk, finished, "got_through"), Refused)
