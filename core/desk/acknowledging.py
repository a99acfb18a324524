"""'I am on it': a ladder rests for a stated time, reminds, and lapses (row K6).

The promise itself runs on: it is kept or broken as if nobody had said anything. Nothing is lost
either: what the ladder would have told meanwhile, it tells when the time is over.
"""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from core.desk import clicks, documents, events, outbox, people, stages, standing
from core.desk.actor import TIMEOUT, Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.deadlines import running_of
from core.desk.ladders import Plans
from core.desk.standing import Standing
from core.tables import Deadline, Dispute, Outbox, Visit

ACKNOWLEDGED, ENDING, LAPSED = "acknowledged", "acknowledgement_ending", "acknowledgement_lapsed"
REMIND = dt.timedelta(minutes=5)  # so long before its end; half of a time shorter than twice that
MOST = 200  # that one sweep looks after

_BY_ID = select(Deadline).where(Deadline.id == bindparam("deadline"))
_ACKNOWLEDGE = (
    update(Deadline)
    .where(
        Deadline.id == bindparam("deadline"),
        Deadline.stopped_at.is_(None),
        or_(
            Deadline.acknowledged_until.is_(None),
            Deadline.acknowledged_until <= bindparam("now"),
            Deadline.acknowledged_by_id == bindparam("person"),
        ),
    )
    .values(
        acknowledged_by_id=bindparam("person"),
        acknowledged_until=bindparam("until"),
        attend_at=bindparam("remind"),
        next_at=bindparam("next"),
    )
)
_ATTEND = (
    update(Deadline).where(Deadline.id == bindparam("deadline")).values(attend_at=bindparam("at"))
)
_DUE = (
    select(
        Deadline.id,
        Deadline.dispute_id,
        Deadline.service_level,
        Deadline.level,
        Deadline.stopped_at,
        Deadline.acknowledged_by_id,
        Deadline.acknowledged_until,
        Visit.id.label("visit_id"),
    )
    .join(Dispute, Dispute.id == Deadline.dispute_id)
    .join(Visit, and_(Visit.dispute_id == Deadline.dispute_id, Visit.left_at.is_(None)))
    .where(Deadline.attend_at <= bindparam("now"))
    .order_by(Deadline.attend_at, Deadline.id)
    .limit(bindparam("most"))
    .with_for_update(of=(Deadline.__table__, Dispute.__table__), skip_locked=True)
)
_ALERTS = (
    select(Outbox.id, Outbox.visit_id, Outbox.data)
    .join(Visit, Visit.id == Outbox.visit_id)
    .where(
        Visit.dispute_id == bindparam("dispute"),
        Outbox.kind == outbox.ALERT,
        Outbox.state.not_in(("superseded", "parked", "let_go")),
    )
    .order_by(Outbox.id)
)


def acknowledge(
    connection: Connection,
    deadline_id: int,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
    reply_to: bytes | None = None,
) -> Answer:
    """Somebody is on an overdue promise: its ladder rests for as long as it says (K6).

    Saying it again begins the time anew. `reply_to` is the sealed response_url of the press.
    """
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _acknowledge(connection, deadline_id, actor, now=now, reply_to=reply_to),
        now=now,
    )


