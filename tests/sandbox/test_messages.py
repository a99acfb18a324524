"""Posting, updating, deleting and reading messages through the official client."""

import warnings
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.sandbox.apps import BOT_TOKEN
from tests.sandbox.errors import error_of

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*hello*"}}


def test_a_posted_message_looks_as_slack_shows_it(slack: WebClient) -> None:
    answer = slack.chat_postMessage(channel="C1DESK", text="R&D <@U1LI>", blocks=[SECTION])
    message = answer["message"]
    assert answer["channel"] == "C1DESK"
    assert answer["ts"] == message["ts"]
    assert message["text"] == "R&amp;D <@U1LI>"
    assert (message["user"], message["bot_id"], message["app_id"]) == ("UBOT", "BBOT", "A1APP")
    assert message["bot_profile"]["name"] == "Desk"
    assert message["blocks"][0]["block_id"], "what the app left out is filled in"


def test_timestamps_only_grow(slack: WebClient, control: Sandbox) -> None:
    control.clock(hold=True)
    stamps = [slack.chat_postMessage(channel="C1DESK", text=str(n))["ts"] for n in range(3)]
    control.clock(move=-3600)
    stamps.append(slack.chat_postMessage(channel="C1DESK", text="later")["ts"])
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize(
    ("channel", "code"),
    [
        ("C2OPEN", "not_in_channel"),
        ("C4PAST", "is_archived"),
        ("C5HIDE", "channel_not_found"),
        ("C9NONE", "channel_not_found"),
        ("#nowhere", "channel_not_found"),
    ],
)
def test_where_an_app_cannot_post(slack: WebClient, channel: str, code: str) -> None:
    assert error_of(slack.chat_postMessage, channel=channel, text="x") == code


def test_a_channel_may_be_named_and_a_person_written_to(slack: WebClient) -> None:
    assert slack.chat_postMessage(channel="#desk", text="x")["channel"] == "C1DESK"
    first = slack.chat_postMessage(channel="U1LI", text="x")["channel"]
    assert first.startswith("D")
    assert slack.conversations_open(users="U1LI")["channel"]["id"] == first


