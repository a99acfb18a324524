"""`replay/speed`: cases a second through the desk, against the bare driver writing the same rows.

One process on either side and nobody is killed. A round's cases are others than the last one's, and
the driver writes what the desk wrote for the same cases on a copy of its own.
"""

from collections.abc import Sequence

from sqlalchemy.engine import URL

from benchmarks.figures import against_floor
from benchmarks.replay import desk
from benchmarks.replay.director import Director, names
from benchmarks.replay.hands import Clock, Own
from benchmarks.replay.log import Case
from benchmarks.replay.peek import Peek
from benchmarks.replay_log import Log, Statement, bare_postgres, bare_sqlite
from benchmarks.world import copies
from core.db import Database

PER_ROUND = 120  # cases
MOST_ROUNDS = 9
CASES = PER_ROUND * (MOST_ROUNDS + 1)
NAMES = {"sqlite": "replay/speed", "postgres": "replay/speed/postgres"}


def measure(kind: str, cases: Sequence[Case], rounds: int) -> None:
    """Prints `replay/speed` for one kind of database; the first part of the cases warms up."""
    parts = [cases[n * PER_ROUND : (n + 1) * PER_ROUND] for n in range(rounds + 1)]
    with copies(kind) as made:
        base = Database(made.base, clock=Clock())
        people = desk.prepare(base, names(cases))
        base.close()
        log = _logged(made.copy(), people, parts)
        ours, floor = (made.copy().render_as_string(hide_password=False) for _ in range(2))
        bare = bare_sqlite if kind == "sqlite" else bare_postgres
        clock = Clock()
        database = Database(ours, clock=clock)
        director = Director(Peek(ours), Own(database, clock), people)

        def play(turn: int) -> int:
            director.play(parts[(turn + 1) % len(parts)])
            return len(parts[(turn + 1) % len(parts)])

        def write(turn: int) -> int:
            bare(floor, log[(turn + 1) % len(parts)])
            return len(parts[(turn + 1) % len(parts)])

        play(rounds)
        write(rounds)
        against_floor(NAMES[kind], play, write, rounds=rounds)
        database.close()


def _logged(
    url: URL, people: dict[str, int], parts: Sequence[Sequence[Case]]
) -> list[list[list[Statement]]]:
    """What the desk writes for each part, one transaction after the other."""
    clock = Clock()
    database = Database(url, clock=clock)
    log = Log(database.engine, draws=True)
    found = []
    with Peek(url.render_as_string(hide_password=False)) as peek:
        director = Director(peek, Own(database, clock), people)
        for part in parts:
            director.play(part)
            found.append(log.transactions)
            log.transactions = []
    database.close()
    return found
