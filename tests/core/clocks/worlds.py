"""Calendars, moments and pauses at random, told twice: to the code and to the oracle."""

import datetime as dt
import random
from dataclasses import dataclass

from core.clocks.calendar import Calendar, Shift
from tests.core.clocks.oracle import Table, table

DAYS = 30  # a window is so long, and holds what is remarkable in its middle
REMARKABLE = (  # a zone, and a day on which its clocks or its calendar do something
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2027-11-07"),
    ("Australia/Lord_Howe", "2026-04-05"),  # by half an hour
    ("Australia/Lord_Howe", "2026-10-04"),
    ("America/Sao_Paulo", "2017-10-15"),  # at midnight
    ("America/Sao_Paulo", "2018-02-18"),
    ("America/St_Johns", "2010-11-07"),  # a minute after it
    ("Asia/Kathmandu", "1986-01-01"),  # by a quarter of an hour
    ("Asia/Kathmandu", "2026-06-01"),
    ("Pacific/Apia", "2011-12-30"),  # a day that never was
    ("Asia/Shanghai", "2026-02-17"),
    ("Asia/Shanghai", "1988-04-17"),
    ("Europe/London", "2028-02-29"),
    ("UTC", "2024-02-29"),
)
DAY_OFF: tuple[tuple[int, int], ...] = ()
OFFICE = ((540, 720), (780, 1080))  # with a lunch break


@dataclass
class World:
    """One calendar, as the code knows it and as the oracle walked it."""

    calendar: Calendar
    table: Table
    draw: random.Random

    def moment(self, until: dt.datetime | None = None) -> dt.datetime:
        """A minute of the window, up to some days before its end."""
        last = self.table.at(until) if until else (DAYS - 6) * 1440
        return self.table.moment(self.draw.randrange(max(last, 1)))

    def pauses(self, around: dt.datetime) -> list[tuple[dt.datetime, dt.datetime | None]]:
        """Up to five: before, over, inside each other, without length, one without an end."""
        found: list[tuple[dt.datetime, dt.datetime | None]] = []
        for _ in range(self.draw.randrange(6)):
            since = around + dt.timedelta(minutes=self.draw.randrange(-1000, 6000))
            length = self.draw.choice((0, 1, 60, self.draw.randrange(4000)))
            open_ended = self.draw.random() < 0.08
            found.append((since, None if open_ended else since + dt.timedelta(minutes=length)))
        return found


def world(draw: random.Random) -> World:
    """A calendar in a window around something remarkable."""
    zone, day = draw.choice(REMARKABLE)
    middle = dt.date.fromisoformat(day)
    first = dt.datetime.combine(middle - dt.timedelta(days=DAYS // 3), dt.time(), dt.UTC)
    week = [_hours(draw) for _ in range(7)]
    instead = {
        middle + dt.timedelta(days=draw.randrange(-8, 16)): draw.choice((DAY_OFF, _hours(draw)))
        for _ in range(draw.randrange(6))
    }
    calendar = Calendar(
        zone,
        tuple(_shifts(hours) for hours in week),
        tuple((date, _shifts(hours)) for date, hours in instead.items()),
    )
    return World(calendar, table(zone, week, instead, (first, DAYS)), draw)


def calendar(draw: random.Random) -> Calendar:
    """A calendar alone, of some zone."""
    zone, _ = draw.choice(REMARKABLE)
    return Calendar(zone, tuple(_shifts(_hours(draw)) for _ in range(7)))


def _hours(draw: random.Random) -> tuple[tuple[int, int], ...]:
    kind = draw.randrange(6)
    if kind == 0:
        return DAY_OFF
    if kind == 1:
        return OFFICE
    if kind == 2:
        return ((0, 1440),)
    if kind == 3:
        opens = draw.randrange(1080, 1440)
        return ((opens, opens + draw.randrange(800)),)  # over midnight
    hours = []
    for _ in range(draw.randrange(1, 5)):
        opens = draw.randrange(1440)
        hours.append((opens, min(opens + draw.choice((0, 30, 200, 700, 1500)), 2880)))
    return tuple(hours)


def _shifts(hours: tuple[tuple[int, int], ...]) -> tuple[Shift, ...]:
    return tuple(Shift(opens, closes) for opens, closes in hours)
