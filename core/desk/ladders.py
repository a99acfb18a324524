"""What a deadline does while it runs: the levels of its ladder and its own end, in order (G8).

A plan is read from a document and the calendars as they are now; it holds nothing of one dispute.
"""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from sqlalchemy import Connection

from core.clocks.calendar import Calendar, spans
from core.clocks.ladder import At, offset
from core.clocks.running import NOTHING, Running, moment
from core.desk import calendars
from core.workflow.model import Document, Ladder, LadderLevel, ServiceLevel
from core.workflow.terms import Point


@dataclass(frozen=True, slots=True)
class Rung:
    """Something that happens once so much of the deadline's clock has passed.

    Without a level it is the end of the promise itself.
    """

    offset: dt.timedelta
    level: LadderLevel | None = None


@dataclass(frozen=True)
class Plan:
    """How a service level runs. `telling` are the hours in which people may hear of it."""

    length: dt.timedelta
    rungs: tuple[Rung, ...]
    hours: Calendar | None = None
    telling: Calendar | None = None

    @cached_property
    def end(self) -> int:
        """The place of the promise's own end among the rungs."""
        return next(place for place, rung in enumerate(self.rungs) if rung.level is None)

    def due(self, running: Running) -> dt.datetime | None:
        """When the promise ends; None while a pause holds it before that."""
        return _passed(running, self.length)

    def next_at(
        self, running: Running, place: int, rests_until: dt.datetime | None = None
    ) -> dt.datetime | None:
        """When the rung at this place comes; None where there is none, or a pause holds it.

        What people may not hear of yet waits until they may, and the ladder rests while somebody
        is on it; a warning no longer than to the end, which waits for nobody (K6).
        """
        if place >= len(self.rungs):
            return None
        rung = self.rungs[place]
        at = _passed(running, rung.offset)
        if at is None or rung.level is None or (self.telling is None and rests_until is None):
            return at
        opens = max(at, rests_until) if rests_until is not None else at
        if self.telling is not None:
            opens = max(next(spans(self.telling, opens))[0], opens)
        due = self.due(running)
        return min(opens, due) if place < self.end and due is not None else opens

    def come(
        self, running: Running, place: int, now: dt.datetime, rests_until: dt.datetime | None = None
    ) -> list[int]:
        """The places from this one on whose time has come."""
        found = []
        for at in range(place, len(self.rungs)):
            when = self.next_at(running, at, rests_until)
            if when is None or when > now:
                break
            found.append(at)
        return found


@dataclass(slots=True)
class Plans:
    """The plans of service levels, each made once for a transaction."""

    connection: Connection
    known: dict[tuple[int, str, str], Plan] = field(default_factory=dict)

    def of(self, document_id: int, document: Document, workflow: str, level: ServiceLevel) -> Plan:
        """The plan of a service level of this document."""
        key = (document_id, workflow, level.key)
        if key not in self.known:
            self.known[key] = self.made(document, level)
        return self.known[key]

    def made(self, document: Document, level: ServiceLevel) -> Plan:
        """The plan of a service level of any document, a draft too."""
        ladder = document.ladder_by_key.get(level.ladder)
        telling = self._hours(ladder.calendar) if ladder else None
        length = dt.timedelta(minutes=level.minutes)
        return Plan(length, rungs(document, level), self._hours(level.calendar), telling)

    def _hours(self, key: str) -> Calendar | None:
        if not key:
            return None
        try:
            return calendars.load(self.connection, key)
        except LookupError:  # nothing stands still because a calendar is gone: all minutes count
            return None


def _passed(running: Running, length: dt.timedelta) -> dt.datetime | None:
    """When so much of the clock has passed; most run round the clock and never stood still."""
    if running.calendar is None and not running.pauses:
        return running.started + length
    return moment(running, length)


def rungs(document: Document, level: ServiceLevel) -> tuple[Rung, ...]:
    """The levels of its ladder and its end, earliest first; the end before what falls on it."""
    return _rungs(level.minutes, document.ladder_by_key.get(level.ladder))


@lru_cache(maxsize=1024)
def _rungs(minutes: int, ladder: Ladder | None) -> tuple[Rung, ...]:
    length = dt.timedelta(minutes=minutes)
    found = [Rung(length)]
    found += [Rung(offset(_at(one), length), one) for one in (ladder.levels if ladder else ())]
    return tuple(sorted(found, key=lambda rung: max(rung.offset, NOTHING)))


def _at(level: LadderLevel) -> At:
    if level.point == Point.PERCENT:
        return At(percent=level.at)
    return At(before=level.at) if level.point == Point.BEFORE else At(after=level.at)
