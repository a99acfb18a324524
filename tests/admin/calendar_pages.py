"""Calendars in the panel, from a test: their pages, forms, files and rows."""

import html
import io
import re
from typing import Any

from core.clocks.calendar import Calendar
from core.desk import calendar_days, calendars
from core.desk.special import Special
from tests.panel import Panel, Visitor

PAGE = "/calendars/edit/?id=service_days"
DAYS = "/calendar_days/?id=service_days&year=2031"


def load(panel: Panel, key: str = "service_days") -> Calendar:
    """The calendar as the clocks read it."""
    return panel.desk.db.read(lambda connection, now: calendars.load(connection, key))


def days(panel: Panel, year: int) -> list[Special]:
    """The special days of a year."""
    return panel.desk.db.read(lambda c, now: calendar_days.listed(c, "service_days", year))


def carried(visitor: Visitor, page: str = DAYS) -> dict[str, Any]:
    """What the page's forms carry unseen: which calendar, and as it was read."""
    text = visitor.get(page).text
    return {name: _hidden(text, name) for name in ("id", "read", "year")}


def put(visitor: Visitor, page: str = DAYS, **typed: str) -> Any:
    """Enters a day, or days in a row, by the page's form."""
    return visitor.post("/calendar_days/put", {**carried(visitor, page), **typed})


def upload(visitor: Visitor, content: bytes, first: str = "2031", last: str = "2032") -> Any:
    """Sends a file of events, of which the years from `first` to `last` are wanted."""
    sent = {"first": first, "last": last, "file": (io.BytesIO(content), "days.ics")}
    return visitor.post(
        "/calendar_days/file", {**carried(visitor), **sent}, content_type="multipart/form-data"
    )


def preview(text: str) -> dict[str, Any]:
    """The form of a preview, every day ticked as it is shown."""
    ticked = re.findall(r'type="checkbox" name="date" value="([^"]+)" checked', text)
    return {
        **{name: _hidden(text, name) for name in ("id", "read", "days")},
        "date": ticked,
    }


def _hidden(text: str, name: str) -> str:
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return html.unescape(found[1])


def ics(*events: str) -> bytes:
    """A file of these events."""
    body = "".join(f"BEGIN:VEVENT\r\n{one}\r\nEND:VEVENT\r\n" for one in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n".encode()
