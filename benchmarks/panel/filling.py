"""A desk of any size for the panel's figures: real stories, told a thousand times over.

A few dozen disputes live through the desk's own use cases (`demo.history`); those that ended and
those that still are open are then copied set by set inside the database, each copy with ids, keys
and moments of its own. Both sizes come from the same stories at the same rate, a thousand disputes
a day: the larger desk is the older one. What has ended is copied first and what is open last, as
it would be; merchants are few and grow with the desk, buyers have one dispute each. Delivered
messages are kept for what is open only, and Slack's cards for all.
"""

import datetime as dt
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from benchmarks.figures import note
from benchmarks.panel.copying import Copying, refresh, unchecked
from core.db import Database
from core.desk import documents, looks
from core.desk.actor import agent
from core.desk.intake import TAGS
from core.migrate import migrate
from core.tables import (
    Card,
    Change,
    Deadline,
    Dispute,
    Event,
    Look,
    Order,
    Outbox,
    Party,
    PartyTag,
    Person,
    Visit,
)
from core.workflow.terms import Kind
from demo import history
from demo.people import populate
from tests.factories import VAULT

STORIES = 110
BETWEEN = dt.timedelta(seconds=86.4)  # from one dispute to the next: a thousand a day
MERCHANTS = 100  # copies of each merchant, over which the disputes are spread
TROUBLE = 40  # parked messages, and deadlines set aside, whatever the size
SUPERVISOR = "U0GRACE"
MOST_STEPS = 60
AT_ONCE = 200  # copies that one statement makes


@dataclass(frozen=True, slots=True)
class Filled:
    """What a filled desk has: a supervisor, disputes to search for, and how much of everything."""

    supervisor: int
    number: str
    order: str
    merchant: str
    contact: str
    disputes: int
    events: int


