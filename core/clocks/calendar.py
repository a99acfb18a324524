"""Which moments a business calendar counts, and the arithmetic of open time (row G7).

**A moment is open when the clock on the wall, in the calendar's zone, shows a time inside a
shift.** That alone decides what a change of the clocks does. An hour that is left out in spring
is never shown: a shift inside it opens for nothing, one across it is shorter by what is missing.
An hour that is shown twice in autumn counts both times: a shift across it is longer, and a shift
that ends inside it is open again when its time comes round again. A date that a zone skips whole
has no moments. All arithmetic is done in UTC, in whole microseconds, so that three hours are three
hours whatever the clocks did meanwhile.

`None` in place of a calendar means round the clock, everywhere.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = 1440  # minutes
HORIZON = dt.timedelta(days=5 * 366)  # how far ahead open time is looked for

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TICK = dt.timedelta(microseconds=1)
_MINUTE = 60_000_000  # ticks
_DAY = DAY * _MINUTE
_LAST = 2_932_000  # days since 1970, in the year 9997: what lies beyond has no arithmetic
_KEPT = 8192  # days that a calendar remembers

Wall = tuple[tuple[int, int], ...]  # minutes of one local date
Ticks = tuple[tuple[int, int], ...]  # microseconds since 1970, UTC


class NeverOpen(Exception):
    """The calendar opens too little within the horizon for what was asked."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours worked at one stretch, in minutes from the local midnight of the date they begin on.

    `closes` may pass 1440, up to 2880: the shift then runs into the next day. One that closes when
    it opens has no length and opens nothing. Raises ValueError where the two make no sense.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not (0 <= self.opens < DAY and self.opens <= self.closes <= 2 * DAY):
            raise ValueError(f"no shift runs from minute {self.opens} to {self.closes}")


