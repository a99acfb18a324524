"""The workspace file, the command line, and a channel grown long."""

import copy
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from sandbox import workspace as filling
from sandbox.people import sights
from sandbox.state import messages
from sandbox.workspace import BadWorkspaceError


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"people": [{"id": "U1"}]}, "people[0].name"),
        ({"people": [{"id": "U1", "name": "a"}, {"id": "U1", "name": "b"}]}, "people[1].id"),
        ({"people": [{"name": "a", "tz": "Moon/Base"}]}, "people[0].tz"),
        ({"channels": [{"name": "a", "members": ["U9"]}]}, "channels[0].members"),
        ({"apps": [{"id": "A1", "name": "x"}]}, "apps[0].bot_token"),
        (
            {"apps": [{"id": "A1", "name": "x", "bot_token": "t", "signing_secret": "s",
                       "commands": [{"name": "dispute"}]}]},
            "apps[0].commands[0].name",
        ),
        (
            {"apps": [{"id": "A1", "name": "x", "bot_token": "t", "signing_secret": "s",
                       "shortcuts": [{"name": "x", "callback_id": "c", "kind": "odd"}]}]},
            "apps[0].shortcuts[0].kind",
        ),
        ({"people": "everybody"}, "people"),
        ({"usergroups": [{"id": "S1", "users": ["U9"]}]}, "usergroups[0].users"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_named_with_its_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(BadWorkspaceError) as caught:
        filling.load(change)
    assert str(caught.value).startswith(place)


def test_two_apps_cannot_share_a_token(workspace: dict[str, Any]) -> None:
    twin = copy.deepcopy(workspace["apps"][0]) | {"id": "A2", "bot_user_id": "UB2"}
    workspace["apps"].append(twin)
    with pytest.raises(BadWorkspaceError, match="token"):
        filling.load(workspace)


def test_addresses_left_out_are_the_apps_url(workspace: dict[str, Any]) -> None:
    loaded = filling.load(workspace, app_url="http://127.0.0.1:1/slack")
    app = loaded.apps["A1APP"]
    assert app.interactivity_url == app.events_url == app.options_url == "http://127.0.0.1:1/slack"
    assert app.commands["/dispute"].url == "http://127.0.0.1:1/slack"


def start(tmp_path: Path, text: str) -> subprocess.Popen[str]:
    """The sandbox as a program, on a workspace file with this text."""
    file = tmp_path / "workspace.json"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sandbox", "--workspace", str(file), "--port", "0"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_program_says_where_it_is_and_is_ready_in_two_seconds(
    tmp_path: Path, workspace: dict[str, Any]
) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = start(tmp_path, json.dumps(workspace))
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        answer = httpx.get(f"{url}/sandbox/health", trust_env=False)
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.communicate(timeout=10)
    assert answer.json() == {"ok": True}
    # Its own time on the processor: a clock on the wall would measure who else is busy.
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2.0


def test_without_a_file_it_brings_a_workspace_and_says_how_to_reach_it() -> None:
    command = [sys.executable, "-m", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(5)]
        url = said[0].split()[-1]
        token = next(line.split("=")[1].strip() for line in said if "SLACK_BOT_TOKEN" in line)
        slack = WebClient(token, base_url=f"{url}/api/")
        assert slack.chat_postMessage(channel="#general", text="hello")["ok"]
        os.kill(process.pid, signal.SIGTERM)


def test_a_bad_file_ends_the_program_with_the_place(tmp_path: Path) -> None:
    process = start(tmp_path, '{"people": [{"id": "U1"}]}')
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 2
    assert "people[0].name" in errors
    process = start(tmp_path, "{")
    assert process.communicate(timeout=10)[1].startswith("sandbox: ")


def test_a_channel_of_fifty_thousand_messages_opens_like_one_of_fifty(
    workspace: dict[str, Any],
) -> None:
    loaded = filling.load(workspace)
    person = loaded.people["U1LI"]
    for channel_id, count in (("C1DESK", 50_000), ("C4PAST", 50)):
        for n in range(count):
            message = {"type": "message", "user": "U1LI", "text": str(n)}
            messages.post(loaded, loaded.channels[channel_id], message)

    def fastest(channel_id: str) -> float:
        times = []
        for _ in range(40):
            started = time.perf_counter()
            page = sights.read_messages(loaded, person, channel_id)
            times.append(time.perf_counter() - started)
            assert len(page["messages"]) == 50
        return min(times)

    assert fastest("C1DESK") < 1.5 * fastest("C4PAST") + 0.0005
