"""Undoing a merge: the dispute tells its own story again, while nobody has gone on with it (D3)."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, select, update

from core.desk import family, merging
from core.desk.actor import Actor
from core.desk.answers import Refused
from core.desk.standing import Standing
from core.tables import Dispute, Event, Payment, Round
from core.workflow.terms import Meaning


def gone_on(connection: Connection, at: Standing, into: Standing | None) -> Refused | None:
    """Why the merging of this dispute cannot be undone: its items were gone on with elsewhere.

    `into` is the one it was merged into, locked as `at` is; none where it was merged only while
    that was asked.
    """
    if into is None:
        return at.refused("try_again")
    told = _merged_in(connection, at.row.dispute_id)
    if told is None or "part" not in told.data:
        return None
    further = family.merged_into(connection, into.row.dispute_id)  # with the items of this one
    if further is not None:
        return at.refused("merge_gone_on", other=further.number)
    if into.row.part != told.data["part"] or _paid_since(connection, told):
        return at.refused("merge_gone_on", other=into.row.number)
    return None


def _paid_since(connection: Connection, told: Any) -> bool:
    """Whether money was worked out for the items of both since the merge."""
    found = connection.scalar(
        select(Payment.id)
        .where(
            Payment.dispute_id == told.dispute_id,
            Payment.id > told.data["payment"],
            Payment.state.not_in(merging.NO_MONEY),
        )
        .limit(1)
    )
    return found is not None


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


def taken_back(
    connection: Connection, at: Standing, into: Standing, actor: Actor, *, now: dt.datetime
) -> None:
    """The merging of `at` into `into` was undone: it tells its own story again. Both are locked."""
    told, dispute_id = _merged_in(connection, at.row.dispute_id), at.row.dispute_id
    connection.execute(update(Dispute).where(Dispute.id == dispute_id).values(merged_into_id=None))
    more = {}
    if told is not None and "part" in told.data:
        merging.set_part(connection, into.row.dispute_id, told.data["before"])
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
