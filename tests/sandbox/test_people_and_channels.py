"""Who is in the workspace and what its channels are, through the official client."""

import pytest
from slack_sdk import WebClient

from sandbox.client import CannotActError, Sandbox
from tests.sandbox.errors import error_of


def test_a_person_is_described_as_slack_does(slack: WebClient, control: Sandbox) -> None:
    person = slack.users_info(user="U1LI", include_locale=True)["user"]
    assert (person["tz"], person["tz_offset"]) == ("Asia/Shanghai", 28_800)
    assert person["locale"] == "zh-CN"
    assert person["profile"]["email"] == "li@example.com"
    control.change_app("A1APP", scopes=["users:read"])
    assert "email" not in slack.users_info(user="U1LI")["user"]["profile"]
    bot = slack.users_info(user="UBOT")["user"]
    assert bot["is_bot"]
    assert bot["profile"]["api_app_id"] == "A1APP"
    assert error_of(slack.users_info, user="U9") == "user_not_found"


def test_the_members_come_in_pages(slack: WebClient) -> None:
    found = [m["id"] for page in slack.users_list(limit=2) for m in page["members"]]
    assert found == ["U1LI", "U2ANN", "U3BO", "UBOT"]
    assert slack.users_lookupByEmail(email="LI@example.com")["user"]["id"] == "U1LI"
    assert error_of(slack.users_lookupByEmail, email="x@y.z") == "users_not_found"


def test_usergroups_and_the_team(slack: WebClient) -> None:
    group = slack.usergroups_list(include_users=True, include_count=True)["usergroups"][0]
    assert (group["handle"], group["users"], group["user_count"]) == (
        "agents", ["U1LI", "U2ANN"], 2
    )  # fmt: skip
    assert slack.team_info()["team"]["domain"] == "testers"


def test_an_app_sees_public_channels_and_those_it_is_in(slack: WebClient) -> None:
    types = "public_channel,private_channel"
    channels = slack.conversations_list(types=types)["channels"]
    assert [c["id"] for c in channels] == ["C1DESK", "C2OPEN", "C3SAFE", "C4PAST"]
    open_ones = slack.conversations_list(exclude_archived=True)["channels"]
    assert [c["id"] for c in open_ones] == ["C1DESK", "C2OPEN"]
    assert [c["is_member"] for c in open_ones] == [True, False]
    assert error_of(slack.conversations_list, types="secret") == "invalid_types"


def test_a_channels_facts_and_members(slack: WebClient) -> None:
    info = slack.conversations_info(channel="C1DESK", include_num_members=True)["channel"]
    assert (info["name"], info["num_members"], info["is_private"]) == ("desk", 3, False)
    members = slack.conversations_members(channel="C1DESK", limit=2)
    assert members["members"] == ["U1LI", "U2ANN"]
    assert members["response_metadata"]["next_cursor"]


def test_joining_makes_posting_possible(slack: WebClient) -> None:
    assert error_of(slack.conversations_history, channel="C2OPEN") == "not_in_channel"
    slack.conversations_join(channel="C2OPEN")
    assert slack.chat_postMessage(channel="C2OPEN", text="x")["ok"]
    assert slack.conversations_join(channel="C2OPEN")["warning"] == "already_in_channel"
    assert error_of(slack.conversations_join, channel="C5HIDE") == "channel_not_found"


def test_creating_inviting_and_setting_a_topic(slack: WebClient, control: Sandbox) -> None:
    channel = slack.conversations_create(name="judging", is_private=True)["channel"]["id"]
    assert error_of(slack.conversations_create, name="judging") == "name_taken"
    assert error_of(slack.conversations_create, name="No Good") == "invalid_name_specials"
    with pytest.raises(CannotActError):
        control.act_as("U1LI").messages(channel)
    slack.conversations_invite(channel=channel, users="U1LI,U2ANN")
    assert control.act_as("U1LI").messages(channel) == []
    assert error_of(
        slack.conversations_invite, channel=channel, users="U1LI"
    ) == "already_in_channel"  # fmt: skip
    slack.conversations_setTopic(channel=channel, topic="Rulings")
    assert slack.conversations_info(channel=channel)["channel"]["topic"]["value"] == "Rulings"
    slack.conversations_archive(channel=channel)
    assert error_of(slack.chat_postMessage, channel=channel, text="x") == "is_archived"


def test_a_group_conversation_is_resumed(slack: WebClient) -> None:
    first = slack.conversations_open(users="U1LI,U2ANN")
    again = slack.conversations_open(users="U2ANN,U1LI")
    assert first["channel"]["id"] == again["channel"]["id"]
    assert (first["already_open"], again["already_open"]) == (False, True)
    assert error_of(slack.conversations_open, users="") == "users_list_not_supplied"
    assert error_of(slack.conversations_open, users="U9") == "user_not_found"
