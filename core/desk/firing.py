"""What a deadline tells when something of its ladder has come: events, lines, alerts (G5, G9)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from core.desk import outbox
from core.desk.batches import insert_all, insert_rows
from core.desk.ladders import Plan, Rung
from core.tables import Event, Outbox
from core.workflow.terms import By, Hears

WARNED, ESCALATED = "warned", "escalated"


@dataclass(frozen=True, slots=True)
class Fired:
    """A deadline of which something has come: the places of its plan, earliest first.

    `after` is the place of what comes next, at `next_at`; None where nothing does.
    """

    row: Any
    plan: Plan
    places: Sequence[int]
    after: int
    next_at: dt.datetime | None

    @property
    def ended(self) -> bool:
        """Whether the promise itself has ended just now."""
        return self.plan.end in self.places

    @property
    def kind(self) -> str:
        """What its event is called: a warning, or an escalation from its end on."""
        return ESCALATED if self.places[-1] >= self.plan.end else WARNED

    @property
    def fresh(self) -> list[int]:
        """The places that still mean something: after the end nobody is warned of it (G9)."""
        return [place for place in self.places if place >= self.plan.end] or list(self.places)

    def heard(self) -> list[int]:
        """The places of which somebody hears: of several that tell the same people the last."""
        found: dict[Any, int] = {}
        for place in self.fresh:
            level = self.plan.rungs[place].level
            found[(level.hears, level.whom) if level else None] = place
        return sorted(found.values())


def tell(connection: Connection, fired: Sequence[Fired], *, now: dt.datetime) -> None:
    """One event for each deadline, and a message for each of those who hear of it."""
    if not fired:
        return
    events = [
        {
            "dispute_id": one.row.dispute_id,
            "visit_id": one.row.visit_id,
            "kind": one.kind,
            "at": now,
            "by": str(By.TIMEOUT),
            "person_id": None,
            "data": {
                "deadline": one.row.id,
                "service_level": one.row.service_level,
                "levels": one.fresh,
            },
        }
        for one in fired
    ]
    event_ids = insert_all(connection, Event, events)
    messages = [
        message
        for one, event_id in zip(fired, event_ids, strict=True)
        for message in _messages(one, event_id, now=now)
    ]
    insert_rows(connection, Outbox, messages)


def _messages(one: Fired, event_id: int, *, now: dt.datetime) -> Iterator[dict[str, Any]]:
    row = one.row
    rungs = [(place, one.plan.rungs[place]) for place in one.heard()]
    if row.channel and any(in_thread(rung) for _, rung in rungs):
        yield outbox.line(row.visit_id, row.channel, row.dispute_id, event_id, now=now)
    for place, rung in rungs:
        if rung.level is not None and rung.level.hears == Hears.CHANNEL:
            yield outbox.message(
                outbox.ALERT,
                outbox.post_lane(rung.level.whom),
                f"alert:{row.id}:{place}",
                now=now,
                dispute_id=row.dispute_id,
                visit_id=row.visit_id,
                data={"deadline": row.id, "event": event_id},
            )


def in_thread(rung: Rung) -> bool:
    """Whether the dispute's thread hears of it: a broken promise always is told there, too."""
    return rung.level is None or rung.level.hears == Hears.THREAD
