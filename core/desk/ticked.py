"""The disputes that were ticked in a list, as they stand now: what is done with several (K3)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.desk import people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.tables import Dispute, Incident, Person, Visit

MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """A dispute that was ticked, where it stands now."""

    number: str
    visit_id: int
    stage: str
    document_id: int
    holder: str
    incident: str


def chosen(
    connection: Connection, actor: Actor, numbers: Sequence[str], right: Right, *, now: dt.datetime
) -> list[Chosen] | Refused:
    """The disputes with these numbers, in their order; at most MOST_AT_ONCE, none twice.

    Refused for whoever has not the `right` to what follows.
    """
    refused = people.refusal(connection, actor, right)
    if refused is not None:
        return refused
    asked = list(dict.fromkeys(number for number in numbers if number.isprintable()))[:MOST_AT_ONCE]
    rows = connection.execute(
        select(
            Dispute.number,
            Visit.id,
            Visit.stage,
            Visit.document_id,
            Visit.holder_id,
            Visit.held_until,
            Person.name,
            Person.active,
            Incident.title,
        )
        .join(Visit, (Visit.dispute_id == Dispute.id) & Visit.left_at.is_(None))
        .outerjoin(Person, Person.id == Visit.holder_id)
        .outerjoin(Incident, Incident.id == Dispute.incident_id)
        .where(Dispute.number.in_(asked))
    )
    found = {
        row.number: Chosen(
            row.number,
            row.id,
            row.stage,
            row.document_id,
            row.name
            if row.holder_id and row.active and (not row.held_until or row.held_until > now)
            else "",
            row.title or "",
        )
        for row in rows
    }
    return [found[number] for number in asked if number in found]
