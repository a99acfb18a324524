"""Places: a channel shows its most urgent cards, up to a number; the rest wait in Home.

Whoever is shown stays shown until the visit is left. A place that falls free goes to the most
urgent visit that waits. What is held or overdue is shown whatever the number says.
"""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, select

from core.desk import documents, outbox
from core.desk.live import its_due
from core.tables import Card, Channel, Outbox, Visit

_TRIES = (  # how often a visit was to be shown already
    select(func.count())
    .where(Outbox.kind == outbox.CARD, Outbox.visit_id == Visit.id)
    .correlate(Visit)
    .scalar_subquery()
    .label("tries")
)


def full(connection: Connection, slack_id: str, most: int) -> bool:
    """Whether a channel shows as many live cards as it may."""
    return _live(connection, slack_id) >= most


def come_up(connection: Connection, key: str, *, now: dt.datetime) -> int:
    """Posts the most urgent visits that wait for the free places of a channel; how many.

    A visit may wait for a place more than once; two who find the same place free post it once.
    """
    channel = connection.execute(
        select(Channel.slack_id, Channel.most_cards).where(Channel.key == key)
    ).first()
    if channel is None or not channel.slack_id:
        return 0
    pending = connection.scalar(select(func.count()).where(_pending(), Outbox.lane == _lane(key)))
    room = channel.most_cards - _live(connection, channel.slack_id) - (pending or 0)
    if room <= 0:
        return 0
    waiting = connection.execute(
        select(Visit.id, Visit.dispute_id, _TRIES)
        .where(
            Visit.left_at.is_(None),
            Visit.stage.in_(_stages(connection, key)),
            Visit.channel == key,
            ~exists(select(1).where(Card.visit_id == Visit.id)),
            ~exists(select(1).where(_pending(), Outbox.visit_id == Visit.id)),
        )
        .order_by(its_due.is_(None), its_due, Visit.id)
        .limit(room)
    ).all()
    outbox.put(connection, [_card(row, key, now=now) for row in waiting])
    return len(waiting)


def show(connection: Connection, visit_id: int, *, now: dt.datetime) -> None:
    """Posts one visit's card, place or not, unless it is there, on its way, or no longer open."""
    row = connection.execute(
        select(Visit.id, Visit.channel, Visit.dispute_id, _TRIES).where(
            Visit.id == visit_id,
            Visit.left_at.is_(None),
            Visit.channel != "",
            ~exists(select(1).where(Card.visit_id == Visit.id)),
            ~exists(select(1).where(_pending(), Outbox.visit_id == Visit.id)),
        )
    ).first()
    if row is not None:
        outbox.put(connection, [_card(row, row.channel, now=now)])


def _card(row: Row[Any], channel: str, *, now: dt.datetime) -> dict[str, Any]:
    """Whoever posts the same card meanwhile has counted as many: the other finds it posted."""
    return outbox.card(row.id, channel, row.dispute_id, now=now, because=str(row.tries or ""))


def _live(connection: Connection, slack_id: str) -> int:
    """The cards of open visits that a Slack channel shows."""
    return (
        connection.scalar(
            select(func.count())
            .select_from(Card)
            .join(Visit, Visit.id == Card.visit_id)
            .where(Card.channel == slack_id, Card.live, Visit.left_at.is_(None))
        )
        or 0
    )


def _pending() -> ColumnElement[bool]:
    return and_(Outbox.kind == outbox.CARD, Outbox.finished_at.is_(None))


def _lane(key: str) -> str:
    return outbox.post_lane(key)


def _stages(connection: Connection, key: str) -> list[str]:
    """The stages whose cards appear in this channel: what the index of open visits begins with."""
    return [
        stage.key
        for workflow in documents.active(connection).workflows
        for stage in workflow.stages
        if stage.channel == key
    ]
