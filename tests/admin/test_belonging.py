"""Linking, merging, splitting and correcting on a dispute's page (K2, D3)."""

import re
from typing import Any

import pytest

from core.desk import incidents
from core.desk.bulk import MOST_AT_ONCE
from core.desk.intake import OrderInfo
from tests.factories import KETTLE, SOUND, TRIAGED, Desk
from tests.panel import Panel, Visitor

CUPS = {"key": "2", "title": "Cup", "unit_price": 333, "quantity": 3}
ORDER = OrderInfo("CNY", 20_999, 1_000, lines=(KETTLE, CUPS))


def number(desk: Desk, dispute: int) -> str:
    """The number by which people know a dispute."""
    return str(desk.at(dispute).row.number)


def shown(plain: str) -> str:
    """The number as people read it."""
    return "-".join(plain[i : i + 3] for i in range(0, 9, 3))


def act(visitor: Visitor, which: str, what: str, **form: Any) -> str:
    """Sends a form of a dispute's page; returns the page that follows."""
    answer = visitor.post(f"/disputes/{which}/{what}", form)
    assert answer.status_code == 303, answer.text
    return visitor.client.get(answer.location.partition("#")[0]).text


def test_lead_links_two_disputes_and_both_pages_show_it(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    one, other = number(desk, desk.open()), number(desk, desk.at_stage("triage"))
    told = act(visitor, one, "link", other=shown(other).lower(), relation="same_parcel")
    assert "The disputes are linked." in told
    assert "The same parcel" in told
    assert f"linked it with {shown(other)}: The same parcel" in told
    assert shown(one) in visitor.get(f"/disputes/{other}/").text
    again = act(visitor, other, "link", other=one, relation="follows")
    assert "linked already" in again
    assert "The link is taken back." in act(visitor, one, "unlink", other=other)
    assert "linked with no other dispute" in visitor.get(f"/disputes/{one}/").text


def test_merging_is_shown_first_then_done_and_undone(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    second, first = (desk.at_stage("awaiting_evidence", buyer="anna") for _ in range(2))
    desk.give(second, "buyer", "video")
    one, other = number(desk, second), number(desk, first)
    preview = visitor.get(f"/disputes/{one}/merge?into={shown(other)}").text
    for words in ("Merge ", "evidence (1)", "the buyer, the merchant", "Awaiting evidence"):
        assert words in preview, words
    assert desk.stage(second) == "awaiting_evidence"
    told = act(visitor, one, "merge", into=other)
    assert f"Merged into {shown(other)}" in told
    story = visitor.get(f"/disputes/{other}/").text
    assert "Unboxing video" in story
    assert f"from {shown(one)}" in story
    visit = re.search(r'action="[^"]*/undo">.*?name="visit" value="(\d+)"', told, re.DOTALL)
    assert visit is not None
    assert "Undone." in act(visitor, one, "undo", visit=visit[1])
    assert desk.stage(second) == "awaiting_evidence"
    assert desk.differences() == []


def test_merge_that_cannot_be_is_refused_on_the_page(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    one, other = number(desk, desk.open()), number(desk, desk.open())
    answer = visitor.get(f"/disputes/{one}/merge?into={other}")
    page = visitor.client.get(answer.location.partition("#")[0]).text
    assert "are of different buyers" in page
    assert "no dispute with this number" in act(visitor, one, "merge", into="AAAAAAAAA")


def test_items_are_split_off_after_a_preview_of_both_parts(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    dispute = desk.at_stage("triage", order=ORDER)
    which = number(desk, dispute)
    preview = visitor.get(f"/disputes/{which}/split?line:1=1&line:2=0").text
    assert "Kettle × 1" in preview
    assert "¥9,974.98" in preview or "¥99.75" in preview
    told = act(visitor, which, "split", **{"line:1": "1"})
    assert "Split. The chosen items go on as" in told
    assert "Split off from this one" in told
    assert desk.at(dispute).lines == {"1": 1, "2": 3}
    for wrong in ("9", "x", "-1", "0"):
        page = visitor.get(f"/disputes/{which}/split?line:1={wrong}").text
        assert re.search("More was chosen|Nothing was chosen", page), wrong
    assert desk.differences() == []


def test_fact_is_corrected_with_a_reason_and_the_old_value_stays_beside(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    dispute = desk.at_stage("adjudication")
    which = number(desk, dispute)
    form = {"field": "reason", "value": "wrong_item", "reason": "wrong_click"}
    told = act(visitor, which, "correct", **form)
    assert "Corrected." in told
    assert "Reason: Damaged in transit → Reason: Wrong item sent (A wrong click)" in told
    several = {"field": "given_buyer", "value": ["chat", "video"], "reason": "new_evidence"}
    act(visitor, which, "correct", **several)
    assert desk.at(dispute).facts["given_buyer"] == ("chat", "video")
    assert "unknown" not in act(visitor, which, "correct", field="quality", value="x", reason="y")
    assert desk.differences() == []


def test_correcting_offers_what_was_answered_by_the_name_that_the_story_uses(
    panel: Panel, visitor: Visitor
) -> None:
    page = visitor.get(f"/disputes/{number(panel.desk, panel.desk.at_stage('triage'))}/").text
    assert 'name="field" value="remedy"' not in page
    assert 'name="field" value="given_buyer"' not in page
    paid = panel.desk.at_stage("awaiting_payment")
    page = visitor.get(f"/disputes/{number(panel.desk, paid)}/").text
    assert 'name="field" value="given_buyer"' in page
    assert 'name="field" value="remedy"' not in page


@pytest.mark.parametrize("name", ["Tom", "Tim", "Olga"])
def test_others_see_no_such_act_and_have_no_way_around_it(panel: Panel, name: str) -> None:
    desk = panel.desk
    dispute = desk.at_stage("triage", order=ORDER)
    which, visitor = number(desk, dispute), panel.visitor(name)
    page = visitor.get(f"/disputes/{which}/").text
    assert "/merge" not in page
    assert "/correct" not in page
    for what in ("link", "unlink", "merge", "split", "correct"):
        assert visitor.post(f"/disputes/{which}/{what}", {"line:1": "1"}).status_code == 403
    assert visitor.get(f"/disputes/{which}/merge?into={which}").status_code == 403


@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_page_of_a_merged_and_a_split_dispute_can_be_told(
    panel: Panel, visitor: Visitor, locale: str
) -> None:
    desk = panel.desk
    first = desk.at_stage("triage", order=ORDER, buyer="anna")
    second = desk.at_stage("adjudication", buyer="anna")
    visitor.post("/language", {"locale": locale})
    act(visitor, number(desk, first), "split", **{"line:2": "2"})
    act(visitor, number(desk, second), "merge", into=number(desk, first))
    desk.give(second)
    for dispute in (first, second, second + 1):
        text = visitor.get(f"/disputes/{number(desk, dispute)}/").text
        main = text[text.index("<main") :]
        assert not re.search(r">\s*(merged_in|split_off|passed_on|panel\.)", main)


def test_page_says_how_many_of_a_large_incident_it_decides(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    every = [desk.at_stage("triage") for _ in range(MOST_AT_ONCE + 2)]
    visits = [desk.visit(dispute) for dispute in every]
    desk.db.transact(incidents.group, desk.who("Sun Wei"), visits, title="Truck fire")
    page = visitor.get(f"/disputes/{number(desk, every[0])}/together").text
    assert "22 disputes of this incident stand at this stage; here are the first 20" in page
    desk.choose(every[-1], "no_evidence", TRIAGED)
    desk.choose(every[-2], "no_evidence", TRIAGED)
    page = visitor.get(f"/disputes/{number(desk, every[0])}/together").text
    assert "20 disputes of this incident stand at this stage. Choose once" in page


def test_incident_is_ruled_once_after_a_preview_of_each(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    one, other, gone = (desk.at_stage("adjudication") for _ in range(3))
    visits = [desk.visit(dispute) for dispute in (one, other, gone)]
    desk.db.transact(incidents.group, desk.who("Sun Wei"), visits, title="Truck fire")
    which = number(desk, one)
    assert "/together" in visitor.get(f"/disputes/{which}/").text
    first = visitor.get(f"/disputes/{which}/together").text
    assert "Merchant liable" in first
    query = "decision=rule_merchant&field:quality=sound"
    preview = visitor.get(f"/disputes/{which}/together?{query}").text
    assert preview.count("Remedy verification") == 3
    form = {"decision": "rule_merchant", "field:quality": "sound", "click": "once"}
    desk.must(gone, "rule_none", SOUND)
    told = act(visitor, which, "together", visit=[str(v) for v in visits], **form)
    assert "Decided: 2" in told
    assert [desk.stage(d) for d in (one, other)] == ["verification", "verification"]
    assert desk.at(gone).facts["liability"] == "none"  # somebody was first
    again = act(visitor, which, "together", visit=[str(v) for v in visits], **form)
    assert "Decided: 2" in again  # the same click, the same answer
    assert len([v for v in desk.visits(one) if v.decision == "rule_merchant"]) == 1
    assert desk.differences() == []
