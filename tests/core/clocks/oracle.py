"""Open time a second time, minute by minute: it imports nothing of what it checks.

A table holds, for every minute of UTC in a window, whether the desk is open, found by asking what
the clock on the wall shows then and whether any shift of that date or the one before holds it.
Whoever asks walks the table.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTE = dt.timedelta(minutes=1)
Hours = Sequence[tuple[int, int]]  # minutes from local midnight at which a shift opens and closes


@dataclass
class Table:
    """Whether each minute from `first` on is open: 1 or 0 in a byte of its own."""

    first: dt.datetime
    minutes: bytearray

    def at(self, moment: dt.datetime) -> int:
        """Which minute of the table this is."""
        index, rest = divmod(moment - self.first, MINUTE)
        assert not rest
        return index

    def moment(self, index: int) -> dt.datetime:
        return self.first + index * MINUTE

    def without(self, pauses: Sequence[tuple[dt.datetime, dt.datetime | None]]) -> "Table":
        """The same minutes, those in which a pause holds the clock closed."""
        minutes = bytearray(self.minutes)
        for since, until in pauses:
            start = max(self.at(since), 0)
            end = len(minutes) if until is None else min(self.at(until), len(minutes))
            if start < end:
                minutes[start:end] = bytes(end - start)
        return Table(self.first, minutes)

    def between(self, start: dt.datetime, end: dt.datetime) -> int:
        """The open minutes from `start` to `end`."""
        if end <= start:
            return 0
        return self.minutes.count(1, self.at(start), self.at(end))

    def after(self, start: dt.datetime, length: int) -> dt.datetime | None:
        """The first moment by which so many minutes were open; None beyond the table."""
        at = self.at(start)
        if not length:
            return start
        low, high = at, len(self.minutes)
        if self.minutes.count(1, low, high) < length:
            return None
        while high - low > 1:
            middle = (low + high) // 2
            if self.minutes.count(1, at, middle) >= length:
                high = middle
            else:
                low = middle
        return self.moment(high)

    def stretches(self) -> list[tuple[dt.datetime, dt.datetime]]:
        """Every run of open minutes."""
        told = bytes([0, *self.minutes, 0])
        edges = [n for n, (a, b) in enumerate(pairwise(told)) if a != b]
        return [
            (self.moment(a), self.moment(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]


def table(
    zone: str,
    week: Sequence[Hours],
    instead: dict[dt.date, Hours],
    window: tuple[dt.datetime, int],
) -> Table:
    """Walks so many days of UTC minutes from a midnight on."""
    first, days = window
    clock = ZoneInfo(zone)
    hours: dict[dt.date, Hours] = {}
    minutes = bytearray()
    for n in range(days * 24 * 60):
        wall = (first + n * MINUTE).astimezone(clock)
        today = wall.date()
        for date in (today, today - dt.timedelta(days=1)):
            if date not in hours:
                hours[date] = instead.get(date, week[date.weekday()])
        shown = wall.hour * 60 + wall.minute
        is_open = any(opens <= shown < closes for opens, closes in hours[today]) or any(
            opens <= shown + 1440 < closes for opens, closes in hours[today - dt.timedelta(days=1)]
        )
        minutes.append(is_open)
    return Table(first, minutes)
