"""The page in a browser: people click in it, and the app behind it hears what they did."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from slack_sdk import WebClient

from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.blockkit.samples import (
    actions,
    button,
    input_block,
    modal,
    mrkdwn,
    option,
    plain,
    section,
)
from tests.sandbox.apps import StubApp
from tests.sandbox.posting import CARD, post

pytestmark = pytest.mark.browser


def test_choosing_in_a_menu_with_the_keyboard_travels_with_the_next_click(
    open_page: Any, stub: StubApp, slack: WebClient
) -> None:
    post(slack, *CARD)
    page = open_page("U1LI")
    page.get_by_role("button", name="Category").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("option")).to_have_count(3)
    page.keyboard.type("foo")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Category: Food")).to_be_focused()
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_role("button", name="Go", exact=True)).to_be_enabled()
    payload = stub.received[-1].payload
    assert payload["actions"][0]["action_id"] == "go"
    chosen = payload["state"]["values"]["b"]["category"]["selected_option"]
    assert chosen == option("food", "Food")


def test_what_was_chosen_is_still_there_after_a_reload(
    open_page: Any, stub: StubApp, slack: WebClient
) -> None:
    post(slack, *CARD)
    page = open_page("U1LI")
    page.get_by_role("button", name="Category").click()
    page.get_by_role("option", name="Books").click()
    expect(page.get_by_role("button", name="Category: Books")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Books")).to_be_visible()
    assert stub.received


def test_a_button_with_a_confirm_asks_first(
    open_page: Any, stub: StubApp, slack: WebClient
) -> None:
    post(slack, *CARD)
    page = open_page("U1LI")
    page.get_by_role("button", name="Pay").click()
    dialog = page.get_by_role("alertdialog", name="Sure?")
    expect(dialog).to_contain_text("It pays 90.00")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert stub.received == []
    page.get_by_role("button", name="Pay").click()
    dialog.get_by_role("button", name="Pay").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Pay")).to_be_enabled()
    assert stub.received[0].payload["actions"][0]["action_id"] == "pay"


def test_a_modal_is_filled_refused_and_submitted(
    open_page: Any, stub: StubApp, slack: WebClient
) -> None:
    number = {"type": "plain_text_input", "action_id": "number"}
    view = modal(input_block(number, block_id="order", label=plain("Order")), section())

    def answer(received: Any) -> Any:
        if "command" in received.form:
            slack.views_open(trigger_id=received.form["trigger_id"], view=view)
            return 200, b"", 0.0
        value = received.payload["view"]["state"]["values"]["order"]["number"]["value"]
        if value == "7":
            return 200, b"", 0.0
        return 200, {"response_action": "errors", "errors": {"order": "No such order"}}, 0.0

    stub.answer = answer
    page = open_page("U2ANN")
    field = page.get_by_role("textbox", name="Message #desk")
    field.fill("/dis")
    expect(page.get_by_role("option", name="/dispute")).to_be_visible()
    field.press("Tab")
    expect(field).to_have_value("/dispute ")
    field.press("Enter")
    dialog = page.get_by_role("dialog", name="Modal")
    order = dialog.get_by_role("textbox", name="Order")
    expect(order).to_be_focused()
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_contain_text("Please complete this required field.")
    order.fill("8")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_contain_text("No such order")
    expect(order).to_have_value("8")
    order.fill("7")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_have_count(0)


def test_escape_closes_the_modal_and_the_app_hears_of_it(
    open_page: Any, stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = post(slack, *CARD)
    control.act_as("U1LI").click("C1DESK", ts, "go")
    fresh = stub.received[-1].payload["trigger_id"]
    page = open_page("U1LI")
    slack.views_open(trigger_id=fresh, view=modal(section(), notify_on_close=True))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    stub.wait_for_type("view_closed")


def test_messages_arrive_change_and_go_without_a_reload(open_page: Any, slack: WebClient) -> None:
    page = open_page("U1LI")
    expect(page.get_by_text("the very beginning")).to_be_visible()
    ts = post(slack, text="first words")
    log = page.get_by_role("log")
    expect(log).to_contain_text("first words")
    slack.chat_update(channel="C1DESK", ts=ts, text="other words")
    expect(log).to_contain_text("other words")
    slack.chat_postMessage(channel="C1DESK", thread_ts=ts, text="a reply")
    page.get_by_role("button", name="1 reply").click()
    expect(page.get_by_role("complementary", name="Thread")).to_contain_text("a reply")
    slack.chat_delete(channel="C1DESK", ts=slack.conversations_replies(
        channel="C1DESK", ts=ts)["messages"][1]["ts"])  # fmt: skip
    expect(page.get_by_role("complementary", name="Thread")).not_to_contain_text("a reply")


def test_an_ephemeral_is_seen_by_its_reader_only(open_page: Any, slack: WebClient) -> None:
    li, ann = open_page("U1LI"), open_page("U2ANN")
    slack.chat_postEphemeral(channel="C1DESK", user="U1LI", text="for Li alone")
    expect(li.get_by_text("for Li alone")).to_be_visible()
    expect(li.get_by_text("Only visible to you")).to_be_visible()
    post(slack, text="for all")
    expect(ann.get_by_text("for all")).to_be_visible()
    expect(ann.get_by_text("for Li alone")).to_have_count(0)


def test_two_people_talk_side_by_side(open_page: Any) -> None:
    page = open_page("U1LI", "&split=U2ANN#C1DESK")
    left, right = page.frame_locator("iframe >> nth=0"), page.frame_locator("iframe >> nth=1")
    for side in (left, right):
        expect(side.get_by_role("log")).to_contain_text("the very beginning")
    left.get_by_role("textbox", name="Message #desk").fill("hello Ann")
    left.get_by_role("textbox", name="Message #desk").press("Enter")
    expect(left.get_by_role("log")).to_contain_text("hello Ann")
    expect(right.get_by_role("log")).to_contain_text("hello Ann")
    expect(right.get_by_role("log")).to_contain_text("Li Na")


def test_unread_channels_are_marked_until_they_are_opened(open_page: Any, slack: WebClient) -> None:
    page = open_page("U2ANN", "#C2OPEN")
    row = page.get_by_role("link", name=re.compile("desk"))
    expect(row).to_be_visible()
    post(slack, text="one")
    post(slack, text="two")
    expect(row).to_contain_text("2 unread")
    row.click()
    expect(page.get_by_role("log")).to_contain_text("two")
    expect(row).not_to_contain_text("unread")


def test_the_three_second_rule_is_shown_where_the_button_is(
    open_page: Any, stub: StubApp, slack: WebClient
) -> None:
    stub.answer = lambda _: (200, b"", 3.6)
    post(slack, *CARD)
    page = open_page("U2ANN")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_role("button", name="Go", exact=True)).to_be_disabled()
    expect(page.get_by_role("alert")).to_contain_text("Operation timed out", timeout=6000)


def test_home_is_opened_and_acted_in(open_page: Any, stub: StubApp, slack: WebClient) -> None:
    home = {"type": "home", "blocks": [section(text=mrkdwn("*My queue*")), actions(button("go"))]}
    slack.views_publish(user_id="U1LI", view=home)
    page = open_page("U1LI", "#home/A1APP")
    expect(page.get_by_role("main")).to_contain_text("My queue")
    assert stub.wait_for(1)[0].payload["event"]["type"] == "app_home_opened"
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_role("button", name="Go", exact=True)).to_be_enabled()
    assert stub.received[-1].payload["view"]["type"] == "home"
    slack.views_publish(user_id="U1LI", view={**home, "blocks": [section(text=mrkdwn("empty"))]})
    expect(page.get_by_role("main")).to_contain_text("empty")


def test_a_message_shortcut_is_in_the_messages_menu(
    open_page: Any, stub: StubApp, slack: WebClient
) -> None:
    ts = post(slack, text="about an order")
    page = open_page("U1LI")
    page.get_by_role("button", name="Message actions").click()
    page.get_by_role("menuitem", name="Open").click()
    expect(page.get_by_role("menu")).to_have_count(0)
    assert stub.wait_for_type("message_action").payload["message_ts"] == ts


def test_it_fits_a_phone_and_can_be_used_there(open_page: Any, slack: WebClient) -> None:
    post(slack, *CARD, section(text=mrkdwn("x" * 400)))
    page = open_page("U1LI", "", viewport={"width": 375, "height": 700}, has_touch=True)
    page.get_by_role("link", name="desk 1 unread").tap()
    expect(page.get_by_role("button", name="Category")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.get_by_role("button", name="Back").first.tap()
    expect(page.get_by_role("link", name="desk", exact=True)).to_be_visible()


def test_it_speaks_chinese_and_english(open_page: Any, server: Server) -> None:
    page = open_page("U1LI")
    expect(page.get_by_role("heading", name="Channels")).to_be_visible()
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", name="频道")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    script = "async () => (await import('/sandbox/static/words.js')).DICTIONARIES"
    words = page.evaluate(script)
    assert words["en"].keys() == words["zh_CN"].keys()
    assert server.url in page.url


def test_a_permalink_opens_the_page_at_its_message(
    open_page: Any, server: Server, slack: WebClient
) -> None:
    posted = [post(slack, text=f"message {n}") for n in range(60)]
    link = slack.chat_getPermalink(channel="C1DESK", message_ts=posted[55])["permalink"]
    page = open_page("U1LI")
    expect(page.get_by_role("log")).to_contain_text("message 59")
    page.goto(link)
    expect(page.locator("[data-marked=true]")).to_contain_text("message 55")
    page.get_by_role("log").hover()
    page.mouse.wheel(0, -9000)
    expect(page.get_by_text("message 0", exact=True)).to_be_attached()
    assert link.startswith(server.url)
