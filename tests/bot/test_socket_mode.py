"""Slack by Socket Mode: what holds over HTTP holds over sockets, however many there are."""

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from bot import socket_mode
from bot.context import Bot
from bot.program import bolt_app
from core import logs
from core.db import Database
from core.tables import Click
from tests.bot.disk import full
from tests.bot.journey import travel
from tests.bot.office import (
    TOKEN,
    Office,
    office_on_sockets,
)
from tests.bot.sights import last_ephemeral, wait_modal
from tests.factories import SOUND, TRIAGED, VAULT, Desk

APP = "A1"


@pytest.fixture
def twofold(any_desk: Desk) -> Iterator[Office]:
    """The office with two bots, each on a socket of its own, on each kind of database."""
    with office_on_sockets(any_desk, processes=2) as made:
        yield made


def test_agents_click_a_dispute_to_its_end_through_two_sockets(twofold: Office) -> None:
    travel(twofold)
    carried = [t for t in twofold.sandbox.traffic() if t["direction"] == "out"]
    assert {t["transport"] for t in carried} == {"socket"}


@pytest.mark.postgres
def test_fifty_who_take_at_once_through_two_sockets_have_one_winner(postgresql: Database) -> None:
    desk = Desk(postgresql)
    dispute = desk.open()
    with office_on_sockets(desk, processes=2) as office, ThreadPoolExecutor(10) as hands:
        office.settle()
        card = office.card(dispute)

        def take(number: int) -> Any:
            who = ("Tom", "Tang Li")[number % 2]
            return office.person(who).click(card["channel"], card["ts"], "take")

        assert all(outcome["ok"] for outcome in hands.map(take, range(50)))
    assert len(desk.visits(dispute)) == 2
    assert desk.differences() == []


def test_decision_is_committed_before_its_press_is_acknowledged(connected: Office) -> None:
    desk, dispute = connected.desk, connected.desk.at_stage("triage")
    connected.settle()
    assert connected.press(dispute, "decide.no_evidence", TRIAGED)["ok"]
    assert desk.stage(dispute) == "adjudication"


def test_press_that_could_not_be_committed_is_not_acknowledged(connected: Office) -> None:
    desk, dispute = connected.desk, connected.desk.open()
    connected.settle()
    card, tom = connected.card(dispute), connected.person("Tom")
    with full(desk.db):
        outcome = tom.click(card["channel"], card["ts"], "take")
    assert outcome["failure"] == "operation_timeout"
    assert desk.stage(dispute) == "intake"
    assert connected.press(dispute, "take")["ok"]
    assert desk.stage(dispute) == "triage"


def test_press_delivered_twice_acts_once(connected: Office) -> None:
    desk, dispute = connected.desk, connected.desk.open()
    connected.settle()
    connected.sandbox.fault("duplicate", method="block_actions", times=1)
    connected.press(dispute, "take")
    assert len(desk.visits(dispute)) == 2
    presses = select(func.count()).where(Click.key.startswith("press:"))
    assert desk.rows(presses)[0][0] == 1


def test_refusal_reaches_the_presser_only(connected: Office) -> None:
    dispute = connected.desk.at_stage("triage")
    connected.settle()
    assert connected.press(dispute, "decide.no_evidence", TRIAGED, who="Tang Li")["ok"]
    assert "由 Tom 处理中" in last_ephemeral(connected, "Tang Li")


def test_modal_is_answered_with_errors_in_the_acknowledgement(connected: Office) -> None:
    desk, dispute = connected.desk, connected.desk.at_stage("adjudication")
    connected.settle()
    connected.press(dispute, "ask.cannot_judge", SOUND, who="Ada")
    wait_modal(connected, "Ada")
    ada = connected.person("Ada")
    assert ada.submit({}).get("errors")
    assert desk.stage(dispute) == "adjudication"
    ada.submit({"field.cannot_judge_reason": "contradiction"})
    assert desk.stage(dispute) == "evidence_review"


def test_form_is_replaced_in_the_acknowledgement(connected: Office) -> None:
    connected.person("Tom").command("C0001", "/dispute new")
    wait_modal(connected, "Tom")
    form = {"order": "order-77", "buyer": "buyer-77", "story": "It never came."}
    outcome = connected.person("Tom").submit({**form, "field.reason": "lost"})
    assert "is open and waits at Intake" in str(outcome["modal"]["blocks"])


def test_command_is_answered_in_the_acknowledgement(connected: Office) -> None:
    outcome = connected.person("Tom").command("C0001", "/dispute help")
    assert "`/dispute next`" in outcome["ephemerals"][0]["text"]


def test_home_is_shown_when_it_is_opened(connected: Office) -> None:
    connected.person("Tang Li").home()
    assert connected.person("Tang Li").seen(0, wait=3.0, kind="home")


def test_what_was_typed_reaches_no_log_however_much_is_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    for name in (*logs.QUIET, *logs.UNHEARD):  # as logs.set_up does, for the whole process
        caplog.set_level(logging.ERROR, logger=name)
    caplog.set_level(logging.DEBUG)
    with office_on_sockets(desk) as office:
        office.person("Tom").command("C0001", "/dispute the blue kettle of Mrs Wang")
    assert "connected to Slack" in caplog.text
    assert "Mrs Wang" not in caplog.text


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions", "user": {"id": "U0002"}, "actions": [{"action_id": "new"}]},
        {"type": "something_new", "user": {"id": "U0002"}},
        {"type": "event_callback", "event": {"type": "reaction_added"}},
        {"command": "/other", "user_id": "U0002", "trigger_id": "1.2"},
        {},
        None,
        [],
        "text",
    ],
    ids=str,
)
def test_payload_that_nobody_knows_is_acknowledged(desk: Desk, payload: Any) -> None:
    bot = Bot(desk.db, VAULT, TOKEN, "http://127.0.0.1:1/api/")
    reply = socket_mode.reply_to(bolt_app(bot), {"envelope_id": "e1", "payload": payload})
    bot.close()
    assert reply is not None
    assert reply["envelope_id"] == "e1"
    json.dumps(reply)
