"""Who works at the desk, as what, and where."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from zoneinfo import available_timezones

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import Row
from wtforms import ValidationError

from admin.base import expose, holds, me, row_id
from admin.form import (
    PanelForm,
    keyed,
    maybe_moment,
    maybe_number,
    moment_of_day,
    offer,
    one,
    text,
    yes,
)
from admin.form import many as several
from admin.roles import label, labels
from admin.roster import RosterView, slack_like
from admin.sessions import finish, told
from admin.sheets import Cell
from core import i18n
from core.desk import documents, first_day, holding, quiet, roster
from core.desk.actor import Right
from core.desk.answers import Refused
from core.desk.numbers import shown
from core.desk.roster import MOST_HELD, PersonInfo
from core.tables import Person
from core.wording import stage_label
from core.workflow.model import LOCALES
from core.workflow.terms import Kind
from web.desk import now, reading, transact
from web.language import locale, say, zone


class PersonForm(PanelForm):
    """Somebody who works at the desk."""

    name = text("panel.label.name", 80, needed=True)
    roles = several("panel.label.roles", hint="panel.hint.roles")
    home_stage = one("panel.label.home_stage", hint="panel.hint.home_stage")
    stages = several("panel.label.stages", hint="panel.hint.stages")
    slack_id = text("panel.label.slack_id", 32, hint="panel.hint.slack_id")
    team = text("panel.label.team", 80, hint="panel.hint.team")
    locale = one("panel.label.locale")
    zone = one("panel.label.zone")
    capacity = maybe_number("panel.label.capacity", 0, MOST_HELD, hint="panel.hint.capacity")
    absent_from = maybe_moment("panel.label.absent_from", hint="panel.hint.absent_from")
    absent_until = maybe_moment("panel.label.absent_until", hint="panel.hint.absent_until")
    as_in_slack = yes("panel.label.as_in_slack", hint="panel.hint.as_in_slack", default=True)
    quiet_from = moment_of_day("panel.label.quiet_from", hint="panel.hint.quiet")
    quiet_to = moment_of_day("panel.label.quiet_to")
    active = yes("panel.label.active", hint="panel.hint.active", default=True)

    def validate_slack_id(self, field: Any) -> None:
        """See `slack_like`."""
        slack_like(self, field)

    def validate_stages(self, field: Any) -> None:
        """Whoever has a home stage may act at it."""
        if field.data and self.home_stage.data and self.home_stage.data not in field.data:
            raise ValidationError(say("panel.error.stages"))

    def validate_absent_until(self, field: Any) -> None:
        """An absence ends after it begins."""
        begins = self.absent_from.data
        if field.data and begins and field.data <= begins:
            raise ValidationError(say("panel.error.absence"))

    def validate_quiet_to(self, field: Any) -> None:
        """Quiet hours need a beginning and an end that differ, or neither."""
        if not quiet.sound(self.quiet_from.data, field.data):
            raise ValidationError(say("refusal.quiet_hours"))

    def offer(self) -> None:
        """Sets the choices."""
        offer(self.roles, list(labels().items()))
        offer(self.home_stage, _work_stages(), none=say("panel.none"))
        offer(self.stages, _work_stages())
        offer(self.locale, keyed(LOCALES, "web.language"))
        offer(self.zone, [(name, name) for name in _zones(self.zone.object_data)])
        if self.zone.data is None:  # somebody new most likely works where their supervisor does
            self.zone.data, self.locale.data = zone(), locale()

    def info(self) -> PersonInfo:
        """What is to be saved."""
        return PersonInfo(
            self.name.data,
            sorted(self.roles.data),
            self.slack_id.data or None,
            self.home_stage.data,
            self.team.data,
            self.locale.data,
            self.zone.data,
            self.active.data,
            self.capacity.data,
            self.absent_from.data,
            self.absent_until.data,
            self.as_in_slack.data,
            self.quiet_from.data,
            self.quiet_to.data,
            self.stages.data,
        )


class People(RosterView):
    """Who works at the desk, as what, and where."""

    title = "panel.nav.people"
    add = "panel.add.person"
    model = Person
    form = PersonForm
    column_list = ("name", "roles", "home_stage", "team", "capacity", "locale", "slack_id")
    exported_columns = column_list
    edit_template = "panel/person.html"

    def __init__(self) -> None:
        super().__init__("people")
        self.column_formatters = {
            "roles": lambda _v, _c, row, _n: _roles(row),
            "home_stage": lambda _v, _c, row, _n: _home(row),
            "locale": lambda _v, _c, row, _n: say(f"web.language.{row.locale}"),
            "team": lambda _v, _c, row, _n: row.team or "–",
            "capacity": lambda _v, _c, row, _n: _room(row),
            "slack_id": lambda _v, _c, row, _n: row.slack_id or "–",
        }

    def cells(self, row: Row[Any]) -> Sequence[Cell]:
        """Somebody as the list shows them, but for how their first day stands."""
        home = stage_label(documents.active(reading()), row.home_stage, locale())
        return (
            row.name,
            _roles(row),
            home if row.home_stage else "",
            row.team,
            _room(row) if row.absent_from or row.absent_until else row.capacity,
            say(f"web.language.{row.locale}"),
            row.slack_id,
        )

    def rows(self) -> list[Row[Any]]:
        """Everybody, those who have left last."""
        return roster.everyone(reading())

    def faded(self, row: Row[Any]) -> bool:
        """Whoever has left is shown in the background."""
        return not row.active

    def called(self, row: Row[Any]) -> str:
        """What a row is called in headings."""
        return str(row.name)

    def get_pk_value(self, model: Row[Any]) -> str:
        """A person is addressed by number."""
        return str(model.id)

    def get_one(self, id: str | None) -> Row[Any]:  # noqa: A002  Flask-Admin's own name
        """The person; 404 where there is none."""
        return roster.person(reading(), row_id(id)) or abort(404)

    def create_model(self, form: PersonForm) -> Row[Any] | bool:
        """Adds a person."""
        answer = transact(roster.add_person, me(), form.info())
        if isinstance(answer, Refused):
            self.refuse(form, answer)
            return False
        return self.get_one(str(answer))

    def update_model(self, form: PersonForm, model: Row[Any]) -> bool:
        """Saves a person; whoever leaves while they hold something is asked about first."""
        held = holding.held_by(reading(), model.id) if model.active and not form.active.data else []
        if held and not request.form.get("sure"):
            g.leaving = held
            return False
        to = request.form.get("hand_to")
        change = partial(roster.change_person, hand_to=row_id(to)) if to else roster.change_person
        return self.save(form, model, change, model.id)

    @expose("/<int:person_id>/end-sessions", methods=("POST",))
    def end_sessions(self, person_id: int) -> ResponseReturnValue:
        """Ends one of a person's sessions, or all of them."""
        person = self.get_one(str(person_id))
        finish(person.id, request.form.get("session") or None)
        return redirect(url_for(".edit_view", id=person.id), 303)

    def render(self, template: str, **kwargs: Any) -> str:
        """Beneath a person's form stand their sessions; above its buttons what they would leave."""
        model = kwargs.get("model")
        if model is not None:
            held = g.get("leaving")
            kwargs |= {
                "sessions": told(model.id),
                "leaving": None if held is None else [_left(one) for one in held],
                "colleagues": [] if held is None else _colleagues(model.id),
            }
        return super().render(template, **kwargs)


