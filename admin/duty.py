"""A rota's page: who is on duty in the days to come, who stands in, what was handed over (K5)."""

import datetime as dt
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row
from wtforms import ValidationError

from admin.base import PanelView, expose, holds, me, refusal, row_id, version_read
from admin.duty_days import DAYS, ahead, called, standing, trouble_told
from admin.form import PanelForm, lines, needed_moment, offer, one
from admin.rotas import called as rota_called
from core import i18n
from core.clocks.rota import Override, Rota
from core.clocks.turns import Turn, turns
from core.desk import roster, rota_watch, rotas, standing_in
from core.desk.actor import Right
from core.desk.answers import Refused, Stale
from core.desk.standing_in import LONGEST_NOTE, SWAPPED_AHEAD
from web.desk import now, reading, transact
from web.language import locale, say, zone


class StandInForm(PanelForm):
    """Somebody on duty in place of another, or beside whoever is."""

    person = one("panel.label.stands_in")
    instead_of = one("panel.label.instead_of")
    since = needed_moment("panel.label.since")
    until = needed_moment("panel.label.until", hint="panel.hint.rota_moments")

    def validate_person(self, field: Any) -> None:
        """Somebody is meant."""
        if not field.data:
            raise ValidationError(say("panel.several.choose"))

    def validate_until(self, field: Any) -> None:
        """A time ends after it begins."""
        if field.data and self.since.data and field.data <= self.since.data:
            raise ValidationError(say("panel.error.absence"))

    def offer(self) -> None:
        """Sets the choices."""
        active = [(str(row.id), row.name) for row in roster.everyone(reading()) if row.active]
        offer(self.person, active, none=say("panel.several.choose"))
        offer(self.instead_of, active, none=say("panel.rota.beside"))

    def info(self) -> Override:
        """What is to be saved."""
        other = int(self.instead_of.data) if self.instead_of.data else None
        return Override(self.since.data, self.until.data, int(self.person.data), other)


class SwapForm(PanelForm):
    """Two turns to come whose people do each other's."""

    turn = one("panel.label.swap_one")
    other = one("panel.label.swap_other")

    def offer(self, rota: Rota) -> None:
        """Sets the choices: every turn of the weeks to come."""
        names = rotas.names(reading(), rota.everybody)
        known = [(_mark(one), _turn(one, names)) for one in _turns(rota)]
        for field in (self.turn, self.other):
            offer(field, known, none=say("panel.rota.choose_turn"))

    def validate_turn(self, field: Any) -> None:
        """A turn is meant."""
        if not field.data:
            raise ValidationError(say("panel.rota.choose_turn"))

    def validate_other(self, field: Any) -> None:
        """A turn is meant."""
        self.validate_turn(field)


class NoteForm(PanelForm):
    """What whoever comes on next must know."""

    text = lines("panel.label.rota_note", LONGEST_NOTE, hint="panel.hint.rota_note")


