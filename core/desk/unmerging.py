"""Undoing a merge: the dispute tells its own story again, while nobody has gone on with it (D3)."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, select, update

from core.desk import merging, standing
from core.desk.actor import Actor
from core.desk.answers import Refused
from core.desk.standing import Standing
from core.tables import Dispute, Event, Round
from core.workflow.terms import Meaning


def gone_on(connection: Connection, at: Standing) -> Refused | None:
    """Why the merging of this dispute cannot be undone: its items were gone on with elsewhere."""
    told = _merged_in(connection, at.row.dispute_id)
    if told is None or "part" not in told.data:
        return None
    into = standing.of_dispute(connection, told.dispute_id)
    if (
        into is None
        or into.row.part != told.data["part"]
        or merging.has_money(connection, told.dispute_id)
    ):
        return at.refused("merge_gone_on", other=into.row.number if into is not None else "")
    return None


def _merged_in(connection: Connection, dispute_id: int) -> Any | None:
    """The event by which the dispute was merged into another, as the other tells it."""
    into_id = connection.scalar(select(Dispute.merged_into_id).where(Dispute.id == dispute_id))
    rows = connection.execute(
        select(Event.dispute_id, Event.data)
        .where(Event.dispute_id == into_id, Event.kind == "merged_in")
        .order_by(Event.id.desc())
    )
    return next((row for row in rows if row.data["dispute"] == dispute_id), None)


def merges(meaning: str | None) -> bool:
    """Whether a visit that ended with this meaning ended by merging."""
    return meaning == Meaning.MERGED


def taken_back(connection: Connection, dispute_id: int, actor: Actor, *, now: dt.datetime) -> None:
    """The merging of the dispute was undone: it tells its own story again."""
    told = _merged_in(connection, dispute_id)
    connection.execute(update(Dispute).where(Dispute.id == dispute_id).values(merged_into_id=None))
    at = standing.of_dispute(connection, dispute_id, lock=False)
    into = standing.of_dispute(connection, told.dispute_id, lock=False) if told else None
    if at is None or into is None or told is None:
        return
    more = {}
    if "part" in told.data:
        merging.set_part(connection, told.dispute_id, told.data["before"])
        more = {"part": told.data["before"]}
    merging.tell(connection, into, "merge_undone", at.row, actor, more, now=now)


def reopen_round(
    connection: Connection, visit_id: int, fresh_id: int, *, closed_at: dt.datetime
) -> None:
    """The round that ended with a wait's merging goes on with the wait that was opened again."""
    connection.execute(
        update(Round)
        .where(Round.visit_id == visit_id, Round.closed_at == closed_at)
        .values(closed_at=None, visit_id=fresh_id)
    )
