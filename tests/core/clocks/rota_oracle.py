"""Who is on duty a second time, minute by minute: it imports nothing of what it checks.

Somebody walks the minutes of a window with a clock in hand. A turn is handed over when the latest
time that the clock has shown so far comes to the hand-over's, or past it; a shift is open while the
clock shows a time inside it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


@dataclass
class Agreed:
    """A rota in plain words: days of the week, hours in minutes, people by number."""

    zone: str
    begins: dt.date
    shifts: Sequence[tuple[Sequence[int], Sequence[tuple[int, int]], Sequence[int]]]
    pace: int = 0  # days of a turn; none where the rota is fixed
    people: Sequence[int] = ()
    day: int = 0
    minute: int = 0
    instead: Sequence[tuple[dt.datetime, dt.datetime, int, int | None]] = ()
    away: Sequence[tuple[int, dt.datetime | None, dt.datetime | None]] = ()


@dataclass
class Walked:
    """For each minute of a window who is on duty; None where nobody has to be."""

    first: dt.datetime
    minutes: list[tuple[int, ...] | None] = field(default_factory=list)

    def runs(self) -> list[tuple[dt.datetime, dt.datetime, tuple[int, ...]]]:
        """The covered stretches with their people."""
        found: list[tuple[dt.datetime, dt.datetime, tuple[int, ...]]] = []
        for n, people in enumerate(self.minutes):
            start, end = self.first + n * MINUTE, self.first + (n + 1) * MINUTE
            if people is None:
                continue
            if found and found[-1][1] == start and found[-1][2] == people:
                found[-1] = (found[-1][0], end, people)
            else:
                found.append((start, end, people))
        return found

    def minutes_of(self, person: int, since: dt.datetime, until: dt.datetime) -> int:
        """How many minutes somebody is on duty from a moment to another."""
        low, high = (since - self.first) // MINUTE, (until - self.first) // MINUTE
        return sum(1 for people in self.minutes[max(low, 0) : high] if people and person in people)


@cache
def walls(zone: str, first: dt.datetime, days: int) -> list[dt.datetime]:
    """What the clock on the wall shows, minute by minute."""
    clock = ZoneInfo(zone)
    return [
        (first + n * MINUTE).astimezone(clock).replace(tzinfo=None) for n in range(days * 24 * 60)
    ]


def walk(agreed: Agreed, first: dt.datetime, days: int) -> Walked:
    """Walks so many days of minutes; the rota has begun by its first one, or begins on the way."""
    told = Walked(first)
    at_hand = dt.time(agreed.minute // 60, agreed.minute % 60) if agreed.pace else dt.time()
    date = agreed.begins
    while agreed.pace == 7 and date.weekday() != agreed.day:
        date += DAY
    turn, following = -1, dt.datetime.combine(date, at_hand)
    shown = walls(agreed.zone, first, days)
    latest = shown[0]
    for n, wall in enumerate(shown):
        now = first + n * MINUTE
        latest = max(latest, wall)
        while latest >= following:
            turn += 1
            following += DAY * (agreed.pace or 1)
        told.minutes.append(None if turn < 0 else _on(agreed, wall, now, turn))
    return told


def _on(agreed: Agreed, wall: dt.datetime, now: dt.datetime, turn: int) -> tuple[int, ...] | None:
    shown = wall.hour * 60 + wall.minute
    today, before = wall.weekday(), (wall.date() - DAY).weekday()
    crews = [
        crew
        for days, hours, crew in agreed.shifts
        if any(
            (today in days and opens <= shown < closes)
            or (before in days and opens <= shown + 1440 < closes)
            for opens, closes in hours
        )
    ]
    if not crews:
        return None
    people: list[int] = []
    if agreed.pace:
        people = [agreed.people[turn % len(agreed.people)]] if agreed.people else []
    else:
        for crew in crews:
            people += [one for one in crew if one not in people]
    for since, until, person, other in agreed.instead:
        if not since <= now < until:
            continue
        if other is None:
            people = people if person in people else [*people, person]
        elif other in people:
            at = people.index(other)
            then = [*people[:at], person, *people[at + 1 :]]
            people = [one for n, one in enumerate(then) if one not in then[:n]]
    for person, gone, back in agreed.away:
        if (gone is None or gone <= now) and (back is None or now < back):
            people = [one for one in people if one != person]
    return tuple(people)
