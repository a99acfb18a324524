"""The control API as such: what people see, and that junk is refused politely."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient

from sandbox.client import CannotActError, Sandbox
from sandbox.control.acting import ACTS
from sandbox.serve import Server
from tests.blockkit.samples import OTHERS, SELECTS, actions, button, element
from tests.sandbox.apps import BOT_TOKEN


def test_a_person_sees_their_channels_apps_and_unread_counts(
    slack: WebClient, control: Sandbox
) -> None:
    slack.chat_postMessage(channel="C1DESK", text="a")
    last = slack.chat_postMessage(channel="C1DESK", text="b")["ts"]
    li = control.act_as("U1LI")
    seen = li.look()
    rows = {row["id"]: row for row in seen["channels"]}
    assert set(rows) == {"C1DESK", "C2OPEN", "C4PAST"}, "private ones are for members"
    assert (rows["C1DESK"]["unread"], rows["C2OPEN"]["member"]) == (2, False)
    assert seen["apps"][0]["commands"][0]["name"] == "/dispute"
    assert seen["me"]["real_name"] == "Li Na"
    li.read("C1DESK", last)
    assert {r["id"]: r["unread"] for r in li.look()["channels"]}["C1DESK"] == 0
    assert {r["id"]: r["unread"] for r in control.act_as("U2ANN").look()["channels"]}[
        "C1DESK"
    ] == 2  # fmt: skip


def test_messages_come_in_pages_with_what_was_put_into_them(
    slack: WebClient, control: Sandbox
) -> None:
    block = {**actions(element("static_select")), "block_id": "b"}
    first = slack.chat_postMessage(channel="C1DESK", text="card", blocks=[block])["ts"]
    for n in range(4):
        slack.chat_postMessage(channel="C1DESK", text=str(n))
    li = control.act_as("U1LI")
    li.input({"act_static_select": "2"}, channel="C1DESK", ts=first)
    newest = control.get("as/U1LI/messages", channel="C1DESK", limit=3)
    assert [m["text"] for m in newest["messages"]] == ["1", "2", "3"]
    older = control.get("as/U1LI/messages", channel="C1DESK", limit=3, cursor=newest["cursor"])
    assert [m["text"] for m in older["messages"]] == ["card", "0"]
    assert older["cursor"] == ""
    chosen = older["inputs"][first]["b"]["act_static_select"]["selected_option"]
    assert chosen["value"] == "2"
    assert control.get("as/U2ANN/messages", channel="C1DESK")["inputs"] == {}


def test_a_thread_is_read_with_its_parent_first(slack: WebClient, control: Sandbox) -> None:
    parent = slack.chat_postMessage(channel="C1DESK", text="parent")["ts"]
    control.act_as("U1LI").post("C1DESK", "reply", thread_ts=parent)
    shown = control.act_as("U2ANN").messages("C1DESK", thread_ts=parent)
    assert [m["text"] for m in shown] == ["parent", "reply"]
    assert [m["text"] for m in control.act_as("U2ANN").messages("C1DESK")] == ["parent"]


def test_what_comes_later_can_be_waited_for(slack: WebClient, control: Sandbox) -> None:
    li = control.act_as("U1LI")
    n = li.look()["seen"]
    assert li.seen(n, wait=0.05) == []
    slack.chat_postEphemeral(channel="C1DESK", user="U2ANN", text="not for Li")
    slack.chat_postEphemeral(channel="C1DESK", user="U1LI", text="for Li")
    (change,) = li.seen(n, wait=2, kind="ephemeral")
    assert change["message"]["text"] == "for Li"


def test_nobody_posts_where_they_are_not(control: Sandbox) -> None:
    li = control.act_as("U1LI")
    for channel, code in (("C2OPEN", "not_in_channel"), ("C4PAST", "is_archived"),
                          ("C5HIDE", "no_such_channel"), ("C1DESK", "no_text")):  # fmt: skip
        with pytest.raises(CannotActError) as caught:
            li.post(channel, "x" if code != "no_text" else " ")
        assert caught.value.code == code
    with pytest.raises(CannotActError):
        control.act_as("UBOT").post("C1DESK", "bots do not act")


@pytest.mark.parametrize("query", ["limit=x", "limit=nan", "cursor=x"])
def test_a_query_that_is_no_number_or_cursor_is_refused(control: Sandbox, query: str) -> None:
    url = f"{control.url}/sandbox/as/U1LI/messages?channel=C1DESK&{query}"
    assert httpx.get(url, trust_env=False).status_code in {400, 409}


@pytest.fixture(scope="module")
def fuzzed() -> Any:
    workspace = {
        "people": [{"id": "U1", "name": "li"}],
        "channels": [{"id": "C1", "name": "desk", "members": ["U1", "UBOT"]}],
        "apps": [
            {
                "id": "A1",
                "name": "Desk",
                "bot_user_id": "UBOT",
                "bot_token": BOT_TOKEN,
                "signing_secret": "s",
                "commands": [{"name": "/dispute"}],
                "shortcuts": [{"name": "S", "callback_id": "s", "kind": "message"}],
            }
        ],
    }
    with Server(workspace, rates="off") as server:
        slack = WebClient(BOT_TOKEN, base_url=f"{server.url}/api/")
        blocks = [{**actions(button(), *(element(k) for k in [*SELECTS, *OTHERS])),
                   "block_id": "b"}]  # fmt: skip
        ts = slack.chat_postMessage(channel="C1", text="card", blocks=blocks)["ts"]
        with httpx.Client(base_url=f"{server.url}/sandbox/as/", trust_env=False) as client:
            yield client, ts


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), act=st.sampled_from(sorted(ACTS)))
def test_no_act_makes_the_sandbox_fail_other_than_politely(
    fuzzed: Any, data: st.DataObject, act: str
) -> None:
    client, ts = fuzzed
    fields: dict[str, Any] = {
        "channel": "C1", "ts": ts, "action_id": "act_static_select", "block_id": "b", "value": "1",
        "state": {"act_static_select": "1"}, "view_id": "V1", "home": "A1", "text": "/dispute x",
        "thread_ts": ts, "callback_id": "s", "name": "eyes", "query": "x", "all": True, "app": "A1",
    }  # fmt: skip
    given_fields = {
        key: data.draw(st.just(value) | _JUNK)
        for key, value in fields.items()
        if data.draw(st.booleans())
    }
    if data.draw(st.booleans()):
        given_fields["action_id"] = f"act_{data.draw(st.sampled_from([*SELECTS, *OTHERS]))}"
    answer = client.post(f"U1/{act}", json=given_fields)
    assert answer.status_code in {200, 400, 409}, (act, given_fields, answer.text)
    if answer.status_code != 200:
        assert answer.json()["detail"]
