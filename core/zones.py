"""Time zones as people look for them: by city, in their own language, with the hours from UTC."""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from babel.dates import get_timezone_location

from core.i18n import locale_of

MOST = 100  # what a menu shows


@cache
def cities(locale: str) -> dict[str, str]:
    """Every zone of a place, with what its city is called; UTC as well, other names of one not."""
    others = get_global("zone_aliases")
    places = {n for n in available_timezones() if "/" in n and not n.startswith("Etc/")}
    names = sorted(n for n in places if others.get(n) not in places)
    return {"UTC": "UTC", **{name: _city(name, locale_of(locale)) for name in names}}


def called(name: str, locale: str, now: dt.datetime) -> str:
    """A zone's city, its name, and how far it is from UTC at this moment."""
    offset = f"{now.astimezone(ZoneInfo(name)):%z}"
    city = _city(name, locale_of(locale)) if "/" in name else name
    return f"{city} · {name} (UTC{offset[:3]}:{offset[3:]})" if city != name else name


def matching(typed: str, locale: str) -> list[str]:
    """The zones whose city or name holds what was typed; those that begin with it come first."""
    wanted = typed.strip().casefold().replace(" ", "_")
    found = []
    for name, city in cities(locale_of(locale)).items():
        words = (city.casefold().replace(" ", "_"), *name.casefold().split("/"), name.casefold())
        if any(wanted in word for word in words):
            found.append((not any(word.startswith(wanted) for word in words), name))
    return [name for _, name in sorted(found)][:MOST]


@cache
def _city(name: str, locale: str) -> str:
    return get_timezone_location(name, locale=locale, return_city=True)
