"""Several ticked disputes said to come from one incident, so that they can be ruled once (D9)."""

import secrets

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin import beside
from admin.acting import reading_as
from admin.base import PanelView, expose, me, row_id
from admin.ticks import narrowed_list, stage_of, wanted
from core.desk import incidents, ticked
from core.desk.actor import Right
from core.desk.answers import Answer, Refused
from core.desk.incidents import TITLE_LIMIT
from core.desk.numbers import shown
from core.desk.ticked import MOST_AT_ONCE, Chosen
from web.desk import reading, transact
from web.language import say

NEW = "new"  # chosen where the incident is not known yet


class GroupSeveral(PanelView):
    """What follows the ticks in the list of disputes, beside assigning."""

    right = Right.GROUP
    title = "panel.group.title"

    def __init__(self) -> None:
        super().__init__("group_several")

    @property
    def menu_endpoint(self) -> str:
        """It stands with the list of disputes."""
        return "disputes"

    def is_visible(self) -> bool:
        """It begins in the list of disputes."""
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The ticked disputes, those that would leave another incident, and the form."""
        found: list[Chosen] = reading_as(ticked.chosen, wanted(), Right.GROUP)
        if not found:
            flash(say("panel.group.none"), "danger")
            return redirect(narrowed_list())
        return str(
            self.render(
                "panel/group_several.html",
                rows=[(shown(one.number), stage_of(one), one) for one in found],
                known=incidents.recent(reading()),
                new=NEW,
                limit=TITLE_LIMIT,
                beside=beside.told(),
                click=secrets.token_urlsafe(12),
                left_out=max(len(set(wanted())) - MOST_AT_ONCE, 0),
                back=narrowed_list(),
                narrowed=request.args.get("back", ""),
            )
        )

    @expose("/", methods=("POST",))
    def together(self) -> ResponseReturnValue:
        """Groups them; then the first of them shows whom it stands with, and what comes next."""
        sent, pressed = request.form, request.form.get("click", "")[:40]
        visits = [row_id(visit) for visit in sent.getlist("visit")[:MOST_AT_ONCE]]
        known = sent.get("incident", NEW)
        answer: Answer = transact(
            incidents.group,
            me(),
            visits,
            title=sent.get("title", "") if known == NEW else "",
            incident_id=None if known == NEW else row_id(known),
            click=f"panel:{pressed}" if pressed and pressed.isprintable() else None,
        )
        if isinstance(answer, Refused):
            if answer.key != "bad_title":
                abort(404)  # what was sent names no dispute of this desk
            beside.refuse("group", answer, dict(sent.lists()))
            numbers = sent.getlist("number")[:MOST_AT_ONCE]
            back = sent.get("back", "")
            return redirect(url_for(".index", number=numbers, back=back, _anchor="group"), 303)
        beside.done("belongs", say("panel.group.done", **answer.params))
        return redirect(url_for("disputes.story", number=answer.number, _anchor="belongs"), 303)
