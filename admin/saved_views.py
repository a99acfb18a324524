"""Keeping and removing views of the disputes' list; the list itself shows them."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin import narrowed
from admin.base import PanelView, expose, me, row_id, tell_done, tell_refusal
from core.desk import saved_views
from core.desk.actor import Right
from core.desk.answers import Refused
from core.desk.narrowing import Wanted
from web.desk import transact


class SavedViews(PanelView):
    """Views of the disputes: one's own, or shared in one's team."""

    right = Right.SEE
    title = "panel.nav.views"

    def __init__(self) -> None:
        super().__init__("views")

    def is_visible(self) -> bool:
        """They stand with the list of disputes."""
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """They stand with the list of disputes."""
        return redirect(url_for("disputes.index_view"))

    @expose("/keep", methods=("POST",))
    def keep(self) -> ResponseReturnValue:
        """Keeps the filters that the list is narrowed by, under a name."""
        form = request.form
        column = narrowed.column_at(form.get("sort", ""))
        wanted = Wanted(
            form.get("state", ""),
            form.get("stage", ""),
            form.get("search", ""),
            tag=form.get("tag", ""),
            grade=form.get("grade", ""),
            **narrowed.asked(form),
            **narrowed.ordered(column, descending=bool(form.get("desc"))),
        )
        shared = bool(form.get("shared"))
        refused = transact(saved_views.keep, me(), form.get("name", ""), wanted, shared)
        return _told(refused, "panel.views.kept", address(wanted))

    @expose("/drop", methods=("POST",))
    def drop(self) -> ResponseReturnValue:
        """Removes a view."""
        refused = transact(saved_views.drop, me(), row_id(request.form.get("id")))
        return _told(refused, "panel.views.dropped", url_for("disputes.index_view"))


def address(wanted: Wanted) -> str:
    """The list of disputes narrowed like this."""
    names: dict[str, Any] = {**narrowed.said(wanted)}
    return url_for("disputes.index_view", **names)


def _told(refused: Refused | None, done: str, there: str) -> ResponseReturnValue:
    if refused is not None:
        tell_refusal(refused)
    else:
        tell_done(done)
    return redirect(there)
