"""A day on which a calendar does not keep to its week: the value that is listed and imported."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from core.clocks import hours
from core.clocks.calendar import Shift

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Special:
    """The shifts that begin on a date, none on a holiday, and what the day is called.

    Either name may be empty: the other serves readers of both languages.
    """

    date: dt.date
    shifts: tuple[Shift, ...] = ()
    label_zh: str = ""
    label_en: str = ""

    def called(self, locale: str) -> str:
        """What the day is called; empty where nobody named it."""
        zh, en = self.label_zh, self.label_en
        return zh or en if locale == "zh_CN" else en or zh

    def says(self, other: "Special") -> bool:
        """Whether this day says all that another one of its date says."""
        names = ((self.label_zh, other.label_zh), (self.label_en, other.label_en))
        return self.shifts == other.shifts and all(theirs in ("", own) for own, theirs in names)

    def told(self) -> str:
        """The day on one line of the record of changes."""
        names = " / ".join(dict.fromkeys(name for name in (self.label_zh, self.label_en) if name))
        return " ".join(
            filter(None, (self.date.isoformat(), names, hours.told(self.shifts) or "–"))
        )

    def row(self, calendar: str) -> dict[str, Any]:
        """The row that keeps it."""
        return {
            "calendar": calendar,
            "date": self.date,
            "shifts": [[shift.opens, shift.closes] for shift in self.shifts],
            "label_zh": self.label_zh,
            "label_en": self.label_en,
        }
