"""What a deadline tells when something of its ladder has come: events, lines, alerts (G5, G9)."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from core.desk import outbox
from core.desk.batches import insert_all, insert_rows
from core.desk.hearers import Hearers
from core.desk.ladders import Plan, Rung
from core.tables import Event, Outbox, Visit
from core.workflow.model import LadderLevel
from core.workflow.terms import Act, By, Hears

_CARDS = (
    select(Visit.dispute_id, Visit.id, Visit.channel)
    .where(Visit.dispute_id.in_(bindparam("disputes", expanding=True)), Visit.channel != "")
    .order_by(Visit.id)  # of several the last one stays
)
WARNED, ESCALATED = "warned", "escalated"


@dataclass(frozen=True, slots=True)
class Fired:
    """A deadline of which something has come: the places of its plan, earliest first.

    `after` is the place of what comes next, at `next_at`; None where nothing does. `escalation` is
    the channel in which the workflow's alerts appear.
    """

    row: Any
    plan: Plan
    places: Sequence[int]
    after: int
    next_at: dt.datetime | None
    escalation: str = ""

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
            if level is None or level.hears:
                found[(level.hears, level.whom) if level else None] = place
        return sorted(found.values())

    def acts(self) -> list[LadderLevel]:
        """The levels that do something by themselves; of several that do the same the last.

        Each raise counts: two that come at once raise as far as they would have one by one.
        """
        levels = (self.plan.rungs[place].level for place in self.fresh)
        acting = {_does(one): one for one in levels if one is not None and one.act}
        return list(acting.values())


def _does(level: LadderLevel) -> tuple[str, ...]:
    if level.act == Act.RAISE:
        return (level.act, level.key)
    return (level.act, level.decision, level.shift)


def tell(connection: Connection, fired: Sequence[Fired], *, now: dt.datetime) -> None:
    """One event for each deadline, and a message for each of those who hear of it."""
    if not fired:
        return
    hearers = Hearers(connection, now)
    alerts = [_alerts(one, hearers) for one in fired]
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
                **_people(those),
            },
        }
        for one, those in zip(fired, alerts, strict=True)
    ]
    event_ids = insert_all(connection, Event, events)
    hidden = [x.row.dispute_id for x in fired if not x.row.channel and not x.row.with_visit]
    shown = _shown(connection, hidden)
    messages = [
        message
        for one, those, event_id in zip(fired, alerts, event_ids, strict=True)
        for message in _messages(one, those, shown, event_id, now=now)
    ]
    insert_rows(connection, Outbox, messages)


@dataclass(frozen=True, slots=True)
class Alert:
    """What goes into one lane: of which place it tells, and what the message holds besides."""

    place: int
    data: dict[str, Any]
    person_id: int | None = None


def _alerts(one: Fired, hearers: Hearers) -> dict[str, Alert]:
    """What is told beside the thread, by lane: nobody hears the same twice in one breath.

    Where none of the people whom a level means is there, the escalation channel is told instead.
    """
    found: dict[str, Alert] = {}
    escalation = outbox.post_lane(one.escalation)
    for place in one.heard():
        level = one.plan.rungs[place].level
        if level is None or level.hears == Hears.THREAD:
            continue
        if level.hears == Hears.CHANNEL:
            _add(found, outbox.post_lane(level.whom), Alert(place, {}))
        elif level.hears == Hears.GROUP:
            _add(found, escalation, Alert(place, {"group": level.whom}))
        else:
            people = hearers.of(level, one.row)
            for person_id in people:
                _add(found, outbox.direct_lane(person_id), Alert(place, {}, person_id))
            if not people:
                _add(found, escalation, Alert(place, {"missing": level.hears}))
    return found


def _add(found: dict[str, Alert], lane: str, alert: Alert) -> None:
    before = found.get(lane)
    data = {**before.data, **alert.data} if before is not None else alert.data
    found[lane] = Alert(alert.place, data, alert.person_id)


def _shown(connection: Connection, disputes: Sequence[int]) -> dict[int, tuple[int, str]]:
    """The latest card of disputes that are hidden now: what runs on is told in its thread."""
    if not disputes:
        return {}
    rows = connection.execute(_CARDS, {"disputes": disputes})
    return {row.dispute_id: (row.id, row.channel) for row in rows}


def _people(alerts: Mapping[str, Alert]) -> dict[str, Any]:
    """Who was told, for the record; nothing where no person was meant."""
    told = [alert.person_id for alert in alerts.values() if alert.person_id is not None]
    return {"people": sorted(told)} if told else {}


def _messages(
    one: Fired,
    alerts: Mapping[str, Alert],
    shown: Mapping[int, tuple[int, str]],
    event_id: int,
    *,
    now: dt.datetime,
) -> Iterator[dict[str, Any]]:
    row = one.row
    if any(in_thread(one.plan.rungs[place]) for place in one.heard()):
        card = (row.visit_id, row.channel) if row.channel else shown.get(row.dispute_id)
        if card is not None:
            yield outbox.line(card[0], card[1], row.dispute_id, event_id, now=now)
    for lane, alert in alerts.items():
        key = f"alert:{row.id}:{alert.place}"
        yield outbox.message(
            outbox.ALERT,
            lane,
            key if alert.person_id is None else f"{key}:{alert.person_id}",
            now=now,
            dispute_id=row.dispute_id,
            visit_id=row.visit_id,
            data={"deadline": row.id, "event": event_id, "place": alert.place, **alert.data},
        )


def in_thread(rung: Rung) -> bool:
    """Whether the dispute's thread hears of it: a broken promise always is told there, too."""
    return rung.level is None or rung.level.hears == Hears.THREAD
