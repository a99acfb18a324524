"""Whether every level of every deadline fired once when it was due, and none that was not."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.journey.rows import Leap, Row, Rows

WARNING, DUE = 0, 1
WARN_PERCENT = 75  # where a document leaves it out
BOUND = dt.timedelta(seconds=30)  # by which what is due is acted on, on a busy machine


@dataclass(frozen=True, slots=True)
class Moments:
    """When a deadline's levels could fire at the earliest, time having leapt, and when it ended."""

    warned: dt.datetime | None
    due: dt.datetime
    end: dt.datetime


def wrong(rows: Rows, leaps: Sequence[Leap]) -> Iterator[str]:
    """Deadlines that fired too early, too late, too often or not at all."""
    fired = _fired(rows)
    percent = _percents(rows)
    for row in rows["deadlines"]:
        levels = fired[row.id]
        moments = _moments(row, percent, leaps, rows.now)
        name = f"deadline {row.id} ({row.service_level})"
        yield from (f"{name}: {said}" for said in _wrong(row, moments, levels))


def lateness(rows: Rows, leaps: Sequence[Leap]) -> list[float]:
    """Seconds from the moment a level could fire until it did, ascending."""
    fired, percent = _fired(rows), _percents(rows)
    late = []
    for row in rows["deadlines"]:
        moments = _moments(row, percent, leaps, rows.now)
        for level, at in fired[row.id].items():
            could = moments.due if level == DUE else moments.warned
            late.append((at - could).total_seconds() if could else 0.0)
    return sorted(late)


def _wrong(row: Row, moments: Moments, fired: dict[int, dt.datetime]) -> Iterator[str]:
    if row.stopped_at is not None and row.next_at is not None:
        yield "stopped and still to fire"
    if DUE in fired:
        if fired[DUE] < row.due_at:
            yield "escalated before it was due"
        if not moments.due <= fired[DUE] <= moments.due + BOUND:
            yield f"escalated {fired[DUE] - moments.due} after it could be"
    elif moments.due + BOUND < moments.end:
        yield "never escalated"
    if moments.warned is None:
        if WARNING in fired:
            yield "warned where no warning stands"
    elif WARNING in fired:
        if not moments.warned <= fired[WARNING] < row.due_at:
            yield "warned at a wrong moment"
    elif moments.warned + BOUND < min(moments.due, moments.end):
        yield "never warned"


def _moments(
    row: Row, percent: dict[tuple[int, str], int], leaps: Sequence[Leap], now: dt.datetime
) -> Moments:
    share = percent[row.document_id, row.service_level]
    warned = row.started_at + (row.due_at - row.started_at) * share / 100 if share else None
    return Moments(
        _reached(warned, leaps) if warned else None,
        _reached(row.due_at, leaps),
        row.stopped_at or now,
    )


def _reached(moment: dt.datetime, leaps: Sequence[Leap]) -> dt.datetime:
    """The first moment at which that moment was past: the end of the leap that jumped over it."""
    return next((after for before, after in leaps if before < moment <= after), moment)


def _fired(rows: Rows) -> dict[int, dict[int, dt.datetime]]:
    fired: dict[int, dict[int, dt.datetime]] = defaultdict(dict)
    for row in rows["escalations"]:
        fired[row.deadline_id][row.level] = row.fired_at
    return fired


def _percents(rows: Rows) -> dict[tuple[int, str], int]:
    return {
        (number, level["key"]): level.get("warn_percent", WARN_PERCENT)
        for number, document in rows.documents.items()
        for workflow in document["workflows"]
        for level in workflow["service_levels"]
    }
