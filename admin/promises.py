"""Promises: which time limits were kept and broken, by how much, with the list behind it (G6)."""

import datetime as dt
from collections.abc import Iterator, Sequence

from flask import request
from flask.typing import ResponseReturnValue

from admin.acting import reading_as
from admin.base import expose, row_id
from admin.exports import ExportView, every
from admin.form import midnight
from admin.labels import level_label
from admin.sheets import Cell
from core import i18n
from core.desk import documents, promises
from core.desk.actor import Right
from core.desk.explaining import State
from core.desk.numbers import shown
from core.desk.promises import Asked, Promise, Tally
from web.desk import reading
from web.language import locale, say

MOST_TYPED = 80
MINUTE = dt.timedelta(minutes=1)


class Promises(ExportView):
    """The tally of each time limit, and the promises one by one."""

    right = Right.SEE
    title = "panel.nav.promises"
    group = "panel.nav.now"
    exported_columns = (
        *("dispute", "deadline", "state", "begun", "due", "stopped", "left_minutes"),
    )
    moments = frozenset({"begun", "due", "stopped"})
    narrowing = ("state", "level", "since", "until")

    def __init__(self) -> None:
        super().__init__("promises")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The tallies, and a page of the list."""
        beneath = request.args.get("beneath", "")
        rows: list[Promise] = self._page(row_id(beneath) if beneath else None)
        tallies: list[Tally] = reading_as(promises.tallies, _asked())
        every_one: list[Tally] = reading_as(promises.tallies, Asked())
        return str(
            self.render(
                "panel/promises.html",
                rows=rows,
                tallies=tallies,
                states=[(str(one), say(f"panel.promise.{one}")) for one in State],
                levels=[(one.key, _called(one.key)) for one in every_one],
                chosen={name: request.args.get(name, "")[:MOST_TYPED] for name in self.narrowing},
                level=_level,
                called=_called,
                by=_by,
                number=shown,
                most=promises.LOOKED_AT,
                beneath=rows[-1].id if len(rows) == promises.PAGE else None,
            )
        )

    def exported(self) -> Iterator[Promise]:
        """All promises that are asked for, a page at a time, each in a short transaction."""
        return every(self._page)

    def cells(self, row: Promise) -> Sequence[Cell]:
        """A promise as the list shows it; what is left in minutes of its own clock."""
        told = (shown(row.number), _level(row), say(f"panel.promise.{row.state}"))
        return (*told, row.started_at, row.due_at, row.stopped_at, int(row.left / MINUTE))

    @staticmethod
    def _page(beneath: int | None) -> list[Promise]:
        found: list[Promise] = reading_as(promises.page, _asked(), beneath)
        return found


def _asked() -> Asked:
    """What the address narrows the list by; a state that there is not is none."""
    state = request.args.get("state", "")
    return Asked(
        state if state in set(State) else "",
        request.args.get("level", "")[:MOST_TYPED],
        midnight(request.args.get("since", "")),
        midnight(request.args.get("until", ""), days=1),
    )


def _level(row: Promise) -> str:
    return level_label(documents.load(reading(), row.document_id), row.key)


def _called(key: str) -> str:
    """What a service level is called as published today."""
    return level_label(documents.active(reading()), key)


def _by(row: Promise) -> str:
    """How much of its own clock is left, or was too much, in words."""
    late, length = row.left < dt.timedelta(0), abs(row.left)
    told = say("why.moments") if length < MINUTE else i18n.hours(length, locale())
    return say("panel.promise.over" if late else "panel.promise.left", length=told)
