"""Running the journey: the town, the robots and the director together; then the recount."""

import argparse
import random
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.figures import note
from benchmarks.journey import sources
from benchmarks.journey.board import Board
from benchmarks.journey.director import Director
from benchmarks.journey.people import AGENTS, SUPERVISOR
from benchmarks.journey.robots import Robot, Tally
from benchmarks.journey.town import Town, town
from benchmarks.journey.verdict import Verdict, judge, tell

LIMIT = 3_000.0  # seconds for the whole course
SETTLE = 300.0  # seconds for the last messages
TOLD_EVERY = 20.0  # seconds between two lines, where nobody watches a bar
console = Console(stderr=True)


def main(argv: Sequence[str]) -> None:
    """`--source PATH` of a folder, `--count N` complaints, `--seed S`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks journey")
    parser.add_argument(
        "--source",
        type=Path,
        required=True,
        help="olist's CSVs, or reviews.csv.gz",
    )
    parser.add_argument("--count", type=int, help="so many complaints; all by default")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds at most")
    options = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    journey(options.source, options.count, options.seed, options.limit)


def _interrupt(_signal: int, _frame: object) -> None:
    """Told to stop, it ends its programs first."""
    raise KeyboardInterrupt


def journey(
    source: Path, count: int | None, seed: int, limit: float = LIMIT, pace: float = 1.0
) -> Verdict:
    """Goes on the journey and prints what came of it."""
    found = sources.read(source, count, seed)
    began = time.monotonic()
    with town(found, seed, pace) as made:
        board, tally = Board(seed), Tally()
        director = Director(made, board, found, random.Random(seed), pace)
        with _bar(len(found), tally) as show:
            with _people(made, board, tally, director):
                director.run(show, limit)
            director.settle(show, SETTLE)
        verdict = judge(director, source)
    tell(verdict, tally, time.monotonic() - began)
    return verdict


@contextmanager
def _people(made: Town, board: Board, tally: Tally, director: Director) -> Iterator[None]:
    """The robots at work, somebody watching Slack, somebody bringing complaints in."""
    stop, pause = threading.Event(), director.paused
    robots = [Robot(one, made.sandbox, board, tally) for one in (*AGENTS, SUPERVISOR)]
    threads = [
        threading.Thread(target=board.watch, args=(made.sandbox, stop), daemon=True),
        threading.Thread(target=director.bring, args=(stop,), daemon=True),
        *(threading.Thread(target=robot.live, args=(stop, pause), daemon=True) for robot in robots),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)


@contextmanager
def _bar(total: int, tally: Tally) -> Iterator[Any]:
    """A bar of finished disputes with the rest in words."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task("journey", total=total)

        told = 0.0

        def show(director: Director, finished: int) -> None:
            nonlocal told
            words = (
                f"opened {director.opened}  cards {director.board.live()}"
                f" ({director.board.waiting()} awake)  acts {tally.seen['acts']}"
                f"  to deliver {director.undelivered()}  leaps {len(director.leaps)}  finished"
            )
            progress.update(task, description=words, completed=finished)
            if not console.is_terminal and time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                note(f"{words} {finished}/{total}")

        yield show
