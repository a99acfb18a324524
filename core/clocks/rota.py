"""Who is on duty when: shifts, turns, stand-ins and absences, on the rota's own clock (A2, K5).

A rota is covered while one of its shifts is open, as core.clocks.calendar reads shifts, and from
its first turn on. A turn begins the first time that the wall clock of its date shows the hand-over
or something later: it begins once where an hour is shown twice, and when the clock has jumped over
it where the hour is left out. Overrides are followed in the order in which they were entered, so
that somebody may stand in for a stand-in; whoever is absent is not on duty, and leaves a gap where
nobody else is.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from core.clocks.calendar import DAY, Calendar, Shift

DAYS = 7
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TICK = dt.timedelta(microseconds=1)
_DAY = dt.timedelta(days=1)
_MINUTE = dt.timedelta(minutes=1)
_SECOND = dt.timedelta(seconds=1)


class Turns(StrEnum):
    """How people follow each other: by turns of a day or a week, or as each shift names them."""

    FIXED = "fixed"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Duty:
    """Shifts that begin on some days of the week, Monday being 0.

    `people` are on duty in them together where the rota is fixed, and mean nothing where people
    take turns.
    """

    days: tuple[int, ...]
    shifts: tuple[Shift, ...]
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody on duty in place of another from a moment to another; beside them where no other.

    Only while the rota is covered, and only where the other one would be on duty.
    """

    since: dt.datetime
    until: dt.datetime
    person: int
    instead_of: int | None = None

    def holds(self, at: dt.datetime) -> bool:
        """Whether it is meant at a moment."""
        return self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class Absence:
    """When somebody is away: without a beginning since ever, without an end for good."""

    person: int
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def holds(self, at: dt.datetime) -> bool:
        """Whether they are away at a moment."""
        begun = self.since is None or self.since <= at
        return begun and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Rota:
    """Who is on duty, as it is agreed.

    zone: an IANA name, on whose clocks shifts and hand-overs are read. begins: the local date from
    which it counts: the first turn begins with the first hand-over from then on, a fixed rota at
    that midnight. people: in turn, the first turn being the first one's. day and minute: when
    turns are handed over, the day only where they are of a week. Raises ZoneInfoNotFoundError for
    an unknown zone, ValueError for a day or minute that none can be.
    """

    zone: str
    duties: tuple[Duty, ...]
    begins: dt.date
    turns: Turns = Turns.FIXED
    people: tuple[int, ...] = ()
    day: int = 0
    minute: int = 0
    overrides: tuple[Override, ...] = ()
    absences: tuple[Absence, ...] = ()

    def __post_init__(self) -> None:
        ZoneInfo(self.zone)
        if not (0 <= self.day < DAYS and 0 <= self.minute < DAY):
            raise ValueError(f"no turn is handed over on day {self.day} at minute {self.minute}")

    @cached_property
    def clock(self) -> ZoneInfo:
        """The clock on the wall."""
        return ZoneInfo(self.zone)

    @cached_property
    def calendars(self) -> tuple[Calendar, ...]:
        """When each duty is open."""
        return tuple(Calendar(self.zone, _week(duty)) for duty in self.duties)

    @cached_property
    def everybody(self) -> frozenset[int]:
        """Whoever is named in it: in turn, by a shift, or standing in."""
        shifts = (person for duty in self.duties for person in duty.people)
        return frozenset({*self.people, *shifts, *(one.person for one in self.overrides)})

    @cached_property
    def first_date(self) -> dt.date:
        """The date of the first hand-over; where nothing is handed over the date it begins on."""
        if self.turns != Turns.WEEKLY:
            return self.begins
        return self.begins + _DAY * ((self.day - self.begins.weekday()) % DAYS)

    @cached_property
    def first(self) -> dt.datetime:
        """The moment before which nobody is on duty and nothing is expected."""
        minute = 0 if self.turns == Turns.FIXED else self.minute
        return shown(self.clock, self.first_date, minute)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Covered time in which the same people are on duty; nobody in a gap."""

    since: dt.datetime
    until: dt.datetime
    people: tuple[int, ...]


def on_duty(rota: Rota, at: dt.datetime) -> tuple[int, ...] | None:
    """Who is on duty at a moment, in the rota's order: nobody in a gap, None where none is due."""
    if at < rota.first:
        return None
    tick = (at - _EPOCH) // _TICK
    day = (at - _EPOCH) // _DAY
    open_now = [
        duty
        for duty, calendar in zip(rota.duties, rota.calendars, strict=True)
        if any(opens <= tick < closes for opens, closes in calendar.opened(day))
    ]
    if not open_now:
        return None
    people = in_turn(rota, at) if rota.turns != Turns.FIXED else _all(open_now)
    for one in rota.overrides:
        if one.holds(at):
            people = _with(people, one)
    away = {one.person for one in rota.absences if one.holds(at)}
    return tuple(person for person in people if person not in away)


