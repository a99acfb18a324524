"""Business calendars: when the desk works, seen at a glance and edited as people say it (G7)."""

from collections.abc import Sequence
from typing import Any

from flask import g, request
from markupsafe import Markup
from sqlalchemy import Row
from wtforms import StringField, ValidationError
from wtforms.validators import Length

from admin.base import me, refusal
from admin.coming import ahead, standing, week_told
from admin.form import PanelForm, offer, one, shown, text, trimmed
from admin.keyed import KeyedView
from admin.sheets import Cell
from core import zones
from core.clocks import hours
from core.clocks.calendar import Calendar
from core.clocks.hours import NoHours
from core.desk import calendar_days, calendars, changes
from core.desk.actor import Right
from core.desk.answers import Refused
from core.desk.calendars import KEY, WEEKDAYS, CalendarInfo
from core.tables import BusinessCalendar
from web.desk import now, reading, transact
from web.language import locale, say, zone

LONGEST = 200  # of a day's hours as typed
USUAL = ("09:00–12:00, 13:00–18:00",) * 5 + ("",) * 2  # what a new calendar starts with


def worked(label: str, *, hint: str = "") -> Any:
    """The hours of a day, as people type them; none for an empty field."""
    return StringField(
        label,
        [Length(max=LONGEST), shown, _readable],
        filters=[trimmed],
        description=hint,
        render_kw={"maxlength": LONGEST, "autocomplete": "off"},
    )


def _readable(_form: Any, field: Any) -> None:
    try:
        hours.typed(field.data)
    except NoHours as error:
        raise ValidationError(say("panel.error.hours", part=error.part)) from error


class CalendarForm(PanelForm):
    """What a calendar is called, where its clocks are, and its ordinary week."""

    key = text("panel.label.key", 40, hint="panel.hint.calendar_key", needed=True)
    label_zh = text("panel.label.label_zh", 40, needed=True)
    label_en = text("panel.label.label_en", 40, needed=True)
    zone = one("panel.label.zone", hint="panel.hint.calendar_zone")
    monday = worked("panel.label.monday")
    tuesday = worked("panel.label.tuesday")
    wednesday = worked("panel.label.wednesday")
    thursday = worked("panel.label.thursday")
    friday = worked("panel.label.friday")
    saturday = worked("panel.label.saturday")
    sunday = worked("panel.label.sunday")

    def validate_key(self, field: Any) -> None:
        """A key like those of documents."""
        if not KEY.fullmatch(field.data):
            raise ValidationError(say("panel.error.key"))

    def offer(self) -> None:
        """Sets the choices."""
        at = now()
        offer(self.zone, [(n, zones.called(n, locale(), at)) for n in zones.cities(locale())])
        if self.zone.data is None:
            self.zone.data = zone()

    def info(self) -> CalendarInfo:
        """What is to be saved."""
        week = tuple(hours.typed(self[day].data) for day in WEEKDAYS)
        return CalendarInfo(self.label_zh.data, self.label_en.data, self.zone.data, week)


class Calendars(KeyedView):
    """The calendars of the desk, with whether each is open now."""

    right = Right.SHAPE
    title = "panel.nav.calendars"
    add = "panel.add.calendar"
    model = BusinessCalendar
    form = CalendarForm
    kind = changes.CALENDAR
    column_list = ("calendar", "standing", "hours", "calendar_zone")
    exported_columns = column_list
    edit_template = create_template = "panel/calendar.html"
    remove_words = "panel.remove.calendar"

    def __init__(self) -> None:
        super().__init__("calendars")
        self.column_formatters = {
            "calendar": lambda _v, _c, row, _n: self.called(row),
            "standing": lambda _v, _c, row, _n: _standing(row),
            "hours": lambda _v, _c, row, _n: Markup("<br>").join(week_told(_week(row))),
            "calendar_zone": lambda _v, _c, row, _n: zones.called(row.zone, locale(), now()),
        }

    def cells(self, row: Row[Any]) -> Sequence[Cell]:
        """A calendar as the list shows it."""
        _, told = standing(calendars.load(reading(), row.key))
        return (self.called(row), told, "\n".join(week_told(_week(row))), row.zone)

    def rows(self) -> list[Row[Any]]:
        """All calendars."""
        return calendars.everything(reading())

    def called(self, row: Row[Any]) -> str:
        """What a row is called in headings."""
        return str(row.label_zh if locale() == "zh_CN" else row.label_en)

    def filled(self, row: Row[Any]) -> dict[str, Any]:
        """The week as people type it."""
        days = zip(WEEKDAYS, _week(row), strict=True)
        return {**row._mapping, **{day: hours.told(shifts) for day, shifts in days}}

    def create_form(self, obj: Any = None) -> CalendarForm:
        """A new calendar starts with a usual week."""
        form: CalendarForm = super().create_form(obj)
        if request.method == "GET":
            for day, told in zip(WEEKDAYS, USUAL, strict=True):
                form[day].data = told
        return form

    def create_model(self, form: CalendarForm) -> Row[Any] | bool:
        """Adds a calendar, unless it is only to be looked at."""
        if _only_looked_at(form, ()):
            return False
        answer = transact(calendars.add, me(), form.key.data, form.info())
        if isinstance(answer, Refused):
            self.refuse(form, answer)
            return False
        return self.get_one(answer)

    def update_model(self, form: CalendarForm, model: Row[Any]) -> bool:
        """Saves a calendar, unless it is only to be looked at."""
        if _only_looked_at(form, calendars.load(reading(), model.key).days):
            return False
        return self.save(form, model, calendars.change, model.key)

    def removal(self) -> Any:
        """A calendar goes with its days."""
        return calendars.remove

    @staticmethod
    def refuse(form: Any, refused: Refused) -> None:
        """A week that never opens is refused beside its first day."""
        if refused.key == "never_opens":
            form.refuse(form.monday, refusal(refused))
        else:
            KeyedView.refuse(form, refused)

    def render(self, template: str, **kwargs: Any) -> str:
        """Beneath a calendar's form stand the days to come, and where its special days are."""
        model = kwargs.get("model")
        if "form" in kwargs:
            days = calendar_days.listed(reading(), model.key) if model is not None else []
            saved = calendars.load(reading(), model.key) if model is not None else None
            drawn: Calendar | None = g.get("looked_at") or saved
            kwargs |= {
                "weekdays": WEEKDAYS,
                "looked_at": "looked_at" in g,
                "ahead": ahead(drawn, days) if drawn is not None else [],
                "standing": standing(saved) if saved is not None else None,
                "days_to_come": [day for day in days if day.date >= now().date()],
            }
        return super().render(template, **kwargs)


def _only_looked_at(form: CalendarForm, days: Any) -> bool:
    """Whether what was typed is to be drawn instead of saved."""
    if not request.form.get("look"):
        return False
    info = form.info()
    g.looked_at = Calendar(info.zone, info.week, days)
    return True


def _week(row: Row[Any]) -> calendars.Week:
    return calendars.week(row.week)


def _standing(row: Row[Any]) -> Markup:
    is_open, told = standing(calendars.load(reading(), row.key))
    kind = "good" if is_open else ""
    return Markup('<span class="tag {}">{}</span>').format(kind, told)
