"""How a calendar stands now, its week in words, and the days to come as a picture (G7)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, get_day_names

from core import i18n
from core.clocks import hours
from core.clocks.calendar import Calendar, Shift, spans
from core.desk.special import Special
from web.desk import now
from web.language import locale, say, zone

DAYS = 14
LONG = dt.timedelta(days=400)  # open for so long: round the clock, as far as anybody asks


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the picture: its bars are minutes of the clock on the wall, from and how many."""

    told: str
    name: str
    hours: str
    bars: list[tuple[int, int]]
    at: int | None  # the minute that it is now, today


def standing(calendar: Calendar) -> tuple[bool, str]:
    """Whether a calendar is open now, and until when, or when it opens, in words."""
    at = now()
    opens, closes = next(spans(calendar, at), (None, None))
    if opens is None or closes is None:
        return False, say("panel.calendar.never")
    if opens > at:
        return False, say("panel.calendar.opens", when=i18n.moment(opens, locale(), zone()))
    if closes - at > LONG:
        return True, say("panel.calendar.always")
    return True, say("panel.calendar.open", when=i18n.moment(closes, locale(), zone()))


def week_told(week: Sequence[tuple[Shift, ...]]) -> list[str]:
    """A week in words, days in a row with the same hours on one line; closed days left out."""
    names = get_day_names("abbreviated", locale=locale())
    lines = []
    for shifts, group in groupby(enumerate(week), key=lambda day: day[1]):
        days = [number for number, _ in group]
        if told := hours.told(shifts):
            first, last = names[days[0]], names[days[-1]]
            lines.append(f"{first if first == last else f'{first}–{last}'} {told}")
    return lines


def date_told(date: dt.date, skeleton: str = "MMMEd") -> str:
    """A date with its weekday, as the reader writes it; "yMMMEd" with its year."""
    return str(format_skeleton(skeleton, date, locale=locale()))


def ahead(calendar: Calendar, specials: Iterable[Special]) -> list[Day]:
    """The days to come, today first, on the calendar's own clock."""
    there = now().astimezone(ZoneInfo(calendar.zone))
    names = {day.date: day.called(locale()) for day in specials}
    instead = dict(calendar.days)
    found = []
    for n in range(DAYS):
        date = there.date() + dt.timedelta(days=n)
        worked = calendar.worked(date)
        told = ", ".join(f"{hours.clock(opens)}–{hours.clock(closes)}" for opens, closes in worked)
        found.append(
            Day(
                date_told(date),
                names.get(date, "") or (say("panel.calendar.special") if date in instead else ""),
                told or say("panel.calendar.closed"),
                [(opens, closes - opens) for opens, closes in worked],
                there.hour * 60 + there.minute if n == 0 else None,
            )
        )
    return found
