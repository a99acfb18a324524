"""Nothing stands between people and the page: axe finds nothing, and the keyboard is enough."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.sandbox import blocks, scene
from tests.sandbox.pictures import PHONE, Studio, studio

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()


@pytest.fixture(scope="module")
def at() -> Iterator[Studio]:
    """The scene with everything in it, for this file's tests."""
    with studio() as running:
        yield running


def problems(page: Page) -> list[str]:
    """What axe finds, by rule and place. Its script comes past the page's policy."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(
        """async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
          .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target} ${node.html}`))"""
    )
    return found


def search(page: Page) -> Page:
    page.keyboard.press("Control+k")
    page.keyboard.type("desk")
    expect(page.get_by_role("option").first).to_be_visible()
    return page


def thread(at: Studio, **options: Any) -> Page:
    page = at.open(**options)
    page.get_by_role("button", name="2 replies").click()
    expect(page.get_by_role("complementary", name="Thread")).to_contain_text("glue")
    return page


PLACES = {
    "channel": lambda at, **options: at.open(**options),
    "elements": lambda at, **options: at.open("#C5ALL", **options),
    "thread": thread,
    "modal": lambda at, **options: at.modal(at.open(**options)),
    "inputs": lambda at, **options: at.modal(at.open(**options), blocks.typed()),
    "home": lambda at, **options: at.open("#home/A1APP", **options),
    "search": lambda at, **options: search(at.open(**options)),
    "inspector": lambda at, **options: at.bench(**options),
    "faults": lambda at, **options: at.bench("faults", **options),
    "clock": lambda at, **options: at.bench("clock", **options),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", list(PLACES))
def test_axe_finds_nothing(at: Studio, place: str, scheme: str) -> None:
    page = PLACES[place](at, color_scheme=scheme, bypass_csp=True)
    assert problems(page) == []
    page.context.close()


def test_axe_finds_nothing_on_a_chinese_phone_or_beside_each_other(at: Studio) -> None:
    for place, options in (("#C1DESK", {"viewport": PHONE}), ("&split=U2ANN#C1DESK", {})):
        page = at.open(place, lang="zh_CN", bypass_csp=True, **options)
        assert problems(page) == []
        page.context.close()


def test_the_keyboard_finds_a_channel_runs_a_command_and_fills_a_modal(at: Studio) -> None:
    page = at.open("#C5ALL")
    at.stub.answer = at.opens(scene.FORM)
    press = page.keyboard.press
    press("Control+k")
    page.keyboard.type("desk")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    press("Enter")
    field = page.get_by_role("textbox", name="Message #desk")
    expect(field).to_be_focused()
    page.keyboard.type("/ne")
    press("Tab")
    press("Enter")
    dialog = page.get_by_role("dialog", name="Open a dispute")
    expect(dialog.get_by_role("button", name="Reason")).to_be_focused()
    press("Enter")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    press("ArrowDown")
    expect(page.locator(".bk-at")).to_have_text("Late")
    press("Enter")
    press("Tab")
    page.keyboard.type("too late")
    for key in ("Tab", "Tab", "Enter"):
        press(key)
    expect(page.locator(".bk-day:focus")).to_be_visible()
    for key in ("PageDown", "Home", "Enter"):
        press(key)
    expect(page.get_by_role("button", name="Since")).to_be_focused()
    for key in ("Tab", "Space"):
        press(key)
    at.stub.answer = lambda _: (200, b"", 0.0)
    press("Control+Enter")
    expect(dialog).to_have_count(0)
    values = at.stub.wait_for_type("view_submission").payload["view"]["state"]["values"]
    assert values["reason"]["reason"]["selected_option"]["value"] == "late"
    assert values["words"]["words"]["value"] == "too late"
    assert values["day"]["day"]["selected_date"]
    assert values["has"]["has"]["selected_options"][0]["value"] == "p"
    expect(field).to_be_focused()


def test_the_skip_link_leads_past_the_sidebar_and_escape_out_of_a_thread(at: Studio) -> None:
    page = at.open()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the conversation")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Message #desk")).to_be_focused()
    page.get_by_role("button", name="2 replies").focus()
    page.keyboard.press("Enter")
    reply = page.get_by_role("textbox", name="Reply…")
    expect(reply).to_be_focused()
    page.keyboard.press("Escape")
    expect(reply).to_have_count(0)


def test_the_menu_of_a_message_opens_moves_and_closes_by_keys(at: Studio) -> None:
    page = at.open()
    tools = page.get_by_role("button", name="Message actions").first
    tools.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("menuitem").last).to_be_focused()
    page.keyboard.press("Escape")
    expect(tools).to_be_focused()
    expect(page.get_by_role("menu")).to_have_count(0)
