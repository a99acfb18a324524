"""Presses as Slack sends them, signed, to a program that is served in a process of its own."""

import datetime as dt
import hashlib
import hmac
import http.client
import json
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, insert

from benchmarks.world import TRIAGE
from core import logs, running
from core.tables import Card

SECRET = "a signing secret for measuring"
CHANNEL = "C1"
NOWHERE = "http://127.0.0.1:9/nowhere"
THREADS = 16
Body = bytes


def press(
    visit: int, action: str = "decide.request_both", at: str = "1.5", reply: str = NOWHERE
) -> Body:
    """A press on a triage card with its five selects, as Slack sends it.

    `action` is the button's id, `at` its action_ts, `reply` the response_url.
    """
    values = {
        f"field.{key}": {
            f"field.{key}": {
                "type": "multi_static_select",
                "selected_options": [_option(item) for item in value],
            }
            if isinstance(value, list)
            else {"type": "static_select", "selected_option": _option(value)}
        }
        for key, value in TRIAGE.items()
    }
    payload: dict[str, Any] = {
        "type": "block_actions",
        "team": {"id": "T0001", "domain": "bench"},
        "user": {"id": "U0", "username": "agent", "team_id": "T0001"},
        "api_app_id": "A1",
        "container": {"type": "message", "message_ts": _ts(visit), "channel_id": CHANNEL},
        "channel": {"id": CHANNEL, "name": "triage"},
        "message": {"type": "message", "ts": _ts(visit), "text": "Dispute"},
        "state": {"values": values},
        "trigger_id": f"{visit}.1.x",
        "response_url": reply,
        "actions": [
            {
                "type": "button",
                "action_id": action,
                "block_id": "actions",
                "value": str(visit),
                "action_ts": at,
            }
        ],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def _option(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": value}, "value": value}


def show(connection: Connection, visits: Sequence[int], *, now: dt.datetime) -> None:
    """Remembers the cards that will be pressed, as delivery does when it posts them."""
    connection.execute(
        insert(Card),
        [
            {
                "visit_id": visit,
                "channel": CHANNEL,
                "ts": _ts(visit),
                "shown": "",
                "live": True,
                "posted_at": now,
            }
            for visit in visits
        ],
    )


def _ts(visit: int) -> str:
    return f"{visit}.000100"


def post(connection: http.client.HTTPConnection, body: Body) -> None:
    """Sends one press, signed; raises RuntimeError on any answer but 200."""
    stamp = str(int(time.time()))
    base = b"v0:" + stamp.encode() + b":" + body
    signature = "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
    connection.request(
        "POST",
        "/",
        body,
        {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature,
        },
    )
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {said[:200]!r}")


@contextmanager
def served(program: Callable[..., Any], *args: Any) -> Iterator[int]:
    """Serves `program(*args)` in a process of its own; gives the port."""
    spawn = multiprocessing.get_context("spawn")
    port = spawn.Queue()
    process = spawn.Process(target=_serve, args=(program, args, port), daemon=True)
    process.start()
    try:
        yield port.get(timeout=60)
    finally:
        process.terminate()
        process.join(10)


def _serve(program: Callable[..., Any], args: tuple[Any, ...], port: Any) -> None:
    from waitress.server import create_server

    logs.set_up("WARNING")  # as `redress web` does
    served = program(*args)
    running.settle_in()
    server = create_server(served, host="127.0.0.1", port=0, threads=THREADS)
    port.put(server.effective_port)
    server.run()
