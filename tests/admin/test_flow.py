"""The published workflow as a picture with live numbers, the draft as one that follows (W18)."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.admin.drafts import stage_id
from tests.admin.window import sign_in, visit
from tests.panel import Panel, Visitor


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_picture_tells_what_stands_where_and_how_many_went_each_way(
    panel: Panel, visitor: Visitor
) -> None:
    panel.desk.at_stage("adjudication")
    panel.desk.at_stage("triage")
    panel.desk.pass_time(days=1)
    page = visitor.get("/flow/").text
    assert re.search(r"Adjudication 1 open · 1 overdue", words(page))
    assert "Intake → Triage (2)" in page
    assert "Triage → Adjudication: No evidence needed: adjudicate (1)" in page
    assert 'href="/panel/disputes/?stage=triage&amp;state=open"' in page


def test_picture_of_the_draft_follows_the_edit(panel: Panel, visitor: Visitor) -> None:
    page = visitor.get("/workflows/edit/?id=1").text
    assert "Triage → Adjudication: No evidence needed: adjudicate" in page
    triage = f"/stages/edit/?id={stage_id(panel, 'triage')}"
    visitor.post(triage, visitor.form(triage) | {"label_en": "First look"})
    page = visitor.get("/workflows/edit/?id=1").text
    assert "First look → Adjudication: No evidence needed: adjudicate" in page
    assert "First look" not in visitor.get("/flow/").text


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_line_of_the_picture_is_cut_and_a_phone_is_told_that_it_scrolls(
    panel: Panel, address: str, browser: Browser, language: str
) -> None:
    desk = panel.desk
    desk.at_stage("finished")
    for stage in ("triage", "adjudication", "verification"):
        for _ in range(12):
            desk.at_stage(stage)
    desk.pass_time(days=1)
    page = visit(browser, viewport={"width": 1280, "height": 900})
    sign_in(page, panel, address)
    if language != "en":
        page.locator(".languages button").first.click()
    page.goto(f"{address}/panel/flow/")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.stage, .stage > *')]
          .filter((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight)
          .map((one) => one.innerText)"""
    )
    assert page.locator(".stage em").count() >= 2
    assert cut == []
    expect(page.locator(".scrolls")).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".scrolls")).to_be_visible()
