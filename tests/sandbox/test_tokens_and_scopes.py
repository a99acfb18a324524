"""Tokens of every kind, and what each may do, through the official client."""

from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.api.facts import errors
from sandbox.api.table import METHODS
from sandbox.serve import Server
from tests.sandbox.apps import BOT_TOKEN
from tests.sandbox.errors import error_of

PERSON_TOKEN = "xoxp-li"
PERSON_SCOPES = [
    "chat:write",
    "search:read",
    "channels:history",
    "users.profile:write",
    "users:read",
]


@pytest.fixture
def workspace(workspace: dict[str, Any]) -> dict[str, Any]:
    workspace["apps"][0]["user_tokens"] = [
        {"token": PERSON_TOKEN, "user": "U1LI", "scopes": PERSON_SCOPES}
    ]
    return workspace


@pytest.fixture
def person(server: Server) -> WebClient:
    """The official client with Li's own token."""
    return WebClient(PERSON_TOKEN, base_url=f"{server.url}/api/", retry_handlers=[])


def test_a_persons_token_acts_as_that_person(person: WebClient, slack: WebClient) -> None:
    assert person.auth_test()["user_id"] == "U1LI"
    assert "bot_id" not in person.auth_test().data
    message = person.chat_postMessage(channel="C1DESK", text="mine")["message"]
    assert (message["user"], message["app_id"]) == ("U1LI", "A1APP")
    assert error_of(slack.chat_update, channel="C1DESK", ts=message["ts"], text="x") == (
        "cant_update_message"
    )
    assert person.chat_delete(channel="C1DESK", ts=message["ts"])["ok"]


def test_a_person_searches_what_they_may_read(person: WebClient, slack: WebClient) -> None:
    slack.chat_postMessage(channel="C1DESK", text="the blue parcel")
    slack.chat_postMessage(channel="C3SAFE", text="the blue secret")
    found = person.search_messages(query="Blue")["messages"]["matches"]
    assert [match["text"] for match in found] == ["the blue parcel"]


def test_kinds_of_tokens_keep_to_their_methods(person: WebClient, slack: WebClient) -> None:
    assert error_of(slack.search_messages, query="x") == "not_allowed_token_type"
    assert error_of(slack.apps_connections_open, app_token=BOT_TOKEN) == "not_allowed_token_type"
    assert error_of(slack.apps_manifest_validate, manifest="{}") == "not_allowed_token_type"
    assert person.users_profile_set(profile={"title": "Judge"})["profile"]["title"] == "Judge"
    assert error_of(person.users_profile_set, profile={"shoes": "42"}) == "invalid_profile"


def test_a_revoked_token_is_told_so(slack: WebClient) -> None:
    assert slack.auth_revoke(test=True)["revoked"] is False
    assert slack.auth_revoke()["revoked"] is True
    assert error_of(slack.auth_test) == "token_revoked"


def test_json_without_a_charset_is_warned_of(server: Server) -> None:
    headers = {"authorization": f"Bearer {BOT_TOKEN}", "content-type": "application/json"}
    url = f"{server.url}/api/chat.postMessage"
    body = b'{"channel": "C1DESK", "text": "x"}'
    answer = httpx.post(url, content=body, headers=headers, trust_env=False).json()
    assert (answer["ok"], answer["warning"]) == (True, "missing_charset")
    assert answer["response_metadata"]["warnings"] == ["missing_charset"]


def test_every_error_of_every_method_is_documented(server: Server) -> None:
    """Calls with nothing, with nonsense and with foreign ids, on every method there is."""
    nonsense = ["", "x", "C5HIDE", "U9", "[]", "{}", "-1", "[[[", '{"a": 1}', "1700000000.000100"]
    with httpx.Client(base_url=f"{server.url}/api/", trust_env=False) as http:
        for name, method in METHODS.items():
            for value in nonsense:
                args = dict.fromkeys(method.facts["args"], value)
                answer = http.post(name, data={**args, "token": BOT_TOKEN}).json()
                if name == "auth.revoke":
                    break
                known = answer["ok"] or name == "api.test" or answer["error"] in errors(name)
                assert known, (name, value, answer)


def test_a_scope_for_several_kinds_names_all_of_them(person: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        person.conversations_list()
    assert caught.value.response["needed"] == "groups:read,im:read,mpim:read,channels:read"