def stretches(rota: Rota, since: dt.datetime, until: dt.datetime) -> list[Stretch]:
    """The covered time from a moment to another, ascending; where people change, a new stretch."""
    found: list[Stretch] = []
    for start, end in pairwise(_cuts(rota, since, until)):
        people = on_duty(rota, start)
        if people is None:
            continue
        if found and found[-1].until == start and found[-1].people == people:
            found[-1] = Stretch(found[-1].since, end, people)
        else:
            found.append(Stretch(start, end, people))
    return found


def coming_on(
    rota: Rota, at: dt.datetime, within: dt.timedelta
) -> tuple[dt.datetime, tuple[int, ...]] | None:
    """When somebody comes on duty next after a moment, and who; None where nobody does so soon.

    Whoever is on duty at that moment does not come on by staying, or by coming back from a break.
    """
    here = on_duty(rota, at) or ()
    for one in stretches(rota, at, at + within):
        came = tuple(person for person in one.people if person not in here)
        if came and one.since > at:
            return one.since, came
    return None


def handovers(rota: Rota, since: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    """When turns begin, after `since` and before `until`; none where the rota is fixed."""
    if rota.turns == Turns.FIXED:
        return []
    date = max(rota.first_date, since.astimezone(rota.clock).date() - DAYS * _DAY)
    if rota.turns == Turns.WEEKLY:
        date += _DAY * ((rota.day - date.weekday()) % DAYS)
    pace = _DAY * (DAYS if rota.turns == Turns.WEEKLY else 1)
    found: list[dt.datetime] = []
    while (moment := shown(rota.clock, date, rota.minute)) < until:
        if moment > since and moment not in found:
            found.append(moment)
        date += pace
    return found


def shown(clock: ZoneInfo, date: dt.date, minute: int) -> dt.datetime:
    """The first moment at which a clock shows this minute of this date, or a later one."""
    wall = dt.datetime.combine(date, dt.time()) + minute * _MINUTE
    told = [wall.replace(tzinfo=clock, fold=fold).astimezone(dt.UTC) for fold in (0, 1)]
    early, late = min(told), max(told)
    if early == late or _shows(clock, early) >= wall:
        return early
    while late - early > _SECOND:  # it is left out: the clock jumps between the two
        middle = early + (late - early) // _SECOND // 2 * _SECOND
        if _shows(clock, middle) >= wall:
            late = middle
        else:
            early = middle
    return late


def _shows(clock: ZoneInfo, at: dt.datetime) -> dt.datetime:
    return at.astimezone(clock).replace(tzinfo=None)


def _week(duty: Duty) -> tuple[tuple[Shift, ...], ...]:
    return tuple(duty.shifts if day in duty.days else () for day in range(DAYS))


def _all(duties: Iterable[Duty]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(person for duty in duties for person in duty.people))


def in_turn(rota: Rota, at: dt.datetime) -> tuple[int, ...]:
    """Whose turn it is; the date of the latest hand-over says it."""
    if not rota.people:
        return ()
    date = at.astimezone(rota.clock).date() + _DAY  # clocks that go back may show an earlier date
    while shown(rota.clock, date, rota.minute) > at:
        date -= _DAY
    pace = DAYS if rota.turns == Turns.WEEKLY else 1
    return (rota.people[(date - rota.first_date).days // pace % len(rota.people)],)


def _with(people: tuple[int, ...], one: Override) -> tuple[int, ...]:
    """Who is on duty once an override is followed, nobody twice."""
    if one.instead_of is None:
        then: Sequence[int] = (*people, one.person)
    else:
        then = [one.person if person == one.instead_of else person for person in people]
    return tuple(dict.fromkeys(then))


def _cuts(rota: Rota, since: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    """Every moment of a period at which who is on duty may change, with its two ends."""
    found = {since, until, rota.first, *handovers(rota, since, until)}
    for calendar in rota.calendars:
        found.update(edge for span in open_time(calendar, since, until) for edge in span)
    for override in rota.overrides:
        found.update((override.since, override.until))
    for absence in rota.absences:
        found.update(edge for edge in (absence.since, absence.until) if edge is not None)
    return sorted(edge for edge in found if since <= edge <= until)


def open_time(
    calendar: Calendar, since: dt.datetime, until: dt.datetime
) -> list[tuple[dt.datetime, dt.datetime]]:
    """The open time that meets a period, day by day of UTC put together; not cut at its ends."""
    found: list[tuple[dt.datetime, dt.datetime]] = []
    for day in range((since - _EPOCH) // _DAY - 1, (until - _EPOCH) // _DAY + 2):
        for first, last in calendar.opened(day):
            opens, closes = _EPOCH + first * _TICK, _EPOCH + last * _TICK
            if found and found[-1][1] == opens:
                found[-1] = (found[-1][0], closes)
            else:
                found.append((opens, closes))
    return [(opens, closes) for opens, closes in found if opens < until and closes > since]
