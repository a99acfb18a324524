"""State in a file, snapshots, and the command line of the sandbox alone."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from sandbox.client import CannotActError, Sandbox
from sandbox.serve import Server
from tests.sandbox.apps import BOT_TOKEN

ROOT = Path(__file__).parents[2]


def client_of(server: Server) -> WebClient:
    return WebClient(BOT_TOKEN, base_url=f"{server.url}/api/", retry_handlers=[])


def whole(control: Sandbox) -> dict[str, Any]:
    """Everything but the clock."""
    state = control.state()
    return {k: v for k, v in state.items() if k not in {"now", "seen"}}


def live_a_little(slack: WebClient, control: Sandbox) -> None:
    """A bit of everything that has a form of its own in memory."""
    ts = slack.chat_postMessage(channel="C1DESK", text="card")["ts"]
    slack.chat_postMessage(channel="C1DESK", thread_ts=ts, text="reply", reply_broadcast=True)
    slack.pins_add(channel="C1DESK", timestamp=ts)
    slack.reactions_add(channel="C1DESK", timestamp=ts, name="eyes")
    slack.files_upload_v2(channel="C1DESK", content="evidence", filename="e.txt")
    slack.conversations_open(users="U1LI")
    slack.views_publish(user_id="U1LI", view={"type": "home", "blocks": [{"type": "divider"}]})
    gone = slack.chat_postMessage(channel="C1DESK", text="gone")["ts"]
    slack.chat_delete(channel="C1DESK", ts=gone)
    slack.chat_update(channel="C1DESK", ts=ts, text="card, changed")
    control.act_as("U1LI").post("C1DESK", "from a person")


def test_what_a_file_keeps_is_there_after_a_restart(
    workspace: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "state.sqlite"
    with Server(workspace, rates="off", state=path) as server, Sandbox(server.url) as control:
        live_a_little(client_of(server), control)
        before = whole(control)
    with Server(workspace, rates="off", state=path) as server, Sandbox(server.url) as control:
        assert whole(control) == before
        slack = client_of(server)
        (pin,) = slack.pins_list(channel="C1DESK")["items"]
        slack.chat_update(channel="C1DESK", ts=pin["message"]["ts"], text="changed again")
        (pin,) = slack.pins_list(channel="C1DESK")["items"]
        assert pin["message"]["text"] == "changed again"
        file = slack.files_list()["files"][0]
        assert slack.files_info(file=file["id"])["content"] == "evidence"


def test_a_snapshot_put_back_is_the_same_workspace(slack: WebClient, control: Sandbox) -> None:
    live_a_little(slack, control)
    snapshot, before = control.snapshot(), whole(control)
    slack.chat_postMessage(channel="C1DESK", text="later")
    slack.conversations_create(name="later")
    assert whole(control) != before
    control.put_back(snapshot)
    assert whole(control) == before
    assert control.act_as("U1LI").seen(0)[-1]["kind"] == "reset"
    assert slack.chat_postMessage(channel="C1DESK", text="on we go")["ok"]


@pytest.mark.parametrize(
    "junk",
    [{}, {"version": 1}, {"version": 1, "parts": {}}, {"version": 9, "parts": {"team": 1}}],
)
def test_what_is_no_snapshot_changes_nothing(control: Sandbox, junk: dict[str, Any]) -> None:
    before = whole(control)
    with pytest.raises(CannotActError):
        control.put_back(junk)
    broken = control.snapshot()
    broken["parts"]["channels"] = {"C1": {"~record": "System", "~fields": {}}}
    with pytest.raises(CannotActError):
        control.put_back(broken)
    assert whole(control) == before


def test_the_sandbox_alone_is_ready_with_an_app_of_a_manifest(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(
        "display_information: {name: Parcels}\n"
        "features: {bot_user: {display_name: Parcels}}\n"
        "oauth_config: {scopes: {bot: [chat:write]}}\n"
    )
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--manifest", str(manifest)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(5)]
        url = re.search(r"http://127\.0\.0\.1:\d+", said[0])
        token = re.search(r"xoxb-\S+", "".join(said))
        assert url is not None
        assert token is not None
        answer = httpx.post(
            f"{url[0]}/api/chat.postMessage",
            data={"channel": "#general", "text": "hello", "token": token[0]},
            trust_env=False,
        )
        assert answer.json()["ok"]
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()  # type: ignore[union-attr]


def test_a_manifest_that_cannot_be_stops_the_start(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text("display_information: {}")
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--manifest", str(manifest)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert "/display_information" in done.stderr
