"""Linking, merging and splitting a dispute, and correcting what is known of it (K2, D3).

Each act is refused in words on the dispute's page; what ends or divides a dispute is shown first.
"""

import secrets
from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin import beside, correcting
from admin.base import PanelView, expose, holds, me, refusal, row_id
from admin.labels import number_label
from core.desk import correct, documents, linking, merging, splitting, standing, undo
from core.desk.actor import Right
from core.desk.answers import Answer, Refused
from core.desk.dossier import Dossier
from core.desk.numbers import shown
from core.desk.splitting import Foreseen as Parts
from core.wording import stage_label
from core.workflow.amounts import Purchase
from core.workflow.terms import Kind
from web.desk import door, now, reading, transact
from web.language import locale, money, say


class BelongingView(PanelView):
    """The addresses below a dispute's at which it is linked, merged, split and corrected."""

    @expose("/<number>/link", methods=("POST",))
    def link(self, number: str) -> ResponseReturnValue:
        """Says that the dispute belongs together with another."""
        _check(Right.GROUP)
        other, relation = request.form.get("other", ""), request.form.get("relation", "")
        return self._done(
            number, "belongs", linking.link, _id(number), other, relation, me(), form="link"
        )

    @expose("/<number>/unlink", methods=("POST",))
    def unlink(self, number: str) -> ResponseReturnValue:
        """Takes a link back."""
        _check(Right.GROUP)
        other = request.form.get("other", "")
        return self._done(number, "belongs", linking.unlink, _id(number), other, me())

    @expose("/<number>/merge")
    def merging(self, number: str) -> ResponseReturnValue:
        """What merging into another dispute would do."""
        _check(Right.ASSIGN)
        other = request.args.get("into", "")
        found = merging.preview(reading(), me(), _id(number), other, now=now())
        if isinstance(found, Refused):
            beside.refuse("merge", found, request.args.to_dict(flat=False))
            return redirect(url_for(".story", number=number, _anchor="merge"))
        return str(
            self.render(
                "panel/merge.html",
                number=shown(found.number),
                into=shown(found.into),
                found=found,
                stage=_stage(found.document_id, found.stage),
                into_stage=_stage(found.into_document_id, found.into_stage),
                asked=say("word.comma").join(say(f"word.by.{party}") for party in found.asked),
                click=secrets.token_urlsafe(12),
            )
        )

    @expose("/<number>/merge", methods=("POST",))
    def merge(self, number: str) -> ResponseReturnValue:
        """Merges the dispute into another."""
        _check(Right.ASSIGN)
        into = request.form.get("into", "")
        return self._done(number, "belongs", merging.merge, _id(number), into, me(), form="merge")

    @expose("/<number>/undo", methods=("POST",))
    def undo(self, number: str) -> ResponseReturnValue:
        """Takes back what the reader did to a visit, while the minute lasts (D3)."""
        _check(Right.DECIDE)
        visit_id = row_id(request.form.get("visit") or "0")
        at = standing.at_visit(reading(), visit_id, lock=False)
        if at is None or at.row.dispute_id != _id(number):
            abort(404)
        return self._done(number, "belongs", undo.undo, visit_id, me())

    @expose("/<number>/split")
    def splitting(self, number: str) -> ResponseReturnValue:
        """Which items go to a new dispute, and what either part would be worth."""
        _check(Right.ASSIGN)
        dispute_id = _id(number)
        chosen = _quantities(request.args)
        lines = splitting.items_of(reading(), dispute_id)
        found = splitting.preview(reading(), me(), dispute_id, chosen) if chosen else None
        if not lines:
            found = splitting.preview(reading(), me(), dispute_id, {})
        titles, currency = splitting.titles(reading(), dispute_id)
        parts = (found.goes, found.stays) if isinstance(found, Parts) else ()
        return str(
            self.render(
                "panel/split.html",
                number=number_label(number),
                refused=refusal(found) if isinstance(found, Refused) else "",
                lines=[(line, titles.get(line.key, line.key)) for line in lines],
                prices={line.key: money(line.unit_price, currency) for line in lines},
                chosen=chosen,
                parts=[_part(part, titles) for part in parts],
                click=secrets.token_urlsafe(12),
            )
        )

    @expose("/<number>/split", methods=("POST",))
    def split(self, number: str) -> ResponseReturnValue:
        """Splits the chosen items off."""
        _check(Right.ASSIGN)
        vault, chosen = door().settings.vault, _quantities(request.form)
        return self._done(number, "belongs", splitting.split, _id(number), chosen, me(), vault)

    @expose("/<number>/correct", methods=("POST",))
    def correct(self, number: str) -> ResponseReturnValue:
        """Corrects a fact, with a preset reason; the old value stays beside the new."""
        _check(Right.ASSIGN)
        dispute_id, key = _id(number), request.form.get("field", "")
        choice = correcting.choice_of(dispute_id, key, request.form.getlist("value"))
        reason, form = request.form.get("reason", ""), f"correct-{key}"
        if not reason:
            return _refused(number, form, say("panel.correct.no_reason"))
        return self._done(
            number, "facts", correct.correct_fact, dispute_id, key, choice, reason, me(), form=form
        )

    def _done(
        self, number: str, anchor: str, use_case: Any, *args: Any, form: str = ""
    ) -> ResponseReturnValue:
        """Acts once however often it is sent, and says where the form stands what came of it."""
        pressed = request.form.get("click", "")[:40]
        click = f"panel:{pressed}" if pressed and pressed.isprintable() else None
        answer: Answer = transact(use_case, *args, click=click)
        if isinstance(answer, Refused):
            return _refused(number, form or anchor, answer)
        other = shown(str(answer.params.get("other", "")))
        beside.done(anchor, say(f"panel.joined.{answer.what}", other=other))
        return redirect(url_for(".story", number=number, _anchor=anchor), 303)


