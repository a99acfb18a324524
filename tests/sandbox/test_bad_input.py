"""Whatever comes in at any door: a polite refusal, never a broken server."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.api.facts import errors
from sandbox.api.table import METHODS
from sandbox.client import Sandbox
from sandbox.serve import Server

TOKENS = {"bot": "xoxb-bad", "user": "xoxp-bad", "app": "xapp-bad", "config": "xoxe.xoxp-bad"}
DEEP = "[" * 50_000 + "]" * 50_000
_LEAVES = (
    st.none() | st.booleans() | st.integers(-(10**19), 10**19) | st.floats()
    | st.sampled_from(
        ["C1", "U1", "UBOT", "#desk", "0", "1e999", "", "\x00", "\ud800", "[", "{}", "[]", "null",
         "1700000000.000100", "xoxp-bad", "A1", "/x", "F1", "nan", "9" * 400, DEEP]
    )
    | st.text(max_size=5)
)  # fmt: skip
_KEYS = st.sampled_from(
    ["type", "text", "blocks", "elements", "element", "id", "event_type", "event_payload", "value",
     "title", "options", "label", "display_information", "settings", "features", "users", "\x00"]
)  # fmt: skip
VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=8,
)
LOOSE = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


def dumped(value: Any) -> bytes:
    """JSON as careless clients send it: NaN and lone surrogates included."""
    return json.dumps(value).encode()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    workspace = {
        "people": [{"id": "U1", "name": "li"}],
        "channels": [{"id": "C1", "name": "desk", "members": ["U1", "UBOT"]}],
        "apps": [
            {
                "id": "A1", "name": "Desk", "bot_user_id": "UBOT", "bot_token": TOKENS["bot"],
                "app_token": TOKENS["app"], "signing_secret": "s", "client_id": "1.2",
                "client_secret": "s", "redirect_urls": ["http://127.0.0.1:9/"],
                "user_tokens": [{"token": TOKENS["user"], "user": "U1"}],
                "webhooks": [{"secret": "hook", "channel": "C1"}], "bot_id": "B1",
            }
        ],
        "configuration_tokens": [{"token": TOKENS["config"], "user": "U1"}],
    }  # fmt: skip
    with Server(workspace, rates="off") as server:
        yield server.url


@pytest.fixture(scope="module")
def http(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, trust_env=False, timeout=20) as client:
        yield client


# What would end the tokens that the other examples need.
_ENDING = {"auth.revoke", "apps.uninstall", "apps.manifest.delete", "oauth.v2.exchange"}


@LOOSE
@given(data=st.data(), name=st.sampled_from(sorted(set(METHODS) - _ENDING)))
def test_every_method_with_every_token_refuses_politely(
    http: httpx.Client, data: st.DataObject, name: str
) -> None:
    wanted = METHODS[name].facts["args"]
    args = data.draw(st.dictionaries(st.sampled_from([*wanted, "extra"]), VALUES, max_size=9))
    token = data.draw(st.sampled_from(sorted(TOKENS.values())))
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    if data.draw(st.booleans()):
        answer = http.post(f"/api/{name}", content=dumped(args), headers=headers)
    else:
        form = {k: str(v).encode("utf-8", "replace").decode() for k, v in args.items()}
        answer = http.post(f"/api/{name}", data=form, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200, (name, args, answer.text)
    found = answer.json()
    assert found["ok"] or name == "api.test" or found["error"] in errors(name), (name, args, found)


@LOOSE
@given(
    body=VALUES,
    path=st.sampled_from(
        ["as/U1/click", "as/U1/input", "as/U1/options", "as/U1/submit", "as/U1/post",
         "as/U1/command", "as/U1/shortcut", "as/U1/home", "as/U1/react", "as/U1/read",
         "as/U1/join", "as/U1/close", "as/nobody/post", "rates", "clock", "faults", "people",
         "channels", "channels/C1", "apps", "apps/A1", "apps/A1/sockets", "manifest", "scenes",
         "snapshot", "traffic/1/replay"]
    ),
    names=st.lists(
        st.sampled_from(
            ["channel", "ts", "text", "action_id", "value", "state", "view_id", "manifest", "name",
             "id", "members", "scene", "kind", "seconds", "times", "move", "at", "hold", "join",
             "leave", "scopes", "subscribed", "callback_id", "query", "tz", "archived"]
        ),
        max_size=3,
    ),
)  # fmt: skip
def test_every_control_refuses_politely(
    http: httpx.Client, body: Any, path: str, names: list[str]
) -> None:
    given_body = dict.fromkeys(names, body) if names else body
    headers = {"content-type": "application/json"}
    answer = http.post(f"/sandbox/{path}", content=dumped(given_body), headers=headers)
    assert answer.status_code < 500, (path, given_body, answer.text)
    http.request("DELETE", "/sandbox/faults")
    http.post("/sandbox/clock", json={"hold": False})
    http.post("/sandbox/channels/C1", json={"archived": False, "name": "desk"})
    http.post("/sandbox/apps/A1", json={"scopes": None, "subscribed": [], "url": None})


@LOOSE
@given(body=VALUES)
def test_what_comes_back_from_apps_refuses_politely(http: httpx.Client, body: Any) -> None:
    for content in (body, {"text": body}, {"blocks": body}, {"text": "x", "thread_ts": body}):
        answer = http.post("/services/T0SANDBOX/B1/hook", content=dumped(content))
        assert answer.status_code < 500, (content, answer.text)
    form = {"ticket": str(body).encode("utf-8", "replace").decode(), "person": "U1"}
    assert http.post("/oauth/consent", data=form).status_code == 400
    query = {"client_id": "1.2", "scope": form["ticket"][:200], "redirect_uri": form["ticket"][:99]}
    assert http.get("/oauth/v2/authorize", params=query).status_code in {200, 400}


@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/chat.postMessage/", "/api/../api/x", "/api/%00", "/api/" + "x" * 5000,
     "/files-pri/x/y", "/actions/T/none", "/link/", "/sandbox/as/U1/messages?limit=x",
     "/sandbox/as/U1/seen?since=nan", "/sandbox/traffic?since=inf", "/sandbox/traffic/x",
     "/openid/connect/authorize", "/oauth/v2/authorize?client_id=%ff"],
)  # fmt: skip
def test_strange_addresses_are_refused_politely(http: httpx.Client, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        assert http.request(method, path).status_code < 500


def test_a_flood_of_junk_leaves_the_workspace_as_it_was(url: str) -> None:
    with Sandbox(url) as control:
        ts = control.act_as("U1").post("C1", "still here")["ts"]
        assert control.act_as("U1").messages("C1")[-1]["ts"] == ts
