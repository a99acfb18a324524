"""Who hears what, when: a time limit of the draft from a moment on, if nobody acted (G11)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from admin import story_time
from admin.base import PanelView, expose
from admin.draft.sketch import Sketch
from admin.story_time import Foretold as Moment
from admin.words import condition_text, join
from core import deadline_words
from core.clocks.calendar import NeverOpen
from core.desk import draft, explaining, foretelling, rule_hits, standing
from core.desk.actor import Right
from core.desk.numbers import read_number
from core.desk.standing import Standing
from core.workflow.conditions import holds
from core.workflow.model import Document, ServiceLevel, Workflow
from web.desk import now, reading
from web.language import locale, say, zone

YEARS = range(2000, 2101)
MOST_TYPED = 60


@dataclass(frozen=True, slots=True)
class Told:
    """A time limit and what it would do; `meant` says whether for the dispute that was asked."""

    name: str
    workflow: str
    conditions: str
    meant: bool | None
    because: list[str]
    to_come: list[Moment]
    never: bool


def address(kind: str, sketch: Sketch, row: Row[Any]) -> str:
    """Where a ladder, or a service level, of the draft is foretold; empty for other rows."""
    if kind == "service_level":
        name = f"{sketch.workflow.key}/{row.key}"
        return url_for("foretold.index", level=name)
    return url_for("foretold.index", ladder=row.key) if kind == "ladder" else ""


class Foretold(PanelView):
    """Tries the time limits of the draft from a moment on."""

    right = Right.SHAPE
    title = "panel.nav.foretold"
    group = "panel.nav.judge"

    def __init__(self) -> None:
        super().__init__("foretold")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What to try, and what would be told."""
        sketch = draft.document(reading())
        ladder = sketch.ladder_by_key.get(request.args.get("ladder", ""))
        start, wrong = _start(), dict[str, str]()
        typed = request.args.get("dispute", "").strip()[:MOST_TYPED]
        at = _dispute(typed) if typed else None
        if start is None:
            wrong["start"] = say("panel.foretold.bad_start")
        if typed and at is None:
            wrong["dispute"] = say("panel.tester.no_dispute")
        levels = _levels(sketch, request.args.get("level", ""), ladder.key if ladder else "")
        results = [_told(sketch, *one, start, at) for one in levels] if start else []
        return str(
            self.render(
                "panel/foretold.html",
                choices=[
                    (w.label.text(locale()), [(_name(w, s), _label(s)) for s in w.service_levels])
                    for w in sketch.workflows
                ],
                chosen=request.args.get("level", ""),
                ladder=ladder,
                ladder_name=ladder.label.text(locale()) if ladder else "",
                start=(start or now()).astimezone(ZoneInfo(zone())).strftime("%Y-%m-%dT%H:%M"),
                wrong=wrong,
                results=results,
                asked=bool(request.args),
            )
        )


def _told(
    document: Document,
    workflow: Workflow,
    level: ServiceLevel,
    start: dt.datetime,
    at: Standing | None,
) -> Told:
    """A time limit from a moment on."""
    spoken, never = story_time.tongue(), False
    because: list[str] = []
    to_come: list[Moment] = []
    try:
        one = explaining.foreseen(reading(), document, workflow, level, start)
        one = foretelling.drafted(reading(), one, at)
    except (NeverOpen, ValueError):  # a draft may say what cannot be
        never = True
    else:
        because = deadline_words.because(one, spoken)[:-1]  # nothing is used yet
        to_come = [story_time.foretold(coming, one, spoken) for coming in one.coming]
    texts = [condition_text(document, workflow, condition) for condition in level.when]
    meant = None
    if at is not None:
        currency = at.row.currency
        here = at.row.workflow == workflow.key
        meant = here and all(holds(condition, at.facts, currency) for condition in level.when)
    name, around = _label(level), workflow.label.text(locale())
    return Told(name, around, join(texts), meant, because, to_come, never)


def _levels(document: Document, name: str, ladder: str) -> list[tuple[Workflow, ServiceLevel]]:
    """The time limits that were asked for: one, or all that follow a ladder."""
    return [
        (workflow, level)
        for workflow in document.workflows
        for level in workflow.service_levels
        if (_name(workflow, level) == name if name else bool(ladder) and level.ladder == ladder)
    ]


def _name(workflow: Workflow, level: ServiceLevel) -> str:
    return f"{workflow.key}/{level.key}"


def _label(level: ServiceLevel) -> str:
    return level.label.text(locale()) or level.key


def _start() -> dt.datetime | None:
    """The moment that was asked for, on the reader's clock; now without one, None for no moment."""
    typed = request.args.get("start", "").strip()
    if not typed:
        return now().replace(second=0, microsecond=0)
    try:
        there = dt.datetime.fromisoformat(typed[:16])
    except ValueError:
        return None
    if there.year not in YEARS:
        return None
    return there.replace(tzinfo=ZoneInfo(zone())).astimezone(dt.UTC)


def _dispute(typed: str) -> Standing | None:
    number = read_number(typed)
    dispute_id = rule_hits.dispute_of(reading(), number) if number else None
    return standing.of_dispute(reading(), dispute_id, lock=False) if dispute_id else None
