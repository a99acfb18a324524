"""Events: who hears of what, in which shape, and what happens when nobody answers."""

import time
from typing import Any

from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from sandbox.client import Sandbox
from tests.sandbox.apps import SECRET, StubApp


def events(stub: StubApp) -> list[dict[str, Any]]:
    return [received.payload["event"] for received in stub.events]


def test_a_message_is_an_event_for_the_app_in_the_channel(stub: StubApp, control: Sandbox) -> None:
    ts = control.act_as("U1LI").post("C1DESK", "hello")["ts"]
    (received,) = stub.wait_for(1)
    assert SignatureVerifier(SECRET).is_valid_request(received.body, received.headers)
    body = received.payload
    assert (body["type"], body["team_id"], body["api_app_id"]) == (
        "event_callback", "T0TEST", "A1APP",
    )  # fmt: skip
    assert body["authorizations"][0]["user_id"] == "UBOT"
    event = body["event"]
    assert (event["type"], event["text"], event["user"]) == ("message", "hello", "U1LI")
    assert (event["channel"], event["channel_type"], event["ts"]) == ("C1DESK", "channel", ts)


def test_edits_deletions_and_reactions_are_events_too(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = slack.chat_postMessage(channel="C1DESK", text="a")["ts"]
    slack.chat_update(channel="C1DESK", ts=ts, text="b")
    control.act_as("U1LI").react("C1DESK", ts, "eyes")
    slack.chat_delete(channel="C1DESK", ts=ts)
    stub.wait_for(4)
    by_kind = {event.get("subtype") or event["type"]: event for event in events(stub)}
    assert by_kind["message"]["bot_id"] == "BBOT"
    assert by_kind["message_changed"]["previous_message"]["text"] == "a"
    assert by_kind["message_changed"]["message"]["text"] == "b"
    assert by_kind["message_deleted"]["deleted_ts"] == ts
    assert by_kind["reaction_added"]["item"]["ts"] == ts


def test_an_app_hears_only_of_channels_it_is_in_and_what_it_subscribed_to(
    stub: StubApp, control: Sandbox
) -> None:
    control.act_as("U2ANN").post("C2OPEN", "elsewhere")
    control.act_as("U2ANN").post("C3SAFE", "private, not subscribed")
    control.act_as("U2ANN").post("C1DESK", "<@UBOT> hi")
    stub.wait_for(2)
    time.sleep(0.1)
    assert sorted(event["type"] for event in events(stub)) == ["app_mention", "message"]


def test_opening_home_is_an_event_with_the_view_once_there_is_one(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    li = control.act_as("U1LI")
    li.home("A1APP")
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    slack.views_publish(user_id="U1LI", view=home)
    seen = li.home("A1APP")
    first, second = events(stub)
    assert (first["type"], first["tab"], first["user"]) == ("app_home_opened", "home", "U1LI")
    assert "view" not in first
    assert second["view"]["id"] == seen["view"]["id"]


def test_an_unanswered_event_comes_again_at_once_after_one_and_after_five_minutes(
    stub: StubApp, control: Sandbox
) -> None:
    stub.answer = lambda _: (500, b"", 0.0)
    control.clock(hold=True)
    control.act_as("U1LI").post("C1DESK", "hello")
    stub.wait_for(2)
    for count, minutes in ((3, 1), (4, 5)):
        time.sleep(0.05)
        assert len(stub.events) == count - 1
        control.clock(move=60 * minutes)
        stub.wait_for(count)
    headers = [
        (r.headers.get("x-slack-retry-num"), r.headers.get("x-slack-retry-reason"))
        for r in stub.events
    ]
    assert headers == [(None, None), *((str(n), "http_error") for n in (1, 2, 3))]
    assert len({r.payload["event_id"] for r in stub.events}) == 1
    control.clock(move=3600)
    time.sleep(0.1)
    assert len(stub.events) == 4


def test_a_retry_that_is_answered_ends_the_matter(stub: StubApp, control: Sandbox) -> None:
    stub.answer = lambda _: (500 if len(stub.events) == 1 else 200, b"", 0.0)
    control.act_as("U1LI").post("C1DESK", "hello")
    stub.wait_for(2)
    control.clock(move=3600)
    time.sleep(0.1)
    assert len(stub.events) == 2


def test_the_address_is_verified_by_a_challenge(stub: StubApp, control: Sandbox) -> None:
    stub.answer = lambda r: (200, {"challenge": r.payload["challenge"]}, 0.0)
    assert control.set("apps/A1APP/verify")["ok"]
    stub.answer = lambda r: (200, r.payload["challenge"].encode(), 0.0)
    assert control.set("apps/A1APP/verify")["ok"]
    stub.answer = lambda _: (200, b"something else", 0.0)
    assert not control.set("apps/A1APP/verify")["ok"]


def test_what_happens_to_channels_people_and_groups_is_told(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    control.change_app(
        "A1APP",
        subscribed=["channel_created", "channel_archive", "member_left_channel", "pin_added"],
        scopes=None,
    )
    channel = slack.conversations_create(name="passing")["channel"]["id"]
    ts = slack.chat_postMessage(channel=channel, text="x")["ts"]
    slack.pins_add(channel=channel, timestamp=ts)
    slack.conversations_invite(channel=channel, users="U1LI")
    slack.conversations_kick(channel=channel, user="U1LI")
    slack.conversations_archive(channel=channel)
    stub.wait_for(4)
    assert sorted(event["type"] for event in events(stub)) == [
        "channel_archive", "channel_created", "member_left_channel", "pin_added",
    ]  # fmt: skip


def test_metadata_is_an_event_of_its_own(stub: StubApp, slack: WebClient, control: Sandbox) -> None:
    control.change_app("A1APP", subscribed=["message_metadata_posted"])
    metadata = {"event_type": "card", "event_payload": {"number": "7"}}
    slack.chat_postMessage(channel="C1DESK", text="x", metadata=metadata)
    stub.wait_for(1)
    assert events(stub)[0]["metadata"] == metadata


def test_a_duplicate_comes_with_another_event_id_and_without_a_retry(
    stub: StubApp, control: Sandbox
) -> None:
    control.fault("duplicate", method="event message")
    control.act_as("U1LI").post("C1DESK", "twice")
    first, second = stub.wait_for(2)
    assert first.payload["event"] == second.payload["event"]
    assert first.payload["event_id"] != second.payload["event_id"]
    assert "x-slack-retry-num" not in second.headers


def test_an_undelivered_click_looks_like_a_silent_app(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "A"}}
    blocks = [{"type": "actions", "elements": [button]}]
    ts = slack.chat_postMessage(channel="C1DESK", text="x", blocks=blocks)["ts"]
    control.fault("undelivered", method="block_actions")
    assert control.act_as("U1LI").click("C1DESK", ts, "a")["failure"] == "operation_timeout"
    assert stub.received == []
