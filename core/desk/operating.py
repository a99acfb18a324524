"""What an operator looks after: how much is in trouble, and deadlines that were set aside."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select, text, update

from core.desk import events, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.delivery import PARKED, UNKNOWN
from core.tables import Deadline, Dispute, Outbox, Visit

SHOWN = 200  # more trouble than this is told by its number
# Written out as the partial index says it, so that SQLite sees that the index serves it.
IN_TROUBLE = text("outbox.state IN ('parked', 'unknown')")
ASIDE = Deadline.set_aside.is_not(None)
_DEADLINES = (
    select(
        Deadline.id,
        Deadline.service_level,
        Deadline.document_id,
        Deadline.due_at,
        Deadline.next_at,
        Deadline.set_aside,
        Dispute.number,
        Visit.stage,
    )
    .join(Dispute, Dispute.id == Deadline.dispute_id)
    .outerjoin(Visit, Visit.id == Deadline.visit_id)
    .where(ASIDE)
    .order_by(Deadline.id.desc())
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """How much waits for an operator."""

    parked: int
    unknown: int
    set_aside: int


def trouble(connection: Connection, **_: Any) -> Trouble:
    """How many messages are parked or of unknown outcome, and how many deadlines set aside."""
    counted = connection.execute(
        select(Outbox.state, func.count().label("rows")).where(IN_TROUBLE).group_by(Outbox.state)
    )
    by_state = {row.state: row.rows for row in counted}
    aside = connection.scalar(select(func.count()).select_from(Deadline).where(ASIDE)) or 0
    return Trouble(by_state.get(PARKED, 0), by_state.get(UNKNOWN, 0), aside)


def deadlines(
    connection: Connection, actor: Actor, before_id: int | None = None, **_: Any
) -> list[Row[Any]] | Refused:
    """A page of the deadlines that the sweep could not act on, latest first; beneath `before_id`.

    With the kind of error.
    """
    refused = people.refusal(connection, actor, Right.OPERATE)
    if refused is not None:
        return refused
    found = _DEADLINES if before_id is None else _DEADLINES.where(Deadline.id < before_id)
    return list(connection.execute(found.limit(SHOWN)))


def act_again(
    connection: Connection, actor: Actor, deadline_id: int, *, now: dt.datetime
) -> Refused | None:
    """The next sweep tries a deadline that was set aside once more; who wanted it is recorded."""
    refused = people.refusal(connection, actor, Right.OPERATE)
    if refused is not None:
        return refused
    row = connection.execute(
        update(Deadline)
        .where(Deadline.id == deadline_id, ASIDE)
        .values(next_at=now)
        .returning(Deadline.dispute_id, Deadline.visit_id)
    ).first()
    if row is None:
        return Refused("not_set_aside")
    data = {"deadline": deadline_id}
    events.record(connection, row.dispute_id, row.visit_id, "deadline_again", actor, data, now=now)
    return None
