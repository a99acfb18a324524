"""Exams: which sensitive actions take one, who passed which, and until when it counts (X2)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row
from wtforms import ValidationError

from admin.base import expose, me, refusal, row_id, tell_done, tell_refusal, version_read
from admin.exports import ExportView
from admin.form import PanelForm, keyed, maybe_moment, offer, one, text
from admin.sheets import Cell
from core.desk import exams, roster
from core.desk.actor import Right
from core.desk.answers import Refused, Stale
from core.desk.exams import MOST_NAME, ExamInfo, Sensitive
from web.desk import now, reading, transact
from web.language import say


class ExamForm(PanelForm):
    """An exam that somebody passed."""

    person = one("panel.label.person")
    action = one("panel.aspect.action")
    name = text("panel.label.exam", MOST_NAME, hint="panel.hint.exam", needed=True)
    passed_at = maybe_moment("panel.label.passed_at", hint="panel.hint.passed_at")
    until = maybe_moment("panel.label.exam_until", hint="panel.hint.exam_until")

    def validate_person(self, field: Any) -> None:
        """Whose exam it is, nobody says by not choosing."""
        if not field.data:
            raise ValidationError(say("panel.error.needed"))

    def validate_passed_at(self, field: Any) -> None:
        """An exam is passed before it is recorded."""
        if field.data and field.data > now():
            raise ValidationError(say("panel.error.passed_at"))

    def validate_until(self, field: Any) -> None:
        """An exam counts for some time."""
        if field.data and field.data <= (self.passed_at.data or now()):
            raise ValidationError(say("panel.error.exam_until"))

    def offer(self) -> None:
        """Sets the choices; nobody is offered themselves."""
        people = [p for p in roster.everyone(reading()) if p.active and p.id != me().person_id]
        named = [(str(person.id), person.name) for person in people]
        offer(self.person, named, none=say("panel.exams.choose"))
        offer(self.action, keyed(Sensitive, "sensitive"))

    def info(self) -> ExamInfo:
        """What is to be recorded."""
        return ExamInfo(
            self.action.data, self.name.data, self.passed_at.data or now(), self.until.data
        )


class Exams(ExportView):
    """What takes an exam, and everybody's exams."""

    right = Right.SHAPE
    title = "panel.nav.exams"
    group = "panel.nav.crew"
    save_words = "panel.exams.record"
    exported_columns = ("who", "action", "exam", "passed", "until", "state")
    moments = frozenset({"passed", "until"})

    def __init__(self) -> None:
        super().__init__("exams")

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        """The list; with a form, an exam is recorded."""
        form = ExamForm(request.form if request.method == "POST" else None)
        form.offer()
        if request.method == "POST" and form.validate() and self._record(form):
            return redirect(url_for(".index"), 303)
        at = now()
        return str(
            self.render(
                "panel/exams.html",
                form=form,
                locks=exams.locks(reading()),
                rows=[(row, state(row, at)) for row in exams.everybody(reading())],
            )
        )

    def exported(self) -> list[Row[Any]]:
        """Everybody's exams."""
        return exams.everybody(reading())

    def cells(self, row: Row[Any]) -> Sequence[Cell]:
        """An exam as the page shows it."""
        action = say(f"sensitive.{row.action}")
        told = say(f"panel.exams.state.{state(row, now())}", who=row.withdrawer or "")
        return (row.who, action, row.name, row.passed_at, row.until, told)

    @expose("/lock")
    def ask(self) -> ResponseReturnValue:
        """Whom it would shut out if an action took an exam, before it does."""
        action = request.args.get("action", "")
        if action not in set(Sensitive):
            abort(404)
        return str(
            self.render(
                "panel/exam_lock.html",
                action=action,
                version=exams.locks(reading())[action][1],
                shut=exams.foreseen(reading(), Sensitive(action), now=now()),
            )
        )

    @expose("/lock", methods=("POST",))
    def lock(self) -> ResponseReturnValue:
        """Says whether an action takes an exam."""
        action = request.form.get("action", "")
        if action not in set(Sensitive):
            abort(404)
        needed = request.form.get("needs_exam") == "y"
        try:
            told = transact(exams.set_lock, me(), action, version_read(), needs_exam=needed)
        except Stale:
            flash(say("panel.stale"), "danger")
        else:
            _tell(told)
        return redirect(url_for(".index"), 303)

    @expose("/withdraw", methods=("POST",))
    def withdraw(self) -> ResponseReturnValue:
        """An exam counts no more."""
        _tell(transact(exams.withdraw, me(), row_id(request.form.get("id"))))
        return redirect(url_for(".index"), 303)

    @staticmethod
    def _record(form: ExamForm) -> bool:
        answer = transact(exams.record, me(), int(form.person.data), form.info())
        if isinstance(answer, Refused):
            form.refuse(form.person, refusal(answer))
            return False
        tell_done("panel.exams.recorded")
        return True


def state(row: Row[Any], at: dt.datetime) -> str:
    """Whether an exam counts: withdrawn, over, or counting."""
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "over" if row.until is not None and row.until <= at else "counts"


def _tell(refused: Refused | None) -> None:
    if refused is not None:
        tell_refusal(refused)
    else:
        tell_done("panel.done.saved.live")
