"""The forms of a calendar's special days: one by one, from a file, from a country (G7)."""

import datetime as dt
from typing import Any

from babel.core import Locale, get_global
from wtforms import DateField, ValidationError
from wtforms.validators import Optional

from admin.calendars import worked
from admin.form import PanelForm, filled, number, offer, one, text
from core.clocks import hours
from core.desk import public_holidays
from core.desk.public_holidays import FIRST_YEAR, LAST_YEAR
from core.desk.special import LONGEST_NAME, Special
from web.language import locale, say

MOST_IN_A_ROW = 62  # days that are entered at once
MOST_YEARS = 10  # that a file is asked for at once


class DayForm(PanelForm):
    """A day, or some in a row, on which a calendar does not keep to its week."""

    begins = DateField("panel.label.begins", [filled])
    ends = DateField("panel.label.ends", [Optional()], description="panel.hint.ends")
    label_zh = text("panel.label.day_zh", LONGEST_NAME)
    label_en = text("panel.label.day_en", LONGEST_NAME, hint="panel.hint.day_name")
    hours = worked("panel.label.hours", hint="panel.hint.day_hours")

    def validate_begins(self, field: Any) -> None:
        """A date within reach."""
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(say("panel.error.year", first=FIRST_YEAR, last=LAST_YEAR))

    def validate_ends(self, field: Any) -> None:
        """The last day comes after the first, and not too long after it."""
        first, last = self.begins.data, field.data
        if first and last and not 0 <= (last - first).days < MOST_IN_A_ROW:
            raise ValidationError(say("panel.error.days", most=MOST_IN_A_ROW))

    def days(self) -> list[Special]:
        """What is to be saved."""
        first, last = self.begins.data, self.ends.data or self.begins.data
        shifts = hours.typed(self.hours.data)
        names = self.label_zh.data, self.label_en.data
        count = (last - first).days + 1
        return [Special(first + dt.timedelta(days=n), shifts, *names) for n in range(count)]


class FileForm(PanelForm):
    """The years of a file that are wanted."""

    first = number("panel.label.first_year", FIRST_YEAR, LAST_YEAR)
    last = number("panel.label.last_year", FIRST_YEAR, LAST_YEAR)

    def validate_last(self, field: Any) -> None:
        """Some years, in their order."""
        first, last = self.first.data, field.data
        if first and last and not first <= last < first + MOST_YEARS:
            raise ValidationError(say("panel.error.years", most=MOST_YEARS))

    def years(self) -> tuple[int, ...]:
        """The years that are asked for."""
        return tuple(range(self.first.data, self.last.data + 1))


class CountryForm(PanelForm):
    """Whose holidays are wanted, and of which year."""

    country = one("panel.label.country")
    year = number("panel.label.year", FIRST_YEAR, LAST_YEAR)

    def offer(self, zone: str) -> None:
        """Every country that is known; the calendar's own comes first."""
        names = Locale.parse(locale()).territories
        known = [(code, str(names.get(code, code))) for code in public_holidays.countries()]
        offer(self.country, sorted(known, key=lambda entry: entry[1]))
        if self.country.data is None:
            self.country.data = country_of(zone)


def country_of(zone: str) -> str:
    """The country whose zone this is, where its holidays are known; else empty."""
    code = str(get_global("zone_territories").get(zone, ""))
    return code if code in public_holidays.countries() else ""
