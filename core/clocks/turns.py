"""Turns as people exchange them: what one person has to do at a stretch (K5)."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from core.clocks.rota import DAYS, Override, Rota, Turns, handovers, in_turn, open_time

_WHOLE = dt.timedelta(days=2 * DAYS)  # so far must be looked to see the end of what begins last


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person has to do at a stretch, and may exchange with another."""

    since: dt.datetime
    until: dt.datetime
    person: int


def turns(rota: Rota, since: dt.datetime, until: dt.datetime) -> list[Turn]:
    """What begins after `since` and before `until` and somebody could exchange, by beginning.

    Between two hand-overs it is one turn, however many shifts lie in it; where the rota is fixed it
    is each shift for each of its people. Whoever stands in for the whole of it has it; one of
    which nothing is covered is nobody's.
    """
    found: list[Turn] = []
    if rota.turns != Turns.FIXED:
        for start, end in pairwise(handovers(rota, since, until + _WHOLE)):
            if start < until and _covered(rota, start, end):
                found.append(Turn(start, end, _stands_in(rota, start, end, *in_turn(rota, start))))
        return [one for one in found if one.person]
    for duty, calendar in zip(rota.duties, rota.calendars, strict=True):
        for start, end in open_time(calendar, since, until + _WHOLE):
            if max(since, rota.first) < start < until:
                found.extend(
                    Turn(start, end, _stands_in(rota, start, end, person)) for person in duty.people
                )
    return sorted(found, key=lambda one: (one.since, one.until, one.person))


def swapped(one: Turn, other: Turn) -> tuple[Override, Override]:
    """The overrides by which two people do each other's turn."""
    return (
        Override(one.since, one.until, other.person, one.person),
        Override(other.since, other.until, one.person, other.person),
    )


def _stands_in(rota: Rota, since: dt.datetime, until: dt.datetime, person: int = 0) -> int:
    """Who does what a person should do from a moment to another, by overrides of all of it."""
    for one in rota.overrides:
        if one.since <= since and until <= one.until and one.instead_of == person:
            person = one.person
    return person


def _covered(rota: Rota, since: dt.datetime, until: dt.datetime) -> bool:
    return any(open_time(calendar, since, until) for calendar in rota.calendars)
