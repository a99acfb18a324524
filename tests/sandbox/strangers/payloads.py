"""The payloads in Bolt's scenario tests against the sandbox's own, key by key.

Theirs were taken from Slack: whatever key all of theirs of a kind have, ours must have too.
``python -m tests.sandbox.strangers.payloads`` with ``SLACK_BOLT_TESTS`` prints both.
"""

import ast
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from slack_sdk import WebClient

from sandbox.client import Sandbox
from sandbox.serve import Server
from sandbox.state.model import Json
from tests.sandbox.apps import BOT_TOKEN, Received, StubApp

KINDS = (
    "block_actions", "block_suggestion", "view_submission", "view_closed", "shortcut",
    "message_action", "event_callback",
)  # fmt: skip
# Keys that only apps of an Enterprise organization, of Slack Connect or of old apps are sent.
ELSEWHERE = {"enterprise_id", "enterprise_name", "authed_users", "authed_teams", "enterprise"}
_NESTED = ("user", "team", "container", "channel", "view", "message", "event")


def theirs(checkout: Path) -> dict[str, list[Json]]:
    """Every payload written down in their scenario tests, by its type."""
    found: dict[str, list[Json]] = {kind: [] for kind in KINDS}
    for path in sorted((checkout / "tests" / "scenario_tests").glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Dict):
                try:
                    payload = ast.literal_eval(node)
                except ValueError:
                    continue
                kind = payload.get("type")
                whole = "token" in payload and (
                    "api_app_id" in payload or kind in {"shortcut", "message_action"}
                )
                if kind in found and whole and payload.get("actions") != []:
                    found[kind].append(payload)
    return found


def keys_of(payload: Json) -> set[str]:
    """The keys of a payload and of what is in it, as ``user.id``."""
    keys = set(payload)
    for name in _NESTED:
        inner = payload.get(name)
        if isinstance(inner, dict):
            keys |= {f"{name}.{key}" for key in inner}
    return keys


def common(payloads: list[Json]) -> set[str]:
    """What all of them have, apart from what belongs elsewhere."""
    sets = [keys_of(payload) for payload in payloads]
    return {key for key in set.intersection(*sets) if key.split(".")[-1] not in ELSEWHERE}


def compare(checkout: Path) -> tuple[list[str], dict[str, list[str]]]:
    """The kinds compared, and of each the keys that ours lacks."""
    own, compared, missing = ours(), [], {}
    for kind, payloads in theirs(checkout).items():
        if not payloads:
            continue
        compared.append(kind)
        lacking = sorted(common(payloads) - keys_of(own[kind]))
        if lacking:
            missing[kind] = lacking
    return compared, missing


def ours() -> dict[str, Json]:
    """One payload of each kind, as a person's acts make the sandbox send it."""
    option = {"text": {"type": "plain_text", "text": "A"}, "value": "a"}
    modal: Json = {
        "type": "modal", "callback_id": "m", "notify_on_close": True,
        "title": {"type": "plain_text", "text": "M"},
        "submit": {"type": "plain_text", "text": "S"},
        "blocks": [
            {
                "type": "input", "block_id": "b", "label": {"type": "plain_text", "text": "L"},
                "element": {"type": "external_select", "action_id": "e", "min_query_length": 0},
            }
        ],
    }  # fmt: skip
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "A"}}

    def answer(received: Received) -> tuple[int, Any, float]:
        suggestion = "block_suggestion" in received.body.decode("utf-8", "replace")
        return 200, ({"options": [option]} if suggestion else b""), 0.0

    with StubApp() as stub, Server(_workspace(stub.url), rates="off") as server:
        stub.answer = answer
        slack = WebClient(BOT_TOKEN, base_url=f"{server.url}/api/")
        with Sandbox(server.url) as control:
            li = control.act_as("U1")
            ts = slack.chat_postMessage(
                channel="C1", text="x", blocks=[{"type": "actions", "elements": [button]}]
            )["ts"]
            for closing in (False, True):
                li.click("C1", ts, "a")
                trigger = stub.received[-1].payload["trigger_id"]
                slack.views_open(trigger_id=trigger, view=modal)
                if closing:
                    li.close()
                else:
                    li.options("e")
                    li.submit({"e": option})
            li.shortcut("find")
            said = li.post("C1", "hello")["ts"]
            li.shortcut("from_message", "C1", said)
            stub.wait_for(2)
            time.sleep(0.1)
        sent = [r.payload for r in stub.received] + [stub.events[-1].payload]
    return {payload["type"]: payload for payload in sent}


def _workspace(url: str) -> Json:
    return {
        "people": [{"id": "U1", "name": "li"}],
        "channels": [{"id": "C1", "name": "desk", "members": ["U1", "UBOT"]}],
        "apps": [
            {
                "id": "A1", "name": "Desk", "bot_user_id": "UBOT", "bot_token": BOT_TOKEN,
                "signing_secret": "s", "interactivity": {"url": url},
                "events": {"url": url, "subscribed": ["message.channels"]},
                "shortcuts": [
                    {"name": "Find", "callback_id": "find"},
                    {"name": "From", "callback_id": "from_message", "kind": "message"},
                ],
            }
        ],
    }  # fmt: skip


if __name__ == "__main__":
    kinds, lacking = compare(Path(os.environ["SLACK_BOLT_TESTS"]))
    sys.stdout.write(json.dumps({"compared": kinds, "missing": lacking}, indent=2) + "\n")
