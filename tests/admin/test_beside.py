"""A refusal stands beside the form that was sent, with what was typed in it; so do results."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from core.desk import incidents
from core.desk.intake import OrderInfo
from core.desk.numbers import shown
from core.tables import DraftOption
from tests.admin import drafts
from tests.admin.window import sign_in, visit
from tests.factories import KETTLE, Desk
from tests.panel import Panel, Visitor

CUPS = {"key": "2", "title": "Cup", "unit_price": 333, "quantity": 3}
ORDER = OrderInfo("CNY", 20_999, 1_000, lines=(KETTLE, CUPS))


def number(desk: Desk, dispute: int) -> str:
    """The number by which people know a dispute."""
    return str(desk.at(dispute).row.number)


def sent(visitor: Visitor, which: str, what: str, **form: Any) -> tuple[str, str]:
    """Sends a form of a dispute's page; the anchor that one is led to, and the page."""
    answer = visitor.post(f"/disputes/{which}/{what}", form)
    assert answer.status_code == 303, answer.text
    page, _, anchor = answer.location.partition("#")
    return anchor, visitor.client.get(page).text


def element(page: str, anchor: str) -> str:
    """The part of a page with this id, up to its own end."""
    found = re.search(rf'<(\w+)[^>]* id="{anchor}"', page)
    assert found is not None, anchor
    rest = page[found.start() :]
    return rest[: rest.index(f"</{found[1]}>")]


def test_refused_link_is_told_in_the_opened_form_with_what_was_typed(
    panel: Panel, visitor: Visitor
) -> None:
    which = number(panel.desk, panel.desk.open())
    anchor, page = sent(visitor, which, "link", other='ZZZ"', relation="follows")
    form = element(page, anchor)
    assert re.match(r'<details id="link" open>', form)
    assert 'value="ZZZ&#34;"' in form
    assert '<option value="follows" selected>' in form
    assert re.search(r'class="error" id="link-refused" role="alert">There is no dispute', form)
    assert 'aria-describedby="link-refused"' in form
    told_once = visitor.get(f"/disputes/{which}/").text
    assert "ZZZ" not in told_once
    assert "link-refused" not in told_once


def test_refused_merge_is_told_in_its_form_and_not_in_another(
    panel: Panel, visitor: Visitor
) -> None:
    which = number(panel.desk, panel.desk.open())
    answer = visitor.get(f"/disputes/{which}/merge?into=ABC")
    page, _, anchor = answer.location.partition("#")
    text = visitor.client.get(page).text
    form = element(text, anchor)
    assert re.match(r'<details id="merge" open>', form)
    assert 'value="ABC"' in form
    assert "There is no dispute" in form
    assert "open" not in element(text, "link").partition(">")[0]


