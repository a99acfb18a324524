"""Lawful ends through Slack: not accepted, settled, withdrawn (D1, D2)."""

from core.desk.answers import Applied
from core.desk.party_view import party_view
from tests.bot.office import Office
from tests.bot.sights import actions, wait_modal
from tests.factories import TRIAGED, Desk


def because(desk: Desk, dispute: int) -> str:
    """The reason that the buyer is told."""
    view = desk.db.read(party_view, dispute)
    assert view is not None
    return view.because.en if view.because else ""


def test_buyer_is_told_why_a_dispute_is_not_accepted(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    at_work.settle()
    at_work.press(dispute, "more", value=f"{desk.visit(dispute)}:decline")
    wait_modal(at_work, "Tom")
    at_work.person("Tom").submit({"field.not_accepted_reason": "bought_elsewhere"})
    assert desk.stage(dispute) == "not_accepted"
    assert because(desk, dispute) == "Bought elsewhere"
    assert because(desk, desk.at_stage("finished")) == ""


def test_parties_who_settle_later_are_verified_first(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    at_work.press(dispute, "more", value=f"{desk.visit(dispute)}:settle", who="Ada")
    wait_modal(at_work, "Ada")
    at_work.person("Ada").submit({"field.remedy": "refund_only"})
    assert desk.stage(dispute) == "verification"
    at_work.settle()
    desk.funds(dispute)
    at_work.settle()
    assert "decide.deduct_online" in actions(at_work, dispute)


def test_parties_who_owe_nothing_are_done(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    at_work.settle()
    settled = {**TRIAGED, "state": "settled"}
    at_work.press(dispute, "ask.settled_before", settled)
    wait_modal(at_work, "Tom")
    at_work.person("Tom").submit({"field.remedy": "nothing_owed"})
    assert desk.stage(dispute) == "finished"


def test_card_says_that_the_buyer_withdrew_and_stale_clicks_change_nothing(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    visit = desk.visit(dispute)
    assert isinstance(desk.party(dispute, "buyer", "withdraw"), Applied)
    at_work.settle()
    assert "Buyer withdraws" in at_work.message(visit)["text"]
    body = at_work.payload("decide.rule_none", str(visit), who="Ada")
    assert at_work.send(body).status_code == 200
    assert desk.stage(dispute) == "withdrawn"
