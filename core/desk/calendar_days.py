"""The special days of a calendar: listed, put, removed, and compared before an import (G7)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, extract, insert, select

from core.clocks.calendar import Calendar
from core.desk import calendars, changes, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.public_holidays import FIRST_YEAR, LAST_YEAR
from core.desk.special import LONGEST_NAME, Special
from core.tables import CalendarDay

MOST = 3_000  # of one calendar: half a century of holidays
WHATS = NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True, slots=True)
class Compared:
    """A day that is to be brought in, beside what the calendar says of its date now."""

    day: Special
    what: str  # of WHATS
    before: Special | None


def listed(connection: Connection, key: str, year: int | None = None) -> list[Special]:
    """The special days of a calendar, of one year where it is given, by date."""
    found = select(CalendarDay).where(CalendarDay.calendar == key).order_by(CalendarDay.date)
    if year is not None:
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        found = found.where(CalendarDay.date.between(first, last))
    return [
        Special(row.date, calendars.shifts(row.shifts), row.label_zh, row.label_en)
        for row in connection.execute(found)
    ]


def years(connection: Connection, key: str) -> list[int]:
    """The years in which a calendar has special days."""
    year = extract("year", CalendarDay.date)
    found = select(year).where(CalendarDay.calendar == key).distinct()
    return sorted(int(one) for one in connection.scalars(found))


def compared(connection: Connection, key: str, days: Iterable[Special]) -> list[Compared]:
    """What bringing these days in would do, day by day.

    A day that is there with the same hours and name, and with a name in the other language besides,
    is there already: a source of one language takes nothing away.
    """
    there = {day.date: day for day in listed(connection, key)}
    found = []
    for day in sorted(days, key=lambda one: one.date):
        before = there.get(day.date)
        what = NEW if before is None else SAME if before.says(day) else CHANGED
        found.append(Compared(day, what, before))
    return found


def put(
    connection: Connection,
    actor: Actor,
    key: str,
    read_revision: int,
    days: Sequence[Special],
    *,
    now: dt.datetime,
) -> Refused | int:
    """Brings days in, each in place of what its date had; returns how many of them changed it.

    Raises Stale where the calendar, read at `read_revision`, was saved meanwhile, ValueError for
    days that none can be: a date twice or out of reach, a name too long.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    _check(days)
    calendars.locked(connection, key, read_revision)
    there = {day.date: day for day in listed(connection, key)}
    differing = [day for day in days if there.get(day.date) != day]
    if not differing:
        return 0
    then = {**there, **{day.date: day for day in differing}}
    refused = _save(connection, key, then.values(), now)
    if refused is not None:
        return refused
    _drop(connection, key, [day.date for day in differing])
    connection.execute(insert(CalendarDay), [day.row(key) for day in differing])
    changes.record(
        connection,
        actor,
        changes.CHANGED,
        changes.CALENDAR,
        [key],
        now=now,
        before={"days": [there[day.date].told() for day in differing if day.date in there]},
        after={"days": [day.told() for day in differing]},
    )
    return len(differing)


def remove(
    connection: Connection,
    actor: Actor,
    key: str,
    read_revision: int,
    date: dt.date,
    *,
    now: dt.datetime,
) -> Refused | None:
    """Lets a date keep to the week again. Raises Stale like `put`."""
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    calendars.locked(connection, key, read_revision)
    there = {day.date: day for day in listed(connection, key)}
    gone = there.pop(date, None)
    if gone is None:
        return Refused("unknown_day", {"date": date.isoformat()})
    refused = _save(connection, key, there.values(), now)
    if refused is not None:
        return refused
    _drop(connection, key, [date])
    changes.record(
        connection,
        actor,
        changes.CHANGED,
        changes.CALENDAR,
        [key],
        now=now,
        before={"days": [gone.told()]},
        after={"days": []},
    )
    return None


def _save(
    connection: Connection, key: str, days: Iterable[Special], now: dt.datetime
) -> Refused | None:
    """Notes what the calendar will say with these days; refused where it could not be."""
    ordered = sorted(days, key=lambda day: day.date)
    if len(ordered) > MOST:
        return Refused("too_many_days", {"most": MOST})
    known = calendars.load(connection, key)
    then = Calendar(known.zone, known.week, tuple((day.date, day.shifts) for day in ordered))
    if not calendars.opens(then, now):
        return Refused("never_opens")
    calendars.save(connection, key, then)
    return None


def _drop(connection: Connection, key: str, dates: Sequence[dt.date]) -> None:
    theirs = CalendarDay.calendar == key, CalendarDay.date.in_(dates)
    connection.execute(delete(CalendarDay).where(*theirs))


def _check(days: Sequence[Special]) -> None:
    if len({day.date for day in days}) != len(days):
        raise ValueError("a date is given twice")
    for day in days:
        if not FIRST_YEAR <= day.date.year <= LAST_YEAR:
            raise ValueError(f"{day.date} is out of reach")
        if max(len(day.label_zh), len(day.label_en)) > LONGEST_NAME:
            raise ValueError(f"the name of {day.date} is too long")
