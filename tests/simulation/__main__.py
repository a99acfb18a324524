"""`python -m tests.simulation --seeds 1-20`: prints what each seed met, exits 1 if any broke."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from core.db import Database
from core.migrate import migrate
from tests.simulation.world import STEPS, Result, World


def main(argv: Sequence[str]) -> int:
    """Runs the seeds one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", default="1-20", help="such as 7 or 1-20 or 3,8,11-13")
    parser.add_argument("--steps", type=int, default=STEPS, help="acts in each seed")
    options = parser.parse_args(argv)
    broken = 0
    with tempfile.TemporaryDirectory(prefix="redress-simulation-") as name:
        folder = Path(name)
        template = prepared(folder)
        for seed in seeds(options.seeds):
            result = World(seed, template, folder).run(options.steps)
            say(result)
            broken += bool(result.broken)
    return 1 if broken else 0


def seeds(text: str) -> list[int]:
    """The seeds that a text such as `1-3,8` names."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def prepared(folder: Path) -> Path:
    """A migrated file to copy for every seed."""
    path = folder / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


def say(result: Result) -> None:
    """Prints a seed's line, and under it what it broke."""
    met = ", ".join(f"{kind} {count}" for kind, count in sorted(result.faults.items()))
    print(
        f"seed {result.seed}: {result.steps} steps, trace {result.digest}, "
        f"{sum(result.faults.values())} faults ({met}), "
        f"{len(result.broken)} broken invariants",
        flush=True,
    )
    for line in result.broken:
        print(f"  broken: {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
