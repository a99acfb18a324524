"""The incident log: one line for every save of a case, read into cases with their saves in order.

Two liberties are taken with its times, which are local minutes without a zone: they are read as
UTC, and time never goes back within a case. A save that is dated before the one above it happened
with that one; a case that was first saved before it was opened was opened then.
"""

import csv
import datetime as dt
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NAME = "events.csv.gz"
NOBODY = "?"


@dataclass(frozen=True, slots=True)
class Save:
    """What a case looked like after somebody saved it."""

    at: dt.datetime
    state: str
    priority: str
    assignee: str  # a number, or NOBODY
    kept: bool  # the log's own made_sla


@dataclass(frozen=True, slots=True)
class Case:
    """A case: when it was opened, by whom, how they came, and its saves, first to last."""

    number: str
    opened_at: dt.datetime
    caller: str
    contact: str
    saves: tuple[Save, ...]


def read(source: Path, limit: int | None = None) -> list[Case]:
    """The first `limit` cases of a file, or of the one in a folder, in the order of the log."""
    path = source / NAME if source.is_dir() else source
    grouped: dict[str, list[dict[str, str]]] = {}
    for line in _lines(path):
        if line["number"] not in grouped and limit is not None and len(grouped) >= limit:
            continue
        grouped.setdefault(line["number"], []).append(line)
    return [_case(number, lines) for number, lines in grouped.items()]


def in_order(cases: list[Case]) -> list[tuple[dt.datetime, int, int]]:
    """What happens when: the moment, the place of the case, the place of its save; -1 its opening.

    What falls into the same minute comes in the order of the log.
    """
    found = []
    for place, case in enumerate(cases):
        found.append((case.opened_at, place, -1))
        found += [(save.at, place, number) for number, save in enumerate(case.saves)]
    return sorted(found)


def _lines(path: Path) -> Iterator[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _case(number: str, lines: list[dict[str, str]]) -> Case:
    first = lines[0]
    opened_at = min(_moment(first["opened_at"]), _moment(first["sys_updated_at"]))
    saves: list[Save] = []
    at = opened_at
    for line in lines:
        at = max(at, _moment(line["sys_updated_at"]))
        saves.append(
            Save(
                at,
                line["incident_state"],
                line["priority"],
                line["assigned_to"],
                line["made_sla"] == "true",
            )
        )
    return Case(number, opened_at, first["caller_id"], first["contact_type"], tuple(saves))


def _moment(text: str) -> dt.datetime:
    """Day, month and year; a `datetime.strptime` would take a third of the reading."""
    day, clock = text.split(" ")
    days, months, years = day.split("/")
    hours, minutes = clock.split(":")
    return dt.datetime(int(years), int(months), int(days), int(hours), int(minutes), tzinfo=dt.UTC)
