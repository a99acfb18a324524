"""Quiet hours: when somebody is not to be disturbed, in their own time zone."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def sound(start: str, end: str) -> bool:
    """Whether these are quiet hours, two different moments as HH:MM, or none: both empty."""
    if not start and not end:
        return True
    return bool(_TIME.fullmatch(start) and _TIME.fullmatch(end)) and start != end


def until(start: str, end: str, zone: str, now: dt.datetime) -> dt.datetime | None:
    """When the quiet hours end that `now` falls into; None outside them.

    `start` and `end` are HH:MM on the clocks of `zone`; hours that begin late and end early span
    midnight. Where clocks change, the end is what the clock on the wall says then.
    """
    if not start:
        return None
    here = now.astimezone(ZoneInfo(zone))
    time = f"{here:%H:%M}"
    if not (start <= time < end if start < end else time >= start or time < end):
        return None
    days = 1 if time >= end else 0
    day = here.date() + dt.timedelta(days=days)
    at = dt.datetime.combine(day, dt.time.fromisoformat(end), ZoneInfo(zone))
    return at.astimezone(dt.UTC) if at > here else None  # an hour that the clocks repeat
