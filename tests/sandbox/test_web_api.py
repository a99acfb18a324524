"""The door of the Web API: tokens, scopes, bodies, and the errors that are Slack's own."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.api.table import METHODS
from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.sandbox.apps import BOT_TOKEN
from tests.sandbox.errors import error_of

AUTH = {"authorization": f"Bearer {BOT_TOKEN}"}


@pytest.fixture
def http(server: Server) -> Any:
    with httpx.Client(base_url=f"{server.url}/api/", trust_env=False) as client:
        yield client


def test_the_token_is_taken_from_header_or_body(http: httpx.Client) -> None:
    assert http.post("auth.test", headers=AUTH).json()["user_id"] == "UBOT"
    assert http.post("auth.test", data={"token": BOT_TOKEN}).json()["team_id"] == "T0TEST"
    assert http.post("auth.test").json() == {"ok": False, "error": "not_authed"}
    bad = http.post("auth.test", headers={"authorization": "Bearer xoxb-other"})
    assert (bad.status_code, bad.json()["error"]) == (200, "invalid_auth")


def test_an_unknown_method_is_named(http: httpx.Client) -> None:
    assert http.post("chat.shout", headers=AUTH).json() == {
        "ok": False,
        "error": "unknown_method",
        "req_method": "chat.shout",
    }


def test_an_app_token_calls_no_bot_method(http: httpx.Client) -> None:
    headers = {"authorization": "Bearer xapp-test"}
    answer = http.post("chat.postMessage", headers=headers, data={"channel": "C1DESK"})
    assert answer.json()["error"] == "not_allowed_token_type"
    assert http.post("auth.test", headers=headers).json()["app_id"] == "A1APP"


def test_api_test_gives_back_what_was_sent(slack: WebClient) -> None:
    assert slack.api_test(foo="bar")["args"] == {"foo": "bar"}
    assert error_of(slack.api_test, error="my_error") == "my_error"


def test_a_missing_scope_says_which_and_what_is_there(slack: WebClient, control: Sandbox) -> None:
    control.change_app("A1APP", scopes=["commands", "users:read"])
    with pytest.raises(SlackApiError) as caught:
        slack.chat_postMessage(channel="C1DESK", text="x")
    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == "chat:write"
    assert caught.value.response["provided"] == "commands,users:read"
    assert slack.auth_test().headers["x-oauth-scopes"] == "commands,users:read"


def test_the_scope_follows_the_kind_of_channel(slack: WebClient, control: Sandbox) -> None:
    control.change_app("A1APP", scopes=["channels:history", "groups:read"])
    assert slack.conversations_history(channel="C1DESK")["ok"]
    assert error_of(slack.conversations_history, channel="C3SAFE") == "missing_scope"
    assert error_of(slack.conversations_info, channel="C1DESK") == "missing_scope"


def test_an_app_without_a_list_of_scopes_is_held_to_none(
    slack: WebClient, control: Sandbox
) -> None:
    control.change_app("A1APP", scopes=None)
    assert slack.chat_postMessage(channel="C1DESK", text="x")["ok"]


def test_form_only_methods_do_not_see_a_json_body(http: httpx.Client) -> None:
    given = {"channel": "C1DESK"}
    as_json = http.post("conversations.info", headers=AUTH, json=given).json()
    assert as_json["error"] == "invalid_arguments"
    assert http.post("conversations.info", headers=AUTH, data=given).json()["ok"]
    assert http.get("conversations.info", headers=AUTH, params=given).json()["ok"]
    assert http.post("conversations.history", headers=AUTH, json=given).json()["ok"]


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("application/json", b"{", "invalid_json"),
        ("application/json", b"[]", "json_not_object"),
        ("application/json", b"[" * 200_000, "invalid_json"),
        ("application/x-www-form-urlencoded", b"text=\xff\xfe", "invalid_form_data"),
        ("text/plain", b"text", "invalid_post_type"),
        ("multipart/form-data; boundary=x", b"nothing", "invalid_form_data"),
        ("", b"text", "missing_post_type"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    http: httpx.Client, kind: str, body: bytes, code: str
) -> None:
    headers = {**AUTH, "content-type": kind}
    answer = http.post("chat.postMessage?channel=C2OPEN", headers=headers, content=body)
    assert answer.status_code == 200
    assert answer.json()["error"] == code


def test_multipart_arguments_are_read(http: httpx.Client) -> None:
    parts = {"channel": (None, b"C1DESK"), "text": (None, b"by parts")}
    answer = http.post("chat.postMessage", headers=AUTH, files=parts)
    assert answer.json()["message"]["text"] == "by parts"


def test_a_huge_body_is_turned_away(http: httpx.Client) -> None:
    answer = http.post("chat.postMessage", headers=AUTH, data={"text": "x" * 6_000_000})
    assert answer.status_code == 413


def test_a_missing_argument_is_named(slack: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        slack.api_call("chat.postMessage", json={"text": "x"})
    assert caught.value.response["error"] == "invalid_arguments"
    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] missing required field: channel"
    ]


def test_blocks_validate_answers_in_slacks_form(slack: WebClient) -> None:
    block = {"type": "section", "text": {"type": "invalid", "text": "x"}}
    with pytest.raises(SlackApiError) as caught:
        slack.api_call("blocks.validate", json={"blocks": [block]})
    assert caught.value.response["error"] == "invalid_blocks"
    assert caught.value.response["errors"][0]["pointer"] == "/0/text/type"
    assert slack.api_call("blocks.validate", json={"message": {"text": "x"}})["ok"]
    assert error_of(slack.api_call, "blocks.validate", json={}) == "invalid_arguments"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**19) | st.floats(allow_nan=False)
    | st.sampled_from(["C1DESK", "U1LI", "UBOT", "0", "1", "", "modal", "\ud800", "[", "{}"])
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["type", "text", "blocks", "id", "event_type", "title"]), inner, max_size=3
    ),
    max_leaves=6,
)  # fmt: skip


@pytest.fixture(scope="module")
def fuzzed() -> Any:
    workspace = {
        "people": [{"id": "U1LI", "name": "li"}],
        "channels": [{"id": "C1DESK", "name": "desk", "members": ["U1LI", "UBOT"]}],
        "apps": [
            {
                "id": "A1",
                "name": "Desk",
                "bot_user_id": "UBOT",
                "bot_token": BOT_TOKEN,
                "signing_secret": "s",
            }
        ],
    }
    with (
        Server(workspace, rates="off") as server,
        httpx.Client(base_url=f"{server.url}/api/", trust_env=False, headers=AUTH) as client,
    ):
        yield client


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), name=st.sampled_from(sorted(METHODS)))
def test_no_arguments_make_any_method_fail_other_than_politely(
    fuzzed: httpx.Client, data: st.DataObject, name: str
) -> None:
    wanted = METHODS[name].facts["args"]
    keys = st.sampled_from([*wanted, "token", "extra"])
    args = data.draw(st.dictionaries(keys, _VALUES, max_size=len(wanted) + 1))
    args.pop("token", None)
    if METHODS[name].takes_json and data.draw(st.booleans()):
        headers = {"content-type": "application/json"}
        answer = fuzzed.post(name, content=json.dumps(args), headers=headers)
    else:
        texts = {k: str(v).encode("utf-8", "replace").decode() for k, v in args.items()}
        answer = fuzzed.post(name, data=texts)
    assert answer.status_code == 200, (name, args, answer.text)
    assert isinstance(answer.json()["ok"], bool)
