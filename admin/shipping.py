"""The days of a preview on their way to the browser and back, read as strictly as a file (G7)."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from core.clocks import hours
from core.desk.calendar_days import MOST
from core.desk.public_holidays import FIRST_YEAR, LAST_YEAR
from core.desk.special import LONGEST_NAME, Special
from core.workflow.text import readable


def shipped(days: Sequence[Special]) -> str:
    """The days as text that a form carries."""
    rows = [
        [day.date.isoformat(), hours.told(day.shifts), day.label_zh, day.label_en] for day in days
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def unshipped(text: str) -> list[Special]:
    """The days that a form brought back. Raises ValueError for anything that `shipped` never says.

    Whoever may send this may enter any day by hand: nothing is trusted, only well-formed.
    """
    rows = json.loads(text)
    if not isinstance(rows, list) or len(rows) > MOST:
        raise ValueError("not a list of days")
    days = [_day(row) for row in rows]
    if len({day.date for day in days}) != len(days):
        raise ValueError("a date is given twice")
    return days


def _day(row: Any) -> Special:
    if not isinstance(row, list) or len(row) != 4 or not all(isinstance(x, str) for x in row):
        raise ValueError("not a day")
    date, worked, *names = row
    if not all(len(name) <= LONGEST_NAME and readable(name) for name in names):
        raise ValueError("not a name")
    day = Special(dt.date.fromisoformat(date), hours.typed(worked), *names)
    if not FIRST_YEAR <= day.date.year <= LAST_YEAR:
        raise ValueError("out of reach")
    return day