@dataclass(frozen=True)
class Calendar:
    """When a desk works, week by week, with the dates on which it does not keep to the week.

    zone: an IANA name; the shifts are read on its clocks. week: the shifts that begin on each day,
    Monday first, seven of them; shifts that overlap or touch are one. days: dates on which other
    shifts begin than the week's (none on a holiday, some on a make-up working day); a shift of the
    day before still runs to its end. Raises ValueError for a week that is not seven days long or a
    date given twice, ZoneInfoNotFoundError for an unknown zone.

    A calendar remembers the days it worked out: keep the object, and asking it is cheap.
    """

    zone: str
    week: tuple[tuple[Shift, ...], ...]
    days: tuple[tuple[dt.date, tuple[Shift, ...]], ...] = ()

    def __post_init__(self) -> None:
        ZoneInfo(self.zone)
        if len(self.week) != 7:
            raise ValueError(f"a week has seven days, not {len(self.week)}")
        if len({day for day, _ in self.days}) != len(self.days):
            raise ValueError("a date is given twice")

    def opened(self, day: int) -> Ticks:
        """The open time of one UTC day, counted from 1970: ascending, apart, within that day."""
        if (known := self._known.get(day)) is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[day] = self._work_out(day)
        return known

    def worked(self, date: dt.date) -> Wall:
        """The hours that the wall clock of a date shows as open, in minutes: ascending, apart.

        What runs over from the day before is among them, what runs into the next is not.
        """
        return self._wall((date - _EPOCH.date()).days)

    @cached_property
    def _known(self) -> dict[int, Ticks]:
        return {}

    @cached_property
    def _instead(self) -> dict[dt.date, tuple[Shift, ...]]:
        return dict(self.days)

    @cached_property
    def _clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def _work_out(self, day: int) -> Ticks:
        """Asks, for each stretch without a clock change, which shifts the wall clock shows."""
        found: list[tuple[int, int]] = []
        for begins, ends, ahead in _stretches(self._clock, day):
            for local in range((begins + ahead) // _DAY, (ends + ahead - 1) // _DAY + 1):
                midnight = local * _DAY - ahead
                for opens, closes in self._wall(local):
                    start = max(begins, midnight + opens * _MINUTE)
                    end = min(ends, midnight + closes * _MINUTE)
                    if start < end:
                        found.append((start, end))
        return merged(found)

    def _wall(self, local: int) -> Wall:
        """What is open on a local date: its own shifts, and what runs over from the day before."""
        today = [(s.opens, min(s.closes, DAY)) for s in self._begin(local)]
        over = [(0, s.closes - DAY) for s in self._begin(local - 1)]
        return merged([(opens, closes) for opens, closes in today + over if opens < closes])

    def _begin(self, local: int) -> tuple[Shift, ...]:
        date = _EPOCH.date() + dt.timedelta(days=local)
        instead = self._instead.get(date)
        return self.week[date.weekday()] if instead is None else instead


def spans(
    calendar: Calendar | None, since: dt.datetime
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The stretches of open time from `since` on, in UTC, ascending, none touching the next.

    The first begins at `since` itself where that is open. Ends where nothing opens within the
    horizon; a stretch that would not end is cut there and goes on in the next.
    """
    if calendar is None:
        yield since.astimezone(dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)
        return
    horizon = HORIZON // _TICK
    begun: int | None = None
    ended = _ticks(since)
    for opens, closes in _pieces(calendar, ended):
        if begun is not None and (opens > ended or ended - begun >= horizon):
            yield _moment(begun), _moment(ended)
            begun = None
        begun = opens if begun is None else begun
        ended = closes
    if begun is not None:
        yield _moment(begun), _moment(ended)


def after(calendar: Calendar | None, start: dt.datetime, length: dt.timedelta) -> dt.datetime:
    """The first moment at which `length` of open time has passed since `start`, in UTC.

    Time that is used up as a shift ends is used up then, not when the next one begins. A length of
    nothing (or less) has passed at `start` itself. Raises NeverOpen where the calendar does not
    open that long within the horizon.
    """
    if length <= dt.timedelta(0):
        return start.astimezone(dt.UTC)
    if calendar is None:
        return start.astimezone(dt.UTC) + length
    begin, left = _ticks(start), length // _TICK
    last = begin + HORIZON // _TICK
    for opens, closes in _pieces(calendar, begin):
        if opens > last:
            break
        if closes - opens >= left:
            return _moment(opens + left)
        left -= closes - opens
    raise NeverOpen(f"{length} of open time do not pass within {HORIZON.days} days of {start}")


def between(calendar: Calendar | None, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """The open time from `start` to `end`; nothing where `end` does not come after `start`."""
    first, last = _ticks(start), _ticks(end)  # two moments of one zone would differ by their walls
    if last <= first:
        return dt.timedelta(0)
    if calendar is None:
        return dt.timedelta(microseconds=last - first)
    total = 0
    for day in range(first // _DAY, min((last - 1) // _DAY, _LAST) + 1):
        for opens, closes in calendar.opened(day):
            if opens < last and closes > first:
                total += min(closes, last) - max(opens, first)
    return dt.timedelta(microseconds=total)


def merged(stretches: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The same stretches ascending, those that overlap or touch as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _pieces(calendar: Calendar, since: int) -> Iterator[tuple[int, int]]:
    """Open time from then on, day by day of UTC; ends where nothing opens within the horizon."""
    first = since // _DAY
    empty = 0
    for day in range(first, _LAST):
        opened = calendar.opened(day)
        empty = 0 if opened else empty + 1
        if empty > HORIZON.days:
            return
        for opens, closes in opened:
            if closes > since:
                yield max(opens, since), closes


def _stretches(clock: ZoneInfo, day: int) -> list[tuple[int, int, int]]:
    """A UTC day cut where the zone changes its offset: begin, end, ticks ahead of UTC."""
    quarter = _DAY // 4
    probes = [day * _DAY + quarter * n for n in range(5)]
    cuts = [probes[0]]
    for early, late in pairwise(probes):
        if _ahead(clock, early) != _ahead(clock, late):
            cuts.append(_change(clock, early, late))
    cuts.append(probes[-1])
    return [(a, b, _ahead(clock, a)) for a, b in pairwise(cuts) if a < b]


def _change(clock: ZoneInfo, early: int, late: int) -> int:
    """The moment at which the offset stops being what it is at `early`, to the second."""
    before, second = _ahead(clock, early), _MINUTE // 60
    while late - early > second:
        middle = early + (late - early) // second // 2 * second
        if _ahead(clock, middle) == before:
            early = middle
        else:
            late = middle
    return late


def _ahead(clock: ZoneInfo, at: int) -> int:
    offset = _moment(at).astimezone(clock).utcoffset()
    return (offset or dt.timedelta(0)) // _TICK


def _ticks(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // _TICK


def _moment(ticks: int) -> dt.datetime:
    return _EPOCH + dt.timedelta(microseconds=ticks)
