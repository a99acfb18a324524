"""Sockets come and go: Slack changes them, goes away, refuses one too many, or the app's token."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.sync.client import connect

from bot import socket_mode
from bot.context import Bot, client
from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.bot.office import (
    APP_TOKEN,
    TOKEN,
    Office,
    wait_for_sockets,
    workspace,
)
from tests.factories import VAULT, Desk
from tests.serving import free_ports
from tests.waiting import eventually

APP = "A1"


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
def test_press_is_answered_however_often_slack_changes_the_socket(
    connected: Office, reason: str
) -> None:
    desk = connected.desk
    for sockets in (2, 3) if reason == "warning" else (1, 1):  # the one warned of is still open
        dispute = desk.open()
        connected.settle()
        assert connected.sandbox.set(f"apps/{APP}/sockets", reason=reason)["told"]
        wait_for_sockets(connected.sandbox, sockets)
        assert connected.press(dispute, "take")["ok"]
        assert desk.stage(dispute) == "triage"


def test_socket_that_is_warned_answers_what_it_still_brings(connected: Office) -> None:
    """Each payload goes to either socket in turns: both must answer on the one that brought it."""
    connected.sandbox.set(f"apps/{APP}/sockets", reason="warning")
    wait_for_sockets(connected.sandbox, 2)
    dispute = connected.desk.at_stage("triage")
    connected.settle()
    outcomes = [connected.press(dispute, "field.category", value="food") for _ in range(4)]
    assert all(outcome["ok"] for outcome in outcomes)


def test_slack_that_is_away_at_the_start_is_waited_for_and_said(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    stop, port = threading.Event(), free_ports()
    bot = Bot(desk.db, VAULT, TOKEN, f"http://127.0.0.1:{port}/api/")
    thread = socket_mode.in_background(bot, APP_TOKEN, stop)
    eventually_logged(caplog, "Slack cannot be reached: no connection")
    with Server(workspace(desk), port=port) as server, Sandbox(server.url) as sandbox:
        wait_for_sockets(sandbox, 1)
        stop.set()
        thread.join(20)
    bot.close()
    assert not thread.is_alive()


def test_slack_that_goes_away_is_found_again(desk: Desk) -> None:
    stop, port = threading.Event(), free_ports()
    with Server(workspace(desk), port=port) as server, Sandbox(server.url) as sandbox:
        bot = Bot(desk.db, VAULT, TOKEN, f"{server.url}/api/")
        thread = socket_mode.in_background(bot, APP_TOKEN, stop)
        wait_for_sockets(sandbox, 1)
    with Server(workspace(desk), port=port) as server, Sandbox(server.url) as sandbox:
        wait_for_sockets(sandbox, 1)
        assert (
            "next"
            in sandbox.act_as("U0002").command("C0001", "/dispute help")["ephemerals"][0]["text"]
        )
        stop.set()
        thread.join(20)
    bot.close()


def test_eleventh_socket_waits_for_a_place_and_says_so(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    with Server(workspace(desk)) as server, Sandbox(server.url) as sandbox, ExitStack() as others:
        bot = Bot(desk.db, VAULT, TOKEN, f"{server.url}/api/")
        for _ in range(10):
            opened = client(APP_TOKEN, bot.base_url).apps_connections_open(app_token=APP_TOKEN)
            others.enter_context(connect(opened["url"], proxy=None))
        wait_for_sockets(sandbox, 10)
        thread = socket_mode.in_background(bot, APP_TOKEN, stop)
        eventually_logged(caplog, "Slack will close a socket: too_many_websockets")
        others.close()
        wait_for_sockets(sandbox, 1)
        stop.set()
        thread.join(20)
        bot.close()


def test_refused_app_token_is_said_with_what_to_do_and_tried_again(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    with Server(workspace(desk)) as server, Sandbox(server.url) as sandbox:
        sandbox.fault("error", method="apps.connections.open", error="invalid_auth", times=1)
        bot = Bot(desk.db, VAULT, TOKEN, f"{server.url}/api/")
        thread = socket_mode.in_background(bot, APP_TOKEN, stop)
        wait_for_sockets(sandbox, 1)
        stop.set()
        thread.join(20)
        bot.close()
    assert "refuses the app token: invalid_auth; `redress doctor`" in caplog.text


def test_what_is_being_answered_is_answered_before_the_process_stops(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stop, held, dispute = threading.Event(), threading.Event(), desk.open()
    done = threading.Event()
    with Server(workspace(desk)) as server, Sandbox(server.url) as sandbox:
        bot = Bot(desk.db, VAULT, TOKEN, f"{server.url}/api/")
        thread = socket_mode.in_background(bot, APP_TOKEN, stop)
        wait_for_sockets(sandbox, 1)
        office = Office(desk, bot, sandbox, "")
        office.settle()
        card = office.card(dispute)

        def slowly(_connection: Any, **_: Any) -> None:
            held.set()
            done.wait(10)  # until then the press waits in the queue of writers

        with ThreadPoolExecutor(2) as hands:
            writer = hands.submit(desk.db.transact, slowly)
            assert held.wait(10)
            pressed = hands.submit(office.person("Tom").click, card["channel"], card["ts"], "take")
            eventually(lambda: desk.db._writers._waiting, "the press never came")
            stop.set()
            eventually_logged(caplog, "stopping; presses that are being answered: 1")
            done.set()
            writer.result()
            assert pressed.result()["ok"]
        thread.join(20)
        bot.close()
    assert desk.stage(dispute) == "triage"


def eventually_logged(caplog: pytest.LogCaptureFixture, text: str) -> None:
    """Waits until this was said in the log."""
    eventually(lambda: text in caplog.text, lambda: caplog.text)
