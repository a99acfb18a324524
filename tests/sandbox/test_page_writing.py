"""Writing: what the composer offers, what it sends, and to whom."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from slack_sdk import WebClient

from sandbox.client import Sandbox
from tests.sandbox.apps import StubApp
from tests.sandbox.posting import post

pytestmark = pytest.mark.browser


def said(control: Sandbox, channel: str = "C1DESK") -> str:
    """The last message of a channel, as apps see it."""
    return str(control.messages(channel)[-1]["text"])


def field(page: Page) -> Any:
    return page.get_by_role("textbox", name="Message #desk")


def test_names_become_mentions_and_signs_stay_signs(open_page: Any, control: Sandbox) -> None:
    page = open_page("U1LI")
    field(page).press_sequentially("@an")
    expect(page.get_by_role("option", name="@Ann Ray")).to_be_visible()
    field(page).press("Enter")
    field(page).press_sequentially("look & <b> at #op")
    page.get_by_role("option", name="#open").click()
    field(page).press_sequentially("@agents https://example.com/a?b=1&c=2. a@here.com")
    field(page).press("Enter")
    expect(page.get_by_role("log")).to_contain_text("@Ann Ray look & <b> at #open @agents")
    assert said(control) == (
        "<@U2ANN> look &amp; &lt;b&gt; at <#C2OPEN> <!subteam^S1> "
        "<https://example.com/a?b=1&amp;c=2>. a@here.com"
    )


def test_chinese_names_are_mentioned_between_words_without_spaces(
    open_page: Any, control: Sandbox
) -> None:
    person = control.add_person(name="wang", real_name="王晓燕")
    page = open_page("U1LI")
    field(page).fill("请@王晓燕看一下")
    field(page).press("Enter")
    expect(page.get_by_role("log")).to_contain_text("请@王晓燕看一下")
    assert said(control) == f"请<@{person}>看一下"


def test_a_slash_lists_the_commands_with_what_they_take(open_page: Any, stub: StubApp) -> None:
    stub.answer = lambda _: (200, {"text": "opened"}, 0.0)
    page = open_page("U1LI")
    field(page).press_sequentially("/")
    offer = page.get_by_role("option", name="/dispute")
    expect(offer).to_contain_text("new")
    expect(offer).to_contain_text("Disputes")
    field(page).press("Escape")
    expect(offer).to_have_count(0)
    field(page).fill("/dispute new 7")
    field(page).press("Enter")
    expect(page.get_by_text("opened")).to_be_visible()
    assert stub.received[-1].form["text"] == "new 7"


def test_an_unknown_command_is_answered_to_its_writer_alone(open_page: Any) -> None:
    page = open_page("U2ANN")
    field(page).fill("/nothing")
    field(page).press("Enter")
    expect(page.get_by_text("/nothing is not a valid command")).to_be_visible()
    expect(page.get_by_text("Only visible to you")).to_be_visible()


def test_a_draft_waits_in_its_channel(open_page: Any) -> None:
    page = open_page("U2ANN")
    field(page).fill("half")
    page.get_by_role("link", name="open").click()
    expect(page.get_by_role("textbox", name="Message #open")).to_be_focused()
    page.get_by_role("link", name="desk", exact=True).click()
    expect(field(page)).to_have_value("half")


def test_a_direct_message_is_begun_from_the_search(open_page: Any, control: Sandbox) -> None:
    li, ann = open_page("U1LI"), open_page("U2ANN")
    li.get_by_role("button", name="New message").click()
    li.get_by_role("combobox").fill("ann")
    li.get_by_role("option", name="Ann Ray").click()
    box = li.get_by_role("textbox", name="Message Ann Ray")
    expect(box).to_be_focused()
    box.fill("between us")
    box.press("Enter")
    expect(ann.get_by_role("link", name="Li Na")).to_contain_text("1 unread")
    bo = control.act_as("U3BO").look()["channels"]
    assert not [row for row in bo if row["kind"] == "im"]


def test_a_reply_can_be_sent_to_the_channel_too(open_page: Any, slack: WebClient) -> None:
    ts = post(slack, text="parent")
    page = open_page("U1LI", f"#C1DESK/{ts}")
    page.get_by_label("Also send to the channel").check()
    page.get_by_role("textbox", name="Reply…").fill("for all")
    page.get_by_role("textbox", name="Reply…").press("Enter")
    expect(page.get_by_role("main").get_by_text("for all")).to_be_visible()
    expect(page.get_by_label("Also send to the channel")).not_to_be_checked()


def test_a_global_shortcut_is_in_the_composer_and_in_the_search(
    open_page: Any, stub: StubApp
) -> None:
    page = open_page("U1LI")
    page.get_by_role("button", name="Shortcuts and commands").click()
    page.get_by_role("menuitem", name="Find").click()
    assert stub.wait_for_type("shortcut").payload["callback_id"] == "find"
    stub.received.clear()
    page.keyboard.press("Control+k")
    page.keyboard.type("find")
    page.get_by_role("option", name="Find").click()
    assert stub.wait_for_type("shortcut").payload["callback_id"] == "find"


def test_three_people_work_side_by_side_and_each_pane_can_be_anybody(open_page: Any) -> None:
    page = open_page("U1LI", "&split=U2ANN#C1DESK")
    page.get_by_role("button", name="Show one more person").click()
    expect(page.locator("iframe")).to_have_count(3)
    page.get_by_label("Act as").nth(1).select_option("U3BO")
    first, second = (page.frame_locator(f"iframe >> nth={n}") for n in (0, 1))
    expect(second.get_by_role("button", name="Join channel")).to_be_visible()
    second.get_by_role("button", name="Join channel").click()
    second.get_by_role("textbox", name="Message #desk").fill("I am Bo")
    second.get_by_role("textbox", name="Message #desk").press("Enter")
    expect(first.get_by_role("log")).to_contain_text("I am Bo")
    page.reload()
    expect(page.get_by_label("Act as").nth(1)).to_have_value("U3BO")
    page.get_by_role("button", name="Close the view of Bo Out").click()
    expect(page.locator("iframe")).to_have_count(2)
