"""Fault 12: Slack refuses the token: everything is kept, said once elsewhere, and goes on."""

from typing import Any

import pytest
from sqlalchemy import select

from core.tables import Outage, Outbox
from tests.bot.faults.scene import (
    Wall,
    all_messages,
    calls,
    errors,
    outages,
    pass_minutes,
    states,
    told,
)
from tests.bot.office import Office
from tests.factories import TRIAGED

OVER = "Slack accepts the bot token again"


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "account_inactive"])
def test_refused_token_keeps_everything_and_goes_on_when_it_is_right(
    virtual: Office, wall: Wall, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk = virtual.desk
    first = desk.at_stage("triage")
    virtual.settle()
    before = len(virtual.sandbox.traffic(limit=2_000))
    with virtual.sandbox.broken("error", error=error):
        others = [desk.open() for _ in range(6)]
        desk.must(first, "no_evidence", TRIAGED)
        pass_minutes(virtual, wall, 30)
        kept = desk.rows(select(Outbox.id).where(Outbox.finished_at.is_(None)))
        assert len(kept) >= len(others) + 3
        assert "parked" not in states(virtual)
    # Everybody is quiet meanwhile: one message finds it out, then Slack is asked each half minute.
    assert len(virtual.sandbox.traffic(limit=2_000)) - before <= 70
    assert [error in line for line in errors(caplog)] == [True]
    assert outages(virtual) == {"token": True}
    pass_minutes(virtual, wall, 3)
    assert set(states(virtual)) <= {"sent", "superseded"}
    assert all(virtual.card(dispute) for dispute in (first, *others))
    assert told(virtual, "escalation", OVER) == 1
    assert outages(virtual) == {"token": False}


def test_each_refusal_of_the_token_is_told_anew(virtual: Office, wall: Wall) -> None:
    for _ in range(2):
        virtual.desk.open()
        with virtual.sandbox.broken("error", error="token_revoked"):
            pass_minutes(virtual, wall, 3)
        pass_minutes(virtual, wall, 2)
    assert told(virtual, "escalation", OVER) == 2
    assert virtual.desk.rows(select(Outage.times)) == [(2,)]


def test_missing_scope_for_posting_is_tried_again_without_the_token_s_own_check(
    virtual: Office, wall: Wall
) -> None:
    dispute = virtual.desk.open()
    with virtual.sandbox.broken("error", method="chat.postMessage", error="missing_scope"):
        pass_minutes(virtual, wall, 5)
        assert len(calls(virtual, "chat.postMessage")) <= 10
        assert told(virtual, "escalation", OVER) == 0
    pass_minutes(virtual, wall, 2)
    assert virtual.card(dispute)
    assert told(virtual, "escalation", OVER) == 1


def test_uncertain_message_stays_uncertain_while_the_token_is_refused(
    virtual: Office, wall: Wall
) -> None:
    virtual.desk.open()
    with virtual.sandbox.broken("reset", method="chat.postMessage", accepted=True, times=1):
        virtual.settle()
    with virtual.sandbox.broken("error", error="token_revoked"):
        pass_minutes(virtual, wall, 3)
        assert states(virtual) == {"unknown": 1}
    pass_minutes(virtual, wall, 3)
    assert sum("Intake" in str(m["text"]) for m in all_messages(virtual.sandbox)) == 1


def test_press_is_decided_while_the_token_is_refused(virtual: Office, wall: Wall) -> None:
    dispute = virtual.desk.open()
    virtual.settle()
    with virtual.sandbox.broken("error", error="token_revoked"):
        virtual.press(dispute, "take")
        pass_minutes(virtual, wall, 2)
        assert virtual.desk.stage(dispute) == "triage"
    pass_minutes(virtual, wall, 2)
    card: dict[str, Any] = virtual.card(dispute)
    assert "Tom is working on it" in card["text"]
