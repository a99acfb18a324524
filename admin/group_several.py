"""Several ticked disputes said to come from one incident, so that they can be ruled once (D9)."""

import secrets

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin import beside
from admin.base import expose, me, row_id
from admin.ticks import TickedView
from core.desk import incidents
from core.desk.actor import Right
from core.desk.answers import Answer, Refused
from core.desk.incidents import TITLE_LIMIT
from core.desk.ticked import MOST_AT_ONCE
from web.desk import reading, transact
from web.language import say

NEW = "new"  # chosen where the incident is not known yet


class GroupSeveral(TickedView):
    """Grouping, beside assigning."""

    right = Right.GROUP
    title = "panel.group.title"

    def __init__(self) -> None:
        super().__init__("group_several")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The ticked disputes, those that would leave another incident, and the form."""
        found = self.chosen()
        if not found:
            return self.nothing("panel.group.none")
        return self.page(
            "panel/group_several.html",
            found,
            known=incidents.recent(reading()),
            new=NEW,
            limit=TITLE_LIMIT,
            beside=beside.told(),
            click=secrets.token_urlsafe(12),
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
