"""Faults 11 and 17: a lost channel has another stand in for it, is told of once, and comes back."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from core.tables import Channel, Outbox
from tests.bot.faults.scene import (
    Wall,
    believed,
    calls,
    cards_of,
    channel,
    errors,
    open_visits,
    outages,
    pass_minutes,
    posts_to,
    states,
    told,
)
from tests.bot.office import Office


def set_id(office: Office, key: str, slack_id: str) -> None:
    office.desk.write(update(Channel).where(Channel.key == key).values(slack_id=slack_id))


def archive(office: Office) -> None:
    office.sandbox.change_channel(channel(office, "adjudication"), archived=True)


def unarchive(office: Office) -> None:
    office.sandbox.change_channel("C0004", archived=False)


def forbid(office: Office) -> None:
    place = channel(office, "adjudication")
    office.sandbox.fault(
        "error", method="chat.postMessage", channel=place, error="restricted_action", times=None
    )


def allow(office: Office) -> None:
    office.sandbox.heal()


def throw_out(office: Office) -> None:
    """The bot is thrown out, and as from a private channel it cannot come back by itself."""
    office.sandbox.change_channel(channel(office, "adjudication"), leave=["UBOT"])
    kind = "method_not_supported_for_channel_type"
    office.sandbox.fault("error", method="conversations.join", error=kind, times=None)


def invite(office: Office) -> None:
    office.sandbox.heal()
    office.sandbox.change_channel("C0004", join=["UBOT"])


def mistype(office: Office) -> None:
    set_id(office, "adjudication", "C0NOWHERE")


def correct(office: Office) -> None:
    set_id(office, "adjudication", "C0004")


def unset(office: Office) -> None:
    set_id(office, "adjudication", "")


# How a channel is lost, what Slack calls that, and how it comes back.
LOSSES: dict[str, tuple[Callable[[Office], None], str, Callable[[Office], None]]] = {
    "archived": (archive, "is_archived", unarchive),
    "missing": (mistype, "channel_not_found", correct),
    "closed to the bot": (throw_out, "not_in_channel", invite),
    "read only": (forbid, "restricted_action", allow),
    "not set": (unset, "not_set", correct),
}


@pytest.fixture(params=LOSSES)
def loss(request: pytest.FixtureRequest) -> Any:
    return LOSSES[request.param]


def test_lost_channel_has_another_stand_in_and_one_alert(
    virtual: Office, wall: Wall, loss: Any, caplog: pytest.LogCaptureFixture
) -> None:
    lose, reason, _ = loss
    lose(virtual)
    disputes = [virtual.desk.at_stage("adjudication") for _ in range(4)]
    pass_minutes(virtual, wall, 20)
    assert told(virtual, "escalation", f"cannot be reached* ({reason})") == 1
    for dispute in disputes:
        assert virtual.card(dispute)["channel"] == channel(virtual, "escalation")
    assert len(errors(caplog)) == (0 if reason == "not_set" else 1)
    assert set(states(virtual)) <= {"sent", "superseded"}
    places = {json.loads(call["request"])["channel"] for call in calls(virtual, "chat.postMessage")}
    known = {row.slack_id for row in virtual.desk.rows(select(Channel.slack_id))}
    assert places <= known


def test_lost_channel_is_tried_seldom_and_its_return_is_told_once(
    virtual: Office, wall: Wall, loss: Any
) -> None:
    desk = virtual.desk
    lose, reason, come_back = loss
    lose(virtual)
    for _ in range(15):
        desk.at_stage("adjudication")
        pass_minutes(virtual, wall, 1)
    if reason != "not_set":
        assert posts_to(virtual, "adjudication") <= 5
    come_back(virtual)
    for _ in range(8):
        desk.at_stage("adjudication")
        pass_minutes(virtual, wall, 1)
    assert told(virtual, "escalation", "cannot be reached") == 1
    assert told(virtual, "escalation", "can be reached again") == 1
    last = desk.at_stage("adjudication")
    virtual.settle()
    assert virtual.card(last)["channel"] == channel(virtual, "adjudication")
    assert outages(virtual) == {"channel:adjudication": False}


def test_card_in_a_lost_channel_is_posted_where_people_see_it_and_the_old_one_goes(
    virtual: Office, wall: Wall
) -> None:
    desk = virtual.desk
    disputes = [desk.at_stage("adjudication") for _ in range(3)]
    virtual.settle()
    archive(virtual)
    virtual.sandbox.fault("error", method="chat.delete", error="is_archived", times=None)
    for dispute in disputes:
        desk.assign(dispute, "Ada")
        desk.give(dispute)  # told in its thread
    pass_minutes(virtual, wall, 3)
    for dispute in disputes:
        visit = desk.visit(dispute)
        assert virtual.card(dispute)["channel"] == channel(virtual, "escalation")
        assert "Ada is working on it" in virtual.card(dispute)["text"]
        assert len(virtual.thread(visit)) == 1
        assert len(cards_of(virtual, visit)) == 2
    unarchive(virtual)
    virtual.sandbox.heal()
    pass_minutes(virtual, wall, 7)
    for visit in open_visits(virtual):
        assert cards_of(virtual, visit) == believed(virtual, visit)
    assert set(states(virtual)) <= {"sent", "superseded"}


def test_uncertain_message_of_a_lost_channel_leaves_no_copy_there(
    virtual: Office, wall: Wall
) -> None:
    dispute = virtual.desk.at_stage("adjudication")
    visit = virtual.desk.visit(dispute)
    with virtual.sandbox.broken(
        "reset", method="chat.postMessage", channel="C0004", accepted=True, times=1
    ):
        virtual.settle()
    unset(virtual)
    pass_minutes(virtual, wall, 3)
    assert virtual.card(dispute)["channel"] == channel(virtual, "escalation")
    assert cards_of(virtual, visit) == believed(virtual, visit)
    assert set(states(virtual)) <= {"sent", "superseded"}


def test_where_the_stand_in_is_lost_too_everything_waits_and_nothing_is_lost(
    virtual: Office, wall: Wall
) -> None:
    archive(virtual)
    virtual.sandbox.change_channel(channel(virtual, "escalation"), archived=True)
    dispute = virtual.desk.at_stage("adjudication")
    pass_minutes(virtual, wall, 10)
    waiting = select(Outbox.reason).where(Outbox.kind == "card", Outbox.state == "waiting")
    assert "none stands in for it" in virtual.desk.rows(waiting)[0].reason
    assert set(outages(virtual).values()) == {True}
    virtual.sandbox.change_channel(channel(virtual, "escalation"), archived=False)
    pass_minutes(virtual, wall, 10)
    assert virtual.card(dispute)["channel"] == channel(virtual, "escalation")
    unarchive(virtual)
    pass_minutes(virtual, wall, 10)
    assert set(states(virtual)) <= {"sent", "superseded"}


def test_public_channel_is_joined_again_without_a_word(virtual: Office, wall: Wall) -> None:
    virtual.sandbox.change_channel(channel(virtual, "intake"), leave=["UBOT"])
    dispute = virtual.desk.open()
    virtual.settle()
    wall.pass_time(seconds=1)
    virtual.settle()
    assert virtual.card(dispute)["channel"] == channel(virtual, "intake")
    assert outages(virtual) == {}


def test_press_on_a_card_in_the_stand_in_decides_as_ever(virtual: Office, wall: Wall) -> None:
    archive(virtual)
    dispute = virtual.desk.at_stage("adjudication")
    pass_minutes(virtual, wall, 2)
    virtual.press(dispute, "decide.rule_buyer", {"quality": "sound"}, who="Ada")
    assert virtual.desk.stage(dispute) == "verification"
    pass_minutes(virtual, wall, 2)
    assert virtual.card(dispute)["channel"] == channel(virtual, "verification")
