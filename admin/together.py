"""Disputes of one incident decided together: one choice, a preview of each, then one click (D9)."""

import secrets
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from admin import beside
from admin.base import PanelView, expose, holds, me, refusal
from admin.labels import number_label
from core.desk import bulk, choose, incidents, linking, standing
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Refused
from core.desk.bulk import Common, Foreseen
from core.desk.numbers import shown
from core.desk.standing import Standing
from core.wording import stage_label
from core.workflow.choices import Choice
from core.workflow.model import Field
from core.workflow.terms import FieldKind
from web.desk import now, reading, transact
from web.language import locale, money, say


class TogetherView(PanelView):
    """The addresses below a dispute's at which its incident is ruled once."""

    @expose("/<number>/together")
    def together(self, number: str) -> ResponseReturnValue:
        """The incident's disputes at this stage, what may be decided, and what it would do."""
        _check()
        at = _at(number)
        visits = incidents.beside(reading(), at.row.visit_id)
        found = bulk.common(reading(), me(), visits, now=now())
        if isinstance(found, Refused):
            beside.refuse("belongs", found, {})
            return redirect(url_for(".story", number=number, _anchor="belongs"))
        key = request.args.get("decision", "")
        asked = bulk.fields_of(found, key)
        chosen = _chosen(asked, request.args)
        unsaid = [f.key for f in asked if f.required and f.key not in chosen]
        ready = bool(key) and not unsaid
        again = request.args.get("asked") == key  # its fields were shown: what is empty is left out
        seen = bulk.preview(reading(), me(), visits, key, chosen, now=now()) if ready else []
        return str(
            self.render(
                "panel/together.html",
                number=number_label(number),
                count=len(visits),
                all=incidents.standing_beside(reading(), at.row.visit_id),
                decisions=[(d.key, d.label.text(locale())) for d in found.decisions],
                decision=key,
                fields=[
                    {**_field(found, field, chosen), "unsaid": again and field.key in unsaid}
                    for field in asked
                ],
                seen=[_told(one) for one in seen],
                visits=[one.visit_id for one in seen if one.refused is None],
                chosen=[(k, v) for k, values in chosen.items() for v in _values(values)],
                click=secrets.token_urlsafe(12),
            )
        )

    @expose("/<number>/together", methods=("POST",))
    def decide_together(self, number: str) -> ResponseReturnValue:
        """Decides each that was shown, in a transaction of its own; sent again, nothing more."""
        _check()
        key, pressed = request.form.get("decision", ""), request.form.get("click", "")[:40]
        click = f"panel:{pressed}" if pressed and pressed.isprintable() else None
        wanted = set(request.form.getlist("visit"))
        done, visits = 0, [v for v in _visits(number, wanted) if str(v) in wanted]
        for visit in visits:
            own = f"{click}:{visit}" if click else None
            answer: Answer = transact(_decide, visit, key, request.form, me(), click=own)
            if isinstance(answer, Refused):
                flash(f"{shown(str(answer.params.get('number', '')))}: {refusal(answer)}", "danger")
            else:
                done += 1
        if done:
            flash(say("panel.once.done", number=done), "success")
        left = _left(visits)
        return redirect(url_for(".together" if left else ".story", number=left or number), 303)


def _check() -> None:
    if not holds(Right.DECIDE):
        abort(403)


def _at(number: str) -> Standing:
    """Where the dispute stands now."""
    found = linking.find(reading(), number)
    at = standing.of_dispute(reading(), found, lock=False) if found is not None else None
    if at is None:
        abort(404)
    return at


def _visits(number: str, wanted: set[str]) -> list[int]:
    """The open visits of the incident at this dispute's stage; of those shown, also left ones."""
    at = _at(number)
    beside = incidents.beside(reading(), at.row.visit_id)
    shown_before = [int(v) for v in wanted if v.isdecimal() and len(v) < 18]
    own = incidents.of_the_same(reading(), at.row.dispute_id, shown_before)
    return list(dict.fromkeys([*beside, *own]))


def _left(visits: list[int]) -> str:
    """One of the incident's disputes that still stand at the stage that was shown; or none."""
    for visit in visits[:1]:
        for one in incidents.beside(reading(), visit):
            at = standing.at_visit(reading(), one, lock=False)
            if at is not None and at.row.left_at is None:
                return str(at.row.number)
    return ""


def _decide(
    connection: Connection, visit_id: int, key: str, sent: Any, actor: Actor, **more: Any
) -> Answer:
    """The decision with what this visit knows of the choices; read at the moment it is made."""
    at = standing.at_visit(connection, visit_id)
    if at is None:
        return Refused("unknown_visit")
    known = at.workflow.decisions_by_stage[at.row.stage].get(key)
    asked = bulk.asked_together(at, key) if known else ()
    chosen = bulk.applicable(at, key, _chosen(asked, sent))
    return choose.choose(connection, visit_id, key, chosen, actor, **more)


def _chosen(asked: Any, sent: Any) -> dict[str, Choice]:
    found: dict[str, Choice] = {}
    for field in asked:
        values = [value for value in sent.getlist(f"field:{field.key}") if value]
        if values:
            found[field.key] = values if field.kind == FieldKind.MANY else values[0]
    return found


def _values(choice: Choice) -> list[str]:
    return [choice] if isinstance(choice, str) else [str(one) for one in choice]  # type: ignore[union-attr]


def _field(found: Common, field: Field, chosen: dict[str, Choice]) -> dict[str, Any]:
    leaves = found.document.leaves_by_set.get(field.options, {}).values()
    held = _values(chosen[field.key]) if field.key in chosen else []
    return {
        "key": field.key,
        "label": field.label.text(locale()),
        "many": field.kind == FieldKind.MANY,
        "required": field.required,
        "options": [(o.key, o.label.text(locale()), o.key in held) for o in leaves],
    }


def _told(one: Foreseen) -> dict[str, Any]:
    """What would become of one of them, in words."""
    to = stage_label(one.document, one.stage, locale()) if one.document and one.stage else ""
    return {
        "number": shown(one.number),
        "to": to,
        "amount": money(one.amount, one.currency) if one.amount else "",
        "why": refusal(one.refused) if one.refused is not None else "",
    }
