"""'No option fits': an agent parks the choice with a supervisor, who answers it (D4).

A parked visit is in no agent's queue and nobody but who takes it over decides it. What was parked
is counted by stage and by field, for that is where options are wanting (M3).
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from core.desk import clicks, events, outbox, people, standing
from core.desk.actor import Actor, Right, agent
from core.desk.answers import Answer, Applied, Refused
from core.desk.choose import Chosen, not_free
from core.desk.standing import Standing
from core.tables import NoFit, Visit
from core.workflow.engine import shown_fields
from core.workflow.terms import Kind, Meaning

_PARK = (
    update(Visit)
    .where(
        Visit.id == bindparam("visit"),
        Visit.left_at.is_(None),
        Visit.parked_at.is_(None),
        or_(*standing.free_for(bindparam("person"), bindparam("now"))),
    )
    .values(parked_at=bindparam("now"), holder_id=None, held_until=None, snoozed_until=None)
)
_HAND_BACK = (
    update(Visit)
    .where(Visit.id == bindparam("visit"), Visit.left_at.is_(None), Visit.parked_at.is_not(None))
    .values(parked_at=None, holder_id=bindparam("person"), held_until=bindparam("until"))
)


def park(
    connection: Connection,
    visit_id: int,
    chosen: Chosen,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
    reply_to: bytes | None = None,
) -> Answer:
    """Gives the choice to a supervisor; `chosen` is what did fit, the rest lacks an option (D4)."""
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _park(connection, visit_id, chosen, actor, now=now, reply_to=reply_to),
        now=now,
        reply_to=reply_to,
    )


def _park(
    connection: Connection,
    visit_id: int,
    chosen: Chosen,
    actor: Actor,
    *,
    now: dt.datetime,
    reply_to: bytes | None,
) -> Answer:
    at = standing.at_visit(connection, visit_id)
    if at is None or actor.person_id is None:
        return Refused("unknown_visit")
    refused = not_free(connection, at, actor, now=now)
    if refused is not None:
        return refused
    row = at.row
    if row.kind != Kind.WORK:
        return at.refused("nothing_to_park")
    parked = connection.execute(
        _PARK, {"visit": visit_id, "person": actor.person_id, "now": now}
    ).rowcount
    if parked != 1:
        lost = standing.at_visit(connection, visit_id)
        refused = not_free(connection, lost, actor, now=now) if lost else None
        return refused or at.refused("try_again")
    empty = _empty(at, chosen, actor.person_id)
    connection.execute(
        insert(NoFit),
        [
            {
                "dispute_id": row.dispute_id,
                "visit_id": visit_id,
                "stage": row.stage,
                "field": field,
                "person_id": actor.person_id,
                "said_at": now,
            }
            for field in empty or [""]
        ],
    )
    event_id = events.record(
        connection, row.dispute_id, visit_id, "parked", actor, {"fields": empty}, now=now
    )
    because = str(event_id)
    outbox.put(
        connection,
        [
            outbox.redraw(visit_id, row.dispute_id, because, now=now, reply_to=reply_to),
            outbox.message(
                outbox.PARKED,
                outbox.post_lane(at.workflow.escalation),
                f"parked:{event_id}",
                now=now,
                dispute_id=row.dispute_id,
                visit_id=visit_id,
                data={"event": event_id},
            ),
        ],
    )
    return Applied("park", row.dispute_id, row.number, visit_id, visit_id, row.stage)


def _empty(at: Standing, chosen: Chosen, person_id: int) -> list[str]:
    """The required fields that nothing was chosen in: there an option is wanting."""
    situation = at.situation(at.judgeable_fact(person_id))
    return [
        field.key
        for field in shown_fields(at.document, situation)
        if field.required
        and chosen.get(field.key) is None
        and not (field.prefill and field.key in at.facts and field.key not in chosen)
    ]


def hand_back(
    connection: Connection,
    visit_id: int,
    hint: str,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """A supervisor answers with a preset hint, and who asked goes on (D4)."""
    return clicks.once(
        connection,
        actor,
        Right.ASSIGN,
        click,
        lambda actor: _hand_back(connection, visit_id, hint, actor, now=now),
        now=now,
    )


def _hand_back(
    connection: Connection, visit_id: int, hint: str, actor: Actor, *, now: dt.datetime
) -> Answer:
    at = standing.at_visit(connection, visit_id)
    if at is None:
        return Refused("unknown_visit")
    row = at.row
    if row.left_at is not None or row.parked_at is None:
        return at.refused("not_parked_visit")
    if hint not in at.document.choices_of(Meaning.HINT):
        return at.refused("unknown_preset")
    asked = connection.scalar(
        select(NoFit.person_id).where(NoFit.visit_id == visit_id).order_by(NoFit.id.desc()).limit(1)
    )
    if asked is not None and people.refusal(connection, agent(asked), Right.DECIDE) is not None:
        asked = None  # who asked has left: whoever comes next reads the hint
    until = None
    if asked is not None and row.stage != at.workflow.first:
        until = now + dt.timedelta(minutes=at.workflow.preferred_minutes)
    connection.execute(_HAND_BACK, {"visit": visit_id, "person": asked, "until": until})
    data = {
        "hint": hint,
        "holder": asked,
        "held_until": until.isoformat() if until else None,
    }
    event_id = events.record(
        connection, row.dispute_id, visit_id, "handed_back", actor, data, now=now
    )
    messages = [
        outbox.redraw(visit_id, row.dispute_id, str(event_id), now=now),
        outbox.line(visit_id, row.channel, row.dispute_id, event_id, now=now),
    ]
    if asked is not None and asked != actor.person_id:
        messages.append(outbox.direct(asked, visit_id, row.dispute_id, event_id, now=now))
    outbox.put(connection, messages)
    return Applied("hand_back", row.dispute_id, row.number, visit_id, visit_id, row.stage)


@dataclass(frozen=True, slots=True)
class Wanting:
    """How often no option fitted in a field of a stage; the field is empty for its decisions."""

    stage: str
    field: str
    times: int


def wanting(connection: Connection, since: dt.datetime, **_: object) -> list[Wanting]:
    """Where options were wanting since a moment, most often first (M3)."""
    times = func.count()
    rows = connection.execute(
        select(NoFit.stage, NoFit.field, times)
        .where(NoFit.said_at >= since)
        .group_by(NoFit.stage, NoFit.field)
        .order_by(times.desc(), NoFit.stage, NoFit.field)
    )
    return [Wanting(*row) for row in rows]