def may(found: Dossier) -> dict[str, Any]:
    """What of all this the reader may do on a dispute's page, with the choices for it."""
    assigns = holds(Right.ASSIGN)
    return {
        "beside": beside.told(),
        "undoable": _undoable(found),
        "may_group": holds(Right.GROUP),
        "may_decide": holds(Right.DECIDE) and found.standing.kind == Kind.WORK,
        "may_join": assigns and found.standing.kind != Kind.FINAL,
        "items": sum(line.quantity for line in splitting.items_of(reading(), found.dispute.id)),
        "relations": linking.relations(documents.active(reading()), locale()),
        "correctable": correcting.offered(found) if assigns else [],
        "correction_reasons": correcting.reasons(found),
    }


def _undoable(found: Dossier) -> int | None:
    """The visit whose merging the reader may still take back; none for anybody else (D3)."""
    if found.merge is None or found.merge.person_id != me().person_id:
        return None
    visit = found.visits[-2]
    seconds = (
        found.documents[visit.document_id].workflow_by_key[found.dispute.workflow].undo_seconds
    )
    left_at = visit.left_at
    return visit.id if left_at and (now() - left_at).total_seconds() < seconds else None


def _check(right: Right) -> None:
    """Whoever lacks the right is told so before anything they sent is looked at."""
    if not holds(right):
        abort(403)


def _refused(number: str, form: str, why: Refused | str) -> ResponseReturnValue:
    """Back to the form that was sent, opened, with what it held and why it was refused."""
    beside.refuse(form, why, request.form.to_dict(flat=False))
    return redirect(url_for(".story", number=number, _anchor=form), 303)


def _id(number: str) -> int:
    found = linking.find(reading(), number)
    return found if found is not None else abort(404)


def _stage(document_id: int, key: str) -> str:
    return stage_label(documents.load(reading(), document_id), key, locale())


def _quantities(sent: Any) -> dict[str, int]:
    """How many of each line, by the line's key; what is no number counts as too many."""
    found = {}
    for name, text in sent.items():
        if name.startswith("line:") and text.strip():
            plain = text.strip()
            whole = plain.isascii() and plain.isdecimal() and len(plain) < 9
            found[name.removeprefix("line:")] = int(plain) if whole else -1
    return found


def _part(part: Purchase, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "lines": [(titles.get(line.key, line.key), line.quantity) for line in part.lines],
        "paid": money(part.paid, part.currency),
        "freight": money(part.freight, part.currency),
    }