def test_what_is_wrong_with_blocks_is_said(slack: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        slack.chat_postMessage(channel="C1DESK", text="x", blocks=[{"type": "section"}])
    response = caught.value.response
    assert response["error"] == "invalid_blocks"
    assert response["response_metadata"]["messages"] == [
        "[ERROR] must define either `text` or `fields` [json-pointer:/blocks/0]"
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x", "blocks": "{"}, "invalid_blocks_format"),
        (
            {"text": "x", "blocks": [
                {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
            ] * 5},
            "msg_blocks_too_long",
        ),
        ({"text": "x", "metadata": {"event_type": "e"}}, "invalid_metadata_format"),
        ({"text": "x", "attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"text": "x", "thread_ts": "1700000000.000100"}, "cannot_reply_to_message"),
        ({"text": "x", "thread_ts": "never"}, "cannot_reply_to_message"),
    ],
)  # fmt: skip
def test_content_that_is_refused(slack: WebClient, arguments: dict[str, Any], code: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # slack_sdk warns of the empty text, which is the point
        assert error_of(slack.chat_postMessage, channel="C1DESK", **arguments) == code


def test_long_text_is_cut_when_posted_and_refused_when_updated(slack: WebClient) -> None:
    posted = slack.chat_postMessage(channel="C1DESK", text="x" * 50_000)
    assert len(posted["message"]["text"]) == 40_000
    assert error_of(
        slack.chat_update, channel="C1DESK", ts=posted["ts"], text="判" * 1400
    ) == "msg_too_long"  # fmt: skip


def test_replies_gather_under_their_parent(slack: WebClient) -> None:
    parent = slack.chat_postMessage(channel="C1DESK", text="parent")["ts"]
    first = slack.chat_postMessage(channel="C1DESK", text="one", thread_ts=parent)["ts"]
    slack.chat_postMessage(channel="C1DESK", text="two", thread_ts=first, reply_broadcast=True)
    shown = slack.conversations_history(channel="C1DESK")["messages"]
    assert [m["text"] for m in shown] == ["two", "parent"]
    assert shown[0]["subtype"] == "thread_broadcast"
    assert shown[1]["reply_count"] == 2
    thread = slack.conversations_replies(channel="C1DESK", ts=first)["messages"]
    assert [m["text"] for m in thread] == ["parent", "one", "two"]


def test_history_is_paged_by_cursor_without_gap_or_overlap(slack: WebClient) -> None:
    posted = [slack.chat_postMessage(channel="C1DESK", text=str(n))["ts"] for n in range(7)]
    found: list[str] = []
    for page in slack.conversations_history(channel="C1DESK", limit=3):
        found += [m["ts"] for m in page["messages"]]
    assert found == posted[::-1]
    replies = [
        slack.chat_postMessage(channel="C1DESK", text="r", thread_ts=posted[0])["ts"]
        for _ in range(5)
    ]
    found = []
    for page in slack.conversations_replies(channel="C1DESK", ts=posted[0], limit=2):
        found += [m["ts"] for m in page["messages"][1:]]
    assert found == replies


def test_history_between_two_moments(slack: WebClient) -> None:
    a, b, c = (slack.chat_postMessage(channel="C1DESK", text=n)["ts"] for n in "abc")
    between = slack.conversations_history(channel="C1DESK", oldest=a, latest=c)
    assert [m["ts"] for m in between["messages"]] == [b]
    both = slack.conversations_history(channel="C1DESK", oldest=a, latest=c, inclusive=True)
    assert [m["ts"] for m in both["messages"]] == [c, b, a]
    bad = error_of(slack.conversations_history, channel="C1DESK", oldest="yesterday")
    assert bad == "invalid_ts_oldest"
    assert error_of(slack.conversations_history, channel="C1DESK", cursor="x") == "invalid_cursor"


def test_metadata_comes_back_to_who_asks_so_that_a_lost_answer_can_be_reconciled(
    slack: WebClient,
) -> None:
    metadata = {"event_type": "outbox", "event_payload": {"id": 17}}
    posted = slack.chat_postMessage(
        channel="C1DESK", text="x", metadata=metadata, client_msg_id="4b1a-17"
    )
    assert posted["message"]["metadata"] == metadata
    plain = slack.conversations_history(channel="C1DESK")["messages"][0]
    assert "metadata" not in plain
    full = slack.conversations_history(channel="C1DESK", include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata
    assert full["messages"][0]["client_msg_id"] == "4b1a-17"
    slack.chat_update(channel="C1DESK", ts=posted["ts"], text="y")
    kept = slack.conversations_history(channel="C1DESK", include_all_metadata=True)
    assert kept["messages"][0]["metadata"] == metadata, "metadata stays where it is left out"


def test_text_without_blocks_takes_the_blocks_away(slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel="C1DESK", text="x", blocks=[SECTION])["ts"]
    changed = slack.chat_update(channel="C1DESK", ts=ts, text="only text")["message"]
    assert "blocks" not in changed
    assert changed["edited"]["user"] == "UBOT"


def test_only_own_messages_are_changed_or_deleted(slack: WebClient, control: Sandbox) -> None:
    theirs = control.act_as("U1LI").post("C1DESK", "mine")["ts"]
    where = {"channel": "C1DESK", "ts": theirs}
    assert error_of(slack.chat_update, **where, text="x") == "cant_update_message"
    assert error_of(slack.chat_delete, **where) == "cant_delete_message"
    missing = {"channel": "C1DESK", "ts": "1700000000.000100"}
    assert error_of(slack.chat_update, **missing, text="x") == "message_not_found"


def test_a_deleted_message_is_gone_and_a_parent_leaves_a_tombstone(slack: WebClient) -> None:
    alone = slack.chat_postMessage(channel="C1DESK", text="alone")["ts"]
    parent = slack.chat_postMessage(channel="C1DESK", text="parent")["ts"]
    reply = slack.chat_postMessage(channel="C1DESK", text="reply", thread_ts=parent)["ts"]
    slack.chat_delete(channel="C1DESK", ts=alone)
    slack.chat_delete(channel="C1DESK", ts=parent)
    shown = slack.conversations_history(channel="C1DESK")["messages"]
    assert [m.get("subtype") for m in shown] == ["tombstone"]
    slack.chat_delete(channel="C1DESK", ts=reply)
    gone = {"channel": "C1DESK", "ts": alone}
    assert error_of(slack.chat_delete, **gone) == "message_not_found"


def test_the_edit_window_closes_where_the_team_set_one(workspace: dict[str, Any]) -> None:
    workspace["team"]["edit_window_minutes"] = 10
    with Server(workspace, rates="off") as server, Sandbox(server.url) as control:
        slack = WebClient(BOT_TOKEN, base_url=f"{server.url}/api/", retry_handlers=[])
        ts = slack.chat_postMessage(channel="C1DESK", text="x")["ts"]
        assert slack.chat_update(channel="C1DESK", ts=ts, text="y")["ok"]
        control.clock(move=601)
        late = error_of(slack.chat_update, channel="C1DESK", ts=ts, text="z")
        assert late == "edit_window_closed"


def test_an_ephemeral_message_is_in_no_history(slack: WebClient, control: Sandbox) -> None:
    sent = slack.chat_postEphemeral(channel="C1DESK", user="U1LI", text="only you")
    assert sent["message_ts"]
    assert slack.conversations_history(channel="C1DESK")["messages"] == []
    assert [m["text"] for m in control.act_as("U1LI").messages("C1DESK")] == ["only you"]
    assert control.act_as("U2ANN").messages("C1DESK") == []
    assert error_of(
        slack.chat_postEphemeral, channel="C1DESK", user="U3BO", text="x"
    ) == "user_not_in_channel"  # fmt: skip


def test_a_permalink_leads_to_the_sandbox(slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel="C1DESK", text="x")["ts"]
    url = slack.auth_test()["url"]
    link = slack.chat_getPermalink(channel="C1DESK", message_ts=ts)["permalink"]
    assert link == f"{url}archives/C1DESK/p{ts.replace('.', '')}"
    reply = slack.chat_postMessage(channel="C1DESK", text="x", thread_ts=ts)["ts"]
    link = slack.chat_getPermalink(channel="C1DESK", message_ts=reply)["permalink"]
    assert link.endswith(f"?thread_ts={ts}&cid=C1DESK")


def test_reactions_and_pins(slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel="C1DESK", text="x")["ts"]
    where: dict[str, Any] = {"channel": "C1DESK", "timestamp": ts}
    slack.reactions_add(**where, name="eyes")
    assert error_of(slack.reactions_add, **where, name="eyes") == "already_reacted"
    message = slack.reactions_get(**where)["message"]
    assert message["reactions"] == [{"name": "eyes", "users": ["UBOT"], "count": 1}]
    slack.reactions_remove(**where, name="eyes")
    assert error_of(slack.reactions_remove, **where, name="eyes") == "no_reaction"
    assert error_of(slack.reactions_add, **where, name="no such!") == "invalid_name"
    slack.pins_add(**where)
    assert error_of(slack.pins_add, **where) == "already_pinned"
    assert slack.pins_list(channel="C1DESK")["items"][0]["message"]["ts"] == ts
    assert slack.conversations_history(channel="C1DESK")["pin_count"] == 1
