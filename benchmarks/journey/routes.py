"""Which routes of the standard workflow were taken, how often, and which never."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.journey.rows import Rows

STANDARD = Path(__file__).parents[2] / "core/workflow/standard/dispute.toml"
Route = tuple[str, str, str]  # stage, decision, where it led


def taken(rows: Rows) -> Counter[Route]:
    """The moves that disputes made."""
    found: Counter[Route] = Counter()
    for visits in rows.by_dispute("visits").values():
        for before, after in pairwise(visits):
            found[before.stage, before.decision, after.stage] += 1
    return found


def possible() -> list[Route]:
    """Every route that the standard workflow's text offers."""
    workflow = tomllib.loads(STANDARD.read_text(encoding="utf-8"))["workflows"][0]
    found = [(workflow["start"], "take", workflow["first"])]
    for stage in workflow["stages"]:
        if stage["kind"] == "final":
            continue
        ends = [end for end in workflow["ends"] if _offered(end, stage)]
        for decision in (*stage.get("decisions", ()), *ends):
            found += [(stage["key"], decision["key"], route["to"]) for route in decision["routes"]]
    return found


def _offered(end: Any, stage: Any) -> bool:
    """Whether an end may be taken at a stage: agents act at none that waits."""
    if end.get("by", "agent") == "agent" and stage["kind"] == "wait":
        return False
    return all(_holds(one, stage["key"]) for one in _conditions(end) if one["fact"] == "stage")


def _conditions(end: Any) -> Iterator[Any]:
    for group in end.get("when", ()):
        yield from group["conditions"]


def _holds(condition: Any, stage: str) -> bool:
    return (stage in condition["values"]) is (condition["operator"] == "in")
