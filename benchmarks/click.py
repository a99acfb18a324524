"""`click`: a press through the bot, against a Bolt app that only acknowledges.

The same server (waitress), threads, payload and `process_before_response` on both sides, each in a
process of its own; the load comes from this one over kept-alive connections.
"""

import argparse
import hashlib
import hmac
import http.client
import json
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from benchmarks.figures import against_floor
from benchmarks.world import TRIAGE, VAULT, copies, fill

SECRET = "a signing secret for measuring"
ROUNDS = 7
CONNECTIONS = 4
THREADS = 16
Body = bytes


def main(argv: Sequence[str]) -> None:
    """Prints `click` on SQLite."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks click")
    parser.add_argument("--presses", type=int, default=400, help="presses per round and side")
    options = parser.parse_args(argv)
    per_round = options.presses
    with copies("sqlite") as made:
        from core.db import Database

        database = Database(made.base)
        visits = fill(database, per_round * (ROUNDS + 1))
        database.close()
        bodies = [press(visit) for visit in visits]
        with served(_desk, str(made.base)) as ours, served(_only_ack) as floor:

            def turn(port: int) -> Callable[[int], int]:
                def one(number: int) -> int:
                    part = bodies[number * per_round : (number + 1) * per_round]
                    send(port, part)
                    return per_round

                one(ROUNDS)  # warms the side up; not measured
                return one

            against_floor("click", turn(ours), turn(floor), rounds=ROUNDS)


def press(visit: int) -> Body:
    """A press of a triage decision with its five selects, as Slack sends it."""
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
        "container": {"type": "message", "message_ts": f"{visit}.000100", "channel_id": "C1"},
        "channel": {"id": "C1", "name": "triage"},
        "message": {"type": "message", "ts": f"{visit}.000100", "text": "Dispute"},
        "state": {"values": values},
        "trigger_id": f"{visit}.1.x",
        "response_url": "http://127.0.0.1:9/nowhere",
        "actions": [
            {
                "type": "button",
                "action_id": "decide.request_both",
                "block_id": "actions",
                "value": str(visit),
                "action_ts": "1.5",
            }
        ],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def _option(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": value}, "value": value}


def send(port: int, bodies: Sequence[Body]) -> None:
    """Sends the bodies, signed, over a few connections at once; raises on any answer but 200."""

    def work(part: Sequence[Body]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for body in part:
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
        connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for future in [pool.submit(work, bodies[i::CONNECTIONS]) for i in range(CONNECTIONS)]:
            future.result()


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

    server = create_server(program(*args), host="127.0.0.1", port=0, threads=THREADS)
    port.put(server.effective_port)
    server.run()


def _desk(url: str) -> Any:
    from bot.context import Bot
    from bot.program import wsgi
    from core.db import Database

    bot = Bot(Database(url), VAULT, "xoxb-bench", "http://127.0.0.1:9/api/")
    bot._identity.update(team_id="T0001", user_id="UB", bot_id="BB", url="http://127.0.0.1:9/")
    return wsgi(bot, SECRET)


def _only_ack() -> Any:
    from slack_bolt import App
    from slack_bolt.adapter.wsgi import SlackRequestHandler
    from slack_bolt.authorization import AuthorizeResult

    app = App(
        signing_secret=SECRET,
        process_before_response=True,
        authorize=lambda: AuthorizeResult(
            enterprise_id=None, team_id="T0001", bot_token="xoxb", bot_id="BB", bot_user_id="UB"
        ),
    )
    app.action("decide.request_both")(lambda ack: ack())
    return SlackRequestHandler(app, path="/")
