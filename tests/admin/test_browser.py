"""The panel in a browser: by link, by mouse, by keyboard alone, on a phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from core.desk import documents
from core.tables import DraftOption
from tests.admin.window import sign_in, visit
from tests.panel import Panel

pytestmark = pytest.mark.browser


def publish(page: Page) -> None:
    """Publishes what the draft says."""
    page.get_by_role("link", name="Publish", exact=True).first.click()
    page.locator("#note").fill("tried in a browser")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as document 2")).to_be_visible()


def leaves(panel: Panel, option_set: str) -> list[str]:
    """The options that the published document offers."""
    document = panel.desk.db.read(lambda c, now: documents.active(c))
    return list(document.leaves_by_set[option_set])


def test_supervisor_adds_an_option_mends_a_problem_and_publishes(
    panel: Panel, address: str, browser: Browser
) -> None:
    page = visit(browser)
    sign_in(page, panel, address)
    page.get_by_role("link", name="Option sets").first.click()
    page.get_by_role("link", name="Remedy", exact=False).last.click()
    page.get_by_role("link", name="Add an option").click()
    page.get_by_label("Label in English").fill("Exchange")
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.get_by_text("Exchange")).to_be_visible()

    page.get_by_role("link", name="Problems").first.click()
    page.get_by_role("link", name="The label lacks Chinese or English").click()
    page.get_by_label("Label in Chinese").fill("换货")
    page.get_by_role("button", name="Save in the draft").click()
    page.get_by_role("link", name="Problems").first.click()
    expect(page.get_by_text("The draft has no problems")).to_be_visible()

    page.get_by_role("link", name="Publish", exact=True).first.click()
    expect(page.get_by_text("Option “Exchange” (exchange) in Remedy is new.")).to_be_visible()
    publish(page)
    assert "exchange" in leaves(panel, "remedy")
    assert page.troubles == []  # type: ignore[attr-defined]


def press_until(page: Page, name: str, role: str) -> None:
    """Presses Tab until what is wanted has the focus, as somebody without a mouse does."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const e = document.activeElement;
            const label = e.labels && e.labels[0] ? e.labels[0].innerText : '';
            return [e.tagName, (label || e.innerText || e.value || '').trim()]; }"""
        )
        if focused[0].lower() == role and focused[1].startswith(name):
            visible = page.evaluate(
                "() => getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            )
            assert visible, f"the focus on {name} cannot be seen"
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def follow(page: Page, title: str) -> None:
    """Follows the link that has the focus, and waits for its page."""
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile(title))


def test_everything_works_by_keyboard_alone(panel: Panel, address: str, browser: Browser) -> None:
    page = visit(browser)
    page.goto(address + panel.link("Sun Wei"))
    expect(page.get_by_role("button", name="Sign in as Sun Wei")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="你好，Sun Wei")).to_be_visible()
    press_until(page, "English", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hello, Sun Wei")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press_until(page, "Option sets", "a")
    follow(page, "Option sets")
    press_until(page, "Why it cannot be judged", "a")
    follow(page, "Why it cannot be judged")
    press_until(page, "Add an option", "a")
    follow(page, "Add an option")
    press_until(page, "Label in Chinese", "input")
    page.keyboard.type("翻译有歧义")
    press_until(page, "Label in English", "input")
    page.keyboard.type("Translation unclear")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Translation unclear")).to_be_visible()
    press_until(page, "Publish", "a")
    follow(page, "Publish")
    press_until(page, "What and why", "input")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Published as document 2")).to_be_visible()
    assert "translation_unclear" in leaves(panel, "cannot_judge_reason")


PAGES = (
    "/",
    "/board/",
    "/staffing/",
    "/option_use/",
    "/noise/",
    "/absences/",
    "/disputes/",
    "/flow/",
    "/option_sets/edit/?id=2",
    "/workflows/edit/?id=1",
    "/stages/edit/?id=6",
    "/decisions/edit/?id=20",
    "/conditions/new/?decision=20&fact=reason",
    "/options/new/?option_set=9",
    "/publish/",
    "/documents/",
    "/people/",
    "/people/edit/?id=1",
    "/channels/",
    "/outages/",
    "/changes/",
)


@pytest.mark.parametrize("width", [375, 320])
def test_nothing_is_wider_than_a_phone(
    panel: Panel, address: str, browser: Browser, width: int
) -> None:
    desk = panel.desk
    long_word = "Transportverpackungsbeschädigungsnachweis" * 3
    number = desk.at(desk.at_stage("finished", story=long_word, order_number=long_word)).row.number
    page = visit(browser, viewport={"width": width, "height": 700})
    sign_in(page, panel, address)
    for path in (*PAGES, f"/disputes/{number}/", "/nowhere"):
        page.goto(f"{address}/panel{path}")
        wider = page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wider <= 0, path


def test_menu_opens_on_a_phone(panel: Panel, address: str, browser: Browser) -> None:
    page = visit(browser, viewport={"width": 375, "height": 700})
    sign_in(page, panel, address)
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("link", name="Disputes").first.click()
    expect(page.get_by_role("heading", name="Disputes")).to_be_visible()


def test_what_a_choice_makes_pointless_is_hidden(
    panel: Panel, address: str, browser: Browser
) -> None:
    page = visit(browser)
    sign_in(page, panel, address)
    page.goto(f"{address}/panel/options/new/?option_set=9")
    per_cent = page.get_by_label("Per cent", exact=True)
    expect(per_cent).to_be_hidden()
    page.get_by_label("Stands for an amount").select_option("percent")
    expect(per_cent).to_be_visible()
    expect(page.get_by_label("Amount per currency")).to_be_hidden()


def test_card_beside_the_form_changes_as_one_types(
    browser: Browser, panel: Panel, address: str
) -> None:
    page = visit(browser, viewport={"width": 1440, "height": 900})
    sign_in(page, panel, address)
    page.get_by_role("link", name="Workflows").first.click()
    page.get_by_role("link", name="Four-stage dispute").click()
    page.get_by_role("link", name="Triage").first.click()
    beside = page.get_by_role("complementary", name="The card in Slack")
    english, chinese = (beside.get_by_role("region", name=name) for name in ("English", "中文"))
    expect(english.get_by_text("Triage", exact=True)).to_be_visible()
    expect(chinese.get_by_text("现状判断", exact=True)).to_be_visible()
    page.get_by_label("Label in English").fill("First look")
    expect(english.get_by_text("First look", exact=True)).to_be_visible()
    page.get_by_label("Minutes until an idle hold ends").fill("")
    expect(beside.get_by_role("status")).to_contain_text("Mend what is marked")
    assert page.troubles == []  # type: ignore[attr-defined]


def test_back_test_is_started_by_keyboard_and_read_on_a_phone_without_script(
    browser: Browser, panel: Panel, address: str
) -> None:
    panel.desk.at_stage("finished")
    panel.desk.write(update(DraftOption).where(DraftOption.key == "full").values(retired=True))
    page = visit(browser, viewport={"width": 390, "height": 844}, java_script_enabled=False)
    sign_in(page, panel, address)
    page.goto(f"{address}/panel/publish/")
    page.get_by_role("link", name="Back-test the draft on past disputes").click()
    page.get_by_label("Disputes at most").fill("50")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What would go another way")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    line = page.get_by_role("listitem").filter(has_text="Refund share is retired")
    line.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/panel/disputes/\w{9}/?$"))
    assert page.troubles == []  # type: ignore[attr-defined]
