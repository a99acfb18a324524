"""Contact with the buyer: an agent says what came of trying to reach them, by a preset (G2, P3).

Only a result that means the buyer was reached stops what is promised about contact; the others are
told, and the promise runs on.
"""

import datetime as dt

from sqlalchemy import Connection

from core.desk import cards, clicks, deadlines, events, outbox, standing
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.choose import not_free
from core.workflow.model import Mark
from core.workflow.terms import Happening, Kind, Meaning

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
    """Records a try to reach the buyer; `result` is an option of the set that means contact."""
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
    reached = option.meaning == Meaning.CONTACT_REACHED
    data = {"result": result, "reached": reached}
    event_id = events.record(connection, row.dispute_id, visit_id, CONTACTED, actor, data, now=now)
    if reached:
        deadlines.happened(connection, at, Mark(Happening.CONTACTED), now=now)
    line = outbox.line(visit_id, row.channel, row.dispute_id, event_id, now=now)
    outbox.put(connection, [line, *cards.redrawn(row, event_id, now=now)])
    return Applied("contact", row.dispute_id, row.number, visit_id, visit_id, row.stage)
