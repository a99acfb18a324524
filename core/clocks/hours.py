"""Shifts as people type and read them: 09:00–12:00, 13:00–18:00 (row G7).

A shift that closes no later than it opens closes on the next day: 22:00–06:00. An hour past 24
is one of the next day too, which is how a shift of more than a day is written: 09:00–34:00.
"""

import re
from collections.abc import Sequence

from core.clocks.calendar import DAY, Shift

_BETWEEN = re.compile(r"[,，、;；\n]+")
_ONE = re.compile(
    r"(\d{1,2})(?:[:：](\d{2}))?\s*(?:-|‐|–|—|~|～|〜|至|到)\s*(\d{1,2})(?:[:：](\d{2}))?"
)


class NoHours(ValueError):
    """What was typed says no hours; `part` is what could not be read."""

    def __init__(self, part: str) -> None:
        super().__init__(f"{part!r} are no hours")
        self.part = part


def typed(text: str) -> tuple[Shift, ...]:
    """The shifts that were typed, by opening time; none for an empty text.

    Full-width signs are understood, and whole hours without minutes. Raises NoHours for what cannot
    be read, for hours that are none, and for a shift that closes when it opens.
    """
    found = []
    for part in filter(None, (one.strip() for one in _BETWEEN.split(text))):
        one = _ONE.fullmatch(part)
        if one is None:
            raise NoHours(part)
        opens, closes = _minutes(one[1], one[2]), _minutes(one[3], one[4])
        if opens is None or closes is None or opens >= DAY or opens == closes:
            raise NoHours(part)
        try:
            found.append(Shift(opens, closes if closes > opens else closes + DAY))
        except ValueError as error:
            raise NoHours(part) from error
    return tuple(sorted(found, key=lambda shift: (shift.opens, shift.closes)))


def told(shifts: Sequence[Shift]) -> str:
    """The shifts as `typed` reads them; empty for none."""
    return ", ".join(_told(shift) for shift in shifts if shift.closes > shift.opens)


def clock(minute: int) -> str:
    """A minute of a day as its clock shows it: 09:00; the midnight that ends it is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _told(shift: Shift) -> str:
    into_next = DAY < shift.closes < shift.opens + DAY
    return f"{clock(shift.opens)}–{clock(shift.closes - DAY if into_next else shift.closes)}"


def _minutes(hours: str, minutes: str | None) -> int | None:
    if int(minutes or 0) > 59:
        return None
    return int(hours) * 60 + int(minutes or 0)
