"""After an outage: one digest a channel in place of everything that piled up there (G9)."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, exists, select, update

from core.desk import outbox, places
from core.desk.live import its_due
from core.tables import Card, Outbox, Visit
from core.workflow.terms import Kind

LATE = dt.timedelta(minutes=15)  # what waited longer comes too late to be told one by one
MANY = 20  # so many late messages in one channel are a storm
WORST = 10  # disputes that a digest names
_COLLAPSED = (outbox.CARD, outbox.LINE, outbox.ALERT)


def collapse(connection: Connection, lane: str, *, now: dt.datetime) -> bool:
    """Puts one digest, worst first, in place of a lane's late messages; False where few are late.

    Its channel's most urgent cards come up behind it, up to their number; cards that are there
    already are drawn again instead of being commented line by line.
    """
    rows = connection.execute(
        select(Outbox.id, Outbox.kind, Outbox.visit_id, Outbox.created_at)
        .where(
            Outbox.lane == lane,
            Outbox.finished_at.is_(None),
            Outbox.state == "waiting",
            Outbox.kind.in_(_COLLAPSED),
            Outbox.created_at <= now - LATE,
        )
        .order_by(Outbox.id)
        .with_for_update(skip_locked=True)
    ).all()
    if len(rows) <= MANY:
        return False
    connection.execute(
        update(Outbox)
        .where(Outbox.id.in_([row.id for row in rows]))
        .values(state="superseded", finished_at=now, reason="told in a digest after an outage")
    )
    because = f"digest:{rows[0].id}"
    opened = _open(connection, [row.visit_id for row in rows if row.kind != outbox.LINE])
    if opened:
        data = {
            "since": min(row.created_at for row in rows).isoformat(),
            "count": len(opened),
            "overdue": sum(row.due_at is not None and row.due_at <= now for row in opened),
            "visits": [row.id for row in opened[:WORST]],
        }
        outbox.put(
            connection,
            [
                outbox.message(
                    outbox.DIGEST, lane, f"digest:{lane}:{rows[0].id}", now=now, data=data
                )
            ],
        )
    shown = _shown(connection, [row.visit_id for row in rows])
    outbox.put(connection, [outbox.redraw(v.id, v.dispute_id, because, now=now) for v in shown])
    places.come_up(connection, lane.partition(":")[2], now=now)
    return True


def _open(connection: Connection, visit_ids: list[int | None]) -> list[Any]:
    """The visits among these at which somebody may still act, worst first."""
    return list(
        connection.execute(
            select(Visit.id, its_due.label("due_at"))
            .where(
                Visit.id.in_({i for i in visit_ids if i is not None}),
                Visit.left_at.is_(None),
                Visit.kind.in_((str(Kind.INTAKE), str(Kind.WORK))),
            )
            .order_by(its_due.is_(None), its_due, Visit.id)
        )
    )


def _shown(connection: Connection, visit_ids: list[int | None]) -> list[Any]:
    """The open visits among these whose cards are in Slack."""
    return list(
        connection.execute(
            select(Visit.id, Visit.dispute_id).where(
                Visit.id.in_({i for i in visit_ids if i is not None}),
                Visit.left_at.is_(None),
                exists(select(1).where(Card.visit_id == Visit.id)),
            )
        )
    )
