"""The pilot: trying the draft on a share of new disputes, and what came of it (S5)."""

import datetime as dt
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.base import PanelView, expose, me, row_id, tell_refusal, version_read
from admin.form import offer, one, text
from admin.publishing import NOTE_LIMIT, NoteForm, asked_for, changed, told
from core import i18n
from core.desk import comparison, documents, draft, pilots, second
from core.desk.actor import Right
from core.desk.answers import Refused, Stale
from core.desk.comparison import LASTED
from core.desk.documents import NotPublishable
from core.desk.second import Request
from core.workflow.intervals import Interval
from web.desk import now, reading, transact
from web.language import locale, say


class StartForm(NoteForm):
    """On how much, how long, and why."""

    part = one("panel.pilot.part", hint="panel.pilot.part.hint")
    days = one("panel.pilot.days", hint="panel.pilot.days.hint")
    note = text("panel.pilot.note", NOTE_LIMIT)

    def __init__(self, formdata: Any = None, asked: Request | None = None) -> None:
        super().__init__(formdata, asked)
        offer(self.part, [(str(s), say("panel.pilot.percent", number=s)) for s in pilots.SHARES])
        offer(self.days, [(str(d), say("panel.pilot.for_days", number=d)) for d in pilots.DAYS])
        if formdata is None:
            self.part.data, self.days.data = str(pilots.SHARES[1]), str(pilots.DAYS[1])


class Pilot(PanelView):
    """The pilot that runs or could run, and those that have ended."""

    right = Right.SHAPE
    title = "panel.nav.pilot"
    group = "panel.nav.judge"

    def __init__(self) -> None:
        super().__init__("pilot")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What runs with its comparison, or the form to start one."""
        return self._page(StartForm(asked=asked_for()))

    @expose("/", methods=("POST",))
    def start(self) -> ResponseReturnValue:
        """Starts a pilot of the version that was shown, or says why not."""
        form = StartForm(request.form, asked_for())
        if not form.validate():
            return self._page(form), 422
        share, days = int(form.part.data), int(form.days.data)
        try:
            answer = transact(pilots.start, me(), version_read(), share, days, note=form.note.data)
        except Stale:
            flash(say("panel.publish.stale"), "danger")
        except NotPublishable:
            flash(say("panel.publish.problems"), "danger")
        else:
            _told(answer, "panel.pilot.started")
        return redirect(url_for("pilot.index"))

    @expose("/stop", methods=("POST",))
    def stop(self) -> ResponseReturnValue:
        """Ends the pilot that was shown."""
        answer = transact(pilots.stop, me(), row_id(request.form.get("pilot")))
        _told(answer, "panel.pilot.stopped")
        return redirect(url_for("pilot.index"))

    @expose("/adopt", methods=("POST",))
    def adopt(self) -> ResponseReturnValue:
        """Publishes what the pilot tried."""
        try:
            answer = transact(pilots.adopt, me(), row_id(request.form.get("pilot")))
        except NotPublishable:
            flash(say("panel.publish.problems"), "danger")
        else:
            _told(answer, "panel.pilot.adopted")
        return redirect(url_for("pilot.index"))

    @expose("/past/<number>")
    def ended(self, number: str) -> ResponseReturnValue:
        """What came of a pilot that has ended."""
        rows = {row.id: row for row in pilots.recent(reading())}
        row = rows.get(row_id(number))
        if row is None:
            abort(404)
        return str(self.render("panel/pilot_ended.html", pilot=row, **_compared(row)))

    def _page(self, form: StartForm) -> str:
        connection = reading()
        sketch, active = draft.document(connection), documents.active(connection)
        version, running = draft.version(connection), pilots.running(connection)
        found = documents.obstacles(connection, sketch) or pilots.unserved(active, sketch)
        return str(
            self.render(
                "panel/pilot.html",
                form=form,
                version=version,
                problems=told(found),
                changes=changed(active, sketch),
                asked=second.request(connection, version),
                alone=not second.missing(connection, me(), version, active, sketch),
                pilot=running,
                ended=pilots.recent(connection),
                **(_compared(running) if running is not None else {}),
            )
        )


def _compared(pilot: Any) -> dict[str, Any]:
    """The comparison in words, and what was tried."""
    connection = reading()
    found = comparison.compare(connection, pilot.id, pilot.started_at, pilot.ended_at, now=now())
    before = documents.load(connection, pilot.beside_id)
    after = documents.load(connection, pilot.document_id)
    return {
        "found": found,
        "most": comparison.MOST,
        "tried": changed(before, after, linked=False),
        "figures": [
            (one, _words(one.name, one.tried), _words(one.name, one.beside))
            for one in found.figures
        ],
    }


def _words(name: str, interval: Interval | None) -> tuple[str, str] | None:
    """A figure and its bounds as people read them; None where too little is known of it."""
    if interval is None:
        return None
    low, high = _value(name, interval.low), _value(name, interval.high)
    return _value(name, interval.value), say("panel.pilot.between", low=low, high=high)


def _value(name: str, value: float) -> str:
    if name == LASTED:
        return i18n.span(dt.timedelta(seconds=value), locale())
    return i18n.percent(value, locale())


def _told(answer: object, done: str) -> None:
    if isinstance(answer, Refused):
        tell_refusal(answer)
    else:
        flash(say(done), "success")
