"""What is done with a dispute from its page: assign, release, contact (W8, G2)."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.base import PanelView, expose, holds, me, row_id, tell_refusal
from core.desk import assigning, contacting, holding
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Refused
from core.desk.dossier import Dossier, dossier
from core.workflow.terms import Kind, Meaning
from web.desk import door, now, reading, transact
from web.language import locale, say


class ActingView(PanelView):
    """The addresses below a dispute's at which somebody acts on its open visit."""

    @expose("/<number>/assign", methods=("POST",))
    def assign(self, number: str) -> ResponseReturnValue:
        """Gives the dispute to a person."""
        _check_assigns()
        person_id = row_id(request.form.get("person"))
        return self._act(number, assigning.assign, self._visit(number), person_id, me())

    @expose("/<number>/release", methods=("POST",))
    def release(self, number: str) -> ResponseReturnValue:
        """Takes the dispute from whoever holds it."""
        _check_assigns()
        return self._act(number, holding.release, self._visit(number), me())

    def _visit(self, number: str) -> int:
        """The visit that was shown, if it is one of this dispute's."""
        visit_id = row_id(request.form.get("visit"))
        found: Dossier = reading_as(dossier, number, door().settings.vault)
        return visit_id if visit_id in {visit.id for visit in found.visits} else abort(404)

    def _act(self, number: str, use_case: Any, *args: Any) -> ResponseReturnValue:
        pressed = request.form.get("click", "")[:40]
        click = f"panel:{pressed}" if pressed and pressed.isprintable() else None  # acts once
        answer: Answer = transact(use_case, *args, click=click)
        if isinstance(answer, Refused):
            tell_refusal(answer)
        else:
            flash(say(f"panel.done.{answer.what}"), "success")
        return redirect(url_for("disputes.story", number=number))

    @expose("/<number>/contact", methods=("POST",))
    def contact(self, number: str) -> ResponseReturnValue:
        """Notes what came of trying to reach the buyer."""
        if not holds(Right.DECIDE):
            abort(403)
        result = request.form.get("result", "")
        return self._act(number, contacting.contact, self._visit(number), result, me())


def _check_assigns() -> None:
    """Whoever may not assign is told so before anything they sent is looked at."""
    if not holds(Right.ASSIGN):
        abort(403)


def reading_as(use_case: Any, *args: Any) -> Any:
    """What a use case that only reads answers to whoever is signed in."""
    actor: Actor = me()
    answer = use_case(reading(), actor, *args, now=now())
    if isinstance(answer, Refused):
        abort(404 if answer.key == "unknown_dispute" else 403)
    return answer


def results(found: Dossier) -> list[tuple[str, str]]:
    """What may come of trying to reach the buyer; nothing for whoever may not decide."""
    if not holds(Right.DECIDE) or found.standing.kind not in (Kind.INTAKE, Kind.WORK):
        return []
    options = found.document.choices_of(Meaning.CONTACT).values()
    return [(option.key, option.label.text(locale())) for option in options]
