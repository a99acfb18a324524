"""The form of a rota: who takes turns, in which shifts, and what is too much (K5)."""

import datetime as dt
from typing import Any

from babel.dates import get_day_names
from wtforms import DateField, ValidationError

from admin.calendars import worked
from admin.form import (
    PanelForm,
    filled,
    keyed,
    many,
    maybe_number,
    moment_of_day,
    number,
    offer,
    one,
    text,
)
from core import zones
from core.clocks import hours
from core.clocks.rota import Duty, Turns
from core.desk import roster, rotas
from core.desk.rota_edit import KEY, LEAD, MOST_DUTIES, MOST_HOURS, MOST_IN_TURN, RotaInfo
from web.desk import now, reading
from web.language import locale, say, zone

PLACES = tuple(f"person_{n}" for n in range(1, MOST_IN_TURN + 1))
DUTIES = tuple(range(1, MOST_DUTIES + 1))
USUAL_DAYS, USUAL_HOURS = ["0", "1", "2", "3", "4"], "09:00–18:00"  # what a new rota starts with
SPARE = 2  # empty places that are open beneath those in use


class RotaForm(PanelForm):
    """Who is on duty, as people agree on it."""

    key = text("panel.label.key", 40, hint="panel.hint.rota_key", needed=True)
    label_zh = text("panel.label.label_zh", 40, needed=True)
    label_en = text("panel.label.label_en", 40, needed=True)
    zone = one("panel.label.zone", hint="panel.hint.rota_zone")
    turns = one("panel.label.turns", hint="panel.hint.turns")
    day = one("panel.label.day", hint="panel.hint.rota_day")
    minute = moment_of_day("panel.label.minute", hint="panel.hint.minute")
    begins = DateField("panel.label.rota_begins", [filled], description="panel.hint.rota_begins")
    channel = one("panel.label.rota_channel", hint="panel.hint.rota_channel")
    lead = number("panel.label.lead", 1, MOST_HOURS, hint="panel.hint.lead", default=LEAD)
    most_in_row = maybe_number(
        "panel.label.most_in_row", 1, MOST_HOURS, hint="panel.hint.most_in_row"
    )
    most_in_week = maybe_number(
        "panel.label.most_in_week", 1, MOST_HOURS, hint="panel.hint.most_in_week"
    )

    def offer(self) -> None:
        """Sets the choices."""
        at = now()
        offer(self.zone, [(n, zones.called(n, locale(), at)) for n in zones.cities(locale())])
        offer(self.turns, keyed(Turns, "panel.turns"))
        offer(self.day, [(n, name) for n, name in weekdays()])
        everyone = [(str(row.id), row.name) for row in roster.everyone(reading()) if row.active]
        for place in PLACES:
            offer(self[place], everyone, none=say("panel.rota.nobody"))
            self[place].data = self[place].data or ""  # a place that was not sent is nobody's
        for n in DUTIES:
            offer(self[f"days_{n}"], weekdays())
            offer(self[f"people_{n}"], everyone)
        known = [(row.key, f"#{row.name or row.key}") for row in roster.channels(reading())]
        offer(self.channel, known, none=say("panel.rota.no_channel"))
        if self.zone.data is None:
            self.zone.data = zone()

    def begin(self) -> None:
        """What a new rota starts with: working days, from this Monday on."""
        today = now().date()
        self.begins.data = today - dt.timedelta(days=today.weekday())
        self.minute.data, self.turns.data = "09:00", str(Turns.WEEKLY)
        self.days_1.data, self.hours_1.data = USUAL_DAYS, USUAL_HOURS

    def validate(self, extra_validators: Any = None) -> bool:
        """What each field says, and that they fit each other; every error beside its field."""
        super().validate(extra_validators)
        if self.turns.data != Turns.FIXED and _minute(self.minute.data) is None:
            self.refuse(self.minute, say("panel.error.minute"))
        chosen: set[str] = set()
        for place in PLACES:
            if self[place].data and self[place].data in chosen:
                self.refuse(self[place], say("panel.error.in_turn_twice"))
            chosen.add(self[place].data)
        for n in DUTIES:
            days, typed = self[f"days_{n}"], self[f"hours_{n}"]
            if days.data and not typed.data:
                self.refuse(typed, say("panel.error.needed"))
            if typed.data and not days.data:
                self.refuse(days, say("panel.error.duty_days"))
        return not self.errors

    def validate_key(self, field: Any) -> None:
        """A key like those of documents."""
        if not KEY.fullmatch(field.data):
            raise ValidationError(say("panel.error.key"))

    def info(self) -> RotaInfo:
        """What is to be saved."""
        return RotaInfo(
            self.label_zh.data,
            self.label_en.data,
            self.zone.data,
            self.begins.data,
            tuple(duty for n in DUTIES if (duty := self._duty(n)) is not None),
            Turns(self.turns.data),
            tuple(int(self[place].data) for place in PLACES if self[place].data),
            int(self.day.data),
            _minute(self.minute.data) or 0,
            self.channel.data,
            self.lead.data,
            self.most_in_row.data,
            self.most_in_week.data,
        )

    def places(self) -> list[tuple[int, Any]]:
        """The places in turn, numbered."""
        return list(enumerate((self[place] for place in PLACES), 1))

    def open_places(self) -> int:
        """How many places are shown at once: those in use, and some to fill."""
        return _last(self[place].data for place in PLACES) + SPARE

    def shifts(self) -> list[tuple[int, list[Any]]]:
        """The fields of each duty, numbered."""
        return [(n, [self[f"{name}_{n}"] for name in ("days", "hours", "people")]) for n in DUTIES]

    def open_shifts(self) -> int:
        """How many duties are shown at once."""
        return _last(self[f"hours_{n}"].data or self[f"days_{n}"].data for n in DUTIES) + 1

    def _duty(self, n: int) -> Duty | None:
        days = tuple(int(day) for day in sorted(self[f"days_{n}"].data))
        if not days:
            return None
        people = tuple(int(person) for person in self[f"people_{n}"].data)
        return Duty(days, hours.typed(self[f"hours_{n}"].data), people)


