"""A log of our own in the form of the real one: a few cases, told in days and hours."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

COLUMNS = (
    "number",
    "incident_state",
    "made_sla",
    "caller_id",
    "opened_at",
    "sys_updated_at",
    "contact_type",
    "priority",
    "assigned_to",
)
MONDAY = dt.datetime(2016, 3, 7, 9, tzinfo=dt.UTC)
NEW, ACTIVE, RESOLVED, CLOSED = "New", "Active", "Resolved", "Closed"
BUYER, EVIDENCE = "Awaiting User Info", "Awaiting Evidence"
VENDOR, PROBLEM = "Awaiting Vendor", "Awaiting Problem"

# Of each case: its priority, then its saves as (days, hours, state, assignee), and the priority
# where it is another one from then on.
CASES: dict[str, tuple[str, tuple[tuple[int | float | str, ...], ...]]] = {
    "straight": (
        "3",
        ((0, 0, NEW, "?"), (0, 1, ACTIVE, "7"), (1, 2, RESOLVED, "7"), (6, 3, CLOSED, "7")),
    ),
    "hidden": (
        "2",
        (
            (0, 2, ACTIVE, "7"),
            (0, 3, BUYER, "7"),
            (2, 0, ACTIVE, "8"),
            (2, 0, VENDOR, "8"),
            (9, 0, PROBLEM, "8"),
            (12, 0, RESOLVED, "8"),
            (17, 1, CLOSED, "8"),
        ),
    ),
    "reopened": (
        "1",
        (
            (0, 0.5, NEW, "?"),
            (0, 4, RESOLVED, "9"),
            (1, 4, ACTIVE, "9"),
            (1, 4, ACTIVE, "7"),
            (1, 4, BUYER, "7"),
            (3, 0, RESOLVED, "7"),
            (8, 1, CLOSED, "7"),
            (10, 0, ACTIVE, "9"),
            (10, 5, RESOLVED, "9"),
            (15, 6, CLOSED, "9"),
        ),
    ),
    "left alone": (
        "4",
        ((0, 3, ACTIVE, "?"), (3, 0, RESOLVED, "?"), (4, 0, RESOLVED, "?"), (40, 0, CLOSED, "?")),
    ),
    "odd": (
        "3",
        (
            (1, 0, NEW, "9"),
            (1, 5, "-100", "9"),
            (1, 6, ACTIVE, "9"),
            (1, 5, NEW, "?"),
            (2, 0, ACTIVE, "8"),
            (2, 1, EVIDENCE, "8"),
            (30, 1, RESOLVED, "8"),
            (35, 2, CLOSED, "8"),
        ),
    ),
    "more urgent": (
        "4",
        (
            (0, 1, ACTIVE, "7"),
            (1, 0, BUYER, "7", "2"),
            (1, 6, ACTIVE, "7"),
            (2, 0, BUYER, "7", "4"),
            (3, 0, ACTIVE, "7"),
            (9, 0, RESOLVED, "7", "1"),
            (14, 1, CLOSED, "7"),
        ),
    ),
}


def written(folder: Path) -> Path:
    """The file of the log, in that folder."""
    path = folder / "events.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        for number, (first, saves) in CASES.items():
            priority = first
            opened = min(_at(*save[:2]) for save in saves) - dt.timedelta(minutes=5)
            for days, hours, state, assignee, *another in saves:
                at = _told(_at(days, hours))
                (priority,) = another or (priority,)
                kept = str(number == "straight").lower()
                lines.writerow(
                    (number, state, kept, "11", _told(opened), at, "Phone", priority, assignee)
                )
    return path


def _at(days: Any, hours: Any) -> dt.datetime:
    return MONDAY + dt.timedelta(days=days, hours=hours)


def _told(at: dt.datetime) -> str:
    return f"{at.day}/{at.month}/{at.year} {at:%H:%M}"
