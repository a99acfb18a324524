"""Retiring an option, or merging it into another: first what that would affect (S1)."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from admin.base import PanelView, expose, me, row_id, tell_done, tell_refusal
from admin.draft.places import Places
from admin.draft.sketch import row_label
from core.desk import draft_options, draft_order, draft_rows
from core.desk.actor import Right
from core.desk.answers import Stale
from core.desk.draft_rows import Owner
from core.workflow.problems import Problem
from web.desk import now, reading, transact
from web.language import say


class Retiring(PanelView):
    """The page before an option is retired, merged, or brought back."""

    right = Right.SHAPE
    title = "panel.retire"

    def __init__(self) -> None:
        super().__init__("retiring")

    def is_visible(self) -> bool:
        """An option's page leads here, not the menu."""
        return False

    @property
    def menu_endpoint(self) -> str:
        """Options belong to their sets."""
        return "option_sets"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What it would affect, and the choice of a successor."""
        return self._page(_option(request.args.get("id")))

    @expose("/", methods=("POST",))
    def retire(self) -> ResponseReturnValue:
        """Retires the option as it was read, or says what is wrong."""
        option = _option(request.form.get("id"))
        act, read = request.form.get("act", ""), request.form.get("read", "")
        successor = request.form.get("successor", "")
        if act == "merge" and successor not in {
            row.key for row in draft_options.successors(reading(), option)
        }:
            return self._page(option, say("panel.retire.choose")), 422
        if act == "retire" and successor:  # it would be dropped unsaid
            return self._page(option, say("panel.retire.chosen_one")), 422
        try:
            if act == "back":
                refused = transact(draft_options.bring_back, me(), option.id, read)
            else:
                into = successor if act == "merge" else ""
                refused = transact(draft_options.retire, me(), option.id, read, into)
        except (Stale, LookupError):
            flash(say("panel.retire.stale"), "danger")
            return redirect(url_for(".index", id=option.id))
        if refused is not None:
            tell_refusal(refused)
            return redirect(url_for(".index", id=option.id))
        done = {"back": "panel.done.brought_back", "merge": "panel.done.merged"}
        tell_done(done.get(act, "panel.done.retired"))
        back = url_for("option_sets.edit_view", id=option.set_id)
        return redirect(f"{back}#option-{option.id}")

    def _page(self, option: Row[Any], wrong: str = "") -> str:
        connection = reading()
        owner = draft_rows.find(connection, "option_set", option.set_id)
        found = draft_options.affected(connection, option, now=now())
        places = Places()
        siblings = draft_rows.rows(connection, "option", Owner("option_set", option.set_id))
        offered = draft_options.successors(connection, option)
        above = [(say("panel.nav.option_sets"), url_for("option_sets.index_view"))]
        if owner is not None:
            above.append((row_label(owner), url_for("option_sets.edit_view", id=owner.id)))
        return str(
            self.render(
                "panel/retiring.html",
                option=option,
                name=row_label(option),
                back=url_for("options.edit_view", id=option.id),
                crumbs=above,
                mark=draft_rows.mark("option", option),
                found=found,
                uses=[
                    (say(f"panel.retire.use.{use.how}"), *places.told(Problem("", use.place)))
                    for use in found.uses
                ],
                days=draft_options.DAYS,
                trunk=option.id in draft_order.trunks("option", siblings),
                successors=[(row.key, row_label(row)) for row in offered],
                chosen=request.form.get("successor", option.successor),
                wrong=wrong,
            )
        )


def _option(text: str | None) -> Row[Any]:
    row = draft_rows.find(reading(), "option", row_id(text))
    return row if row is not None else abort(404)
