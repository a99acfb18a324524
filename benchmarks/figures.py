"""What a benchmark prints: one JSON line per figure, and how turns are measured."""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable

Turn = Callable[[int], int]  # a round's number in, how many things it did out


def figure(
    name: str,
    value: float,
    unit: str,
    *,
    floor: float | None = None,
    ratio: float | None = None,
    n: int = 0,
) -> dict[str, object]:
    """Prints one line and gives it back. `ratio` is our rate over the floor's: 1 is the floor."""
    line = {
        "name": name,
        "value": _short(value),
        "unit": unit,
        "floor": None if floor is None else _short(floor),
        "ratio": None if ratio is None else round(ratio, 3),
        "n": n,
    }
    print(json.dumps(line), flush=True)
    return line


def against_floor(name: str, ours: Turn, floor: Turn, *, rounds: int = 7) -> dict[str, object]:
    """Runs both in turns and prints our median rate, the floor's, and the median of the ratios."""
    ratios, rates, floors, n = [], [], [], 0
    for turn in range(rounds):
        # Who goes first changes, so that a machine that warms or tires favours neither.
        pair = [("floor", floor), ("ours", ours)]
        rate: dict[str, float] = {}
        for side, run in pair if turn % 2 else reversed(pair):
            gc.collect()
            start = time.perf_counter()
            done = run(turn)
            rate[side] = done / (time.perf_counter() - start)
            n += done if side == "ours" else 0
        ratios.append(rate["ours"] / rate["floor"])
        rates.append(rate["ours"])
        floors.append(rate["floor"])
    return figure(
        name,
        statistics.median(rates),
        "1/s",
        floor=statistics.median(floors),
        ratio=statistics.median(ratios),
        n=n,
    )


def note(text: str) -> None:
    """Says something beside the figures, for whoever watches."""
    print(text, file=sys.stderr, flush=True)


def _short(value: float) -> float:
    return round(value, 1) if abs(value) >= 10 else round(value, 4)
