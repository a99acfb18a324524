"""The pilot: trying the draft on a share of new disputes, and what came of it (S5)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.base import expose, me, row_id, tell_refusal, version_read
from admin.exports import FORMS, ExportView
from admin.form import offer, one, text
from admin.publishing import NOTE_LIMIT, NoteForm, asked_for, changed, told
from admin.sheets import Cell
from core import i18n
from core.desk import comparison, documents, draft, pilots, second
from core.desk.actor import Right
from core.desk.answers import Refused, Stale
from core.desk.comparison import LASTED, Comparison
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


class Pilot(ExportView):
    """The pilot that runs or could run, and those that have ended."""

    right = Right.SHAPE
    title = "panel.nav.pilot"
    group = "panel.nav.judge"
    exported_columns = (
        *("figure", "by_draft", "by_draft_bounds", "beside", "beside_bounds", "verdict"),
    )
    narrowing = ("pilot",)  # by its number; without one, the pilot that runs

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
        row = _ended(number)
        return str(self.render("panel/pilot_ended.html", pilot=row, **_compared(row)))

    def export_urls(self) -> list[tuple[str, str]]:
        """The addresses of the comparison that is shown."""
        shown = request.view_args or {}
        return [(form, url_for(f".export_{form}", pilot=shown.get("number"))) for form in FORMS]

    def before_export(self) -> None:
        """A pilot is meant that there is."""
        _meant()

    def exported(self) -> Iterator[Sequence[Cell]]:
        """How many disputes of each side were compared, then each figure of both."""
        found = _comparison(_meant())
        yield say("panel.pilot.disputes"), found.tried, "", found.beside, "", ""
        for figure in found.figures:
            name = figure.name
            sides = (_words(name, side) or ("", "") for side in (figure.tried, figure.beside))
            both = [cell for side in sides for cell in side]
            verdict = say(f"panel.pilot.{figure.verdict}")
            yield (say(f"panel.pilot.figure.{name}"), *both, verdict)

    def cells(self, row: Sequence[Cell]) -> Sequence[Cell]:
        """A figure as the page shows it."""
        return row

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


def _ended(number: str) -> Any:
    """A pilot that has ended; 404 where there is none of that number."""
    rows = {row.id: row for row in pilots.recent(reading())}
    return rows.get(row_id(number)) or abort(404)


def _meant() -> Any:
    """The pilot that the address names, or the one that runs; 404 where there is none."""
    number = request.args.get("pilot", "")
    return _ended(number) if number else pilots.running(reading()) or abort(404)


def _comparison(pilot: Any) -> Comparison:
    began, ended = pilot.started_at, pilot.ended_at
    return comparison.compare(reading(), pilot.id, began, ended, now=now())


def _compared(pilot: Any) -> dict[str, Any]:
    """The comparison in words, and what was tried."""
    connection = reading()
    found = _comparison(pilot)
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
