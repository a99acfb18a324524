"""Ladders of the tests, in few words: publishing one, being late under it, who was told."""

from typing import Any

from sqlalchemy import select, update

from core.desk import acknowledging, documents
from core.desk.answers import Answer
from core.migrate import standard
from core.tables import Deadline, Event, Outbox, Person
from core.workflow import model as m
from core.workflow.problems import problems
from tests.core.workflow.edits import add, put
from tests.factories import Desk

LABEL = m.Label("阶梯", "Ladder")


def publish(desk: Desk, *levels: m.LadderLevel, document: m.Document | None = None) -> None:
    """Publishes the standard document, in which evidence review follows a ladder of these."""
    own = add(document or standard(), "ladders", m.Ladder("own", LABEL, levels))
    own = put(own, "workflows/dispute/service_levels/review", ladder="own")
    assert problems(own) == []
    desk.db.transact(documents.publish, own)


def tells(hears: str, whom: str = "", at: int = 0, **more: Any) -> m.LadderLevel:
    """A level that tells somebody so many minutes after the end."""
    return m.LadderLevel(f"l{at}{hears}", at=at, hears=hears, whom=whom, **more)


def late(desk: Desk, *levels: m.LadderLevel) -> int:
    """A dispute at evidence review whose day is over, under a ladder of these levels."""
    publish(desk, *levels)
    dispute = desk.at_stage("evidence_review")
    desk.pass_time(days=1)
    return dispute


def alerts(desk: Desk) -> list[tuple[str, Any]]:
    """The lanes of the alerts, and whom they were meant for where nobody of them is there."""
    rows = desk.rows(
        select(Outbox.lane, Outbox.data).where(Outbox.kind == "alert").order_by(Outbox.id)
    )
    return [(row.lane, row.data.get("missing")) for row in rows]


def to(desk: Desk, *names: str) -> list[tuple[str, None]]:
    """The alerts that these people get alone."""
    return [(f"dm:{desk.people[name]}", None) for name in names]


def change(desk: Desk, name: str, **values: Any) -> None:
    """Changes what is kept of a person."""
    desk.write(update(Person).where(Person.id == desk.people[name]).values(**values))


def deadline(desk: Desk, dispute: int) -> Any:
    """The running deadline of the dispute's open visit."""
    found = desk.rows(select(Deadline).where(Deadline.visit_id == desk.visit(dispute)))
    return found[-1]


def kinds(desk: Desk, dispute: int) -> list[str]:
    """What happened to a dispute since it reached evidence review."""
    rows = desk.rows(
        select(Event.kind)
        .where(Event.dispute_id == dispute, Event.visit_id == desk.visit(dispute))
        .order_by(Event.id)
    )
    return [row.kind for row in rows]


def be_on_it(desk: Desk, dispute: int, name: str = "Eva") -> Answer:
    """Somebody says that they are on it."""
    answer: Answer = desk.db.transact(
        acknowledging.acknowledge, deadline(desk, dispute).id, desk.who(name), click=desk.click()
    )
    return answer
