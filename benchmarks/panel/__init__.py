"""`panel/growth`, `panel/django`, `panel/export`: the panel's pages at any size of the desk."""

import argparse
from collections.abc import Sequence

SIZES = {"sqlite": 200_000, "postgres": 1_000_000}
OPEN = 500  # at the small desk always: at the same rate of arrivals the same is under way
WHAT = ("growth", "django", "export")


def main(argv: Sequence[str]) -> None:
    """Prints the figures asked for, or all, on both databases or one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks panel")
    parser.add_argument("what", nargs="*", default=[], help=f"of {', '.join(WHAT)}")
    parser.add_argument("--disputes", type=int, help="1,000,000 on PostgreSQL, 200,000 on SQLite")
    parser.add_argument("--events", type=int, help="ten for each dispute")
    parser.add_argument(
        "--open", type=int, default=OPEN, help="disputes that are open at the large desk"
    )
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="", help="pages whose names contain this")
    parser.add_argument("--database", choices=(*SIZES, "both"), default="both")
    options = parser.parse_args(argv)
    for kind, usual in SIZES.items():
        if options.database in (kind, "both"):
            size = options.disputes or usual
            _measure(options, kind, size, options.events or size * 10)


def _measure(options: argparse.Namespace, kind: str, size: int, events: int) -> None:
    from benchmarks.panel import django_beside, exporting, growth

    what = options.what or WHAT
    if "growth" in what:
        growth.measure(kind, size, events, options.open, options.rounds, options.only)
    if "django" in what:
        django_beside.measure(kind, size, events, options.open, options.rounds)
    if "export" in what:
        exporting.measure(kind, size, events, options.open)
