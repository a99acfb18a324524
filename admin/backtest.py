"""The back-test: past disputes played through the draft, shown while it goes on (S5).

The answer is streamed: each slice of disputes adds how far it has come, and the results come last.
So it needs no script, keeps nothing between requests, and ends when the reader goes away.
"""

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

from flask import Response, current_app, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from admin.backtest_words import chance_text, found_text, taken_text
from admin.base import PanelView, expose
from core import i18n
from core.desk import backtest, documents, draft
from core.desk.actor import Right
from core.desk.numbers import shown
from core.workflow import backtest as trying
from core.workflow.backtest import Line
from core.workflow.found import Finding
from core.workflow.model import Document
from core.workflow.problems import problems
from web.desk import door, now, reading, stop_reading
from web.language import locale, say, zone

DAYS, MOST_DAYS = 90, 365
DISPUTES, LEAST_DISPUTES, MOST_DISPUTES = 1_000, 10, 5_000
_HERE = "<!-- results -->"  # where in the page they go
_running = threading.Lock()  # one at a time in a process: agents' clicks come first


class Backtest(PanelView):
    """What past disputes say of the draft."""

    right = Right.SHAPE
    title = "panel.nav.backtest"
    group = "panel.nav.judge"

    def __init__(self) -> None:
        super().__init__("backtest")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What to try it on."""
        return self._page({"days": str(DAYS), "most": str(DISPUTES)}, {})

    @expose("/", methods=("POST",))
    def run(self) -> ResponseReturnValue:
        """Tries the draft as it is now, or says beside the field what is wrong."""
        typed = {name: request.form.get(name, "").strip() for name in ("days", "most")}
        days = _whole(typed["days"], 1, MOST_DAYS)
        most = _whole(typed["most"], LEAST_DISPUTES, MOST_DISPUTES)
        if days is None or most is None:
            wrong = {}
            if days is None:
                wrong["days"] = say("panel.backtest.wrong", least=1, most=MOST_DAYS)
            if most is None:
                wrong["most"] = say(
                    "panel.backtest.wrong", least=LEAST_DISPUTES, most=MOST_DISPUTES
                )
            return self._page(typed, wrong), 422
        sketch, active = draft.document(reading()), documents.active(reading())
        if problems(sketch):
            return self._page(typed, {}), 422
        version, started = draft.version(reading()), now()
        head, _, tail = self._page(typed, {}, _HERE).partition(_HERE)
        stop_reading()
        results = _results(trying.Backtest(sketch, active), version, started, days, most)

        def page() -> Iterator[str]:
            yield head
            try:
                yield from results
            except Exception:
                current_app.logger.exception("the back-test broke off")
                yield render_template("panel/backtest_note.html", key="panel.backtest.broke")
            yield tail

        return Response(stream_with_context(page()), mimetype="text/html")

    def _page(self, typed: dict[str, str], wrong: dict[str, str], results: str = "") -> str:
        connection = reading()
        sketch = draft.document(connection)
        found = bool(problems(sketch))
        return str(
            self.render(
                "panel/backtest.html",
                typed=typed,
                wrong=wrong,
                results=results,
                problems=found,
                same=not found and sketch == documents.active(connection),
                most_days=MOST_DAYS,
                least=LEAST_DISPUTES,
                most=MOST_DISPUTES,
            )
        )


def _results(
    trial: trying.Backtest, version: int, started: dt.datetime, days: int, most: int
) -> Iterator[str]:
    """How far it has come, slice by slice, then what was found."""
    if not _running.acquire(blocking=False):
        yield render_template("panel/backtest_note.html", key="panel.backtest.busy")
        return
    try:
        database, tally = door().database, trial.tally
        since = started - dt.timedelta(days=days)
        before: int | None = backtest.NEWEST
        still_open = 0
        while before is not None and tally.disputes < most:
            part = database.read(backtest.read, before, since, most - tally.disputes)
            for past in part.pasts:
                trial.add(past)
            still_open += part.still_open
            before = part.before
            reached = started - (part.reached or since)
            share = max(tally.disputes / most, reached / dt.timedelta(days=days))
            yield render_template(
                "panel/backtest_going.html", number=tally.disputes, percent=int(100 * min(1, share))
            )
        yield render_template(
            "panel/backtest_results.html",
            **_told(trial),
            still_open=still_open,
            version=version,
            at=i18n.moment(started, locale(), zone()),
            shown=shown,
            changed=database.read(draft.version) != version,
        )
    finally:
        _running.release()


def _told(trial: trying.Backtest) -> dict[str, Any]:
    """What was found, in words, most frequent first."""
    tally = trial.tally
    chances = sorted(tally.chances.items(), key=lambda one: -one[1].could)
    return {
        "tally": tally,
        "lines": _lines(trial.draft, tally.lines),
        "already": _lines(trial.draft, tally.already),
        "untold": _lines(trial.draft, tally.untold),
        "remarks": _lines(trial.draft, tally.remarks),
        "chances": [
            (chance_text(trial.draft, chance), chance.new, taken_text(taken))
            for chance, taken in chances
        ],
    }


def _lines(document: Document, lines: dict[Finding, Line]) -> list[tuple[str, Line]]:
    ordered = sorted(lines.items(), key=lambda one: -one[1].count)
    return [(found_text(document, finding, line), line) for finding, line in ordered]


def _whole(text: str, least: int, most: int) -> int | None:
    """A whole number within bounds; None for anything else."""
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(most)):
        return None
    return int(text) if least <= int(text) <= most else None
