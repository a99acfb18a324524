"""Faults 9 and 10: what Slack may have done is looked up; what it asks to wait for, waits."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.bot.faults.scene import (
    Wall,
    all_messages,
    believed,
    calls,
    cards_of,
    channel,
    pass_minutes,
    posts_to,
    states,
)
from tests.bot.office import Office
from tests.factories import SOUND, TRIAGED

Fault = dict[str, Any]

# What happens to one call, and whether Slack did what it was asked to.
OUTCOMES: dict[str, Fault] = {
    "answers 503": {"kind": "status", "status": 503},
    "answers 503 and has done it": {"kind": "status", "status": 503, "accepted": True},
    "answers internal_error": {"kind": "error", "error": "internal_error"},
    "answers internal_error and has done it": {
        "kind": "error",
        "error": "internal_error",
        "accepted": True,
    },
    "breaks the connection": {"kind": "reset"},
    "breaks the connection and has done it": {"kind": "reset", "accepted": True},
    "is silent": {"kind": "silence", "seconds": 0.05},
    "is silent and has done it": {"kind": "silence", "seconds": 0.05, "accepted": True},
    "is slow": {"kind": "slow", "seconds": 0.2},
    "asks to come again later": {"kind": "ratelimited", "retry_after": 20},
}


def post_card(office: Office) -> None:
    office.desk.open()


def tell_in_thread(office: Office) -> None:
    dispute = office.desk.at_stage("adjudication")
    office.settle()
    office.desk.give(dispute)


def alert(office: Office) -> None:
    office.desk.at_stage("adjudication")
    office.settle()
    office.desk.pass_time(hours=25)
    office.desk.sweep()


ACTS: dict[str, Callable[[Office], None]] = {
    "a card": post_card,
    "a line in a thread": tell_in_thread,
    "an alert": alert,
}


@pytest.mark.parametrize("fault", OUTCOMES)
@pytest.mark.parametrize("act", ACTS)
def test_message_arrives_once_although_slack_fails(
    virtual: Office, wall: Wall, act: str, fault: str
) -> None:
    virtual.settle()
    ACTS[act](virtual)
    with virtual.sandbox.broken(**OUTCOMES[fault], method="chat.postMessage", times=1):
        virtual.settle()
        assert any(f["struck"] for f in virtual.sandbox.faults())
    pass_minutes(virtual, wall, 4)
    assert set(states(virtual)) <= {"sent", "superseded"}
    stored = [m["metadata"]["event_payload"]["outbox"] for m in all_messages(virtual.sandbox)]  # type: ignore[index]
    assert len(stored) == len(set(stored))


@pytest.mark.parametrize("fault", OUTCOMES)
def test_card_shows_what_is_although_its_redraw_fails(
    virtual: Office, wall: Wall, fault: str
) -> None:
    desk, dispute = virtual.desk, virtual.desk.at_stage("triage")
    virtual.settle()
    visit = desk.visit(dispute)
    desk.must(dispute, "no_evidence", TRIAGED)
    with virtual.sandbox.broken(**OUTCOMES[fault], method="chat.update", times=1):
        virtual.settle()
    desk.must(dispute, "rule_buyer", SOUND)
    pass_minutes(virtual, wall, 4)
    assert "No evidence needed" in virtual.message(visit)["text"]
    assert len(virtual.message(visit)["blocks"]) == 1


def test_nothing_is_sent_again_before_somebody_looked(virtual: Office, wall: Wall) -> None:
    virtual.desk.open()
    with virtual.sandbox.broken("reset", method="chat.postMessage", accepted=True, times=1):
        virtual.settle()
    with virtual.sandbox.broken("status", method="conversations.history", status=503):
        pass_minutes(virtual, wall, 10)
    assert len(calls(virtual, "chat.postMessage")) == 1
    pass_minutes(virtual, wall, 6)
    assert len(calls(virtual, "chat.postMessage")) == 1
    assert set(states(virtual)) == {"sent"}


def test_retry_after_defers_that_channel_only(virtual: Office, wall: Wall) -> None:
    desk = virtual.desk
    first = desk.open()
    second = desk.at_stage("adjudication")
    with virtual.sandbox.broken(
        "ratelimited",
        method="chat.postMessage",
        channel=channel(virtual, "intake"),
        retry_after=40,
        times=1,
    ):
        virtual.settle()
        before = posts_to(virtual, "intake")
        desk.open()
        other = desk.at_stage("adjudication")
        wall.pass_time(seconds=39)
        virtual.settle()
        assert posts_to(virtual, "intake") == before
        assert virtual.card(second)
        assert virtual.card(other)
    wall.pass_time(seconds=2)
    virtual.settle()
    assert virtual.card(first)
    assert set(states(virtual)) <= {"sent", "superseded"}


def test_copy_that_arrives_late_is_noticed_and_removed(virtual: Office, wall: Wall) -> None:
    desk, dispute = virtual.desk, virtual.desk.open()
    visit = desk.visit(dispute)
    with virtual.sandbox.broken("reset", method="chat.postMessage", times=1):
        virtual.settle()
    lost = calls(virtual, "chat.postMessage")[0]["n"]
    wall.pass_time(seconds=5)
    virtual.settle()  # it is not there, so it is sent again
    virtual.sandbox.replay(lost)  # and now the first one gets through
    assert len(cards_of(virtual, visit)) == 2
    pass_minutes(virtual, wall, 2)
    assert cards_of(virtual, visit) == believed(virtual, visit)
    assert set(states(virtual)) == {"sent"}


def test_card_that_had_arrived_before_something_new_is_drawn_anew(
    virtual: Office, wall: Wall
) -> None:
    virtual.settle()
    dispute = virtual.desk.open()
    done = OUTCOMES["is silent and has done it"]
    with virtual.sandbox.broken(**done, method="chat.postMessage", times=1):
        virtual.settle()
    virtual.desk.give(dispute)  # what stands in Slack knows nothing of it
    pass_minutes(virtual, wall, 5)
    assert "Photos" in str(virtual.message(virtual.desk.visit(dispute))["blocks"])
