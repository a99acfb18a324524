"""Forms of the panel: named fields only, choices set per request, the mark they were read with."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask_admin.form import BaseForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TimeInput

from core.i18n import moment
from core.workflow.text import readable
from web.language import locale, say, zone

Choices = Sequence[tuple[str, str]]


class PanelForm(BaseForm):  # type: ignore[misc]  # Flask-Admin brings no types
    """A form whose labels and hints are message keys, said when it is shown."""

    read = HiddenField()  # a mark of what was shown; a save is refused where that has changed
    differs: dict[str, str]

    def __init__(self, formdata: Any = None, obj: Any = None, **more: Any) -> None:
        super().__init__(formdata, obj=obj, **more)
        self.differs = {}

    def show_difference(self, saved: "PanelForm") -> None:
        """Notes, field by field, what is saved now where it is not what was typed."""
        for field in self:
            if (
                field.name in saved
                and field.name != "read"
                and saved[field.name].data != field.data
            ):
                self.differs[field.name] = _words(saved[field.name]) or "–"

    def refuse(self, field: Field, message: str) -> None:
        """Adds an error beside a field that was found when saving."""
        field.errors = [*field.errors, message]


def shown(_form: Any, field: Field) -> None:
    """Refuses characters that nobody can see or type on purpose."""
    if isinstance(field.data, str) and not readable(field.data):
        raise ValidationError(say("panel.error.unreadable"))


def filled(_form: Any, field: Field) -> None:
    """Refuses a text that is empty, or of spaces only."""
    if not field.data:
        raise ValidationError(say("panel.error.needed"))


def trimmed(text: str | None) -> str:
    """Texts are saved without the spaces around them, line ends as one character."""
    return (text or "").replace("\r\n", "\n").strip()


def text(
    label: str, most: int, *, hint: str = "", needed: bool = False, named: str | None = None
) -> Any:
    """One line of text; `named`, an id of its own, tells two fields of one name on a page apart."""
    checks = [*([filled] if needed else []), Length(max=most), shown]
    return StringField(
        label, checks, [trimmed], description=hint, id=named, render_kw={"maxlength": most}
    )


def lines(label: str, most: int, *, hint: str = "") -> Any:
    """A few lines of text."""
    return TextAreaField(
        label,
        [Length(max=most), shown],
        filters=[trimmed],
        description=hint,
        render_kw={"rows": 3, "maxlength": most},
    )


def number(label: str, least: int, most: int, *, hint: str = "", default: int | None = None) -> Any:
    """A whole number."""
    return IntegerField(
        label,
        [InputRequired(), NumberRange(least, most)],
        description=hint,
        default=default,
        render_kw={"min": least, "max": most, "inputmode": "numeric"},
    )


def maybe_number(label: str, least: int, most: int, *, hint: str = "") -> Any:
    """A whole number that may be left out."""
    return IntegerField(
        label,
        [Optional(), NumberRange(least, most)],
        description=hint,
        render_kw={"min": least, "max": most, "inputmode": "numeric"},
    )


class Moment(DateTimeLocalField):  # type: ignore[misc]
    """A moment, typed and shown in the reader's own time zone; kept aware, in UTC."""

    data: dt.datetime | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """The moment that was typed; None where the field was left empty."""
        super().process_formdata(valuelist)
        if self.data is not None:
            self.data = self.data.replace(tzinfo=ZoneInfo(zone())).astimezone(dt.UTC)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        there = self.data.astimezone(ZoneInfo(zone())) if self.data else None
        return there.strftime("%Y-%m-%dT%H:%M") if there else ""


def midnight(day: str, days: int = 0) -> dt.datetime | None:
    """The moment at which a day begins where the reader is, some days later; None for no day."""
    try:
        begins = dt.date.fromisoformat(day) + dt.timedelta(days=days)
        there = dt.datetime.combine(begins, dt.time(), ZoneInfo(zone()))
        return there.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def maybe_moment(label: str, *, hint: str = "") -> Any:
    """A moment that may be left out."""
    return Moment(label, [Optional()], format="%Y-%m-%dT%H:%M", description=hint)


def needed_moment(label: str, *, hint: str = "") -> Any:
    """A moment that must be said."""
    return Moment(label, [filled], format="%Y-%m-%dT%H:%M", description=hint)


def moment_of_day(label: str, *, hint: str = "") -> Any:
    """A moment of the day as HH:MM, or nothing."""
    return StringField(
        label,
        [shown],
        filters=[trimmed],
        description=hint,
        widget=TimeInput(),
    )


def yes(label: str, *, hint: str = "", default: bool = False) -> Any:
    """A box to tick."""
    return BooleanField(label, description=hint, default=default)


def one(label: str, *, hint: str = "") -> Any:
    """One of the choices that the page offers."""
    return SelectField(label, choices=[], description=hint, validate_choice=True)


class Boxes(SelectMultipleField):  # type: ignore[misc]
    """Boxes to tick. What was ticked before keeps its order, so that saving moves nothing."""

    data: list[str]

    def process_formdata(self, valuelist: list[str]) -> None:
        """What is ticked: first what was before, in its order, then what is new."""
        super().process_formdata(valuelist)
        before = [key for key in self.object_data or () if key in self.data]
        self.data = [*before, *(key for key in self.data if key not in before)]


def many(label: str, *, hint: str = "") -> Any:
    """Any of the choices that the page offers, as boxes to tick."""
    return Boxes(
        label,
        choices=[],
        description=hint,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


def offer(field: Any, choices: Choices, *, none: str = "") -> None:
    """Sets a field's choices; `none` is the words for choosing nothing.

    What is chosen now stays among them even where it exists no more, so that saving something
    else does not change it unseen.
    """
    offered = [*([("", none)] if none else []), *choices]
    known = {value for value, _ in offered}
    now = field.object_data if field.object_data is not None else ""
    chosen = [now] if isinstance(now, str) else list(now)
    offered += [(v, say("panel.gone", key=v)) for v in chosen if v and v not in known]
    field.choices = offered


def keyed(keys: Iterable[str], prefix: str) -> list[tuple[str, str]]:
    """Choices of a closed list, each in words."""
    return [(str(key), say(f"{prefix}.{key}")) for key in keys]


def _words(field: Any) -> str:
    """What a field holds, as people read it."""
    if isinstance(field, BooleanField):
        return say("panel.yes" if field.data else "panel.no")
    if isinstance(field, SelectField | SelectMultipleField):
        chosen = [field.data] if isinstance(field.data, str) else field.data or []
        return say("word.comma").join(dict(field.choices).get(key, key) for key in chosen)
    if isinstance(field, Moment):
        return moment(field.data, locale(), zone()) if field.data else ""
    return str(field.data or "")
