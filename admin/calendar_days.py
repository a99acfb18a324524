"""The special days of a calendar: by year, one by one, or many at once after a preview (G7)."""

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from babel.core import Locale
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from admin.base import expose, me, tell_refusal, version_read
from admin.calendar_forms import CountryForm, DayForm, FileForm, country_of
from admin.coming import date_told
from admin.exports import ExportView
from admin.sheets import Cell
from admin.shipping import shipped, unshipped
from core.clocks import hours
from core.clocks.calendar import Shift
from core.desk import calendar_days, calendars, ical, public_holidays
from core.desk.actor import Right
from core.desk.answers import Refused, Stale
from core.desk.calendar_days import SAME
from core.desk.public_holidays import FIRST_YEAR, LAST_YEAR
from core.desk.special import Special
from web.desk import now, reading, transact
from web.language import locale, say


class CalendarDays(ExportView):
    """A year of special days, forms to enter and to import some, and the preview of an import."""

    right = Right.SHAPE
    title = "panel.calendar.specials"
    exported_columns = ("day", "called", "open_hours")
    narrowing = ("id", "year")

    def __init__(self) -> None:
        super().__init__("calendar_days")

    def before_export(self) -> None:
        """A calendar is meant that there is."""
        _calendar(request.args.get("id"))

    def exported(self) -> Iterator[Special]:
        """The days of the year that is shown."""
        key = _calendar(request.args.get("id")).key
        yield from calendar_days.listed(reading(), key, _year())

    def cells(self, row: Special) -> Sequence[Cell]:
        """A day as the list shows it."""
        open_then = hours.told(row.shifts) if row.shifts else say("panel.calendar.closed")
        return row.date.isoformat(), row.called(locale()), open_then

    def is_visible(self) -> bool:
        """A calendar's page leads here, not the menu."""
        return False

    @property
    def menu_endpoint(self) -> str:
        """The days belong to their calendar."""
        return "calendars"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """A year of days."""
        return self._page(_calendar(request.args.get("id")))

    @expose("/put", methods=("POST",))
    def put(self) -> ResponseReturnValue:
        """Enters a day, or some in a row, each in place of what its date had."""
        calendar = _calendar(request.form.get("id"))
        form = DayForm(request.form)
        if not form.validate():
            return self._page(calendar, form), 422
        return self._bring(calendar, form.days())

    @expose("/remove", methods=("POST",))
    def remove(self) -> ResponseReturnValue:
        """Lets a date keep to the week again."""
        key = _calendar(request.form.get("id")).key
        date = _date(request.form.get("date"))
        try:
            refused = transact(calendar_days.remove, me(), key, version_read("read"), date)
        except Stale:
            flash(say("panel.stale.remove"), "danger")
        else:
            if refused is not None:
                tell_refusal(refused)
            else:
                flash(say("panel.calendar.day_removed", date=date_told(date)), "success")
        return _back(key, date.year)

    @expose("/public")
    def public(self) -> ResponseReturnValue:
        """What the public holidays of a country would bring."""
        calendar = _calendar(request.args.get("id"))
        form = CountryForm(request.args)
        form.offer(calendar.zone)
        if not form.validate():
            return self._page(calendar, country=form), 422
        years = (form.year.data,)
        days = public_holidays.of(form.country.data, years, _usual(calendar))
        told = [
            say("panel.bring.unannounced", year=year)
            for year in public_holidays.unannounced(form.country.data, years, days)
        ]
        return self._preview(calendar, days, form.year.data, told)

    @expose("/file", methods=("POST",))
    def file(self) -> ResponseReturnValue:
        """What a file of events would bring, or where it is wrong."""
        calendar = _calendar(request.form.get("id"))
        form = FileForm(request.form)
        content = _sent()
        if not form.validate():
            return self._page(calendar, file=form), 422
        try:
            found = ical.read(content, form.years(), _usual(calendar))
        except ical.Unreadable as error:
            what = say(f"panel.file.{error.problem}")
            told = say("panel.file.line", line=error.line, what=what) if error.line else what
            return self._page(calendar, file=form, file_error=told), 422
        told_timed = [say("panel.file.timed", number=found.timed)] if found.timed else []
        return self._preview(calendar, found.days, form.first.data, told_timed)

    @expose("/bring", methods=("POST",))
    def bring(self) -> ResponseReturnValue:
        """Brings in what was ticked of a preview."""
        calendar = _calendar(request.form.get("id"))
        ticked = set(request.form.getlist("date"))
        try:
            days = unshipped(request.form.get("days", ""))
        except ValueError:
            abort(400)
        chosen = [day for day in days if day.date.isoformat() in ticked]
        if not chosen:
            flash(say("panel.bring.none_ticked"), "danger")
            return self._preview(calendar, days, now().year, [])
        return self._bring(calendar, chosen)

    def _bring(self, calendar: Row[Any], days: list[Special]) -> ResponseReturnValue:
        """Saves days; where the calendar was saved meanwhile they are shown beside it anew."""
        try:
            answer = transact(calendar_days.put, me(), calendar.key, version_read("read"), days)
        except Stale:
            flash(say("panel.bring.stale"), "danger")
            return self._preview(_calendar(calendar.key), days, days[0].date.year, [])
        if isinstance(answer, Refused):
            tell_refusal(answer)
        else:
            flash(say("panel.bring.done", number=answer), "success")
        return _back(calendar.key, days[0].date.year)

    def _preview(
        self, calendar: Row[Any], days: list[Special], year: int, told: list[str]
    ) -> ResponseReturnValue:
        found = calendar_days.compared(reading(), calendar.key, days)
        return str(
            self.render(
                "panel/calendar_import.html",
                calendar=calendar,
                called=_called(calendar),
                year=year,
                found=found,
                left=[one for one in found if one.what != SAME],
                told=told,
                shipped=shipped(days),
                **_words(),
            )
        )

    def _page(
        self,
        calendar: Row[Any],
        form: DayForm | None = None,
        country: CountryForm | None = None,
        file: FileForm | None = None,
        file_error: str = "",
    ) -> str:
        year = _year()
        country = country or CountryForm(data={"year": year})
        country.offer(calendar.zone)
        own = country_of(calendar.zone)
        there = {*calendar_days.years(reading(), calendar.key), year - 1, year, year + 1}
        return str(
            self.render(
                "panel/calendar_days.html",
                calendar=calendar,
                called=_called(calendar),
                year=year,
                years=sorted(y for y in there if FIRST_YEAR <= y <= LAST_YEAR),
                days=calendar_days.listed(reading(), calendar.key, year),
                form=form or DayForm(),
                country=country,
                file=file or FileForm(data={"first": year, "last": year + 1}),
                file_error=file_error,
                own=own,
                own_name=Locale.parse(locale()).territories.get(own, own),
                **_words(),
            )
        )


def _sent() -> bytes:
    """The file that was sent, as much of it as tells whether it is too large."""
    sent = request.files.get("file")
    if sent is None:
        return b""
    with contextlib.closing(sent):
        return bytes(sent.read(ical.LARGEST + 1))


def _words() -> dict[str, Any]:
    return {"date_told": date_told, "hours_told": hours.told}


def _called(calendar: Row[Any]) -> str:
    return str(calendar.label_zh if locale() == "zh_CN" else calendar.label_en)


def _calendar(key: str | None) -> Row[Any]:
    """The calendar of this key; 404 where there is none."""
    rows = calendars.everything(reading())
    return next((row for row in rows if row.key == key), None) or abort(404)


def _usual(calendar: Row[Any]) -> tuple[Shift, ...]:
    """What is worked on a make-up day: Monday's shifts, or those of the first day that has some."""
    return next((shifts for shifts in calendars.week(calendar.week) if shifts), ())


def _date(typed: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat(typed or "")
    except ValueError:
        return abort(404)


def _year() -> int:
    """The year that is shown: the one asked for, else this one."""
    asked = request.values.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else now().year


def _back(key: str, year: int) -> ResponseReturnValue:
    return redirect(url_for(".index", id=key, year=year), 303)
