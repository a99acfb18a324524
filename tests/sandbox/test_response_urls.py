"""What an app may do with a response_url, how often and for how long."""

from typing import Any

import httpx
from slack_sdk import WebClient

from sandbox.client import Sandbox
from tests.blockkit.samples import actions, button
from tests.sandbox.apps import StubApp
from tests.sandbox.posting import post


def reply(stub: StubApp, **body: Any) -> httpx.Response:
    """POST to the response_url of the stub's last request."""
    last = stub.received[-1]
    url = last.form.get("response_url") or last.payload["response_url"]
    return httpx.post(url, json=body, trust_env=False)


def test_a_response_url_works_five_times(stub: StubApp, slack: WebClient, control: Sandbox) -> None:
    ts = post(slack, actions(button("go")))
    control.act_as("U1LI").click("C1DESK", ts, "go")
    assert [reply(stub, text=str(n)).status_code for n in range(5)] == [200] * 5
    sixth = reply(stub, text="6")
    assert (sixth.status_code, sixth.json()["error"]) == (404, "used_url")


def test_a_response_url_works_for_thirty_minutes(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = post(slack, actions(button("go")))
    control.act_as("U1LI").click("C1DESK", ts, "go")
    control.clock(move=29 * 60)
    assert reply(stub, text="in time").status_code == 200
    control.clock(move=2 * 60)
    assert reply(stub, text="late").json()["error"] == "expired_url"


def test_a_response_url_replaces_deletes_whispers_or_speaks(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = post(slack, actions(button("go")))
    control.act_as("U1LI").click("C1DESK", ts, "go")
    reply(stub, text="whisper")
    reply(stub, text="aloud", response_type="in_channel")
    reply(stub, text="replaced", replace_original=True)
    shown = [m["text"] for m in slack.conversations_history(channel="C1DESK")["messages"]]
    assert shown == ["aloud", "replaced"]
    assert "whisper" in [m["text"] for m in control.act_as("U1LI").messages("C1DESK")]
    reply(stub, delete_original=True)
    shown = [m["text"] for m in slack.conversations_history(channel="C1DESK")["messages"]]
    assert shown == ["aloud"]
    bad = reply(stub, text="x", blocks=[{"type": "section"}])
    assert (bad.status_code, bad.json()["error"]) == (400, "invalid_blocks")


def test_an_ephemeral_is_changed_and_removed_by_its_response_url(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    sent = slack.chat_postEphemeral(
        channel="C1DESK", user="U1LI", text="choose", blocks=[actions(button("go"))]
    )
    li = control.act_as("U1LI")
    li.click("C1DESK", sent["message_ts"], "go")
    payload = stub.received[0].payload
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload
    reply(stub, text="chosen", replace_original=True)
    assert [m["text"] for m in li.messages("C1DESK")] == ["chosen"]
    reply(stub, delete_original=True)
    assert li.messages("C1DESK") == []


def test_an_answer_appears_where_the_button_was_pressed(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = post(slack, actions(button("go")))
    li = control.act_as("U1LI")
    there = li.post("C1DESK", "what about this?", thread_ts=ts)
    assert there["ok"]
    li.click("C1DESK", ts, "go")
    reply(stub, text="in the channel")
    whispered = next(m for m in li.messages("C1DESK") if m["text"] == "in the channel")
    assert "thread_ts" not in whispered
    below = slack.chat_postMessage(
        channel="C1DESK", text="below", thread_ts=ts, blocks=[actions(button("deep"))]
    )["ts"]
    li.click("C1DESK", below, "deep")
    reply(stub, text="in the thread")
    assert "in the thread" in [m["text"] for m in li.messages("C1DESK", thread_ts=ts)]
