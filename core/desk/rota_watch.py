"""What is wrong with a rota in the time to come: gaps and overload, as pages and channels tell it.

Trouble is looked for from last week's Monday on, so that what runs already begins at the same
moment however often it is looked for; what lasts longer begins anew with each week (K23).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from core.clocks.rota import Rota, on_duty, shown, stretches
from core.clocks.rota_health import Finding, gaps, overload, twice
from core.desk import rotas

_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A trouble that lies ahead or goes on; `other` is the second rota where two claim somebody."""

    finding: Finding
    other: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is on duty at a rota now, by name, until when, and who comes on next."""

    key: str
    label_zh: str
    label_en: str
    due: bool  # whether somebody has to be
    people: list[str]
    until: dt.datetime | None
    next_people: list[str]
    next_at: dt.datetime | None


def watches(connection: Connection, *, now: dt.datetime) -> list[Watch]:
    """Who is on duty at every rota, and next within two weeks (K5)."""
    found = []
    for key, (row, rota) in everything(connection, now=now).items():
        names = rotas.names(connection, rota.everybody)
        here = on_duty(rota, now)
        ahead = stretches(rota, now, now + 2 * _WEEK)
        until = next((one.until for one in ahead if one.since == now and one.people), None)
        other = (one for one in ahead if one.people and one.people != here and one.since > now)
        following = next(other, None)
        found.append(
            Watch(
                key,
                row.label_zh,
                row.label_en,
                here is not None,
                [names[one] for one in here or ()],
                until if until != now + 2 * _WEEK else None,
                [names[one] for one in following.people] if following is not None else [],
                following.since if following is not None else None,
            )
        )
    return found


def everything(connection: Connection, *, now: dt.datetime) -> dict[str, tuple[Row[Any], Rota]]:
    """Every rota of the desk with its row, by key."""
    rows = rotas.everything(connection)
    return {row.key: (row, rotas.built(connection, row, now=now)) for row in rows}


def troubles(
    key: str,
    known: Mapping[str, tuple[Row[Any], Rota]],
    *,
    now: dt.datetime,
    length: dt.timedelta,
) -> list[Ahead]:
    """What is wrong with a rota from now until `length` later, by beginning.

    It is looked at for a week more, so that what begins within is told with its end.
    """
    row, rota = known[key]
    first, last = _monday(rota, now - _WEEK), now + length + _WEEK
    found = [Ahead(one) for one in gaps(rota, first, last)]
    limits = row.most_in_row, row.most_in_week
    found += [Ahead(one) for one in overload(rota, first, last, *limits)]
    mine = stretches(rota, first, last)
    for other, (_, theirs) in known.items():
        if other != key:
            both = twice(mine, stretches(theirs, first, last))
            found += [Ahead(one, other) for one in both]
    there = [one for one in found if one.finding.until > now and one.finding.since < now + length]
    return sorted(there, key=lambda one: (one.finding.since, one.finding.kind, one.other))


def mark(key: str, one: Ahead) -> str:
    """What a trouble is known by, so that it is told once."""
    found = one.finding
    parts = (key, found.kind, found.since.isoformat(), found.person or "", one.other)
    return ":".join(str(part) for part in parts)


def _monday(rota: Rota, at: dt.datetime) -> dt.datetime:
    """The first moment of a week on the rota's clock."""
    date = at.astimezone(rota.clock).date()
    return shown(rota.clock, date - dt.timedelta(days=date.weekday()), 0)
