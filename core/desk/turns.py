"""What happened as each visit of a dispute opened, told from the visits themselves."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from core.workflow.model import Mark
from core.workflow.terms import Happening, Kind


def turns(visits: Sequence[Any]) -> Iterator[tuple[Any, set[Mark]]]:
    """Each of these visits, oldest first, with the marks that its opening struck."""
    for place, visit in enumerate(visits):
        happened = {Mark(Happening.ENTERED, visit.stage)}
        if place == 0:
            happened.add(Mark(Happening.OPENED))
        else:
            before = visits[place - 1]
            happened.add(Mark(Happening.LEFT, before.stage))
            if before.meaning:
                happened.add(Mark(Happening.DECIDED, before.meaning))
        yield visit, happened


def waits(visits: Sequence[Any], since: dt.datetime) -> list[list[str | None]]:
    """The waits among these visits from a moment on, as deadlines keep pauses; undone ones not."""
    return [
        [max(visit.opened_at, since).isoformat(), visit.left_at and visit.left_at.isoformat()]
        for visit in visits
        if visit.kind == Kind.WAIT
        and visit.undone_at is None
        and (visit.left_at is None or visit.left_at > since)
    ]
