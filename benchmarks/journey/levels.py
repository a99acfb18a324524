"""Whether every level of every deadline fired once when it was due, and none that was not."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.journey.rows import Leap, Row, Rows

TOLD = ("warned", "escalated")
BOUND = dt.timedelta(seconds=30)  # by which what is due is acted on, on a busy machine


Steps = dict[tuple[int, str], list[float]]


@dataclass(frozen=True, slots=True)
class Moments:
    """When a deadline's levels could fire and when it ended, in time that really passed.

    The desk's time leaps; two leaps between two ticks of a scheduler make nothing late.
    """

    could: list[dt.datetime]
    end_at: int  # the place of the promise's own end
    over: dt.datetime


def wrong(rows: Rows, leaps: Sequence[Leap]) -> Iterator[str]:
    """Deadlines that fired too early, too late, too often or not at all."""
    fired, steps, posthumous = _fired(rows), _steps(rows), _posthumous(rows)
    for row in _counted(rows):
        levels = fired[row.id]
        passed = {level: _passed(at, leaps) for level, at in levels.items()}
        moments = _moments(row, steps, leaps, rows.now)
        name = f"deadline {row.id} ({row.service_level})"
        said = [*_early(row, levels, steps), *_late(moments, passed)]
        if row.id in posthumous:
            said.append("fired after its visit was left")
        yield from (f"{name}: {sentence}" for sentence in said)


def lateness(rows: Rows, leaps: Sequence[Leap]) -> list[float]:
    """Seconds from the moment a level could fire until it did, ascending."""
    fired, steps = _fired(rows), _steps(rows)
    late = []
    for row in _counted(rows):
        moments = _moments(row, steps, leaps, rows.now)
        for level, at in fired[row.id].items():
            late.append((_passed(at, leaps) - moments.could[level]).total_seconds())
    return sorted(late)


def _counted(rows: Rows) -> list[Row]:
    """The deadlines that never stood still: only of these are the moments plain sums."""
    return [row for row in rows["deadlines"] if not row.pauses]


def _early(row: Row, fired: dict[int, dt.datetime], steps: Steps) -> Iterator[str]:
    """What fired before its moment by the desk's own time, or where it must not."""
    if row.stopped_at is not None and row.next_at is not None:
        yield "stopped and still to fire"
    moments = _times(row, steps)
    end = moments.index(row.due_at)
    for level, at in fired.items():
        if at < moments[level]:
            yield f"level {level} fired before its moment"
        if level < end and at >= row.due_at:
            yield f"level {level} warned of what was over"


def _late(moments: Moments, fired: dict[int, dt.datetime]) -> Iterator[str]:
    """What fired later than the bound allows, or never though there was time."""
    for level, could in enumerate(moments.could):
        if level in fired and fired[level] > could + BOUND:
            yield f"level {level} fired {fired[level] - could} after it could"
        until = moments.over
        if level < moments.end_at:  # after the end nobody is warned of it
            until = min(until, moments.could[moments.end_at])
        if level not in fired and could + BOUND < until:
            yield f"level {level} never fired"


def _moments(row: Row, steps: Steps, leaps: Sequence[Leap], now: dt.datetime) -> Moments:
    times = _times(row, steps)
    return Moments(
        [_passed(at, leaps) for at in times],
        times.index(row.due_at),
        _passed(row.stopped_at or now, leaps),
    )


def _times(row: Row, steps: Steps) -> list[dt.datetime]:
    after = steps[row.document_id, row.service_level]
    return [row.started_at + dt.timedelta(minutes=minutes) for minutes in after]


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


def _steps(rows: Rows) -> Steps:
    """After how many minutes each service level does what, its own end among it, in order."""
    found = {}
    for number, document in rows.documents.items():
        ladders = {ladder["key"]: ladder["levels"] for ladder in document.get("ladders", ())}
        for workflow in document["workflows"]:
            for level in workflow["service_levels"]:
                rungs = ladders.get(level.get("ladder", ""), ())
                after = [level["minutes"], *(comes_after(level["minutes"], rung) for rung in rungs)]
                found[number, level["key"]] = sorted(map(float, after))
    return found


def comes_after(length: int, rung: dict[str, Any]) -> float:
    """After how many minutes of a promise so long a level of a ladder comes."""
    at, point = rung.get("at", 0), rung.get("point", "after")
    if point == "percent":
        return length * at / 100
    return length + at if point == "after" else length - at
