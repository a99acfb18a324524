"""The Procfile's processes on one PostgreSQL, as an operator starts and ends them."""

import base64
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import select

from core.db import Database
from core.desk import access
from core.tables import Card, Deadline, Escalation, Sign
from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.bot.office import APP_TOKEN, SECRET, TOKEN, wait_for_sockets, workspace
from tests.factories import Desk
from tests.serving import free_ports
from tests.waiting import eventually


@contextmanager
def process(
    role: str, environment: dict[str, str], *words: str
) -> Iterator[subprocess.Popen[bytes]]:
    """One process of the Procfile; it ends quietly when it is told to."""
    running = subprocess.Popen(
        [sys.executable, "-c", "from cli import main; main()", role, *words],
        env=environment,
        cwd=Path(__file__).parents[1],
        stderr=subprocess.PIPE,
    )
    try:
        yield
        running.send_signal(signal.SIGTERM)
        _, told = running.communicate(timeout=30)
        assert (running.returncode, told) == (0, b"")
    finally:
        running.kill()
        running.communicate()


def message(sandbox: Sandbox, channel: str, ts: str) -> str:
    """A message as it stands in Slack now."""
    return str([m["blocks"] for m in sandbox.messages(channel) if m["ts"] == ts])


@pytest.mark.postgres
@pytest.mark.parametrize("by_socket", [False, True], ids=["over HTTP", "by Socket Mode"])
def test_dispute_from_the_api_becomes_a_card_and_an_alert_across_processes(
    postgresql: Database, tmp_path: Path, *, by_socket: bool
) -> None:
    desk = Desk(postgresql)
    port = free_ports()
    address = f"http://127.0.0.1:{port}"
    key = postgresql.transact_wall(access.new_api_key, "shop", "shop")
    events = None if by_socket else f"{address}/slack/events"
    with Server(workspace(desk), app_url=events) as slack, ExitStack() as bots:
        environment = {
            **os.environ,
            "REDRESS_KEYS": "test:" + base64.b64encode(b"t" * 32).decode(),
            "REDRESS_SECRET": "s" * 40,
            "REDRESS_DATABASE_URL": postgresql.url.render_as_string(hide_password=False),
            "REDRESS_FILES": str(tmp_path),
            "REDRESS_MOVABLE_CLOCK": "1",
            "REDRESS_SLACK_API_URL": f"{slack.url}/api/",
            "REDRESS_SLACK_BOT_TOKEN": TOKEN,
            **(
                {"REDRESS_SLACK_APP_TOKEN": APP_TOKEN}
                if by_socket
                else {"REDRESS_SLACK_SIGNING_SECRET": SECRET}
            ),
            "REDRESS_PUBLIC_URL": address,
            "REDRESS_LOG_LEVEL": "WARNING",
        }
        with (
            process("web", environment, "--port", str(port), "--host", "127.0.0.1"),
            process("worker", environment),
            process("worker", environment),
            process("scheduler", environment),
            process("scheduler", environment),
            Sandbox(slack.url) as sandbox,
        ):
            eventually(lambda: httpx.get(f"{address}/healthz", trust_env=False).is_success)
            if by_socket:
                for _ in range(2):
                    bots.enter_context(process("bot", environment))
                wait_for_sockets(sandbox, 2)
            opened = httpx.post(
                f"{address}/api/v1/disputes",
                headers={"Authorization": f"Bearer {key}"},
                json={
                    "external_id": "1",
                    "order_number": "o-1",
                    "buyer": {"id": "b-1"},
                    "merchant": "m-1",
                    "story": "It came broken.",
                },
                trust_env=False,
            )
            assert opened.status_code == 201, opened.text
            card = eventually(lambda: desk.rows(select(Card.channel, Card.ts).where(Card.ts != "")))
            tom = sandbox.act_as("U0002")
            tom.click(card[0].channel, card[0].ts, "take")
            assert desk.stage(1) == "triage"  # decided before the click was acknowledged
            eventually(lambda: "/archives/" in message(sandbox, card[0].channel, card[0].ts))
            eventually(lambda: desk.rows(select(Sign.key).where(Sign.guide_ts != "")))
            if by_socket:
                assert {t["transport"] for t in sandbox.traffic() if t["direction"] == "out"} == {
                    "socket"
                }
            desk.pass_time(days=2)
            eventually(lambda: sandbox.messages("C0006"))
            fired = select(Escalation.level).join(Deadline).order_by(Escalation.level)
            of_triage = fired.where(Deadline.service_level == "triage")
            assert desk.rows(of_triage) == [(2,), (3,)]  # its end, and who hears of it; no warning
            assert "Overdue" in sandbox.messages("C0006")[0]["text"]


def test_on_sqlite_one_process_does_everything_by_socket_mode_too(
    sqlite: Database, tmp_path: Path
) -> None:
    desk, port = Desk(sqlite), free_ports()
    dispute = desk.open()
    with Server(workspace(desk)) as slack, Sandbox(slack.url) as sandbox:
        environment = {
            **os.environ,
            "REDRESS_KEYS": "test:" + base64.b64encode(b"t" * 32).decode(),
            "REDRESS_SECRET": "s" * 40,
            "REDRESS_DATABASE_URL": sqlite.url.render_as_string(),
            "REDRESS_FILES": str(tmp_path / "files"),
            "REDRESS_MOVABLE_CLOCK": "1",
            "REDRESS_SLACK_API_URL": f"{slack.url}/api/",
            "REDRESS_SLACK_BOT_TOKEN": TOKEN,
            "REDRESS_SLACK_APP_TOKEN": APP_TOKEN,
            "REDRESS_LOG_LEVEL": "WARNING",
        }
        with process("web", environment, "--port", str(port), "--host", "127.0.0.1"):
            wait_for_sockets(sandbox, 1)
            card = eventually(lambda: desk.rows(select(Card.channel, Card.ts).where(Card.ts != "")))
            sandbox.act_as("U0002").click(card[0].channel, card[0].ts, "take")
            assert desk.stage(dispute) == "triage"
            forged = signed_by_nobody(f"http://127.0.0.1:{port}/slack/events", desk.visit(dispute))
            assert forged.status_code != 200
            assert desk.at(dispute).row.holder_id == desk.people["Tom"]


def signed_by_nobody(url: str, visit: int) -> httpx.Response:
    """A press that gives the visit back, signed with the secret of a desk that has none."""
    action = {"action_id": "more", "selected_option": {"value": f"{visit}:RELEASE"}}
    press = {"type": "block_actions", "user": {"id": "U0002"}, "actions": [action]}
    body, stamp = urlencode({"payload": json.dumps(press)}).encode(), str(int(time.time()))
    digest = hmac.new(b"", b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }
    return httpx.post(url, content=body, headers=headers, trust_env=False)
