"""Public holidays of a country, from the `holidays` package: closed days, and make-up days (G7)."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from core.clocks.calendar import Shift
from core.desk.special import LONGEST_NAME, Special
from core.i18n import say

_CHINESE, _ENGLISH = "zh_CN", "en_US"
FIRST_YEAR, LAST_YEAR = 2000, 2100


@cache
def countries() -> tuple[str, ...]:
    """The countries whose holidays are known, by their two letters."""
    import holidays  # a quarter of a second, which only those wait for who ask

    return tuple(sorted(code for code in holidays.list_supported_countries() if len(code) == 2))


def of(country: str, years: Sequence[int], working: tuple[Shift, ...]) -> list[Special]:
    """The holidays of some years, by date; make-up working days have the shifts `working`.

    Names stand in Chinese and English where the package has them, else in the country's own
    language. Raises LookupError for a country that is not known, or years out of reach.
    """
    import holidays

    if country not in countries() or not all(FIRST_YEAR <= y <= LAST_YEAR for y in years):
        raise LookupError(f"no holidays are known of {country} in {years}")
    spoken = holidays.country_holidays(country).supported_languages
    own = holidays.country_holidays(country, years=years)
    chinese, english = (
        holidays.country_holidays(country, years=years, language=language)
        if language in spoken
        else None
        for language in (_CHINESE, _ENGLISH)
    )
    found = {
        date: Special(date, (), _name(chinese, date), _name(english, date) or _named(name))
        for date, name in own.items()
        if date.year in years
    }
    for date in getattr(own, "weekend_workdays", ()):  # as far as they are announced
        if date.year in years:
            names = (say("calendar.make_up", one) for one in ("zh_CN", "en"))
            found[date] = Special(date, working, *names)
    return [found[date] for date in sorted(found)]


def unannounced(country: str, years: Iterable[int], found: Iterable[Special]) -> list[int]:
    """Years without a single make-up day, of a country that announces some every year."""
    if country != "CN":
        return []
    announced = {day.date.year for day in found if day.shifts}
    return [year for year in years if year not in announced]


def _name(found: Mapping[dt.date, str] | None, date: dt.date) -> str:
    return _named(found.get(date) or "") if found is not None else ""


def _named(name: str) -> str:
    return name[:LONGEST_NAME]
