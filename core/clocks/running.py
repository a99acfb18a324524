"""One clock that runs: when it began, when it stood still, what it has used (rows G6, G7).

Everything is computed from these few facts and nothing is carried along: a calendar that is edited
while the clock runs, or a pause that is corrected, is put in its place and asked anew. Moments are
aware and in UTC, as everywhere in the house.
"""

import datetime as dt
from dataclasses import dataclass

from core.clocks.calendar import Calendar, after, between

NOTHING = dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class Pause:
    """Time in which the clock stands still; without an end while it still does."""

    since: dt.datetime
    until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that began at `started` and counts the open time of its calendar outside pauses.

    The pauses may come in any order, overlap and nest; time inside several counts as paused once.
    One that has no length, ends before it begins, or lies before the start does nothing.
    """

    calendar: Calendar | None
    started: dt.datetime
    pauses: tuple[Pause, ...] = ()


def used(running: Running, now: dt.datetime) -> dt.timedelta:
    """The open time since the start, outside pauses, until `now`; nothing before the start."""
    total = NOTHING
    begin = running.started
    for since, until in still(running):
        total += between(running.calendar, begin, min(since, now))
        if until is None:
            return total
        begin = until
    return total + between(running.calendar, begin, now)


def moment(running: Running, length: dt.timedelta) -> dt.datetime | None:
    """The first moment at which `length` is used, in UTC, past or to come.

    None where the clock stands still before that moment, without an end. Raises NeverOpen where the
    calendar opens too little.
    """
    left = max(length, NOTHING)
    begin = running.started
    for since, until in still(running):
        open_till_then = between(running.calendar, begin, since)
        if left <= open_till_then:
            break
        if until is None:
            return None
        left -= open_till_then
        begin = until
    return after(running.calendar, begin, left)


def still(running: Running) -> list[tuple[dt.datetime, dt.datetime | None]]:
    """When the clock stood still after its start: ascending, apart; the last may have no end."""
    found: list[tuple[dt.datetime, dt.datetime | None]] = []
    for pause in sorted(running.pauses, key=lambda pause: pause.since):
        since, until = max(pause.since, running.started), pause.until
        if until is not None and until <= since:
            continue
        if not found or (found[-1][1] is not None and since > found[-1][1]):
            found.append((since, until))
        elif found[-1][1] is not None and (until is None or until > found[-1][1]):
            found[-1] = (found[-1][0], until)
    return found
