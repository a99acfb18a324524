"""Playing the log through a fresh desk, killing its processes meanwhile, and counting again."""

import argparse
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import figure, note
from benchmarks.replay import desk, made, speed
from benchmarks.replay.director import Director, Outage, drawn_outages, names
from benchmarks.replay.hands import Clock, Fate, Own, processes
from benchmarks.replay.log import Case, in_order, read
from benchmarks.replay.peek import Peek
from benchmarks.replay.recount.minutes import minute
from benchmarks.replay.recount.wrong import wrong
from core.db import Database
from tests import postgres

SHOWN = 20  # differences that are told
TOLD_EVERY = 20.0  # seconds
FATE = Fate()


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a run: what was seen on the way, what was counted again, what was wrong."""

    disputes: int
    wrong: list[str]
    seen: Counter[str]
    killed: Counter[str]
    recounted: Counter[str]
    compared: list[str]
    gaps: list[tuple[int, int]]  # in which no scheduler ran, in minutes since 1970
    seconds: float


def main(argv: Sequence[str]) -> None:
    """`--source PATH` of the log; the whole of it on SQLite, part of it on PostgreSQL if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks replay")
    parser.add_argument("--source", type=Path, required=True, help="the log, or its folder")
    parser.add_argument("--limit", type=int, help="only so many cases; all by default")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="sqlite")
    parser.add_argument("--schedulers", type=int, default=3, help="that sweep beside each other")
    parser.add_argument("--seed", type=int, default=1, help="of deaths and outages")
    parser.add_argument("--rounds", type=int, default=5, help="of the speed; 0 measures none")
    options = parser.parse_args(argv)
    kinds = [k for k in ("sqlite", "postgres") if options.database in (k, "both")]
    for kind in kinds:
        with fresh(kind) as url:
            played = play(url, options.source, options.limit, options.schedulers, options.seed)
        tell(kind, played)
    if options.rounds:
        for kind in ("sqlite", "postgres"):
            speed.measure(kind, read(options.source, speed.CASES), options.rounds)


@contextmanager
def fresh(kind: str) -> Iterator[str]:
    """The address of a database without tables, or of a migrated one; removed at the end."""
    if kind == "postgres":
        url = postgres.clone()
        try:
            yield url.render_as_string(hide_password=False)
        finally:
            postgres.drop(url)
        return
    folder = Path(tempfile.mkdtemp(prefix="redress-replay-"))
    try:
        yield f"sqlite:///{folder}/replay.db"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def play(
    url: str, source: Path, limit: int | None, schedulers: int, seed: int, fate: Fate = FATE
) -> Played:
    """Plays the first `limit` cases with deaths and outages drawn by seed, and counts again."""
    began = time.monotonic()
    cases = read(source, limit)
    chance = random.Random(seed)
    clock = Clock()
    database = Database(url, clock=clock)
    people = desk.prepare(database, names(cases))
    outages = drawn_outages(*_span(cases), chance)
    own = Own(database, clock)
    with processes(url, own, schedulers, chance, fate) as hands, Peek(url) as peek:
        director = Director(peek, hands, people, outages)
        director.play(cases, _showing(cases))
    database.close()
    director.seen["acts and sweeps by processes that may die"] = hands.by_processes
    recounted: Counter[str] = Counter()
    gaps = [(minute(since), minute(until)) for since, until in outages]
    found = [*director.refused, *wrong(url, source, limit, gaps, recounted)]
    director.seen["outages of all schedulers"] = len(outages)
    return Played(
        recounted["disputes"],
        found,
        director.seen,
        hands.killed,
        recounted,
        [*made.compared(url, cases), made.turned(cases)],
        gaps,
        time.monotonic() - began,
    )


def tell(kind: str, played: Played) -> None:
    """Prints counts for people, then the figures."""
    note(f"\nThe replay on {kind} took {played.seconds:.0f} s.")
    for name, counts in (
        ("played", played.seen),
        ("killed", played.killed),
        ("counted again", played.recounted),
    ):
        note(f"  {name}:")
        for what, times in sorted(counts.items()):
            note(f"    {times:8} {what}")
    for line in played.compared:
        note(f"  {line}")
    for sentence in played.wrong[:SHOWN]:
        note(f"  WRONG {sentence}")
    figure("replay/disputes", played.disputes, "disputes", n=played.recounted["cases"])
    figure("replay/wrong", len(played.wrong), "things", n=played.recounted["deadlines"])


def _span(cases: Sequence[Case]) -> Outage:
    moments = in_order(list(cases))
    return moments[0][0], moments[-1][0]


def _showing(cases: Sequence[Case]) -> Callable[..., None]:
    """Says now and then how far it came."""
    total = sum(1 + len(case.saves) for case in cases)
    last = time.monotonic()

    def show(count: int, at: object) -> None:
        nonlocal last
        if time.monotonic() - last > TOLD_EVERY:
            last = time.monotonic()
            note(f"replay: {count}/{total} of the log, {at:%Y-%m-%d}")

    return show
