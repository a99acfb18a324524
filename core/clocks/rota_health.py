"""What is wrong with a rota ahead of time: gaps, and people on duty for too long (K23)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.clocks.rota import DAYS, Rota, Stretch, shown, stretches

_HOUR = dt.timedelta(hours=1)
_DAY = dt.timedelta(days=1)


class Trouble(StrEnum):
    """Nobody on duty; somebody for too long in a row, or in a week; somebody at two rotas."""

    GAP = "gap"
    IN_ROW = "in_row"
    IN_WEEK = "in_week"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Finding:
    """One trouble: from when to when, whom it is about, and the time that they are on duty in it.

    For a week the two moments are the week's own ends.
    """

    kind: Trouble
    since: dt.datetime
    until: dt.datetime
    length: dt.timedelta
    person: int | None = None


def gaps(rota: Rota, since: dt.datetime, until: dt.datetime) -> list[Finding]:
    """The covered time from a moment to another in which nobody is on duty."""
    return [
        Finding(Trouble.GAP, one.since, one.until, one.until - one.since)
        for one in stretches(rota, since, until)
        if not one.people
    ]


def overload(
    rota: Rota,
    since: dt.datetime,
    until: dt.datetime,
    in_row: int | None = None,
    in_week: int | None = None,
) -> list[Finding]:
    """Who is on duty for more hours than these: in a row, or in a week of the rota's own clock.

    What begins before `until` is looked at to where it is too long; a week, from Monday to Monday,
    as a whole. None allows any number.
    """
    found: list[Finding] = []
    if in_row is not None:
        beyond = until + in_row * _HOUR + _DAY
        found += [
            one
            for one in _runs(stretches(rota, since, beyond))
            if one.length > in_row * _HOUR and one.since < until
        ]
    if in_week is not None:
        for monday, next_monday in _weeks(rota, since, until):
            found += [
                Finding(Trouble.IN_WEEK, monday, next_monday, length, person)
                for person, length in _hours(stretches(rota, monday, next_monday)).items()
                if length > in_week * _HOUR
            ]
    return sorted(found, key=lambda one: (one.since, one.kind, one.person))


def twice(mine: Sequence[Stretch], theirs: Sequence[Stretch]) -> list[Finding]:
    """When somebody is on duty at two rotas at once, by the stretches of both."""
    found = [
        Finding(Trouble.TWICE, since, until, until - since, person)
        for one in mine
        for other in theirs
        if (since := max(one.since, other.since)) < (until := min(one.until, other.until))
        for person in one.people
        if person in other.people
    ]
    return _joined(found)


def _runs(found: Sequence[Stretch]) -> list[Finding]:
    """How long each person is on duty without a rest."""
    single = [
        Finding(Trouble.IN_ROW, one.since, one.until, one.until - one.since, person)
        for one in found
        for person in one.people
    ]
    return _joined(single)


def _joined(found: Sequence[Finding]) -> list[Finding]:
    """The same, what follows without a break for one person put together."""
    latest: dict[int | None, Finding] = {}
    done: list[Finding] = []
    for one in sorted(found, key=lambda each: each.since):
        before = latest.get(one.person)
        joins = before is not None and before.until == one.since
        if before is not None and not joins:
            done.append(before)
        since = before.since if before is not None and joins else one.since
        latest[one.person] = Finding(one.kind, since, one.until, one.until - since, one.person)
    return sorted([*done, *latest.values()], key=lambda each: (each.since, each.person))


def _hours(found: Sequence[Stretch]) -> dict[int, dt.timedelta]:
    total: dict[int, dt.timedelta] = {}
    for one in found:
        for person in one.people:
            total[person] = total.get(person, dt.timedelta(0)) + (one.until - one.since)
    return total


def _weeks(
    rota: Rota, since: dt.datetime, until: dt.datetime
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The weeks of the rota's clock that meet a period, from Monday's first moment on."""
    date = since.astimezone(rota.clock).date()
    date -= date.weekday() * _DAY
    while (monday := shown(rota.clock, date, 0)) < until:
        date += DAYS * _DAY
        if (following := shown(rota.clock, date, 0)) > since:
            yield monday, following
