"""Who has which page of the draft open now, so that two editors see each other (S3)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from core.desk import people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.tables import DraftPresence, Person

EVERY = dt.timedelta(seconds=30)  # a page tells that it is open still
LATELY = dt.timedelta(minutes=5)  # whoever was told of since then may still be typing
MOST = 20


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody else at the draft: the row whose page they have open, and since when unheard."""

    name: str
    kind: str
    row_id: int
    ago: dt.timedelta


def tell(
    connection: Connection, actor: Actor, kind: str, row_id: int, *, now: dt.datetime
) -> list[Present] | Refused:
    """Notes that a page is open, forgets who is long gone, and answers who else is there."""
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    table = DraftPresence
    connection.execute(delete(table).where(table.at < now - LATELY))
    mine = (table.person_id == actor.person_id, table.kind == kind, table.row_id == row_id)
    if not connection.execute(update(table).where(*mine).values(at=now)).rowcount:
        row = {"person_id": actor.person_id, "kind": kind, "row_id": row_id, "at": now}
        connection.execute(insert(table), row)
    return others(connection, actor, now=now)


def others(connection: Connection, actor: Actor, *, now: dt.datetime) -> list[Present]:
    """Whoever else has a page of the draft open, the latest page of each, latest first."""
    table = DraftPresence
    rows = connection.execute(
        select(Person.id, Person.name, table.kind, table.row_id, table.at)
        .join(Person, Person.id == table.person_id)
        .where(table.person_id != actor.person_id, table.at >= now - LATELY, Person.active)
        .order_by(table.at.desc(), table.id.desc())
    )
    found: dict[int, Present] = {}
    for row in rows:
        found.setdefault(row.id, Present(row.name, row.kind, row.row_id, now - row.at))
    return list(found.values())[:MOST]
