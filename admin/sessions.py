"""One's own sessions: where one is signed in, and how to end that (K21)."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.base import expose, me, tell_done, tell_refusal
from admin.exports import ExportView
from admin.sheets import Cell
from core.desk import sessions
from core.desk.actor import Right
from core.desk.answers import Refused
from core.desk.sessions import Session
from web import sessions as browser
from web.desk import door, stop_reading
from web.language import say


class Sessions(ExportView):
    """Where whoever is signed in is signed in."""

    right = Right.SEE
    title = "panel.nav.sessions"
    group = "panel.nav.own"
    exported_columns = ("browser", "started", "seen", "remark")
    moments = frozenset({"started", "seen"})

    def __init__(self) -> None:
        super().__init__("sessions")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list."""
        return str(self.render("panel/sessions.html", sessions=told(me().person_id)))

    @expose("/end", methods=("POST",))
    def end(self) -> ResponseReturnValue:
        """Ends one session, or all the others."""
        handle = request.form.get("session") or None
        but = browser.secret() if handle is None else None
        finish(me().person_id, handle, but)
        return redirect(url_for(".index"), 303)

    def exported(self) -> Iterator[tuple[Session, str]]:
        """One's own sessions, nobody else's."""
        yield from told(me().person_id)

    def cells(self, row: tuple[Session, str]) -> Sequence[Cell]:
        """A session as the list shows it."""
        one, browser = row
        this = say("panel.sessions.this") if one.this else ""
        return browser, one.started_at, one.seen_at, this


def told(person_id: int | None) -> list[tuple[Session, str]]:
    """Somebody's sessions, each with its browser in words."""
    found = door().database.read_wall(sessions.of_person, person_id, browser.secret())
    return [(one, _browser(one)) for one in found]


def finish(person_id: int | None, handle: str | None, but: str | None = None) -> None:
    """Ends sessions and says how many."""
    stop_reading()
    ended: Any = door().database.transact_wall(sessions.end, me(), person_id, handle, but)
    if isinstance(ended, Refused):
        tell_refusal(ended)
    elif ended:
        tell_done("panel.sessions.ended")
    else:
        flash(say("panel.sessions.gone"), "success")


def _browser(session: Session) -> str:
    if session.browser and session.system:
        return say("panel.sessions.on", browser=session.browser, system=session.system)
    return session.browser or session.system or say("panel.sessions.other")
