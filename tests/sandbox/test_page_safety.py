"""Nothing that apps or people write runs in the page, and nothing foreign reaches it."""

import re
from contextlib import suppress
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.blockkit.samples import mrkdwn, section
from tests.sandbox.posting import post

pytestmark = pytest.mark.browser

EVIL = '<img src=x onerror="window.hacked=1"> <javascript:window.hacked=1|click> "><script>'


def test_what_people_and_apps_write_never_runs(
    open_page: Any, slack: WebClient, control: Sandbox
) -> None:
    control.act_as("U2ANN").post("C1DESK", EVIL)
    post(slack, section(text=mrkdwn(EVIL)), text="blocks")
    person = control.add_person(name="<b>evil</b>", real_name="<script>window.hacked=1</script>")
    control.change_channel("C1DESK", join=[person])
    control.act_as(person).post("C1DESK", "hello")
    page = open_page("U1LI")
    expect(page.get_by_role("log")).to_contain_text("hello")
    for element in page.get_by_text("click").all():
        element.click()
    assert page.evaluate("window.hacked ?? null") is None
    assert page.locator("[role=log] :is(script, img)").count() == 0


def test_what_was_written_runs_neither_in_the_search_nor_as_json_nor_on_the_bench(
    open_page: Any, server: Server, slack: WebClient, control: Sandbox
) -> None:
    control.change_channel("C1DESK", name="<img src=x onerror=window.hacked=1>")
    control.act_as("U2ANN").post("C1DESK", f"{EVIL} findme")
    with suppress(SlackApiError):
        slack.api_call("chat.postMessage", params={"channel": EVIL, "text": EVIL})
    page = open_page("U1LI")
    page.get_by_role("button", name="Message actions").click()
    page.get_by_role("menuitem", name="View JSON").click()
    expect(page.get_by_role("complementary", name="View JSON")).to_contain_text("onerror")
    page.keyboard.press("Control+k")
    page.keyboard.type("findme")
    expect(page.get_by_role("option").filter(has_text="findme")).to_be_visible()
    assert page.evaluate("window.hacked ?? null") is None
    page.goto(f"{server.url}/sandbox/bench?lang=en")
    page.get_by_role("button", name="chat.postMessage").click()
    expect(page.get_by_text("window.hacked").first).to_be_visible()
    assert page.evaluate("window.hacked ?? null") is None
    assert page.locator("#root :is(script, img)").count() == 0


def test_the_policy_allows_nothing_foreign_or_inline(server: Server) -> None:
    check_policy(server, "/")
    check_policy(server, "/sandbox/bench")


def check_policy(server: Server, path: str) -> None:
    answer = httpx.get(server.url + path, trust_env=False)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    for used in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
        assert used.startswith("/sandbox/")
        assert httpx.get(server.url + used, trust_env=False).status_code == 200


def test_a_socket_from_another_origin_is_turned_away(server: Server) -> None:
    address = f"{server.url.replace('http', 'ws')}/sandbox/as/U1LI/live"
    with pytest.raises(InvalidStatus):
        connect(address, origin="https://evil.example", proxy=None)
    with connect(address, proxy=None) as socket:
        assert socket.protocol is not None
