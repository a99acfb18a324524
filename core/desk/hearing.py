"""Who will hear what, when, of a promise that runs, if nobody does anything (row G11).

What is told here is asked of the same plan, and put together by the same rules, by which the sweep
then acts (`core.desk.overdue`, `core.desk.firing`).
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from core.clocks.running import Running, used
from core.desk.firing import Fired, in_thread
from core.desk.ladders import Plan, Rung
from core.tables import Channel, Person, Rota
from core.workflow.model import Label, LadderLevel
from core.workflow.terms import Hears

Names = dict[tuple[str, str], str | Label]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a level will have done by itself, as far as that can be foretold.

    `grade` is what it raises to, or what stays where it is the most urgent (`highest`) or the level
    raised it before (`again`); `over` and `starts` are what is promised no longer then, and from
    then on. `who` are those of whom one is given the dispute; nobody where nobody can have it.
    """

    grade: str = ""
    highest: bool = False
    again: bool = False
    over: tuple[Label, ...] = ()
    starts: tuple[Label, ...] = ()
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coming:
    """What happens to a promise at one moment.

    `at` is None where a pause holds it: then it comes once `after` more of its own clock has
    passed. `rungs` are those of which somebody hears, `acts` the levels that do something by
    themselves, with what comes of it by the key of the level; `over` says that the time ends.
    """

    at: dt.datetime | None
    after: dt.timedelta
    places: tuple[int, ...]
    rungs: tuple[Rung, ...]
    over: bool
    acts: tuple[LadderLevel, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)


def coming(
    plan: Plan,
    running: Running,
    place: int,
    now: dt.datetime,
    *,
    thread: bool = True,
    rests_until: dt.datetime | None = None,
) -> list[Coming]:
    """What is still to come of a promise from this place of its plan on, earliest first.

    What should have come by now comes at once, with what comes at the same moment. `thread` says
    whether the dispute has a thread now, where its lines are told; what a pause holds comes when
    there is one again. Its ladder rests until `rests_until`, where somebody is on it.
    """
    spent = used(running, now)
    moments = _moments(plan, running, place, now, rests_until)
    return [_made(plan, at, tuple(places), spent, thread or at is None) for at, places in moments]


def names(connection: Connection) -> Names:
    """What people call the channels, people and rotas that levels of ladders name.

    By how they hear and by the key under which the level names them.
    """
    channels = connection.execute(select(Channel.key, Channel.name))
    found: Names = {(Hears.CHANNEL, row.key): row.name or row.key for row in channels}
    people = select(Person.slack_id, Person.name).where(Person.slack_id.is_not(None), Person.active)
    found |= {(Hears.PERSON, row.slack_id): row.name for row in connection.execute(people)}
    rotas = connection.execute(select(Rota.key, Rota.label_zh, Rota.label_en))
    return found | {(Hears.ROTA, row.key): Label(row.label_zh, row.label_en) for row in rotas}


def _moments(
    plan: Plan, running: Running, place: int, now: dt.datetime, rests_until: dt.datetime | None
) -> Iterator[tuple[dt.datetime | None, list[int]]]:
    """The places that are left, by when they come; those that a pause holds by how far they are."""
    at: dt.datetime | None = None
    alike: list[int] = []
    for one in range(place, len(plan.rungs)):
        when = plan.next_at(running, one, rests_until)
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
        tuple(fired.acts()),
    )
