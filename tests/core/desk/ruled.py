"""A desk with assignment rules: publishing them, people to be given disputes, who holds what."""

import datetime as dt
from typing import Any

from sqlalchemy import insert, select, update

from core.desk import distributing, documents, opening
from core.desk.actor import Actor
from core.tables import Event, Person
from core.workflow.assignment import AssignmentRule
from core.workflow.model import Label
from tests.core.workflow.edits import put
from tests.factories import VAULT, Desk

ROUND_ROBIN, LEAST_LOADED = "round_robin", "least_loaded"


def rule(stage: str, strategy: str = ROUND_ROBIN, key: str = "", **more: Any) -> AssignmentRule:
    """A rule; the key is made from stage and strategy."""
    key = key or f"{stage}_{strategy}"
    return AssignmentRule(key, Label(f"规则 {key}", f"Rule {key}"), stage, strategy, **more)


def publish(desk: Desk, *rules: AssignmentRule, **stages: dict[str, Any]) -> None:
    """Publishes the active document with these rules in place of its own."""
    document = put(desk.db.read(lambda c, now: documents.active(c)), "workflows/dispute")
    document = put(document, "workflows/dispute", assignments=rules)
    for stage, changes in stages.items():
        document = put(document, f"workflows/dispute/stages/{stage}", **changes)
    desk.db.transact(documents.publish, document)


def person(desk: Desk, name: str, stage: str = "triage", **more: Any) -> int:
    """Somebody more at the desk; the Slack id is made from the name."""
    row = {
        "name": name,
        "slack_id": f"U{name.upper()}",
        "roles": ["agent"],
        "home_stage": stage,
        **more,
    }
    found = desk.db.transact(
        lambda c, now: c.execute(insert(Person).returning(Person.id), row).scalar_one()
    )
    desk.people[name] = int(found)
    return int(found)


def change(desk: Desk, name: str, **values: Any) -> None:
    """Changes a person's row: capacity, absence."""
    desk.write(update(Person).where(Person.id == desk.people[name]).values(**values))


def away(desk: Desk, name: str, hours: float | None = None) -> None:
    """Somebody is absent from now on, for some hours or until further notice."""
    now = desk.now()
    until = now + dt.timedelta(hours=hours) if hours is not None else None
    change(desk, name, absent_from=now, absent_until=until)


def holder(desk: Desk, dispute: int) -> str:
    """Who holds the dispute's open visit; empty where nobody does."""
    held = desk.at(dispute).row.holder_id
    return next((name for name, of in desk.people.items() if of == held), "")


def tick(desk: Desk) -> None:
    """What waits is given out, as the scheduler does."""
    while desk.db.transact(distributing.distribute):
        pass


def open_many(desk: Desk, count: int) -> list[int]:
    """Disputes that arrive in one batch."""
    intakes = [desk.intake() for _ in range(count)]
    opened = desk.db.transact(opening.open_disputes, intakes, Actor("import"), VAULT)
    return [one.dispute_id for one in opened]


def assigned(desk: Desk, dispute: int) -> list[Any]:
    """What the dispute's events say of assignments by rule."""
    rows = desk.rows(select(Event.data).where(Event.dispute_id == dispute).order_by(Event.id))
    return [row.data["assigned"] for row in rows if "assigned" in row.data]
