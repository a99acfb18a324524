"""Where a clock's time went: what counted, what did not, and why (rows G6, G7, U).

The same few facts as in `core.clocks.running`, told piece by piece: the pieces tile the time from
the start on, and those that counted add up to exactly what `used` says.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.clocks.calendar import Calendar, spans
from core.clocks.running import NOTHING, Running, moment, still, used

_DAY = dt.timedelta(days=1)


class Why(StrEnum):
    """What a clock did for a while."""

    COUNTED = "counted"
    PAUSED = "paused"
    CLOSED = "closed"  # its calendar was


class Shut(StrEnum):
    """Why a calendar is closed at a moment."""

    HOURS = "hours"  # outside the hours of a day that has some
    WEEK = "week"  # a day on which the week has none
    SPECIAL = "special"  # a date that is an exception, and has none


@dataclass(frozen=True, slots=True)
class Stretch:
    """A while in which the clock did one thing."""

    since: dt.datetime
    until: dt.datetime
    why: Why

    @property
    def length(self) -> dt.timedelta:
        """How long it was, on the wall."""
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class Closed:
    """How long a calendar was closed on one date of its own zone while the clock waited for it."""

    date: dt.date
    why: Shut
    length: dt.timedelta


@dataclass(frozen=True, slots=True)
class Account:
    """What a promise of a length came to by `at`.

    `due` is None while a pause without end holds it; `left` is below zero once it is over. The
    stretches and closed days are those on the way to the end, or to `at` where it has no end yet.
    """

    at: dt.datetime
    due: dt.datetime | None
    used: dt.timedelta
    left: dt.timedelta
    stretches: tuple[Stretch, ...]
    closed: tuple[Closed, ...]


def account(running: Running, length: dt.timedelta, at: dt.datetime) -> Account:
    """What a promise came to. Raises NeverOpen where the calendar opens too little."""
    due = moment(running, length)
    found = tuple(stretches(running, due if due is not None else at))
    spent = used(running, at)
    return Account(at, due, spent, length - spent, found, tuple(closed_on(running.calendar, found)))


def stretches(running: Running, until: dt.datetime) -> Iterator[Stretch]:
    """The time from the start until then, ascending, each touching the next, none two alike."""
    last: Stretch | None = None
    for one in _pieces(running, until):
        if one.since >= one.until:
            continue
        if last is not None and last.why == one.why:
            last = Stretch(last.since, one.until, one.why)
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last


def closed_on(calendar: Calendar | None, found: Iterable[Stretch]) -> list[Closed]:
    """The closed ones of these stretches by the calendar's own dates, ascending."""
    if calendar is None:
        return []
    lengths: dict[dt.date, dt.timedelta] = {}
    for one in found:
        if one.why is Why.CLOSED:
            for date, length in _by_date(ZoneInfo(calendar.zone), one):
                lengths[date] = lengths.get(date, NOTHING) + length
    return [Closed(date, shut(calendar, date), length) for date, length in lengths.items()]


def shut(calendar: Calendar, date: dt.date) -> Shut:
    """Why a calendar is closed on a date when it is."""
    instead = dict(calendar.days).get(date)
    own = calendar.week[date.weekday()] if instead is None else instead
    if any(shift.closes > shift.opens for shift in own):
        return Shut.HOURS
    return Shut.WEEK if instead is None else Shut.SPECIAL


def _pieces(running: Running, until: dt.datetime) -> Iterator[Stretch]:
    """Stretches that may be empty, or alike: between pauses the calendar's, then the pause."""
    begin = running.started.astimezone(dt.UTC)
    for since, end in still(running):
        if since >= until:
            break
        yield from _going(running.calendar, begin, since)
        begin = until if end is None else min(end, until)
        yield Stretch(since, begin, Why.PAUSED)
    yield from _going(running.calendar, begin, until)


def _going(calendar: Calendar | None, begin: dt.datetime, end: dt.datetime) -> Iterator[Stretch]:
    """What a calendar makes of the time between two moments."""
    for opens, closes in spans(calendar, begin):
        if opens >= end:
            break
        yield Stretch(begin, opens, Why.CLOSED)
        begin = min(closes, end)
        yield Stretch(opens, begin, Why.COUNTED)
    yield Stretch(begin, end, Why.CLOSED)


def _by_date(clock: ZoneInfo, one: Stretch) -> Iterator[tuple[dt.date, dt.timedelta]]:
    """A stretch cut at the midnights of a zone."""
    begin, date = one.since, one.since.astimezone(clock).date()
    while begin < one.until:
        midnight = dt.datetime.combine(date + _DAY, dt.time(), clock).astimezone(dt.UTC)
        end = min(max(midnight, begin), one.until)
        if end > begin:
            yield date, end - begin
        begin, date = end, date + _DAY
