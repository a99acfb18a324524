"""Promises for tests: one beside the standard ones, or many by chance; applied to open disputes."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

import scheduler
from core.clocks.calendar import Shift
from core.desk import applying, calendars, documents
from core.migrate import standard
from core.tables import Deadline
from core.workflow import model as m
from core.workflow.model import Document
from tests.core.workflow.edits import add, put
from tests.factories import Desk

MINUTE = dt.timedelta(minutes=1)
LABEL = m.Label("承诺", "A promise")
OPENED = (m.Mark("opened"),)
LEVELS = "workflows/dispute/service_levels"


def promising(minutes: int, **more: Any) -> Document:
    """The standard document with a promise of this length beside its own."""
    given = {"starts": OPENED, "ladder": "desk", **more}
    return add(standard(), LEVELS, m.ServiceLevel("promise", LABEL, minutes, **given))


def publish(desk: Desk, document: Document) -> int:
    desk.db.transact(documents.publish, document)
    return desk.db.read(lambda c, now: documents.active_id(c))


def ask(desk: Desk, *, starts: bool = False, who: str = "Sun Wei") -> Any:
    document = desk.db.read(lambda c, now: documents.active_id(c))
    return desk.db.transact(applying.ask, desk.who(who), document, "they were too long", starts)


def apply(desk: Desk, *, starts: bool = False) -> None:
    assert isinstance(ask(desk, starts=starts), int)
    scheduler.apply(desk.db)


def hours(draw: random.Random) -> tuple[Shift, ...]:
    return draw.choice(
        (
            (Shift(540, 1080),),
            (Shift(540, 720), Shift(780, 1080)),
            (Shift(1320, 1800),),  # over midnight
            (),
        )
    )


def at_random(desk: Desk, draw: random.Random) -> None:
    """Publishes promises, ladders and two calendars that are drawn by chance."""
    for key in ("one", "other"):
        week = ((Shift(600, 900),), *(hours(draw) for _ in range(6)))
        zone = draw.choice(("Asia/Shanghai", "Europe/Berlin", "America/New_York"))
        info = calendars.CalendarInfo("日历", "Calendar", zone, week)
        assert desk.db.transact(calendars.add, desk.who("Sun Wei"), key, info) == key
    ladders = tuple(ladder(draw, f"ladder{n}") for n in range(3))
    promises = tuple(promise(draw, n) for n in range(4))
    document = standard()
    own = tuple(
        replace(level, ladder=draw.choice(("", *fitting(ladders, level.minutes))))
        for level in document.workflows[0].service_levels
    )
    changed = put(document, "workflows/dispute", service_levels=(*own, *promises))
    desk.db.transact(documents.publish, replace(changed, ladders=ladders))


def fitting(ladders: Sequence[m.Ladder], minutes: int) -> list[str]:
    """The ladders that warn nobody before a promise of this length has begun."""
    early = {
        one.key
        for one in ladders
        if any(level.point == "before" and level.at >= minutes for level in one.levels)
    }
    return [one.key for one in ladders if one.key not in early]


def ladder(draw: random.Random, key: str) -> m.Ladder:
    levels = []
    for n in range(draw.randrange(6)):
        point = draw.choice(("percent", "before", "after"))
        at = draw.choice((50, 75, 75, 90, 100)) if point == "percent" else draw.choice((0, 15, 45))
        whom = draw.choice(("", "", "escalation", "intake"))
        levels.append(m.LadderLevel(f"l{n}", point, at, "channel" if whom else "thread", whom))
    return m.Ladder(key, LABEL, tuple(levels), draw.choice(("", "", "one", "other")))


def promise(draw: random.Random, n: int) -> m.ServiceLevel:
    return m.ServiceLevel(
        f"promise{n}",
        LABEL,
        draw.choice((60, 90, 480, 2000)),
        starts=(m.Mark("opened"),),
        calendar=draw.choice(("", "one", "other")),
        ladder=f"ladder{draw.randrange(3)}",
    )


def promises(desk: Desk, key: str = "promise") -> list[Any]:
    """The runnings of a promise, oldest first."""
    return desk.rows(select(Deadline).where(Deadline.service_level == key).order_by(Deadline.id))
