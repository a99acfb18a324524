"""Open time, counted minute by minute: each minute is asked what the clock on the wall shows.

Moments are whole minutes since 1970; nothing in the replay happens between two.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
DAY = 1_440
Shifts = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Hours:
    """How many minutes before each one were open, from `first` on; all of them without `counts`."""

    first: int = 0
    counts: Sequence[int] | None = None

    def between(self, start: int, end: int) -> int:
        """The open minutes of a stretch."""
        if end <= start:
            return 0
        if self.counts is None:
            return end - start
        return self._before(end) - self._before(start)

    def after(self, start: int, length: int) -> int | None:
        """When so many open minutes have passed; None beyond what was counted."""
        if self.counts is None or length == 0:
            return start + length
        place = bisect_left(self.counts, self._before(start) + length)
        return self.first + place if place < len(self.counts) else None

    def opens(self, start: int) -> int | None:
        """The first open minute from then on; None beyond what was counted."""
        if self.counts is None:
            return start
        past = self.after(start, 1)
        return None if past is None else past - 1

    def _before(self, minute: int) -> int:
        assert self.counts is not None
        return self.counts[min(max(minute - self.first, 0), len(self.counts) - 1)]


ALWAYS = Hours()


@lru_cache(maxsize=8)
def counted(
    zone: str, week: tuple[Shifts, ...], days: tuple[tuple[str, Shifts], ...], first: int, last: int
) -> Hours:
    """The hours of a calendar from minute to minute; `days` keep to other shifts than the week."""
    instead = dict(days)
    clock = ZoneInfo(zone)
    known: dict[dt.date, frozenset[int]] = {}

    def shown(date: dt.date) -> frozenset[int]:
        """The minutes of a local date at which its wall clock shows an open time."""
        if date not in known:
            own, over = (
                instead.get(one.isoformat(), week[one.weekday()])
                for one in (date, date - dt.timedelta(days=1))
            )
            minutes = {m for opens, closes in own for m in range(opens, min(closes, DAY))}
            minutes |= {m for _, closes in over for m in range(max(closes - DAY, 0))}
            known[date] = frozenset(minutes)
        return known[date]

    def is_open(minute: int) -> int:
        wall = moment(minute).astimezone(clock)
        return wall.hour * 60 + wall.minute in shown(wall.date())

    return Hours(first, [0, *accumulate(map(is_open, range(first, last)))])


def minute(at: dt.datetime) -> int:
    """A moment as whole minutes since 1970; AssertionError for one that falls between two."""
    whole, rest = divmod(at - EPOCH, dt.timedelta(minutes=1))
    assert not rest, f"{at} is no whole minute"
    return whole


def moment(minutes: int) -> dt.datetime:
    """The other way."""
    return EPOCH + dt.timedelta(minutes=minutes)
