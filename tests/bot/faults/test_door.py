"""Faults 1 to 4, 18 and 37 to 39 at the bot's own door, made by Slack or by whoever plays it."""

import hashlib
import hmac
import time

from sqlalchemy import select, update

from core.tables import Click, Event, Person
from tests.bot.office import SECRET, Office
from tests.bot.sights import last_ephemeral
from tests.factories import SOUND, TRIAGED
from tests.waiting import eventually


def moves(office: Office) -> int:
    """How many decisions took effect."""
    return len(office.desk.rows(select(Event.id).where(Event.kind == "moved")))


def presses(office: Office) -> int:
    """How many presses have their answer kept."""
    kept = select(Click.key).where(Click.key.startswith("press:"))
    return len(office.desk.rows(kept))


def test_press_that_slack_delivers_twice_acts_once(virtual: Office) -> None:
    dispute = virtual.desk.open()
    virtual.settle()
    virtual.sandbox.fault("duplicate", method="block_actions", times=1)
    virtual.press(dispute, "take")
    eventually(
        lambda: len([c for c in virtual.sandbox.traffic() if c["what"] == "block_actions"]) == 2
    )
    assert (moves(virtual), presses(virtual)) == (1, 1)


def test_double_click_decides_once(virtual: Office) -> None:
    dispute = virtual.desk.open()
    virtual.settle()
    card = virtual.card(dispute)
    for _ in range(2):
        virtual.person("Tom").click(card["channel"], card["ts"], "take")
    assert (moves(virtual), presses(virtual)) == (1, 2)


def test_late_press_on_a_stale_card_changes_nothing(virtual: Office) -> None:
    desk, dispute = virtual.desk, virtual.desk.at_stage("adjudication")
    virtual.settle()
    card = virtual.card(dispute)
    virtual.sandbox.fault("late", method="block_actions", seconds=0.3, times=1)
    desk.must(dispute, "rule_buyer", SOUND)
    before = moves(virtual)
    state = {"field.quality": "sound"}
    virtual.person("Ada").click(card["channel"], card["ts"], "decide.rule_merchant", state=state)
    assert moves(virtual) == before
    assert "You already decided" in last_ephemeral(virtual, "Ada")


def test_agent_deactivated_mid_shift_decides_nothing_more(virtual: Office) -> None:
    desk = virtual.desk
    first, second = desk.open(), desk.open()
    virtual.settle()
    virtual.press(first, "take")
    virtual.settle()
    assert desk.stage(first) == "triage"
    desk.write(update(Person).where(Person.name == "Tom").values(active=False))
    virtual.press(second, "take")  # on a card that was drawn while Tom was an agent
    virtual.press(first, "decide.no_evidence", TRIAGED)
    assert (desk.stage(first), desk.stage(second)) == ("triage", "intake")
    assert "not an active member" in last_ephemeral(virtual, "Tom")


def test_forged_and_old_requests_leave_no_trace_and_a_replay_has_no_second_effect(
    virtual: Office,
) -> None:
    desk, dispute = virtual.desk, virtual.desk.open()
    body = virtual.payload("take", str(desk.visit(dispute)))
    assert virtual.send(body, signature="v0=" + "0" * 64).status_code == 401
    assert virtual.send(body, stamp=str(int(time.time()) - 301)).status_code == 401
    assert virtual.send(body + "&x=" + "x" * 1_100_000).status_code == 413
    assert (moves(virtual), presses(virtual)) == (0, 0)
    stamp = str(int(time.time()))
    signed = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
    for _ in range(3):
        answer = virtual.send(body, stamp=stamp, signature=f"v0={signed.hexdigest()}")
        assert answer.status_code == 200
    assert (moves(virtual), presses(virtual)) == (1, 1)
