"""Disputes of one incident: grouped by who may, decided together, each with its own record (D9)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update

from core.desk import cards, clicks, events, outbox
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.bulk import MOST_AT_ONCE
from core.tables import Dispute, Incident, Visit

TITLE_LIMIT = 80
RECENT = 10  # incidents that are offered to be joined
_OF_DISPUTE = (
    select(Incident.id, Incident.title)
    .join(Dispute, Dispute.incident_id == Incident.id)
    .where(Dispute.id == bindparam("dispute"))
)


@dataclass(frozen=True, slots=True)
class Group:
    """An incident, and how many disputes name it."""

    id: int
    title: str
    count: int = 0


def group(
    connection: Connection,
    actor: Actor,
    visit_ids: Sequence[int],
    *,
    now: dt.datetime,
    title: str = "",
    incident_id: int | None = None,
    click: str | None = None,
) -> Answer:
    """Says that the disputes at these visits come from one incident, a new or a known one.

    A dispute that was in another group leaves it. Grouping decides nothing.
    """
    return clicks.once(
        connection,
        actor,
        Right.GROUP,
        click,
        lambda actor: _group(connection, actor, visit_ids, title, incident_id, now=now),
        now=now,
    )


def _group(
    connection: Connection,
    actor: Actor,
    visit_ids: Sequence[int],
    title: str,
    incident_id: int | None,
    *,
    now: dt.datetime,
) -> Answer:
    title = " ".join(title.split())
    known = incident_id is not None and _title(connection, incident_id) is not None
    if not known and not (0 < len(title) <= TITLE_LIMIT and title.isprintable()):
        return Refused("bad_title", {"limit": TITLE_LIMIT})
    rows = connection.execute(
        select(
            Visit.id.label("visit_id"),
            Visit.dispute_id,
            Visit.stage,
            Visit.kind,
            Visit.channel,
            Visit.left_at,
            Dispute.number,
        )
        .join(Dispute, Dispute.id == Visit.dispute_id)
        .where(Visit.id.in_(visit_ids))
        .order_by(Dispute.id, Visit.id)
        .with_for_update(of=Dispute.__table__)  # one after another: two who group wait, not hang
    ).all()
    if not rows:
        return Refused("nothing_chosen")
    if not known:
        new = {"title": title, "opened_at": now, "opened_by_id": actor.person_id}
        incident_id = connection.execute(insert(Incident).returning(Incident.id), new).scalar_one()
    connection.execute(
        update(Dispute)
        .where(Dispute.id.in_([row.dispute_id for row in rows]))
        .values(incident_id=incident_id)
    )
    messages = []
    for row in rows:
        data = {"incident": incident_id}
        event = events.record(
            connection, row.dispute_id, row.visit_id, "grouped", actor, data, now=now
        )
        if row.left_at is None:
            messages += cards.redrawn(row, event, now=now)
    outbox.put(connection, messages)
    first = rows[0]
    params = {"incident": incident_id, "title": _title(connection, incident_id), "count": len(rows)}
    return Applied(
        "grouped", first.dispute_id, first.number, first.visit_id, None, first.stage, params
    )


def of_dispute(connection: Connection, dispute_id: int) -> Group | None:
    """The incident that a dispute names, if it names one."""
    row = connection.execute(_OF_DISPUTE, {"dispute": dispute_id}).first()
    if row is None:
        return None
    count = connection.scalar(select(func.count()).where(Dispute.incident_id == row.id))
    return Group(row.id, row.title, count or 0)


def recent(connection: Connection) -> list[Group]:
    """The latest incidents."""
    rows = connection.execute(
        select(Incident.id, Incident.title).order_by(Incident.id.desc()).limit(RECENT)
    )
    return [Group(row.id, row.title) for row in rows]


def beside(connection: Connection, visit_id: int, **_: object) -> list[int]:
    """The open visits at the same stage whose disputes come from the same incident, this first.

    At most as many as are decided at once; `standing_beside` counts them all.
    """
    alike = _alike(connection, visit_id)
    if alike is None:
        return [visit_id]
    found = connection.execute(
        select(Visit.id)
        .join(Dispute, Dispute.id == Visit.dispute_id)
        .where(*alike)
        .order_by(Visit.id != visit_id, Visit.id)
        .limit(MOST_AT_ONCE)
    )
    return list(found.scalars())


def standing_beside(connection: Connection, visit_id: int, **_: object) -> int:
    """How many disputes of the incident stand open at the stage of this visit, itself included."""
    alike = _alike(connection, visit_id)
    if alike is None:
        return 1
    count = select(func.count(Visit.id)).join(Dispute, Dispute.id == Visit.dispute_id)
    return connection.scalar(count.where(*alike)) or 0


def _alike(connection: Connection, visit_id: int) -> Sequence[ColumnElement[bool]] | None:
    """What makes a visit stand beside this one; None where its dispute names no incident."""
    here = (
        select(Visit.stage, Dispute.incident_id)
        .join(Dispute, Dispute.id == Visit.dispute_id)
        .where(Visit.id == visit_id)
    )
    row = connection.execute(here).first()
    if row is None or row.incident_id is None:
        return None
    return (
        Dispute.incident_id == row.incident_id,
        Visit.stage == row.stage,
        Visit.left_at.is_(None),
    )


def of_the_same(connection: Connection, dispute_id: int, visit_ids: Sequence[int]) -> list[int]:
    """Those of these visits, left ones too, whose disputes come from this dispute's incident."""
    own = select(Dispute.incident_id).where(Dispute.id == dispute_id).scalar_subquery()
    found = connection.execute(
        select(Visit.id)
        .join(Dispute, Dispute.id == Visit.dispute_id)
        .where(Visit.id.in_(visit_ids[:MOST_AT_ONCE]), Dispute.incident_id == own)
        .order_by(Visit.id)
    )
    return list(found.scalars())


def _title(connection: Connection, incident_id: int | None) -> str | None:
    return connection.scalar(select(Incident.title).where(Incident.id == incident_id))
