"""Reading: long channels, search, what is new, JSON, and what stays while others write."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from slack_sdk import WebClient

from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.blockkit.samples import mrkdwn, section
from tests.sandbox.posting import CARD, post

pytestmark = pytest.mark.browser


def shown(page: Page) -> list[str]:
    """The texts on the screen, oldest first."""
    texts: list[str] = page.locator(".message .text").all_inner_texts()
    return texts


def test_a_long_channel_shows_its_last_page_and_reads_on_as_one_scrolls(
    open_page: Any, control: Sandbox
) -> None:
    ann = control.act_as("U2ANN")
    for n in range(180):
        ann.post("C1DESK", f"message {n}")
    page = open_page("U1LI")
    log = page.get_by_role("log")
    expect(log).to_contain_text("message 179")
    assert len(shown(page)) == 50
    log.hover()
    for _ in range(40):
        page.mouse.wheel(0, -1500)
        page.wait_for_timeout(30)
    expect(page.get_by_text("message 0", exact=True)).to_be_visible()
    expect(page.get_by_text("This is the very beginning of #desk.")).to_be_visible()
    assert shown(page) == [f"message {n}" for n in range(180)]


def test_reading_on_does_not_move_what_one_reads(open_page: Any, control: Sandbox) -> None:
    ann = control.act_as("U2ANN")
    for n in range(120):
        ann.post("C1DESK", f"message {n}")
    page = open_page("U1LI")
    expect(page.get_by_text("message 119", exact=True)).to_be_visible()
    place = "() => document.querySelector('[data-ts=\"%s\"]').getBoundingClientRect().top"
    ts = page.locator(".message").nth(8).get_attribute("data-ts")
    page.evaluate(f"document.querySelector('[data-ts=\"{ts}\"]').scrollIntoView()")
    before = page.evaluate(place % ts)
    expect(page.get_by_text("message 30", exact=True)).to_be_attached()
    ann.post("C1DESK", "one more")
    expect(page.get_by_text("one more")).to_be_attached()
    assert abs(page.evaluate(place % ts) - before) < 2


def test_opening_a_thread_leaves_the_channel_where_it_was(
    open_page: Any, slack: WebClient, control: Sandbox
) -> None:
    ts = post(slack, text="the parent")
    control.act_as("U2ANN").post("C1DESK", "a reply", ts)
    for n in range(90):
        control.act_as("U2ANN").post("C1DESK", f"message {n}")
    page = open_page("U1LI")
    expect(page.get_by_text("message 89", exact=True)).to_be_visible()
    page.get_by_role("log").hover()
    page.mouse.wheel(0, -9000)
    page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("a reply")
    thread.get_by_role("button", name="Close").click()
    expect(page.get_by_text("the parent")).to_be_in_viewport()


def test_search_finds_words_in_blocks_and_leads_to_the_message(
    open_page: Any, slack: WebClient, control: Sandbox
) -> None:
    post(slack, section(text=mrkdwn("the *glue* came off")), text="7F3K")
    for n in range(130):
        control.act_as("U2ANN").post("C1DESK", f"talk {n}")
    page = open_page("U1LI", "#C4PAST")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("combobox", name="Search").fill("GLUE in:#desk")
    page.get_by_role("option", name="7F3K").click()
    expect(page.locator("[data-marked=true]")).to_contain_text("the glue came off")
    expect(page.get_by_text("talk 129", exact=True)).to_have_count(0)
    page.get_by_role("button", name="To the latest messages").click()
    expect(page.get_by_text("talk 129", exact=True)).to_be_visible()


def test_search_shows_nothing_of_channels_one_may_not_read(control: Sandbox) -> None:
    control.act_as("U2ANN").post("C5HIDE", "a secret word")
    find = {"q": "secret"}
    assert control.get("as/U1LI/search", **find)["matches"] == []
    found = control.get("as/U2ANN/search", **find)["matches"]
    assert [match["channel"] for match in found] == ["C5HIDE"]
    narrowed = {"q": "secret from:@li"}
    assert control.get("as/U2ANN/search", **narrowed)["matches"] == []


def test_a_line_shows_where_the_new_messages_begin(open_page: Any, control: Sandbox) -> None:
    ann, li = control.act_as("U2ANN"), control.act_as("U1LI")
    ann.post("C1DESK", "known")
    li.read("C1DESK")
    ann.post("C1DESK", "unknown")
    page = open_page("U1LI")
    expect(page.locator(".fresh + .message")).to_contain_text("unknown")


def test_the_json_of_a_message_stands_beside_it(open_page: Any, slack: WebClient) -> None:
    ts = post(slack, *CARD)
    page = open_page("U1LI")
    page.get_by_role("button", name="Message actions").click()
    page.get_by_role("menuitem", name="View JSON").click()
    source = page.get_by_role("complementary", name="View JSON")
    expect(source).to_contain_text('"action_id": "pay"')
    page.reload()
    expect(source).to_contain_text(f'"ts": "{ts}"')
    page.keyboard.press("Tab")
    source.get_by_role("button", name="Close").click()
    expect(source).to_have_count(0)


def test_others_writing_disturbs_neither_dialog_nor_typing_nor_focus(
    open_page: Any, slack: WebClient, control: Sandbox
) -> None:
    ts = post(slack, *CARD)
    page = open_page("U1LI")
    page.get_by_role("textbox", name="Message #desk").fill("half a thou")
    page.get_by_role("button", name="Pay").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_be_visible()
    control.act_as("U2ANN").post("C1DESK", "meanwhile")
    slack.chat_update(channel="C1DESK", ts=ts, text="card", blocks=[*CARD, section()])
    expect(page.get_by_role("log")).to_contain_text("meanwhile")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox", name="Message #desk")).to_have_value("half a thou")


def test_an_open_menu_stays_open_while_messages_come(
    open_page: Any, slack: WebClient, control: Sandbox
) -> None:
    post(slack, *CARD)
    page = open_page("U1LI")
    page.get_by_role("button", name="Category").click()
    page.keyboard.type("foo")
    control.act_as("U2ANN").post("C1DESK", "meanwhile")
    expect(page.get_by_role("log")).to_contain_text("meanwhile")
    expect(page.get_by_role("option", name="Food")).to_be_visible()
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()


def test_a_banner_tells_that_the_sandbox_is_gone_and_that_it_is_back(
    open_page: Any, workspace: dict[str, Any], server: Server
) -> None:
    page = open_page("U1LI")
    open_page.expected.append("ERR_CONNECTION_REFUSED")  # should it ask while nobody is there
    expect(page.get_by_role("textbox", name="Message #desk")).to_be_visible()
    page.get_by_role("textbox", name="Message #desk").fill("kept")
    port = int(server.url.rpartition(":")[2])
    server.stop()
    banner = page.get_by_role("alert").filter(has_text=re.compile("cannot be reached"))
    expect(banner).to_be_visible()
    with Server(workspace, port=port, rates="off") as again, Sandbox(again.url) as other:
        expect(banner).to_have_count(0, timeout=10_000)
        expect(page.get_by_role("textbox", name="Message #desk")).to_have_value("kept")
        other.act_as("U2ANN").post("C1DESK", "back again")
        expect(page.get_by_role("log")).to_contain_text("back again")
