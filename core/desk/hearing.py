"""Who will hear what, when, of a promise that runs, if nobody does anything (row G11).

What is told here is asked of the same plan, and put together by the same rules, by which the sweep
then acts (`core.desk.overdue`, `core.desk.firing`).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.clocks.running import Running, used
from core.desk.firing import Fired, in_thread
from core.desk.ladders import Plan, Rung
from core.tables import Channel


@dataclass(frozen=True, slots=True)
class Coming:
    """What happens to a promise at one moment.

    `at` is None where a pause holds it: then it comes once `after` more of its own clock has
    passed. `rungs` are those of which somebody hears; `over` says that the time ends with it.
    """

    at: dt.datetime | None
    after: dt.timedelta
    places: tuple[int, ...]
    rungs: tuple[Rung, ...]
    over: bool


def coming(
    plan: Plan, running: Running, place: int, now: dt.datetime, *, thread: bool = True
) -> list[Coming]:
    """What is still to come of a promise from this place of its plan on, earliest first.

    What should have come by now comes at once, with what comes at the same moment. `thread` says
    whether the dispute has a thread now, where its lines are told; what a pause holds comes when
    there is one again.
    """
    spent = used(running, now)
    moments = _moments(plan, running, place, now)
    return [_made(plan, at, tuple(places), spent, thread or at is None) for at, places in moments]


def channel_names(connection: Connection) -> dict[str, str]:
    """What people call the channels that levels of ladders name."""
    rows = connection.execute(select(Channel.key, Channel.name))
    return {row.key: row.name or row.key for row in rows}


def _moments(
    plan: Plan, running: Running, place: int, now: dt.datetime
) -> Iterator[tuple[dt.datetime | None, list[int]]]:
    """The places that are left, by when they come; those that a pause holds by how far they are."""
    at: dt.datetime | None = None
    alike: list[int] = []
    for one in range(place, len(plan.rungs)):
        when = plan.next_at(running, one)
        when = max(when, now, at or now) if when is not None else None
        apart = when is None and plan.rungs[one].offset != plan.rungs[one - 1].offset
        if alike and (when != at or apart):
            yield at, alike
            alike = []
        at = when
        alike.append(one)
    if alike:
        yield at, alike


def _made(
    plan: Plan,
    at: dt.datetime | None,
    places: tuple[int, ...],
    spent: dt.timedelta,
    thread: bool,
) -> Coming:
    fired = Fired(None, plan, places, places[-1] + 1, None)
    heard = (plan.rungs[one] for one in fired.heard())
    return Coming(
        at,
        plan.rungs[places[-1]].offset - spent,
        places,
        tuple(rung for rung in heard if thread or not in_thread(rung)),
        fired.ended,
    )
