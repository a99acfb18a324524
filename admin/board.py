"""The live board: what is open, overdue and held, how urgent and old it is, what comes in (M1)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_time
from flask import url_for
from flask.typing import ResponseReturnValue

from admin.acting import reading_as
from admin.base import expose
from admin.exports import ExportView
from admin.narrowed import NOBODY_HOLDS, age_label, grade_label
from admin.sheets import Cell
from core.desk import board, documents
from core.desk.actor import Right
from core.desk.board import AtStage
from core.desk.narrowing import HIDDEN, OPEN, OVERDUE, UNGRADED
from core.wording import stage_label
from core.workflow.terms import Kind
from web.desk import now, reading
from web.language import locale, say, zone

MOST_PEOPLE = 100  # rows of single people on the page


class Board(ExportView):
    """The desk at this moment, in numbers that lead to what they count."""

    right = Right.SEE
    title = "panel.nav.board"
    group = "panel.nav.now"
    exported_columns = ("part", "name", "open_now", "held", "overdue", "waiting_now", "decided")

    def __init__(self) -> None:
        super().__init__("board")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The page; where there is script it reads itself again, and nothing else changes."""
        found = reading_as(board.board, _midnight())
        return str(
            self.render(
                "panel/board.html",
                board=found,
                read_at=_clock(now(), "HH:mm:ss"),
                workflows=_workflows(found.stages),
                grades=[(grade_label(one.grade), one) for one in found.grades],
                ungraded=UNGRADED,
                ages=[(age_label(age), number, age) for age, number in enumerate(found.ages)],
                hours=[(_clock(begin, "HH:mm"), number) for begin, number in found.arrived],
                people=found.people[:MOST_PEOPLE] if found.people is not None else None,
                more=max(len(found.people or ()) - MOST_PEOPLE, 0),
                open=lambda **more: address(OPEN, **more),
                overdue=lambda **more: address(OVERDUE, **more),
                nobody=NOBODY_HOLDS,
                hidden=address(HIDDEN),
            )
        )

    def exported(self) -> Iterator[Sequence[Cell]]:
        """All that the board counts: by stage, grade, age, team, and by person who may see that."""
        found: board.Board = reading_as(board.board, _midnight())
        for _, label, rows in _workflows(found.stages):
            yield from ((label, name, at.open, at.held, at.overdue) for name, _, at in rows)
        for of in found.grades:
            yield say("panel.board.grades"), grade_label(of.grade), of.open, of.held, of.overdue
        for age, number in enumerate(found.ages):
            yield say("panel.board.ages"), age_label(age), number
        parts = (("panel.board.teams", found.teams), ("panel.board.people", found.people or ()))
        for part, who in parts:
            for one in who:
                work = (one.held, one.overdue, one.waiting, one.decided)
                yield (say(part), one.name, None, *work)

    def cells(self, row: Sequence[Cell]) -> Sequence[Cell]:
        """A line as the board shows it; what it does not tell stays empty."""
        return (*row, *(None for _ in self.exported_columns[len(row) :]))


def address(state: str, **more: Any) -> str:
    """The list of disputes narrowed to what a number counts."""
    return url_for("disputes.index_view", state=state, **more)


def _midnight() -> dt.datetime:
    """When the reader's day began."""
    there = now().astimezone(ZoneInfo(zone()))
    return there.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(dt.UTC)


def _clock(at: dt.datetime, form: str) -> str:
    """A moment on the reader's clock."""
    return str(format_time(at, form, tzinfo=ZoneInfo(zone()), locale=locale()))


def _workflows(stages: list[AtStage]) -> list[tuple[str, str, list[tuple[str, bool, AtStage]]]]:
    """Each workflow: its key, its label, its stages with their labels, whether each is hidden."""
    document = documents.active(reading())
    grouped: dict[str, list[tuple[str, bool, AtStage]]] = {}
    for one in stages:
        label = stage_label(document, one.stage, locale())
        grouped.setdefault(one.workflow, []).append((label, one.kind == Kind.WAIT, one))
    known = document.workflow_by_key
    return [
        (key, known[key].label.text(locale()) if key in known else key, rows)
        for key, rows in grouped.items()
    ]