def _left(held: Row[Any]) -> dict[str, str]:
    """What somebody would leave, in words."""
    document = documents.load(reading(), held.document_id)
    parked = "parked" if held.parked_at else "snoozed" if held.snoozed_until else ""
    return {
        "number": shown(held.number),
        "stage": stage_label(document, held.stage, locale()),
        "state": say(f"panel.leaving.{parked}") if parked else "",
    }


def _colleagues(person_id: int) -> list[Row[Any]]:
    """Who could go on with what somebody leaves: nobody, where the reader may not assign."""
    if not holds(Right.ASSIGN):
        return []
    everyone = roster.everyone(reading())
    return [p for p in everyone if p.active and p.id != person_id and Right.DECIDE in p.rights]


def _zones(now: str | None) -> list[str]:
    """The zones of places, and UTC; what somebody has now stays on offer."""
    known = available_timezones()
    places = {name for name in known if "/" in name and not name.startswith("Etc/")}
    return sorted(places | ({"UTC", now or "UTC"} & known))


def _work_stages() -> list[tuple[str, str]]:
    """The stages that can be somebody's home: those at which agents decide."""
    return [
        (stage.key, stage.label.text(locale()))
        for workflow in documents.active(reading()).workflows
        for stage in workflow.stages
        if stage.kind == Kind.WORK
    ]


def _roles(row: Row[Any]) -> str:
    words = say("word.comma").join(label(role) for role in row.roles)
    return words if row.active else say("panel.person.left", roles=words)


def _room(row: Row[Any]) -> str:
    """How much rules give somebody, or that they are away now."""
    begins, ends, at = row.absent_from, row.absent_until, now()
    away = (begins or ends) and (not begins or begins <= at) and (not ends or ends > at)
    if away and ends:
        return say("panel.person.absent.until", when=i18n.moment(ends, locale(), zone()))
    if away:
        return say("panel.person.absent")
    return str(row.capacity) if row.capacity is not None else "–"


def _home(row: Row[Any]) -> str | Markup:
    """Somebody's home stage, and beneath it how their first day stands."""
    if not row.home_stage:
        return "–"
    label = stage_label(documents.active(reading()), row.home_stage, locale())
    told = _first_day(row)
    return Markup("{}<br>{}").format(label, told) if told else label


def _first_day(row: Row[Any]) -> Markup | None:
    """Whether somebody is new, or when they practised or skipped that; else None."""
    for at, key in (
        (row.practised_at, "panel.first_day.practised"),
        (row.skipped_at, "panel.first_day.skipped"),
    ):
        if at is not None:
            told = say(key, when=i18n.day(at, locale(), zone()))
            return Markup('<span class="hint">{}</span>').format(told)
    if "newcomers" not in g:
        g.newcomers = first_day.newcomers(reading())
    if row.id not in g.newcomers:
        return None
    return Markup('<span class="tag accent">{}</span>').format(say("panel.first_day.new"))
