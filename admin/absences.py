"""Who is away when: entered ahead, with what they hold meanwhile and what to do about it (A2)."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import ValidationError

from admin.acting import reading_as
from admin.base import expose, holds, me, row_id, tell_done, tell_refusal
from admin.exports import ExportView
from admin.form import PanelForm, maybe_moment, offer, one
from admin.sheets import Cell
from core.desk import absences, documents, roster
from core.desk.absences import Absence
from core.desk.actor import Right
from core.desk.answers import Refused
from core.desk.numbers import shown
from core.desk.ticked import MOST_AT_ONCE
from core.wording import stage_label
from web.desk import reading, transact
from web.language import locale, say


class AbsenceForm(PanelForm):
    """When somebody is away."""

    person = one("panel.absence.who")
    absent_from = maybe_moment("panel.label.absent_from", hint="panel.hint.absent_from")
    absent_until = maybe_moment("panel.label.absent_until", hint="panel.hint.absent_until")

    def validate_person(self, field: Any) -> None:
        """Somebody is meant."""
        if not field.data:
            raise ValidationError(say("panel.several.choose"))

    def validate_absent_until(self, field: Any) -> None:
        """An absence ends after it begins."""
        begins = self.absent_from.data
        if field.data and begins and field.data <= begins:
            raise ValidationError(say("panel.error.absence"))

    def timed(self) -> bool:
        """Whether it says when at all; says so beside the field where it does not."""
        if self.absent_from.data or self.absent_until.data:
            return True
        self.refuse(self.absent_from, say("panel.absence.needed"))
        return False

    def offer(self) -> None:
        """Sets the choices."""
        active = [(str(row.id), row.name) for row in roster.everyone(reading()) if row.active]
        offer(self.person, active, none=say("panel.several.choose"))


class Absences(ExportView):
    """The list, and what can be done about it."""

    right = Right.ASSIGN
    title = "panel.nav.absences"
    group = "panel.nav.now"
    exported_columns = ("who", "team", "away_from", "away_until", "holds")
    moments = frozenset({"away_from", "away_until"})

    def __init__(self) -> None:
        super().__init__("absences")

    def exported(self) -> list[Absence]:
        """Those who are away now, then those who will be."""
        found: list[Absence] = reading_as(absences.absences)
        return found

    def cells(self, row: Absence) -> Sequence[Cell]:
        """An absence, with the numbers of what is held meanwhile."""
        held = " ".join(shown(one.number) for one in row.held)
        return (row.name, row.team, row.begins, row.ends, held)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list, with a form for one more absence."""
        return self._page(AbsenceForm())

    @expose("/enter", methods=("POST",))
    def enter(self) -> ResponseReturnValue:
        """Notes an absence, in place of what was noted of that person."""
        if not holds(Right.PEOPLE):
            abort(403)
        form = AbsenceForm(request.form)
        form.offer()
        if not (form.validate() and form.timed()):
            return self._page(form)
        times = (form.absent_from.data, form.absent_until.data)
        refused = transact(absences.enter, me(), row_id(form.person.data), *times)
        return _told(refused, "panel.absence.saved")

    def _page(self, form: AbsenceForm) -> ResponseReturnValue:
        form.offer()
        found: list[Absence] = reading_as(absences.absences)
        return str(
            self.render(
                "panel/absences.html",
                form=form,
                may_enter=holds(Right.PEOPLE),
                away=[one for one in found if one.now],
                coming=[one for one in found if not one.now],
                shown=shown,
                stage=lambda one: stage_label(
                    documents.load(reading(), one.document_id), one.stage, locale()
                ),
                reassign=_reassign,
                click=secrets.token_urlsafe(12),
            )
        )

    @expose("/back", methods=("POST",))
    def back(self) -> ResponseReturnValue:
        """Somebody is there, or will be."""
        if not holds(Right.PEOPLE):
            abort(403)
        person = row_id(request.form.get("person"))
        return _told(transact(absences.enter, me(), person, None, None), "panel.absence.back.done")

    @expose("/release", methods=("POST",))
    def release(self) -> ResponseReturnValue:
        """Gives back what was shown to be held by somebody; the same form again changes nothing."""
        person = row_id(request.form.get("person"))
        pressed = request.form.get("click", "")[:40]
        given, refused = 0, 0
        for visit in map(row_id, request.form.getlist("visit")):
            click = f"panel:{pressed}:{visit}" if pressed and pressed.isprintable() else None
            answer = transact(absences.give_back, visit, person, me(), click=click)
            refused += isinstance(answer, Refused)
            given += not isinstance(answer, Refused)
        if given:
            flash(say("panel.absence.released", number=given), "success")
        if refused or not given:
            flash(say("panel.absence.not_released", number=refused), "danger")
        return redirect(url_for(".index"))


def _reassign(one: Absence) -> str:
    """Where what somebody holds is assigned to another."""
    numbers = [held.number for held in one.held[:MOST_AT_ONCE]]
    return url_for("assign_several.index", number=numbers)


def _told(refused: Refused | None, done: str) -> ResponseReturnValue:
    if refused is not None:
        tell_refusal(refused)
    else:
        tell_done(done)
    return redirect(url_for("absences.index"))
