"""`click/p99`, `click/slowest`: fifty people press at once while Slack's API hangs.

Slack's API and the response_urls lead to an address that takes connections and never answers;
delivery runs beside the door, as in the demo, and hangs in it, too.
"""

import argparse
import base64
import http.client
import math
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from benchmarks.figures import figure, note
from benchmarks.pressing import SECRET, Body, post, press, served, show
from benchmarks.world import copies, fill

PEOPLE = 50
EACH = 20
# What somebody does in turn: decides; presses the same card again and is refused in words that
# only they see; opens another dispute's details in a modal, which also holds it.
DECIDES, AGAIN, OPENS = "decides", "presses again", "opens"
HABIT = (DECIDES, AGAIN, DECIDES, OPENS, DECIDES)


def main(argv: Sequence[str]) -> None:
    """Prints both figures, in milliseconds, on SQLite."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks click/p99")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--presses", type=int, default=EACH, help="presses of each person")
    options = parser.parse_args(argv)
    with copies("sqlite") as made, _hanging() as slack:
        from core.db import Database

        database = Database(made.base)
        visits = fill(database, options.people * options.presses + len(HABIT))
        database.transact(show, visits)
        database.close()
        first, visits = visits[: len(HABIT)], visits[len(HABIT) :]
        days = [_day(visits[n :: options.people], slack, n) for n in range(options.people)]
        with served(_desk, str(made.base), slack) as port:
            _press_all(port, _day(first, slack))  # every kind of press once; not measured
            took = _crowd(port, days)
    took.sort()
    note(f"  median {1000 * took[len(took) // 2]:.0f} ms")
    figure("click/p99", 1000 * took[math.ceil(0.99 * len(took)) - 1], "ms", n=len(took))
    figure("click/slowest", 1000 * took[-1], "ms", n=len(took))


def _day(visits: Sequence[int], slack: str, begin: int = 0) -> list[Body]:
    """One person's presses, one after the other; people `begin` at different places."""
    bodies: list[Body] = []
    for number, visit in enumerate(visits):
        habit = HABIT[(begin + number) % len(HABIT)]
        if habit == AGAIN and number:
            bodies.append(press(visits[number - 1], at="2.5", reply=slack))
        else:
            action = "open" if habit == OPENS else "decide.request_both"
            bodies.append(press(visit, action, reply=slack))
    return bodies


def _crowd(port: int, days: Sequence[list[Body]]) -> list[float]:
    """Everybody presses as soon as their last press was answered; seconds that each press took."""
    together = threading.Barrier(len(days))

    def live(day: list[Body]) -> list[float]:
        together.wait()
        return _press_all(port, day)

    with ThreadPoolExecutor(len(days)) as pool:
        return [seconds for took in pool.map(live, days) for seconds in took]


def _press_all(port: int, bodies: Sequence[Body]) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    took = []
    for body in bodies:
        start = time.perf_counter()
        post(connection, body)
        took.append(time.perf_counter() - start)
    connection.close()
    return took


@contextmanager
def _hanging() -> Iterator[str]:
    """The address of a Slack that takes every connection and answers none."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0), backlog=512) as server:

        def take() -> None:
            while True:
                try:
                    taken.append(server.accept()[0])
                except OSError:  # closed
                    return

        threading.Thread(target=take, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/api/"
        finally:
            for connection in taken:
                connection.close()


def _desk(url: str, slack: str) -> Any:
    """The desk's door to Slack, with delivery at work beside it."""
    import app
    from bot.program import wsgi
    from core.settings import Settings

    settings = Settings(
        keys="bench:" + base64.b64encode(b"k" * 32).decode(),
        secret="s" * 32,
        database_url=url,
        slack_bot_token="xoxb-bench",
        slack_api_url=slack,
    )
    made = app.parts(settings)
    app.send_until(made, threading.Event())
    return wsgi(made.bot, SECRET)
