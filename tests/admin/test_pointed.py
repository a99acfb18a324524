"""The card beside a decision's form points at the decision, in both languages, wherever it is."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.admin.drafts import decision_id
from tests.admin.window import sign_in, visit
from tests.panel import Panel

pytestmark = pytest.mark.browser


def test_edited_button_is_outlined_and_in_sight_in_both_languages(
    panel: Panel, address: str, browser: Browser
) -> None:
    page = visit(browser, viewport={"width": 1280, "height": 900}, timezone_id="Asia/Tokyo")
    sign_in(page, panel, address)
    page.goto(f"{address}/panel/decisions/edit/?id={decision_id(panel, 'no_evidence')}")
    for locale, words in (("en", "No evidence needed"), ("zh_CN", "无需举证")):
        pane = page.locator(f'.slack[data-locale="{locale}"]')
        edited = pane.locator(".edited")
        expect(edited).to_have_count(1)
        expect(edited).to_contain_text(words)
        expect(edited).to_be_in_viewport(ratio=1)
    page.get_by_label("Label in English").fill("Judge at once")
    english = page.locator('.slack[data-locale="en"] .edited')
    expect(english).to_have_text(re.compile("Judge at once"))
    assert page.troubles == []  # type: ignore[attr-defined]


def test_card_tells_times_in_the_reader_s_zone_and_not_the_machine_s(
    panel: Panel, address: str, browser: Browser
) -> None:
    seen = set()
    for machine in ("UTC", "America/New_York"):
        page = visit(browser, viewport={"width": 1280, "height": 900}, timezone_id=machine)
        sign_in(page, panel, address)
        page.goto(f"{address}/panel/decisions/edit/?id={decision_id(panel, 'no_evidence')}")
        times = page.locator('.slack[data-locale="en"] time')
        expect(times.first).to_be_visible()
        seen.add(times.first.inner_text()[-5:-3])  # its hour
        page.context.close()
    assert len(seen) == 1
