"""What the product says, in both languages: message keys to sentences.

The catalogues are PO files, one per door, whose msgids are keys (`refusal.held`). They are read
as they are; nothing has to be compiled. A key that lacks a language fails the tests, not a person.
"""

import datetime as dt
import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_percent, get_currency_precision
from babel.units import format_unit

from core.workflow.model import LOCALES

FOLDER = Path(__file__).parent / "locale"


def locale_of(wanted: str) -> str:
    """The supported locale that serves `wanted`: any Chinese one reads zh_CN, others English."""
    return "zh_CN" if wanted.replace("-", "_").lower().startswith("zh") else "en"


def spoken(environ: Mapping[str, str]) -> str:
    """The language of whoever types a command, by LC_ALL or LANG, as programs do."""
    return locale_of(environ.get("LC_ALL") or environ.get("LANG") or "")


def say(key: str, locale: str, /, **names: object) -> str:
    """The sentence for a key, with its names filled in. Raises KeyError for an unknown key.

    In a Chinese sentence a space parts what is filled in from Chinese characters beside it, where
    it begins or ends with a Latin letter or a digit: 由 Tom 处理中.
    """
    spoken_locale = locale_of(locale)
    if spoken_locale != "zh_CN":
        return catalogue(spoken_locale)[key].format_map(names)
    told = ""
    for literal, name in _parts(key):
        told = _beside(told, literal)
        if name is not None:
            told = _beside(told, str(names[name]))
    return told


@cache
def _parts(key: str) -> tuple[tuple[str, str | None], ...]:
    """A Chinese sentence in pieces: words, and the name that follows them."""
    parsed = string.Formatter().parse(catalogue("zh_CN")[key])
    return tuple((literal, name) for literal, name, _, _ in parsed)


def _beside(left: str, right: str) -> str:
    """One piece after another, with a space where Chinese and Latin writing meet."""
    if left and right:
        ends = left[-1], right[0]
        latin = [end.isascii() and end.isalnum() for end in ends]
        chinese = ["\u3400" <= end <= "\u9fff" for end in ends]
        if (latin[0] and chinese[1]) or (chinese[0] and latin[1]):
            return f"{left} {right}"
    return left + right


@cache
def catalogue(locale: str) -> dict[str, str]:
    """Every sentence of a locale by key. Raises ValueError where two files share a key."""
    sentences: dict[str, str] = {}
    for path in sorted((FOLDER / locale).glob("*.po")):
        with path.open(encoding="utf-8") as file:
            for message in read_po(file, locale=locale, abort_invalid=True):
                if not message.id:
                    continue
                key = str(message.id)
                if key in sentences:
                    raise ValueError(f"{path}: {key} stands twice")
                sentences[key] = str(message.string)
    return sentences


def money(minor: int, currency: str, locale: str) -> str:
    """An amount in minor units as people write it; the exponent comes from CLDR."""
    if not currency:
        return str(minor)
    exponent = get_currency_precision(currency)
    return format_currency(minor / 10**exponent, currency, locale=locale_of(locale))


def language(code: str, locale: str) -> str:
    """What a language is called that ISO 639 knows by this code; any other code stays."""
    return str(Locale.parse(locale_of(locale)).languages.get(code, code))


def percent(share: float, locale: str) -> str:
    """A share from 0 to 1 as people write it, to a tenth of a per cent."""
    return format_percent(share, "#,##0.#%", locale=locale_of(locale))


def moment(at: dt.datetime, locale: str, zone: str) -> str:
    """A moment as people write it, in their own zone."""
    return format_datetime(at, "short", tzinfo=ZoneInfo(zone), locale=locale_of(locale))


def there(at: dt.datetime, zone: str) -> dt.datetime:
    """A moment on the clock of a zone."""
    return at.astimezone(ZoneInfo(zone))


def day(at: dt.datetime, locale: str, zone: str) -> str:
    """The day of a moment as people write it, in their own zone."""
    return format_date(there(at, zone).date(), "short", locale=locale_of(locale))


def span(length: dt.timedelta, locale: str) -> str:
    """A length of time in its two largest units, as people say it: 1 day 4 hours."""
    minutes = int(length.total_seconds() // 60)
    parts = (("day", minutes // 1440), ("hour", minutes // 60 % 24), ("minute", minutes % 60))
    largest = next((i for i, (_, number) in enumerate(parts) if number), 2)
    told = [
        format_unit(number, f"duration-{unit}", "short", locale=locale_of(locale))
        for unit, number in parts[largest : largest + 2]
        if number or unit == "minute" == parts[largest][0]
    ]
    return " ".join(told)


def hours(length: dt.timedelta, locale: str) -> str:
    """A length of open time in hours and minutes: no day of it has 24 hours."""
    whole, minutes = divmod(int(length.total_seconds() // 60), 60)
    told = [
        format_unit(number, f"duration-{unit}", "short", locale=locale_of(locale))
        for unit, number in (("hour", whole), ("minute", minutes))
        if number or (unit == "minute" and not whole)
    ]
    return " ".join(told)


__all__ = ["LOCALES", "catalogue", "hours", "locale_of", "moment", "money", "say", "span", "spoken"]
