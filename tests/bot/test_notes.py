"""Remarks and internal notes as agents see them (D8)."""

from tests.bot.office import Office
from tests.bot.sights import wait_for_modals, wait_modal
from tests.factories import TRIAGED


def test_remark_chosen_on_one_card_is_read_on_the_next(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    at_work.settle()
    chosen = {**TRIAGED, "remark": ["check_photos"]}
    at_work.press(dispute, "decide.no_evidence", chosen)
    at_work.settle()
    assert desk.stage(dispute) == "adjudication"
    assert "Remark: Look closely at the photos" in str(at_work.card(dispute)["blocks"])


def test_note_is_written_in_a_modal_and_read_masked_in_the_details(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    at_work.settle()
    visit = desk.visit(dispute)
    at_work.press(dispute, "more", value=f"{visit}:DETAILS")
    wait_modal(at_work, "Tom")
    at_work.person("Tom").click_view("write")
    wait_for_modals(at_work, "Tom", 2)
    said = "Ring <!channel> *back* at 138 0013 8000, brother"
    at_work.person("Tom").submit({"note": said})
    at_work.settle()
    assert "Tom left an internal note" in at_work.thread(visit)
    assert "brother" not in str(at_work.sandbox.messages(at_work.card(dispute)["channel"]))
    body = at_work.payload("open", str(visit), who="Tom")
    at_work.send(body)
    shown = str(at_work.sandbox.traffic(limit=50))
    assert "138 0013 8000" not in shown.rsplit("views.open", maxsplit=1)[-1]
