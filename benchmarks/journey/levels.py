"""Whether every level of every deadline fired once when it was due, and none that was not."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.journey.rows import Leap, Row, Rows

WARNING, DUE = 0, 1
TOLD = ("warned", "escalated")
WARN_PERCENT = 75  # where a document leaves it out
BOUND = dt.timedelta(seconds=30)  # by which what is due is acted on, on a busy machine


@dataclass(frozen=True, slots=True)
class Moments:
    """When a deadline's levels could fire and when it ended, in time that really passed.

    The desk's time leaps; two leaps between two ticks of a scheduler make nothing late.
    """

    warned: dt.datetime | None
    due: dt.datetime
    end: dt.datetime


def wrong(rows: Rows, leaps: Sequence[Leap]) -> Iterator[str]:
    """Deadlines that fired too early, too late, too often or not at all."""
    fired, percent, posthumous = _fired(rows), _percents(rows), _posthumous(rows)
    for row in rows["deadlines"]:
        levels = fired[row.id]
        passed = {level: _passed(at, leaps) for level, at in levels.items()}
        moments = _moments(row, percent, leaps, rows.now)
        name = f"deadline {row.id} ({row.service_level})"
        said = [*_early(row, levels, percent), *_late(moments, passed)]
        if row.id in posthumous:
            said.append("fired after its visit was left")
        yield from (f"{name}: {sentence}" for sentence in said)


def lateness(rows: Rows, leaps: Sequence[Leap]) -> list[float]:
    """Seconds from the moment a level could fire until it did, ascending."""
    fired, percent = _fired(rows), _percents(rows)
    late = []
    for row in rows["deadlines"]:
        moments = _moments(row, percent, leaps, rows.now)
        for level, at in fired[row.id].items():
            could = moments.due if level == DUE else moments.warned
            late.append((_passed(at, leaps) - could).total_seconds() if could else 0.0)
    return sorted(late)


def _early(
    row: Row, fired: dict[int, dt.datetime], percent: dict[tuple[int, str], int]
) -> Iterator[str]:
    """What fired before its moment by the desk's own time, or where it must not."""
    warned = _warning(row, percent)
    if row.stopped_at is not None and row.next_at is not None:
        yield "stopped and still to fire"
    if DUE in fired and fired[DUE] < row.due_at:
        yield "escalated before it was due"
    if WARNING in fired and (warned is None or not warned <= fired[WARNING] < row.due_at):
        yield "warned at a wrong moment"


def _late(moments: Moments, fired: dict[int, dt.datetime]) -> Iterator[str]:
    """What fired later than the bound allows, or never though there was time."""
    if DUE in fired and fired[DUE] > moments.due + BOUND:
        yield f"escalated {fired[DUE] - moments.due} after it could be"
    if DUE not in fired and moments.due + BOUND < moments.end:
        yield "never escalated"
    if moments.warned is None:
        return
    if WARNING in fired and fired[WARNING] > moments.warned + BOUND:
        yield f"warned {fired[WARNING] - moments.warned} after it could be"
    if WARNING not in fired and moments.warned + BOUND < min(moments.due, moments.end):
        yield "never warned"


def _moments(
    row: Row, percent: dict[tuple[int, str], int], leaps: Sequence[Leap], now: dt.datetime
) -> Moments:
    warned = _warning(row, percent)
    return Moments(
        _passed(warned, leaps) if warned else None,
        _passed(row.due_at, leaps),
        _passed(row.stopped_at or now, leaps),
    )


def _warning(row: Row, percent: dict[tuple[int, str], int]) -> dt.datetime | None:
    share = percent[row.document_id, row.service_level]
    length: dt.timedelta = row.due_at - row.started_at
    return row.started_at + length * share / 100 if share else None


def _passed(moment: dt.datetime, leaps: Sequence[Leap]) -> dt.datetime:
    """The moment without the leaps before it; one that was jumped over falls on its leap."""
    jumped = dt.timedelta()
    for before, after in leaps:
        if before >= moment:
            break
        jumped += min(after, moment) - before
    return moment - jumped


def _fired(rows: Rows) -> dict[int, dict[int, dt.datetime]]:
    fired: dict[int, dict[int, dt.datetime]] = defaultdict(dict)
    for row in rows["escalations"]:
        fired[row.deadline_id][row.level] = row.fired_at
    return fired


def _posthumous(rows: Rows) -> set[int]:
    """The deadlines that were told of after their visit had been left, by the order of the record.

    Not by the moments: whoever waits for another's transaction keeps the moment at which it began.
    """
    left = {event.visit_id: event.id for event in rows["events"] if event.kind == "moved"}
    return {
        event.data["deadline"]
        for event in rows["events"]
        if event.kind in TOLD and event.id > left.get(event.visit_id, event.id)
    }


def _percents(rows: Rows) -> dict[tuple[int, str], int]:
    return {
        (number, level["key"]): level.get("warn_percent", WARN_PERCENT)
        for number, document in rows.documents.items()
        for workflow in document["workflows"]
        for level in workflow["service_levels"]
    }
