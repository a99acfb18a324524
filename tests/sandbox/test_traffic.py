"""The log of the traffic: signatures checked, requests done again, and commands to take away."""

import shlex
import subprocess
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.client import CannotActError, Sandbox
from tests.sandbox.apps import StubApp

BUTTON = {"type": "button", "action_id": "take", "text": {"type": "plain_text", "text": "Take"}}


@pytest.fixture
def click(stub: StubApp, slack: WebClient, control: Sandbox) -> dict[str, Any]:
    """The exchange of one click, which the stub took."""
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    ts = slack.chat_postMessage(channel="C1DESK", text="x", blocks=blocks)["ts"]
    control.act_as("U1LI").click("C1DESK", ts, "take")
    assert len(stub.received) == 1
    found: dict[str, Any] = next(e for e in control.traffic() if e["what"] == "block_actions")
    return found


def test_a_signature_is_shown_with_how_it_comes_out(
    click: dict[str, Any], control: Sandbox
) -> None:
    seen = control.get(f"traffic/{click['n']}")["signature"]
    assert seen["matches"] is True
    assert seen["base"].startswith(f"v0:{seen['timestamp']}:payload=")


def test_a_request_to_an_app_is_done_again_and_signed_anew(
    click: dict[str, Any], stub: StubApp, control: Sandbox
) -> None:
    again = control.replay(click["n"])
    assert (again["status"], len(stub.received)) == (200, 2)
    assert stub.received[0].payload == stub.received[1].payload


def test_a_call_is_done_again_as_it_was(slack: WebClient, control: Sandbox) -> None:
    slack.chat_postMessage(channel="C1DESK", text="once more")
    n = control.traffic()[-1]["n"]
    assert '"ok":true' in control.replay(n)["answer"]
    assert [m["text"] for m in control.messages("C1DESK")] == ["once more"] * 2


def test_a_call_as_a_command_does_the_same(slack: WebClient, control: Sandbox) -> None:
    slack.chat_postMessage(channel="C1DESK", text="it's “quoted”")
    command = control.get(f"traffic/{control.traffic()[-1]['n']}")["curl"]
    words = shlex.split(command)
    assert words[0] == "curl"
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=20)
    except FileNotFoundError:
        pytest.skip("no curl here")
    assert '"ok":true' in done.stdout
    assert [m["text"] for m in control.messages("C1DESK")] == ["it's “quoted”"] * 2


def test_what_is_not_kept_cannot_be_done_again(control: Sandbox) -> None:
    with pytest.raises(CannotActError, match="no_such_exchange"):
        control.replay(10**6)
