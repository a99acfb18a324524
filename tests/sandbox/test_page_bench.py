"""The bench: engineers see every request, do it again, let things go wrong and move the clock."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.blockkit.samples import actions, button
from tests.sandbox.apps import StubApp
from tests.sandbox.posting import post

pytestmark = pytest.mark.browser


@pytest.fixture
def bench(browser: Browser, server: Server) -> Any:
    """Open a part of the bench; whatever a page throws fails the test."""
    errors: list[str] = []
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])

    def open_part(part: str = "traffic") -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{server.url}/sandbox/bench?lang=en#{part}")
        return page

    yield open_part
    context.close()
    assert errors == []


def test_a_click_is_seen_with_its_signature_sent_again_and_taken_as_curl(
    bench: Any, stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = post(slack, actions(button("go")))
    control.act_as("U1LI").click("C1DESK", ts, "go")
    page = bench()
    page.get_by_role("button", name="block_actions").click()
    exchange = page.get_by_role("region", name="← block_actions")
    expect(exchange).to_contain_text("The signature is right.")
    expect(exchange).to_contain_text('"action_id": "go"')
    exchange.get_by_role("button", name="Copy as curl").click()
    expect(exchange.get_by_role("status")).to_have_text("Copied.")
    command = page.evaluate("navigator.clipboard.readText()")
    assert command.startswith("curl ")
    assert "x-slack-signature" in command
    exchange.get_by_role("button", name="Replay").click()
    expect(exchange.get_by_role("status")).to_have_text("Sent again.")
    expect(page.get_by_role("button", name="block_actions")).to_have_count(2)
    assert len(stub.received) == 2


def test_the_list_follows_by_itself_and_is_narrowed_by_words_ways_and_failures(
    bench: Any, slack: WebClient
) -> None:
    page = bench()
    expect(page.get_by_text("Nothing went over the wire yet")).to_be_visible()
    slack.auth_test()
    expect(page.get_by_role("button", name="auth.test")).to_be_visible()
    with pytest.raises(SlackApiError):
        slack.chat_postMessage(channel="C0NONE", text="lost words")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("Only what went wrong").check()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("Only what went wrong").uncheck()
    page.get_by_role("searchbox").fill("lost words")
    expect(page.locator("tbody tr")).to_contain_text(["chat.postMessage"])
    page.get_by_role("searchbox").fill("")
    page.get_by_label("Direction").select_option("out")
    expect(page.get_by_text("Nothing fits the filter.")).to_be_visible()


def test_a_fault_set_by_hand_strikes_its_method_in_its_channel(
    bench: Any, slack: WebClient
) -> None:
    page = bench("faults")
    page.get_by_label("What goes wrong").select_option("internal_error")
    page.get_by_label("Method (*").fill("chat.postMessage")
    page.get_by_role("combobox", name="Channel").last.select_option("C1DESK")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_role("listitem")).to_contain_text("struck 0 of 1")
    slack.auth_test()
    with pytest.raises(SlackApiError, match="internal_error"):
        post(slack, text="struck")
    expect(page.get_by_role("listitem")).to_contain_text("struck 1 of 1", timeout=4000)
    post(slack, text="healthy")
    page.get_by_role("button", name="Heal everything").click()
    expect(page.get_by_text("Nothing is set to go wrong.")).to_be_visible()


def test_a_request_to_an_app_is_delivered_twice_on_wish(
    bench: Any, stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    page = bench("faults")
    page.get_by_label("What goes wrong").select_option("duplicate")
    page.get_by_label("Request (*").fill("block_actions")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_role("listitem")).to_contain_text("Twice")
    ts = post(slack, actions(button("go")))
    control.act_as("U1LI").click("C1DESK", ts, "go")
    expect(page.get_by_role("listitem")).to_contain_text("struck 1 of 1", timeout=4000)
    assert len(stub.received) == 2


def test_the_clock_is_held_and_moved(bench: Any, control: Sandbox) -> None:
    page = bench("clock")
    before = control.get("clock")["now"]
    page.get_by_role("button", name="Hold the clock").click()
    expect(page.get_by_text("held", exact=True)).to_be_visible()
    page.get_by_role("button", name="+1 day").click()
    page.get_by_label("By seconds").fill("-60")
    page.get_by_role("button", name="Move", exact=True).first.click()
    expect(page.get_by_text("held", exact=True)).to_be_visible()
    page.wait_for_timeout(200)
    held = control.get("clock")
    assert held["held"]
    assert 86_340 <= held["now"] - before < 86_400
    page.get_by_role("button", name="Let it run").click()
    expect(page.get_by_text("running")).to_be_visible()


def test_rate_limits_are_switched(bench: Any, control: Sandbox) -> None:
    page = bench("clock")
    page.get_by_label("All, as Slack counts them").check()
    expect(page.get_by_label("All, as Slack counts them")).to_be_checked()
    page.wait_for_timeout(100)
    assert control.get("rates")["mode"] == "all"


def test_the_bench_speaks_both_languages(bench: Any) -> None:
    page = bench()
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    script = "async () => (await import('/sandbox/static/bench_words.js')).DICTIONARIES"
    words = page.evaluate(script)
    assert words["en"].keys() == words["zh_CN"].keys()
