"""What stands around a visit: how those before it ended, what came after, what was done lately."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from core.desk import facts
from core.desk.standing import Standing
from core.desk.transition import UNDO
from core.tables import Card, Dispute, Event, Fact, Person, Visit
from core.workflow.model import Value
from core.workflow.terms import Kind, Meaning

TOLD_ON_CARDS = ("parked", "handed_back", "handed_over", "snoozed", "woken")

_DISPUTE: BindParameter[int] = bindparam("dispute")
_VISIT: BindParameter[int] = bindparam("visit")
_BEFORE = (
    select(
        Visit.id,
        Visit.stage,
        Visit.kind,
        Visit.document_id,
        Dispute.workflow,
        Visit.opened_at,
        Visit.left_at,
        Visit.undone_at,
        Visit.decision,
        Visit.by,
        Visit.decider_id,
        Person.name,
    )
    .join(Dispute, Dispute.id == Visit.dispute_id)
    .outerjoin(Person, Person.id == Visit.decider_id)
    .where(Visit.dispute_id == _DISPUTE, Visit.id < _VISIT)
    .order_by(Visit.id)
)
_LATELY = (
    select(Event.kind, Event.at, Event.data, Person.name)
    .outerjoin(Person, Person.id == Event.person_id)
    .where(
        Event.dispute_id == _DISPUTE,
        Event.visit_id == _VISIT,
        Event.kind.in_(TOLD_ON_CARDS),
    )
    .order_by(Event.id.desc())
    .limit(1)
)
_FOLLOWING = (
    select(Visit.stage, Card.channel, Card.ts)
    .outerjoin(Card, Card.visit_id == Visit.id)
    .where(Visit.dispute_id == _DISPUTE, Visit.id > _VISIT, Visit.undone_at.is_(None))
    .order_by(Visit.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Past:
    """How an earlier visit ended: the stage, the decision, and who made it (empty: no person)."""

    stage: str
    decision: str
    who: str
    by: str


@dataclass(frozen=True, slots=True)
class Lately:
    """What last happened to the visit besides deciding: who did it, and the event's own data."""

    kind: str
    who: str
    at: dt.datetime
    data: dict[str, Any]


def before(connection: Connection, at: Standing) -> Sequence[Any]:
    """The visits before this one, with who decided them, oldest first."""
    return connection.execute(_BEFORE, _names(at)).all()


def past(earlier: Sequence[Any]) -> tuple[Past, ...]:
    """How these visits ended; those that were undone count for nothing (D3)."""
    return tuple(
        Past(r.stage, r.decision or "", r.name or "", r.by or "")
        for r in earlier
        if r.undone_at is None
    )


def taken_back(connection: Connection, at: Standing, earlier: Sequence[Any]) -> dict[str, Value]:
    """What this visit's holder chose here before they took their decision back, by field (D3).

    Nobody else's choices stand on a card before its reader has chosen.
    """
    if not earlier or earlier[-1].decision != UNDO or at.row.left_at is not None:
        return {}
    undone = next((r for r in reversed(earlier) if r.undone_at and r.decision != UNDO), None)
    if undone is None or (undone.stage, undone.decider_id) != (at.row.stage, at.row.holder_id):
        return {}
    return facts.of_visit(connection, undone.id)


def remarks(connection: Connection, at: Standing) -> tuple[str, ...]:
    """What the decision before this visit remarked to it, as option keys (D8)."""
    keys = {f.key: f for s in at.workflow.stages for f in s.fields if f.meaning == Meaning.REMARK}
    before = [v for v in at.counted if v.id < at.row.visit_id and v.kind == Kind.WORK]
    if not keys or not before:
        return ()
    rows = connection.execute(
        select(Fact.key, Fact.text)
        .where(
            Fact.dispute_id == at.row.dispute_id,
            Fact.visit_id == before[-1].id,
            Fact.key.in_(keys),
            Fact.text.is_not(None),
        )
        .order_by(Fact.id)
    )
    return tuple(row.text for row in rows)


def lately(connection: Connection, at: Standing) -> Lately | None:
    """The latest event of the visit that its card tells."""
    row = connection.execute(_LATELY, _names(at)).first()
    return Lately(row.kind, row.name or "", row.at, row.data) if row else None


def following(connection: Connection, at: Standing) -> Any:
    """The visit that came after this one, with its card where it has one."""
    if at.row.left_at is None:
        return None
    return connection.execute(_FOLLOWING, _names(at)).first()


def _names(at: Standing) -> dict[str, int]:
    return {"dispute": at.row.dispute_id, "visit": at.row.visit_id}
