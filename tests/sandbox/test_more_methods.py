"""Scheduling, unfurling, bookmarks, user groups, calls and files, through the official client."""

import time
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.client import Sandbox
from tests.sandbox.conftest import SCOPES
from tests.sandbox.errors import error_of
from tests.waiting import eventually

MORE = [
    "bookmarks:write", "bookmarks:read", "usergroups:write", "links:write", "calls:write",
    "calls:read", "remote_files:write", "remote_files:read", "remote_files:share", "emoji:read",
    "users.profile:read", "users:write", "team.billing:read", "team.preferences:read",
    "channels:write.invites", "mpim:read",
]  # fmt: skip


@pytest.fixture
def workspace(workspace: dict[str, Any]) -> dict[str, Any]:
    workspace["apps"][0]["scopes"] = [*SCOPES, *MORE]
    workspace["apps"][0]["unfurl_domains"] = ["example.com"]
    workspace["emoji"] = {"parcel": "http://127.0.0.1/parcel.png"}
    return workspace


def test_a_scheduled_message_comes_when_its_moment_has(slack: WebClient, control: Sandbox) -> None:
    now = int(control.clock(hold=True))
    given = {"channel": "C1DESK", "text": "later"}
    first = slack.chat_scheduleMessage(**given, post_at=now + 3600)
    other = slack.chat_scheduleMessage(**given, post_at=now + 7200)["scheduled_message_id"]
    listed = slack.chat_scheduledMessages_list()["scheduled_messages"]
    assert [entry["id"] for entry in listed] == [first["scheduled_message_id"], other]
    slack.chat_deleteScheduledMessage(channel="C1DESK", scheduled_message_id=other)
    control.clock(move=3599)
    time.sleep(0.1)
    assert control.messages("C1DESK") == []
    control.clock(move=4000)
    said = eventually(lambda: control.messages("C1DESK"))
    assert [m["text"] for m in said] == ["later"]
    assert error_of(slack.chat_scheduleMessage, **given, post_at=now) == "time_in_past"
    far = now + 200 * 86_400
    assert error_of(slack.chat_scheduleMessage, **given, post_at=far) == "time_too_far"


def test_an_app_shows_what_is_behind_its_links(slack: WebClient, control: Sandbox) -> None:
    ts = control.act_as("U1LI").post("C1DESK", "see https://example.com/7")["ts"]
    unfurls = {"https://example.com/7": {"text": "Dispute 7"}}
    slack.chat_unfurl(channel="C1DESK", ts=ts, unfurls=unfurls)
    assert control.messages("C1DESK")[0]["attachments"][0]["text"] == "Dispute 7"
    foreign = {"https://other.example/7": {"text": "x"}}
    assert (
        error_of(slack.chat_unfurl, channel="C1DESK", ts=ts, unfurls=foreign) == "cannot_unfurl_url"
    )


def test_bookmarks_are_kept_per_channel(slack: WebClient) -> None:
    given = {"channel_id": "C1DESK", "title": "Rules", "type": "link"}
    made = slack.bookmarks_add(**given, link="https://example.com/rules")["bookmark"]
    slack.bookmarks_edit(bookmark_id=made["id"], channel_id="C1DESK", title="House rules")
    assert slack.bookmarks_list(channel_id="C1DESK")["bookmarks"][0]["title"] == "House rules"
    assert error_of(slack.bookmarks_add, **given, link="nowhere") == "invalid_link"
    slack.bookmarks_remove(bookmark_id=made["id"], channel_id="C1DESK")
    assert slack.bookmarks_list(channel_id="C1DESK")["bookmarks"] == []


def test_user_groups_can_be_made_and_filled(slack: WebClient) -> None:
    group = slack.usergroups_create(name="Judges", handle="judges")["usergroup"]
    slack.usergroups_users_update(usergroup=group["id"], users=["U1LI"])
    assert slack.usergroups_users_list(usergroup=group["id"])["users"] == ["U1LI"]
    assert error_of(slack.usergroups_create, name="Judges") == "name_already_exists"
    slack.usergroups_disable(usergroup=group["id"])
    assert [g["id"] for g in slack.usergroups_list()["usergroups"]] == ["S1"]


def test_channels_change_their_names_and_people(slack: WebClient) -> None:
    channel = slack.conversations_create(name="temporary")["channel"]["id"]
    assert (
        slack.conversations_rename(channel=channel, name="lasting")["channel"]["name"] == "lasting"
    )
    slack.conversations_invite(channel=channel, users="U1LI")
    slack.conversations_kick(channel=channel, user="U1LI")
    assert slack.conversations_members(channel=channel)["members"] == ["UBOT"]
    assert slack.conversations_setPurpose(channel=channel, purpose="Why")["purpose"] == "Why"
    slack.conversations_archive(channel=channel)
    assert error_of(slack.conversations_archive, channel=channel) == "already_archived"
    slack.conversations_unarchive(channel=channel)
    slack.conversations_leave(channel=channel)
    assert slack.conversations_leave(channel=channel)["not_in_channel"] is True
    mine = [c["id"] for c in slack.users_conversations(exclude_archived=True)["channels"]]
    assert mine == ["C1DESK"]


def test_an_invitation_says_who_could_not_come(slack: WebClient) -> None:
    users = "U3BO,U9"
    assert error_of(slack.conversations_invite, channel="C1DESK", users=users) == "user_not_found"
    slack.api_call(
        "conversations.invite", json={"channel": "C1DESK", "users": users, "force": True}
    )
    assert "U3BO" in slack.conversations_members(channel="C1DESK")["members"]


def test_files_are_listed_and_deleted(slack: WebClient) -> None:
    given = {"channel": "C1DESK", "content": "evidence", "filename": "evidence.txt"}
    uploaded = slack.files_upload_v2(**given)["file"]
    assert [f["id"] for f in slack.files_list(channel="C1DESK")["files"]] == [uploaded["id"]]
    assert slack.files_info(file=uploaded["id"])["content"] == "evidence"
    slack.files_delete(file=uploaded["id"])
    assert error_of(slack.files_info, file=uploaded["id"]) == "file_not_found"


def test_reactions_and_pins_are_listed_and_taken_back(slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel="C1DESK", text="x")["ts"]
    slack.reactions_add(channel="C1DESK", timestamp=ts, name="eyes")
    assert slack.reactions_list()["items"][0]["message"]["ts"] == ts
    slack.pins_add(channel="C1DESK", timestamp=ts)
    slack.pins_remove(channel="C1DESK", timestamp=ts)
    assert error_of(slack.pins_remove, channel="C1DESK", timestamp=ts) == "no_pin"


def test_the_rest_of_the_team(slack: WebClient) -> None:
    assert slack.emoji_list()["emoji"] == {"parcel": "http://127.0.0.1/parcel.png"}
    assert slack.users_profile_get(user="U1LI")["profile"]["real_name"] == "Li Na"
    assert slack.users_getPresence(user="U1LI")["presence"] == "active"
    assert slack.team_billing_info()["plan"] == "plus"
    call = slack.calls_add(external_unique_id="1", join_url="https://example.com/join")["call"]
    slack.calls_end(id=call["id"])
    assert error_of(slack.calls_end, id=call["id"]) == "call_already_ended"
