"""Contacts outside the desk: an agent says what came of one, by a preset (G2, G4, P3).

A result that means something, that the buyer was reached, the carrier asked or its answer there,
starts and stops what is promised about that; the others are told, and promises run on.
"""

import datetime as dt

from sqlalchemy import Connection

from core.desk import cards, clicks, deadlines, events, outbox, standing
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.choose import not_free
from core.workflow.model import Mark
from core.workflow.terms import ACHIEVED, Kind, Meaning

CONTACTED = "contacted"


def contact(
    connection: Connection,
    visit_id: int,
    result: str,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
    reply_to: bytes | None = None,
) -> Answer:
    """Records a contact; `result` is an option of the set that means contact."""
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _contact(connection, visit_id, result, actor, now=now),
        now=now,
        reply_to=reply_to,
    )


def _contact(
    connection: Connection, visit_id: int, result: str, actor: Actor, *, now: dt.datetime
) -> Answer:
    at = standing.at_visit(connection, visit_id)
    if at is None:
        return Refused("unknown_visit")
    refused = not_free(connection, at, actor, now=now)
    if refused is not None:
        return refused
    row = at.row
    option = at.document.choices_of(Meaning.CONTACT).get(result)
    if row.kind not in (Kind.INTAKE, Kind.WORK) or option is None:
        return at.refused("unknown_preset")
    achieved = ACHIEVED.get(Meaning(option.meaning)) if option.meaning else None
    data = {"result": result, "achieved": str(achieved or "")}
    event_id = events.record(connection, row.dispute_id, visit_id, CONTACTED, actor, data, now=now)
    if achieved is not None:
        deadlines.happened(connection, at, Mark(achieved), now=now)
    line = outbox.line(visit_id, row.channel, row.dispute_id, event_id, now=now)
    outbox.put(connection, [line, *cards.redrawn(row, event_id, now=now)])
    return Applied("contact", row.dispute_id, row.number, visit_id, visit_id, row.stage)
