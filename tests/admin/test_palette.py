"""The command palette and the search in a browser: by keys alone, seen by nobody without script."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from core.desk.numbers import shown
from tests.admin.window import AXE, sign_in, visit
from tests.panel import Panel

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 800}


@pytest.fixture
def window(panel: Panel, address: str, browser: Browser) -> Callable[..., Page]:
    """Opens a browser window in which somebody is signed in."""

    def opened(name: str = "Sun Wei", **context: Any) -> Page:
        page = visit(browser, **context)
        sign_in(page, panel, address, name)
        return page

    return opened


def offered(page: Page) -> list[str]:
    """What the palette offers."""
    return [text.split("\n")[0] for text in page.get_by_role("option").all_inner_texts()]


def test_page_is_reached_by_keys_alone(window: Callable[..., Page]) -> None:
    page = window()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="A page, or what to search for")).to_be_focused()
    page.keyboard.type("option")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Option sets")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Option sets")).to_be_visible()
    assert page.troubles == []  # type: ignore[attr-defined]


def test_arrows_choose_and_go_around_and_escape_gives_the_focus_back(
    window: Callable[..., Page],
) -> None:
    page = window()
    page.get_by_role("link", name="Disputes").first.focus()
    page.keyboard.press("Control+k")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("Start")
    page.keyboard.press("ArrowUp")
    expect(chosen).to_contain_text("My sessions")
    assert page.get_by_role("combobox").last.get_attribute("aria-activedescendant") == (
        chosen.get_attribute("id")
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(chosen).to_contain_text("Live board")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Disputes").first).to_be_focused()


def test_what_is_no_page_is_searched_for(panel: Panel, window: Callable[..., Page]) -> None:
    dispute = panel.desk.open(order_number="A-1000")
    number = shown(str(panel.desk.at(dispute).row.number))
    page = window("Tom")
    page.keyboard.press("Control+k")
    page.keyboard.type("A-1000")
    expect(page.get_by_role("option")).to_have_text(["Search for “A-1000”"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    page.keyboard.press("/")
    page.keyboard.type("nowhere/to")  # a slash that is typed is a slash
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing was found for “nowhere/to”.")).to_be_visible()
    expect(page.locator("#finder")).to_have_value("nowhere/to")


@pytest.mark.parametrize("name", ["Sun Wei", "Tom", "Olga", "Tim"])
def test_it_offers_what_the_reader_may_open_and_nothing_else(
    window: Callable[..., Page], name: str
) -> None:
    page = window(name)
    menu = page.locator(".side a").all_inner_texts()
    page.keyboard.press("Control+k")
    assert offered(page) == [
        f"{item} {group}".strip() for item, group in zip(menu, _groups(page), strict=True)
    ]


def _groups(page: Page) -> list[str]:
    """The title above each page of the menu."""
    found: list[str] = page.locator(".side a").evaluate_all(
        """links => links.map((link) => {
          const before = link.closest("ul").previousElementSibling;
          return before ? before.innerText : "";
        })"""
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_it_is_for_everybody(window: Callable[..., Page], scheme: str, size: Any) -> None:
    more = {"viewport": size} if size else {}
    page = window(color_scheme=scheme, **more)
    page.keyboard.press("Control+k")
    page.keyboard.type("e")
    expect(page.get_by_role("option").first).to_be_visible()
    page.evaluate(AXE)
    found = page.evaluate(
        """async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
          .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target}`))"""
    )
    assert found == []
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= (size or {"width": 1280})["width"]


def test_without_script_the_search_works_and_the_palette_is_not_there(
    panel: Panel, window: Callable[..., Page]
) -> None:
    panel.desk.open(order_number="A-1000")
    page = window(java_script_enabled=False)
    expect(page.get_by_role("button", name="Ctrl K: go to a page or search")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("searchbox").fill("A-1000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("A-1000").first).to_be_visible()
    assert "/disputes/" in page.url
