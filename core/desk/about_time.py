"""What a dispute's time is told by, where only one of its visits is at hand (G6, G11)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.desk import foretelling, hearing, time_used
from core.desk.explaining import Explained, explained
from core.tables import Dispute, Visit


@dataclass(frozen=True, slots=True)
class About:
    """Its promises with what is to come of them, and who used the time so far."""

    number: str
    promises: tuple[Explained, ...]
    used: dict[str, dt.timedelta]
    names: hearing.Names


def about(connection: Connection, visit_id: int, *, now: dt.datetime) -> About | None:
    """The time of the dispute to which a visit belongs; None where there is no such visit."""
    found = select(Dispute.id, Dispute.number).join(Visit, Visit.dispute_id == Dispute.id)
    row = connection.execute(found.where(Visit.id == visit_id)).first()
    if row is None:
        return None
    promises = explained(connection, row.id, now=now)
    played = foretelling.played(connection, row.id, promises, now=now)
    return About(
        row.number,
        tuple(played[: len(promises)]),
        time_used.of_dispute(connection, row.id, now=now),
        hearing.names(connection),
    )