def _acknowledge(
    connection: Connection,
    deadline_id: int,
    actor: Actor,
    *,
    now: dt.datetime,
    reply_to: bytes | None,
) -> Answer:
    found = for_them(connection, deadline_id, actor)
    if isinstance(found, Refused):
        return found
    at, row = found
    if row.stopped_at is not None:
        return at.refused("promise_over")
    document = documents.load(connection, row.document_id)
    level = document.workflow_by_key[at.row.workflow].level_by_key[row.service_level]
    ladder = document.ladder_by_key.get(level.ladder)
    if ladder is None or not ladder.ack_minutes:
        return at.refused("not_to_acknowledge")
    until = now + dt.timedelta(minutes=ladder.ack_minutes)
    plan = Plans(connection).of(row.document_id, document, at.row.workflow, level)
    running = running_of(plan, row.started_at, row.pauses)
    following = plan.next_at(running, row.level, until)
    values = {
        "deadline": deadline_id,
        "now": now,
        "person": actor.person_id,
        "until": until,
        "remind": until - min(REMIND, (until - now) / 2),
        # What was set aside is tried again when the operator was promised it would be.
        "next": row.next_at if row.set_aside else following,
    }
    if connection.execute(_ACKNOWLEDGE, values).rowcount != 1:
        who = people.name(connection, row.acknowledged_by_id)
        return at.refused("acknowledged", who=who, until=row.acknowledged_until.isoformat())
    data = {
        "deadline": deadline_id,
        "service_level": row.service_level,
        "until": until.isoformat(),
    }
    event_id = events.record(
        connection, row.dispute_id, at.row.visit_id, ACKNOWLEDGED, actor, data, now=now
    )
    messages = redrawn(connection, row, event_id, now=now, reply_to=reply_to)
    shown = next((visit for visit in reversed(at.history) if visit.channel), None)
    if shown is not None:  # of a dispute that is hidden now the latest card
        messages.append(outbox.line(shown.id, shown.channel, row.dispute_id, event_id, now=now))
    outbox.put(connection, messages)
    return Applied(
        "acknowledge",
        row.dispute_id,
        at.row.number,
        at.row.visit_id,
        stage=at.row.stage,
        params={"until": until.isoformat()},
    )


def for_them(
    connection: Connection, deadline_id: int, actor: Actor
) -> tuple[Standing, Any] | Refused:
    """Where a deadline's dispute stands, and its row; refused to whom the stage is closed.

    The dispute is locked before the row is read.
    """
    dispute_id = connection.scalar(select(Deadline.dispute_id).where(Deadline.id == deadline_id))
    at = standing.of_dispute(connection, dispute_id) if dispute_id is not None else None
    row = connection.execute(_BY_ID.with_for_update(), {"deadline": deadline_id}).first()
    if at is None or row is None or actor.person_id is None:
        return Refused("unknown_visit")
    return stages.barred(connection, at, actor) or (at, row)


def redrawn(
    connection: Connection,
    deadline: Any,
    event_id: int,
    *,
    now: dt.datetime,
    reply_to: bytes | None = None,
) -> list[dict[str, Any]]:
    """A redraw for each alert that was told of a deadline, for it shows who is on it."""
    rows = connection.execute(_ALERTS, {"dispute": deadline.dispute_id})
    return [
        outbox.message(
            outbox.REALERT,
            outbox.UPDATE_LANE,
            f"realert:{row.id}:{event_id}",
            now=now,
            dispute_id=deadline.dispute_id,
            visit_id=row.visit_id,
            data={"alert": row.id, **row.data},
            reply_to=reply_to,
        )
        for row in rows
        if row.data.get("deadline") == deadline.id
    ]


def attend(connection: Connection, *, now: dt.datetime, most: int = MOST) -> int:
    """Reminds whoever is on something shortly before that lapses, and lapses it; how many.

    After a long sleep nobody is reminded of what has lapsed meanwhile.
    """
    due = connection.execute(_DUE, {"now": now, "most": most}).all()
    for row in due:
        over = row.stopped_at is not None
        ending = not over and row.acknowledged_until > now
        at = row.acknowledged_until if ending else None
        connection.execute(_ATTEND, {"deadline": row.id, "at": at})
        if over:
            continue
        data = {"deadline": row.id, "service_level": row.service_level}
        kind = ENDING if ending else LAPSED
        if ending:
            data |= {"people": [row.acknowledged_by_id]}
        event_id = events.record(
            connection, row.dispute_id, row.visit_id, kind, TIMEOUT, data, now=now
        )
        if ending:
            outbox.put(connection, [_reminder(row, event_id, now=now)])
        else:
            outbox.put(connection, redrawn(connection, row, event_id, now=now))
    return len(due)


def _reminder(row: Any, event_id: int, *, now: dt.datetime) -> dict[str, Any]:
    return outbox.message(
        outbox.ALERT,
        outbox.direct_lane(row.acknowledged_by_id),
        f"alert:{row.id}:ending:{event_id}",
        now=now,
        dispute_id=row.dispute_id,
        visit_id=row.visit_id,
        data={"deadline": row.id, "event": event_id, "place": None, "reminds": True},
    )