class Duty(PanelView):
    """One rota as everybody reads it, with the small forms of those who look after it."""

    right = Right.SEE
    title = "panel.nav.rotas"

    def __init__(self) -> None:
        super().__init__("duty")

    def is_visible(self) -> bool:
        """The list of rotas leads here, not the menu."""
        return False

    @property
    def menu_endpoint(self) -> str:
        """A rota belongs to the list."""
        return "rotas"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The page."""
        return self._page(_row(request.args.get("id")))

    @expose("/stand_in", methods=("POST",))
    def stand_in(self) -> ResponseReturnValue:
        """Enters somebody who stands in, or comes beside."""
        row = _shaping()
        form = StandInForm(request.form)
        form.offer()
        if not form.validate():
            return self._page(row, form=form), 422
        return self._act(row, "panel.rota.stood_in", standing_in.enter, form.info(), form=form)

    @expose("/swap", methods=("POST",))
    def swap(self) -> ResponseReturnValue:
        """Lets two people do each other's turn."""
        row = _shaping()
        form = SwapForm(request.form)
        rota = rotas.built(reading(), row, now=now())
        form.offer(rota)
        if not form.validate():
            return self._page(row, swapping=form), 422
        known = {_mark(one): one for one in _turns(rota)}
        chosen = known[form.turn.data], known[form.other.data]
        return self._act(row, "panel.rota.swapped", standing_in.swap, *chosen, swapping=form)

    @expose("/withdraw", methods=("POST",))
    def withdraw(self) -> ResponseReturnValue:
        """Takes back who stands in; of a swap both halves."""
        row = _shaping()
        which = row_id(request.form.get("override"))
        return self._act(row, "panel.rota.withdrawn", standing_in.withdraw, which)

    @expose("/note", methods=("POST",))
    def note(self) -> ResponseReturnValue:
        """Writes a hand-over note."""
        row = _row(request.form.get("id"))
        form = NoteForm(request.form)
        refused = transact(standing_in.note, me(), row.key, form.text.data)
        if refused is not None:
            form.validate()
            form.text.errors = [refusal(refused)]
            return self._page(row, noting=form), 422
        flash(say("panel.rota.noted"), "success")
        return _back(row)

    def _act(
        self, row: Row[Any], done: str, use_case: Any, *what: Any, **forms: Any
    ) -> ResponseReturnValue:
        """Does something to the rota as it was read, or says beside the form why not."""
        try:
            refused = transact(use_case, me(), row.key, version_read("read"), *what)
        except Stale:
            flash(say("panel.stale.remove"), "danger")
            return self._page(_row(row.key), **forms), 409
        if isinstance(refused, Refused):
            for form in forms.values():
                form.refuse(next(one for one in form if one.name != "read"), refusal(refused))
            if not forms:
                flash(refusal(refused), "danger")
            return self._page(row, **forms), 422
        flash(say(done), "success")
        return _back(row)

    def _page(
        self,
        row: Row[Any],
        form: StandInForm | None = None,
        swapping: SwapForm | None = None,
        noting: NoteForm | None = None,
    ) -> str:
        known = rota_watch.everything(reading(), now=now())
        rota = known[row.key][1]
        names = rotas.names(reading(), rota.everybody)
        coming = rotas.standing_in(reading(), row.key, since=now())
        form, swapping = form or StandInForm(), swapping or SwapForm()
        form.offer()
        swapping.offer(rota)
        found = rota_watch.troubles(row.key, known, now=now(), length=dt.timedelta(days=DAYS))
        return str(
            self.render(
                "panel/duty.html",
                rota=row,
                called=rota_called(row),
                standing=standing(rota, names),
                ahead=ahead(rota, names),
                troubles=[_trouble(one, names, known) for one in found],
                coming=[(one.id, _override(one, names), bool(one.swap)) for one in coming],
                form=form,
                swapping=swapping,
                noting=noting or NoteForm(),
                handed_over=rotas.notes(reading(), row.key),
                may_shape=holds(Right.PEOPLE),
                may_note=standing_in.member(reading(), me(), row.key, now=now()),
                told=lambda at: i18n.moment(at, locale(), zone()),
            )
        )


def _shaping() -> Row[Any]:
    """The rota that a form is about; 403 for who may only see it."""
    if not holds(Right.PEOPLE):
        abort(403)
    return _row(request.form.get("id"))


def _row(key: str | None) -> Row[Any]:
    """The rota of this key; 404 where there is none."""
    return next((row for row in rotas.everything(reading()) if row.key == key), None) or abort(404)


def _turns(rota: Rota) -> list[Turn]:
    return turns(rota, now(), now() + SWAPPED_AHEAD)


def _mark(one: Turn) -> str:
    """What a turn is known by in a form."""
    return f"{one.since.isoformat()}|{one.until.isoformat()}|{one.person}"


def _turn(one: Turn, names: dict[int, str]) -> str:
    return say("panel.rota.turn", who=called([one.person], names), **_between(one))


def _override(one: Any, names: dict[int, str]) -> str:
    who = called([one.person_id], names)
    if one.instead_of_id is None:
        return say("panel.rota.comes_beside", who=who, **_between(one))
    instead = rotas.names(reading(), [one.instead_of_id])
    other = called([one.instead_of_id], instead)
    return say("panel.rota.stands_in", who=who, other=other, **_between(one))


def _trouble(one: rota_watch.Ahead, names: dict[int, str], known: Any) -> str:
    other = rota_called(known[one.other][0]) if one.other else ""
    return trouble_told(one.finding, names, other)


def _between(one: Any) -> dict[str, str]:
    return {
        "since": i18n.moment(one.since, locale(), zone()),
        "until": i18n.moment(one.until, locale(), zone()),
    }


def _back(row: Row[Any]) -> ResponseReturnValue:
    return redirect(url_for("duty.index", id=row.key), 303)
