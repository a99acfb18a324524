"""Time on the page of a dispute: who used it, why each promise is due then, what is to come."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core import deadline_words, i18n
from core.deadline_words import Tongue
from core.desk import foretelling, hearing, time_used
from core.desk.explaining import Explained, explained
from core.desk.hearing import Coming
from core.workflow.model import Decision
from core.workflow.terms import By
from web.desk import now, reading
from web.language import locale, say, zone

WIDTH = 1000  # units of the bar


@dataclass(frozen=True, slots=True)
class Used:
    """One of those who had the dispute: for how long, and its part of the bar."""

    user: str
    who: str
    length: str
    percent: int
    at: int
    width: int


@dataclass(frozen=True, slots=True)
class Foretold:
    """A moment that comes, or has no moment yet, and what happens then, in words."""

    at: dt.datetime | None
    after: str  # how much of the promise's own clock must pass first, where a pause holds it
    name: str
    what: str


def told(dispute_id: int) -> dict[str, Any]:
    """What the page of a dispute shows of time."""
    found = explained(reading(), dispute_id, now=now())
    promises = foretelling.played(reading(), dispute_id, found, now=now())
    found, spoken = promises[: len(found)], tongue()
    spent = time_used.of_dispute(reading(), dispute_id, now=now())
    return {
        "used": bar(spent),
        "used_total": i18n.span(sum(spent.values(), dt.timedelta()), locale()),
        "why": {
            one.id: deadline_words.because(one, spoken) + deadline_words.following(one, spoken)
            for one in found
        },
        **dict(zip(("to_come", "turns"), to_come(promises, spoken), strict=True)),
    }


def tongue() -> Tongue:
    """How the panel speaks to whoever reads."""
    return Tongue(
        locale(),
        lambda at: i18n.moment(at, locale(), zone()),
        names=hearing.names(reading()),
    )


def bar(spent: Mapping[str, dt.timedelta]) -> list[Used]:
    """Who had the dispute, in the order of the bar; parts that add up to the whole of it."""
    shares, found, at = time_used.percents(spent), [], 0.0
    total = sum(spent.values(), dt.timedelta()) or dt.timedelta(1)
    for user, length in spent.items():
        end = at + WIDTH * (length / total)
        found.append(
            Used(
                user,
                say(f"used.{user}"),
                i18n.span(length, locale()),
                shares[user],
                round(at),
                round(end) - round(at),
            )
        )
        at = end
    return found


def to_come(found: Sequence[Explained], spoken: Tongue) -> tuple[list[Foretold], str]:
    """Who hears what when, if nobody does anything; and what ends the list, if something does.

    A wait that runs out moves the dispute: what comes after that hangs on where it then stands.
    """
    rows: list[tuple[Coming, Explained]] = [(coming, one) for one in found for coming in one.coming]
    rows.sort(key=lambda row: (row[0].at is None, row[0].at or row[1].started_at, row[1].id))
    turns = next((n for n, (coming, one) in enumerate(rows) if _turns(coming, one)), None)
    ended = _decision(rows[turns][1].otherwise) if turns is not None else ""
    if turns is not None:
        held = [row for row in rows[turns + 1 :] if row[0].at is None]
        rows = [*rows[: turns + 1], *held]
    return [foretold(coming, one, spoken) for coming, one in rows], ended


def foretold(coming: Coming, one: Explained, spoken: Tongue) -> Foretold:
    """One moment of a promise."""
    return Foretold(
        coming.at,
        "" if coming.at is not None else deadline_words.own(one, coming.after, spoken),
        deadline_words.name(one, spoken),
        deadline_words.heard(one, coming, spoken),
    )


def _turns(coming: Coming, one: Explained) -> bool:
    """Whether the dispute moves on by itself then."""
    return coming.over and one.otherwise is not None and one.otherwise.by == By.TIMEOUT


def _decision(decision: Decision | None) -> str:
    return decision.label.text(locale()) if decision is not None else ""