def test_correction_without_a_reason_keeps_the_chosen_value(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    dispute = desk.at_stage("adjudication")
    anchor, page = sent(
        visitor, number(desk, dispute), "correct", field="reason", value="wrong_item"
    )
    form = element(page, anchor)
    assert anchor == "correct-reason"
    assert " open>" in form.partition("\n")[0]
    assert '<option value="wrong_item" selected>' in form
    assert "Choose why it is corrected." in form
    assert desk.at(dispute).facts["reason"] != "wrong_item"


def test_result_is_told_in_the_section_one_is_led_to(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    one, other = number(desk, desk.open()), number(desk, desk.open())
    anchor, page = sent(visitor, one, "link", other=other, relation="follows")
    assert "The disputes are linked." in element(page, anchor)


def test_reason_is_chosen_by_the_person_and_never_by_the_page(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    dispute = desk.at_stage("adjudication")
    page = visitor.get(f"/disputes/{number(desk, dispute)}/").text
    reasons = re.findall(r'<select id="[^"]*" name="reason"[^>]*>.{50}', page)
    assert len(reasons) > 2
    for reason in reasons:
        assert " required>" in reason
        assert '><option value="">Choose why' in reason
    anchor, told = sent(visitor, number(desk, dispute), "look", reason="")
    assert "Choose why you look." in element(told, anchor)


@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_number_reads_the_same_however_the_address_gives_it(
    panel: Panel, visitor: Visitor, locale: str
) -> None:
    desk = panel.desk
    dispute, other = desk.at_stage("adjudication", order=ORDER), desk.at_stage("adjudication")
    desk.give(dispute, "buyer", "video", media_type="image/png")
    visits = [desk.visit(dispute), desk.visit(other)]
    desk.db.transact(incidents.group, desk.who("Sun Wei"), visits, title="Truck fire")
    visitor.post("/language", {"locale": locale})
    right = shown(number(desk, dispute))
    for typed in (right, right.lower(), number(desk, dispute)):
        for what in ("together", "split"):
            page = visitor.get(f"/disputes/{typed}/{what}").text
            assert page.count(f">{right}<") == 1, what  # the crumb
            assert "--" not in re.sub(r"<!--.*?-->", "", page[page.index("<main") :])


def test_preview_of_deciding_together_says_beside_each_what_is_still_empty(
    panel: Panel, visitor: Visitor
) -> None:
    which = number(panel.desk, incident(panel.desk)[0])
    first = visitor.get(f"/disputes/{which}/together?decision=rule_merchant").text
    assert "This is needed." not in first  # nobody has left anything out yet
    again = visitor.get(
        f"/disputes/{which}/together?asked=rule_merchant&decision=rule_merchant&field:quality="
    ).text
    assert re.search(
        r'name="field:quality" aria-invalid="true" aria-describedby="w-quality">', again
    )
    assert '<p class="error" id="w-quality">This is needed.</p>' in again


def test_group_is_returned_to_while_some_of_it_stand_undecided(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    disputes = incident(desk)
    one, other = (number(desk, dispute) for dispute in disputes)
    visits = {one: str(desk.visit(disputes[0])), other: str(desk.visit(disputes[1]))}
    form = {"decision": "rule_merchant", "field:quality": "sound", "visit": [visits[one]]}
    answer = visitor.post(f"/disputes/{one}/together", form)
    assert answer.location.endswith(f"/disputes/{other}/together")
    group = visitor.client.get(answer.location).text
    assert "Decided: 1." in group
    rest = {**form, "visit": [visits[other]]}
    answer = visitor.post(f"/disputes/{other}/together", rest)
    assert answer.location.endswith(f"/disputes/{other}/")


def test_single_item_is_not_offered_to_be_split(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    one_cup = OrderInfo("CNY", 333, lines=({**CUPS, "quantity": 1},))
    single, several = (desk.at_stage("triage", order=order) for order in (one_cup, ORDER))
    page = visitor.get(f"/disputes/{number(desk, single)}/").text
    assert "/split" not in page
    assert "Nothing can be split off" in page
    assert "/split" in visitor.get(f"/disputes/{number(desk, several)}/").text


def incident(desk: Desk) -> list[int]:
    """Two disputes of one incident that stand at adjudication."""
    disputes = [desk.at_stage("adjudication") for _ in range(2)]
    visits = [desk.visit(dispute) for dispute in disputes]
    desk.db.transact(incidents.group, desk.who("Sun Wei"), visits, title="Truck fire")
    return disputes


def test_new_condition_records_no_reason_that_nobody_chose(panel: Panel, visitor: Visitor) -> None:
    decision = drafts.decision_id(panel, "no_evidence")
    path = f"/conditions/new/?decision={decision}&fact=reason"
    form = visitor.form(path)
    assert form["reason"] == ""
    form |= {"operator": "in", "chosen": ["counterfeit"]}
    before = drafts.decision_of(panel, "triage", "no_evidence").when
    assert "This is needed." in visitor.post(path, form).text
    assert drafts.decision_of(panel, "triage", "no_evidence").when == before
    visitor.post(path, form | {"reason": "use_settled"})
    joining = visitor.form(f"{path}&group=0")
    assert joining["reason"] == before[0].reason  # that of the group it joins


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_what_came_of_it_is_in_sight_where_one_is_led(
    panel: Panel, address: str, browser: Browser, width: int
) -> None:
    which = number(panel.desk, panel.desk.at_stage("adjudication"))
    page = visit(browser, viewport={"width": width, "height": 800})
    sign_in(page, panel, address)
    page.goto(f"{address}/panel/disputes/{which}/")
    page.get_by_text("Link with another dispute").click()
    page.get_by_label("Number of the other dispute").first.fill("ZZZ")
    page.get_by_role("button", name="Link", exact=True).click()
    expect(page.get_by_text("There is no dispute with this number")).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Number of the other dispute").first).to_have_value("ZZZ")
    fake = drafts.one(panel, DraftOption, DraftOption.key == "counterfeit")
    page.goto(f"{address}/panel/options/edit/?id={fake.id}")
    page.get_by_role("button", name="Save", exact=False).first.click()
    expect(page).to_have_url(re.compile("#option-"))
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_in_viewport(ratio=1)
    assert page.troubles == []  # type: ignore[attr-defined]
