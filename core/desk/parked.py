"""Messages that did not arrive: an operator sends them again, or lets them go for good.

Nothing is dropped by itself. Whoever lets a message go says why, by a preset reason; that is
recorded, and only sending it once more takes it back.
"""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.orm import aliased

from core.desk import events, outbox, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.delivery import LET_GO, PARKED, WAITING
from core.desk.operating import IN_TROUBLE, SHOWN
from core.tables import Dispute, MessageAct, Outbox, Person

SHOWN_GONE = 50  # that were let go; older ones stand with their dispute
AGAIN = "again"


class Why(StrEnum):
    """Why a message may be let go."""

    NO_USE = "no_use"  # it would tell nobody anything any more
    ARRIVED = "arrived"  # it arrived after all
    OTHERWISE = "otherwise"  # it was told, or done, another way
    NOBODY = "nobody"  # whoever it was for is gone for good


# Letting a payment's instruction go must not leave somebody unpaid.
PAID_ALL_THE_SAME = (Why.ARRIVED, Why.OTHERWISE)

_COLUMNS = (
    Outbox.id,
    Outbox.lane,
    Outbox.kind,
    Outbox.state,
    Outbox.reason,
    Outbox.attempts,
    Outbox.created_at,
    Dispute.number,
)
_TROUBLED = (
    select(*_COLUMNS)
    .outerjoin(Dispute, Dispute.id == Outbox.dispute_id)
    .where(IN_TROUBLE)
    .order_by(Outbox.id.desc())
)


def messages(
    connection: Connection, actor: Actor, before_id: int | None = None, **_: Any
) -> list[Row[Any]] | Refused:
    """A page of the messages that are parked or of unknown outcome, latest first, with why.

    `before_id` begins beneath that one.
    """
    refused = people.refusal(connection, actor, Right.OPERATE)
    if refused is not None:
        return refused
    found = _TROUBLED if before_id is None else _TROUBLED.where(Outbox.id < before_id)
    return list(connection.execute(found.limit(SHOWN)))


def gone(connection: Connection, actor: Actor, **_: Any) -> list[Row[Any]] | Refused:
    """The messages that were let go and not sent again since, latest first: who, when and why."""
    refused = people.refusal(connection, actor, Right.OPERATE)
    if refused is not None:
        return refused
    later = aliased(MessageAct)
    last = select(func.max(later.id)).where(later.message_id == MessageAct.message_id)
    return list(
        connection.execute(
            select(*_COLUMNS, MessageAct.at, MessageAct.why, Person.name.label("who"))
            .join(Outbox, Outbox.id == MessageAct.message_id)
            .outerjoin(Dispute, Dispute.id == Outbox.dispute_id)
            .outerjoin(Person, Person.id == MessageAct.person_id)
            .where(Outbox.state == LET_GO, MessageAct.id == last.scalar_subquery())
            .order_by(MessageAct.id.desc())
            .limit(SHOWN_GONE)
        )
    )


def let_go(
    connection: Connection,
    actor: Actor,
    message_ids: Sequence[int],
    why: str,
    *,
    now: dt.datetime,
) -> int | Refused:
    """Lets parked messages go for good; returns how many of these still were parked.

    `why` is one of Why. An instruction to pay goes only where it was paid all the same.
    """
    refused = people.refusal(connection, actor, Right.OPERATE)
    if refused is not None:
        return refused
    if why not in set(Why):
        return Refused("unknown_preset")
    if not message_ids:
        return Refused("no_message_ticked")
    meant: tuple[Any, ...] = (Outbox.id.in_(message_ids), Outbox.state == PARKED)
    if why not in PAID_ALL_THE_SAME:
        if connection.scalar(select(Outbox.id).where(*meant, Outbox.kind == outbox.PAY).limit(1)):
            return Refused("pays_somebody")
        meant = (*meant, Outbox.kind != outbox.PAY)
    rows = connection.execute(
        update(Outbox)
        .where(*meant)
        .values(state=LET_GO)
        .returning(Outbox.id, Outbox.dispute_id, Outbox.visit_id, Outbox.kind)
    ).all()
    if not rows:
        return Refused("none_parked")
    for row in rows:
        _record(connection, row, LET_GO, why, actor, now=now)
    return len(rows)


def send_again(
    connection: Connection, actor: Actor, message_id: int, *, now: dt.datetime
) -> Refused | None:
    """A message that is parked or was let go waits to be sent once more; who wanted it is kept."""
    refused = people.refusal(connection, actor, Right.OPERATE)
    if refused is not None:
        return refused
    row = connection.execute(
        update(Outbox)
        .where(Outbox.id == message_id, Outbox.state.in_((PARKED, LET_GO)))
        .values(state=WAITING, finished_at=None, not_before=None)
        .returning(Outbox.id, Outbox.dispute_id, Outbox.visit_id, Outbox.kind)
    ).first()
    if row is None:
        return Refused("not_parked")
    _record(connection, row, AGAIN, "", actor, now=now)
    return None


def _record(
    connection: Connection, row: Any, act: str, why: str, actor: Actor, *, now: dt.datetime
) -> None:
    """Who did it, when and why: of every message, and in the record of its dispute."""
    kept = {"message_id": row.id, "act": act, "why": why, "person_id": actor.person_id, "at": now}
    connection.execute(insert(MessageAct), kept)
    if row.dispute_id is not None:
        data = {"message": row.id, "message_kind": row.kind, **({"why": why} if why else {})}
        kind = f"message_{act}"
        events.record(connection, row.dispute_id, row.visit_id, kind, actor, data, now=now)