for _place in PLACES:
    setattr(RotaForm, _place, one("panel.label.in_turn"))
for _n in DUTIES:
    setattr(RotaForm, f"days_{_n}", many("panel.label.duty_days"))
    setattr(RotaForm, f"hours_{_n}", worked("panel.label.hours"))
    setattr(
        RotaForm, f"people_{_n}", many("panel.label.duty_people", hint="panel.hint.duty_people")
    )


def told(row: Any) -> dict[str, Any]:
    """A rota's row as its form shows it."""
    filled_in = {**row._mapping, "day": str(row.day), "minute": hours.clock(row.minute)}
    for place, person in zip(PLACES, row.people, strict=False):
        filled_in[place] = str(person)
    for n, duty in enumerate(rotas.duties(row.duties), 1):
        filled_in[f"days_{n}"] = [str(day) for day in duty.days]
        filled_in[f"hours_{n}"] = hours.told(duty.shifts)
        filled_in[f"people_{n}"] = [str(person) for person in duty.people]
    return filled_in


def weekdays() -> list[tuple[str, str]]:
    """The days of a week, Monday first, each with its name."""
    names = get_day_names("wide", locale=locale())
    return [(str(n), str(names[n])) for n in range(7)]


def _minute(typed: str | None) -> int | None:
    """The minute of the day that was typed as HH:MM; None for anything else."""
    hour, colon, minute = (typed or "").partition(":")
    if not (colon and hour.isascii() and minute.isascii()):
        return None
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2):
        return None
    found = int(hour) * 60 + int(minute)
    return found if int(hour) < 24 and int(minute) < 60 else None


def _last(filled_in: Any) -> int:
    """The number of the last one that holds something."""
    return max((n for n, one_of in enumerate(filled_in, 1) if one_of), default=0)
