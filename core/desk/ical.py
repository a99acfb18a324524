"""All-day events of an iCalendar file (RFC 5545), as days on which a desk is closed (G7).

Recurring events are expanded within the years that are asked for; events with a time of day are
counted and left out; cancelled ones, and single occurrences that were moved or struck out, are
what the file says they are. Files of Chinese holidays tell make-up working days beside the days
off, by Apple's mark or in the name, 春节（班）: those are worked. Nothing of a file with a mistake
is taken: where it is, is said.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar

from core.clocks.calendar import Shift
from core.desk.special import LONGEST_NAME, Special
from core.workflow.text import readable

LARGEST = 1024 * 1024  # bytes
MOST_EVENTS, MOST_RULES, MOST_DAYS = 5_000, 100, 3_000
LONGEST = dt.timedelta(days=366)  # of one event
EARLIEST = dt.date(1900, 1, 1)  # for a rule to begin: what lies between is walked
PROBLEMS = ("too_large", "not_text", "not_calendar", "too_many", "event", "rule", "length")
_DAY = dt.timedelta(days=1)
_WORKED = re.compile("[（(]班[)）]|补班|上班")
_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_READ = {None, "DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID"}

Event = Any  # icalendar's own types are wider than what a file that was read can hold


class Unreadable(ValueError):
    """The file cannot be taken: one of PROBLEMS says why, `line` where; 0: the file as a whole."""

    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(f"{problem}, line {line}")
        self.problem, self.line = problem, line


@dataclass(frozen=True, slots=True)
class Found:
    """The days of a file, and how many events were left out because they have a time of day."""

    days: list[Special]
    timed: int


def read(content: bytes, years: Sequence[int], working: tuple[Shift, ...] = ()) -> Found:
    """The days that a file tells of some years: closed, make-up days with the shifts `working`.

    Raises Unreadable.
    """
    if len(content) > LARGEST:
        raise Unreadable("too_large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("not_text", content[: error.start].count(b"\n") + 1) from error
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except ValueError as error:
        raise Unreadable("not_calendar", _line_of(text, str(error))) from error
    if not calendars or any(calendar.name != "VCALENDAR" for calendar in calendars):
        raise Unreadable("not_calendar")
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if len(events) > MOST_EVENTS or sum("RRULE" in event for event in events) > MOST_RULES:
        raise Unreadable("too_many")
    return _days(list(zip(events, _begin(text), strict=False)), years, working)


def _days(
    events: list[tuple[Event, int]], years: Sequence[int], working: tuple[Shift, ...]
) -> Found:
    names: dict[dt.date, list[str]] = {}
    worked: set[dt.date] = set()
    timed = 0
    moved = {
        (str(event.get("UID", "")), _date(event.get("RECURRENCE-ID")))
        for event, _ in events
        if "RECURRENCE-ID" in event
    }
    for event, line in events:
        wrong = next((name for name, _ in event.errors if name in _READ), "")
        begins = event.get("DTSTART")
        if wrong != "" or begins is None:
            raise Unreadable("event", line)
        if _date(begins) is None:
            timed += 1
        elif str(event.get("STATUS", "")).upper() != "CANCELLED":
            for date in _dates(event, line, moved, years):
                names.setdefault(date, []).append(_name(event))
                worked.update([date] if _is_worked(event) else [])
            if len(names) > MOST_DAYS:
                raise Unreadable("too_many", line)
    days = [
        _special(date, told, working if date in worked else ())
        for date, told in sorted(names.items())
    ]
    return Found(days, timed)


def _dates(
    event: Event, line: int, moved: set[tuple[str, dt.date | None]], years: Sequence[int]
) -> Iterator[dt.date]:
    """The dates of the asked years that an event covers."""
    length = _length(event, line)
    for begins in sorted(_beginnings(event, line, years)):
        if "RECURRENCE-ID" not in event and (str(event.get("UID", "")), begins) in moved:
            continue
        for n in range(length):
            date = begins + n * _DAY
            if date.year in years:
                yield date


def _beginnings(event: Event, line: int, years: Sequence[int]) -> set[dt.date]:
    """The dates on which an event begins that may reach into the asked years."""
    start = event["DTSTART"].dt
    begins = {start, *_listed(event.get("RDATE"))}
    if "RRULE" in event:
        begins.update(_repeated(event["RRULE"], start, line, years))
    return begins - set(_listed(event.get("EXDATE")))


def _repeated(rule: Any, start: dt.date, line: int, years: Sequence[int]) -> Iterator[dt.date]:
    """What a rule says, until the last of the asked years ends."""
    if isinstance(rule, list) or start < EARLIEST:
        raise Unreadable("rule", line)
    parts = {name.upper(): values for name, values in rule.items()}
    count, until = parts.pop("COUNT", [None])[0], parts.pop("UNTIL", [None])[0]
    if parts.get("FREQ", [""])[0] not in _FREQUENCIES:
        raise Unreadable("rule", line)
    last = dt.date(max(years), 12, 31)
    if until is not None:
        last = min(last, until.date() if isinstance(until, dt.datetime) else until)
    told = f"{type(rule)(parts).to_ical().decode()};UNTIL={last:%Y%m%d}"
    try:
        made = rrulestr(told, dtstart=dt.datetime.combine(start, dt.time()))
    except (ValueError, TypeError) as error:
        raise Unreadable("rule", line) from error
    return (moment.date() for moment in islice(made, count))


def _length(event: Event, line: int) -> int:
    """How many days an event lasts; its end is the first day after it."""
    start, end, lasts = event["DTSTART"].dt, _date(event.get("DTEND")), event.get("DURATION")
    length = end - start if end is not None else lasts.dt if lasts is not None else _DAY
    if not dt.timedelta(0) <= length <= LONGEST:
        raise Unreadable("length", line)
    return max(length.days, 1)


def _date(told: Any) -> dt.date | None:
    """The date of a property; None where there is none, or a time of day with it."""
    value = getattr(told, "dt", None)
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None


def _listed(told: Any) -> Iterable[dt.date]:
    """The dates of a property that may stand several times, each a list."""
    lists = told if isinstance(told, list) else [told] if told is not None else []
    return [date for one in lists for item in one.dts if (date := _date(item)) is not None]


def _name(event: Event) -> str:
    told = event.get("SUMMARY", "")
    name = " ".join(str(told[0] if isinstance(told, list) else told).split())
    return name if readable(name) else ""


def _is_worked(event: Event) -> bool:
    """Whether an event says that people work on its days instead of others."""
    mark = str(event.get("X-APPLE-SPECIAL-DAY", "")).upper()
    return mark == "ALTERNATE-WORKDAY" or _WORKED.search(_name(event)) is not None


def _special(date: dt.date, names: Sequence[str], shifts: tuple[Shift, ...]) -> Special:
    """A day, named in the language that its name is written in."""
    name = " · ".join(dict.fromkeys(filter(None, names)))[:LONGEST_NAME]
    chinese = any("\u3400" <= character <= "\u9fff" for character in name)
    return Special(date, shifts, name if chinese else "", "" if chinese else name)


def _begin(text: str) -> list[int]:
    """The lines on which events begin."""
    lines = text.splitlines()
    return [n for n, line in enumerate(lines, 1) if line.rstrip().upper() == "BEGIN:VEVENT"]


def _line_of(text: str, complaint: str) -> int:
    """The line that a complaint quotes; 0 where it quotes none."""
    lines = enumerate(text.splitlines(), 1)
    return next((n for n, line in lines if line.strip() and f"'{line.strip()}'" in complaint), 0)