def fill(database: Database, size: int, still_open: int, events: int) -> Filled:
    """Fills an empty database: `size` disputes, `still_open` of them open, some `events` in all."""
    migrate(database)
    began = dt.datetime.now(dt.UTC) - BETWEEN * (size + STORIES)
    with tempfile.TemporaryDirectory(prefix="redress-stories-") as folder:
        people = tell_stories(database, Path(folder), began)
    ended, living = database.transact(chosen, events / size)
    database.transact(furnish, people[SUPERVISOR])
    rest = size - STORIES
    blocks = max((rest - still_open) // len(ended), 0)
    open_blocks = min(still_open, rest) // len(living)
    note(f"{size} disputes out of {len(ended)} that ended and {len(living)} that are open")
    with unchecked(database) as connection:
        copying = Copying(connection, min(MERCHANTS, blocks + 1))
        span = BETWEEN * len(ended)
        for first in range(1, blocks + 1, AT_ONCE):
            last = min(first + AT_ONCE, blocks + 1)
            copying.copy(ended, first, last, span, BETWEEN * STORIES, without=(Outbox,))
        then = BETWEEN * STORIES + span * blocks
        for first in range(blocks + 1, blocks + open_blocks + 1, AT_ONCE):
            last = min(first + AT_ONCE, blocks + open_blocks + 1)
            early = BETWEEN * len(living)
            copying.copy(living, first, last, early, then - early * blocks)
    refresh(database)
    database.transact(make_trouble)
    return database.read(_told, people[SUPERVISOR], ended)


def tell_stories(database: Database, folder: Path, began: dt.datetime) -> dict[str, int]:
    """Lets the first disputes live; two of three until they end, the others some steps."""
    (folder / "files").mkdir()
    document = database.read(lambda c, now: documents.active(c))
    workflow = document.workflows[0]
    stages = [stage.key for stage in workflow.stages if stage.kind == Kind.WORK]
    channels = [stage.channel for stage in workflow.stages if stage.channel]
    people = database.transact(
        populate, stages, list(dict.fromkeys([*channels, workflow.escalation]))
    )
    past = history.Past(database, VAULT, 7, people, folder / "files", stages)
    for n in range(1, STORIES + 1):
        chance = random.Random(f"panel:{n}")
        steps = MOST_STEPS if n % 3 else n // 3 % 9
        history.live(past, n, steps, began + BETWEEN * n, chance)
    return people


def chosen(
    connection: Connection, events: float, *, now: dt.datetime
) -> tuple[list[int], list[int]]:
    """The disputes to copy: ended ones with so many events each, on average, and open ones."""
    del now
    counted = (
        select(Dispute.id, Visit.kind, func.count(Event.id).label("events"))
        .join(Visit, (Visit.dispute_id == Dispute.id) & Visit.left_at.is_(None))
        .join(Event, Event.dispute_id == Dispute.id)
        .group_by(Dispute.id, Visit.kind)
    )
    rows = connection.execute(counted.order_by(func.count(Event.id), Dispute.id)).all()
    ended, total = [], 0
    for row in rows:
        if row.kind == Kind.FINAL and (total + row.events) / (len(ended) + 1) <= events:
            ended.append(row.id)
            total += row.events
    living = [row.id for row in rows if row.kind != Kind.FINAL and row.id % 3 == 0]
    if not ended or not living:
        raise SystemExit(f"no disputes with {events:.0f} events each; ask for more events")
    return sorted(ended), sorted(living)


def furnish(connection: Connection, supervisor: int, *, now: dt.datetime) -> None:
    """What stories alone do not bring: rights, teams, contacts, tags, cards, looks, changes."""
    connection.execute(
        update(Person).where(Person.id == supervisor).values(roles=["supervisor", "operator"])
    )
    connection.execute(update(Person).where(Person.home_stage != "").values(team="north"))
    connection.execute(
        update(Outbox).values(state="sent", finished_at=Outbox.created_at, attempts=1)
    )
    buyers = connection.execute(select(Party.id).where(Party.kind == "buyer")).scalars().all()
    connection.execute(PartyTag.__table__.delete())  # type: ignore[attr-defined]
    for place, buyer in enumerate(buyers):
        values: dict[str, Any] = {"contact_index": VAULT.blind(f"buyer{buyer}@example.com")}
        if place % 10 == 0:
            values["tags"] = [TAGS[0]]
            connection.execute(insert(PartyTag), {"tag": TAGS[0], "party_id": buyer})
        connection.execute(update(Party).where(Party.id == buyer).values(**values))
    cards = select(
        Visit.id, Visit.channel, Visit.opened_at, Visit.left_at.is_(None).label("live")
    ).where(Visit.channel != "")
    connection.execute(
        insert(Card),
        [
            {"visit_id": row.id, "channel": row.channel, "ts": str(row.id), "live": row.live}
            | {"posted_at": row.opened_at}
            for row in connection.execute(cards)
        ],
    )
    actor = agent(supervisor)
    for dispute in range(1, STORIES + 1, 2):
        looks.keep(connection, actor, looks.DISPUTE, "check", dispute_id=dispute, now=now)
    first = connection.scalar(select(func.min(Dispute.opened_at)))
    connection.execute(update(Look).values(at=first))


def make_trouble(connection: Connection, *, now: dt.datetime) -> None:
    """Some messages that were parked, some deadlines that were set aside, and changes of a year."""
    parked = select(Outbox.id).order_by(Outbox.id.desc()).limit(TROUBLE)
    connection.execute(
        update(Outbox)
        .where(Outbox.id.in_(parked.scalar_subquery()))
        .values(state="parked", reason="channel_not_found", finished_at=None)
    )
    aside = select(Deadline.id).where(Deadline.next_at.is_not(None)).limit(TROUBLE)
    connection.execute(
        update(Deadline)
        .where(Deadline.id.in_(aside.scalar_subquery()))
        .values(set_aside="ValueError")
    )
    person = connection.scalar(select(func.min(Person.id)))
    row = {"person_id": person, "what": "changed", "kind": "person", "place": "Tom", "at": now}
    changes = [{**row, "before": {"team": "a"}, "after": {"team": str(i)}} for i in range(500)]
    connection.execute(insert(Change), changes)


def _told(
    connection: Connection, supervisor: int, ended: Sequence[int], *, now: dt.datetime
) -> Filled:
    del now
    found = connection.execute(
        select(
            Dispute.number,
            Dispute.buyer_id,
            Order.number.label("order"),
            Party.reference.label("merchant"),
        )
        .join(Order, Order.id == Dispute.order_id)
        .join(Party, Party.id == Dispute.merchant_id)
        .where(Dispute.id.in_(ended))
        .order_by(Dispute.id)
    ).first()
    if found is None:
        raise SystemExit("no dispute that ended has a merchant")
    return Filled(
        supervisor,
        found.number,
        found.order,
        found.merchant,
        f"buyer{found.buyer_id}@example.com",
        _count(connection, Dispute.__table__),
        _count(connection, Event.__table__),
    )


def _count(connection: Connection, table: Any) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
