"""`click`: a press through the bot, against a Bolt app that only acknowledges.

The same server (waitress), threads, payload and `process_before_response` on both sides, each in a
process of its own; the load comes from this one over kept-alive connections.
"""

import argparse
import http.client
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.figures import against_floor
from benchmarks.pressing import SECRET, Body, post, press, served, show
from benchmarks.world import VAULT, copies, fill

ROUNDS = 7
CONNECTIONS = 4


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
        database.transact(show, visits)
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


def send(port: int, bodies: Sequence[Body]) -> None:
    """Sends the bodies over a few connections at once; raises on any answer but 200."""

    def work(part: Sequence[Body]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for body in part:
            post(connection, body)
        connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for future in [pool.submit(work, bodies[i::CONNECTIONS]) for i in range(CONNECTIONS)]:
            future.result()


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
