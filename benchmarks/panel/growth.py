"""`panel/growth/sqlite`, `panel/growth/postgres`: what a thousand times the disputes cost a page.

Both desks are filled from the same stories (`filling`); every page is opened at the small and the
large one in turns, through the whole WSGI application, by a signed-in supervisor. The value is the
worst page's median time at the large desk over that at the small one; each page's own stands in a
note. Both desks have the same number of disputes under way unless `--open` says otherwise: what is
measured is what the ended ones cost.

Lists are compared where they show as many rows at both: what only an older desk has would compare
a full page with an empty one. Those that do not are told in a note and count for nothing.

Staffing and option use are no lists: they reckon with the latest visits of a period, 20,000 at most
(`core.desk.staffing.LOOKED_AT`), and cost more until a desk has so many, then no more. They have a
figure of their own, `panel/growth/reckoned/<kind>`.
"""

import gc
import statistics
from collections.abc import Callable, Mapping

from benchmarks.figures import figure, note
from benchmarks.panel import pages
from benchmarks.panel.desks import desk

SMALL = 1_000
WARM = 2  # rounds that nobody measures


def measure(
    kind: str, size: int, events: int, still_open: int, rounds: int, only: str = ""
) -> None:
    """Prints `panel/growth/<kind>`: a desk of `size` disputes over one of a thousand."""
    per = events / size
    with desk(kind, SMALL, SMALL // 2, per) as small, desk(kind, size, still_open, per) as large:
        note(f"{kind}: {large.filled.disputes} disputes, {large.filled.events} events")
        sides = small, large
        paths = [pages.lists(side.filled) | pages.others(side.filled) for side in sides]
        times = in_turns(
            [name for name in paths[0] if only in name],
            {str(side): (sides[side].time, paths[side]) for side in (0, 1)},
            rounds,
        )
    quotients = {name: took["1"] / took["0"] for name, took in times.items()}
    alike = set()
    for name, took in times.items():
        few, many = took["0"] * 1000, took["1"] * 1000
        rows = [side.rows.get(path[name], 0) for side, path in zip(sides, paths, strict=True)]
        if rows[0] == rows[1] or not name.startswith(("list", "export")):
            alike.add(name)
        shown = "" if name in alike else f" ({rows[0]} rows, {rows[1]} rows)"
        note(f"  {quotients[name]:5.2f}  {few:7.1f} ms -> {many:7.1f} ms  {name}{shown}")
    reckoned = {name for name in quotients if name in pages.RECKONED}
    _worst(f"panel/growth/reckoned/{kind}", quotients, reckoned, large.filled.disputes)
    _worst(f"panel/growth/{kind}", quotients, alike - reckoned, large.filled.disputes)


def _worst(name: str, quotients: Mapping[str, float], among: set[str], size: int) -> None:
    if among:
        worst = max(among, key=lambda page: quotients[page])
        note(f"worst: {worst}")
        figure(name, quotients[worst], "x", n=size)


def in_turns(
    names: list[str],
    sides: Mapping[str, tuple[Callable[[str], float], Mapping[str, str]]],
    rounds: int,
) -> dict[str, dict[str, float]]:
    """Each page's median seconds on each side; who goes first changes with every round."""
    found: dict[str, dict[str, float]] = {}
    for name in names:
        taken: dict[str, list[float]] = {side: [] for side in sides}
        for turn in range(rounds + WARM):
            gc.collect(0)
            for side, (take, paths) in list(sides.items())[:: 1 if turn % 2 else -1]:
                took = take(paths[name])
                if turn >= WARM:
                    taken[side].append(took)
        found[name] = {side: statistics.median(one) for side, one in taken.items()}
    return found
