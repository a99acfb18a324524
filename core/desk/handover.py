"""Handing over: back to the queue or to a colleague of the same stage, with a preset reason."""

import datetime as dt

from sqlalchemy import Connection, bindparam, or_, select, update

from core.desk import assignment, clicks, events, outbox, people, stages, standing
from core.desk.actor import Actor, Right, agent
from core.desk.answers import Answer, Applied, Refused
from core.desk.choose import not_free
from core.desk.held import RIGHTS
from core.desk.standing import Standing
from core.tables import Person, Visit
from core.workflow.terms import Kind, Meaning

_HAND_OVER = (
    update(Visit)
    .where(
        Visit.id == bindparam("visit"),
        Visit.left_at.is_(None),
        or_(*standing.free_for(bindparam("giver"), bindparam("now"))),
    )
    .values(
        holder_id=bindparam("to"),
        held_until=bindparam("until"),
        snoozed_until=None,
        rule=None,
        assign_at=bindparam("again"),
    )
)


def hand_over(
    connection: Connection,
    visit_id: int,
    to: int | None,
    reason: str,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
    reply_to: bytes | None = None,
) -> Answer:
    """Gives a visit that nobody else holds to a colleague, or back to the queue (`to` None).

    `reason` is an option of the hand-over reasons. Serves W2 and A2; the colleague is no supervisor
    and cannot be made to hurry: a hold that was given lapses like any preference.
    """
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _hand_over(
            connection, visit_id, to, reason, actor, now=now, reply_to=reply_to
        ),
        now=now,
        reply_to=reply_to,
    )


def _hand_over(
    connection: Connection,
    visit_id: int,
    to: int | None,
    reason: str,
    actor: Actor,
    *,
    now: dt.datetime,
    reply_to: bytes | None,
) -> Answer:
    at = standing.at_visit(connection, visit_id)
    if at is None:
        return Refused("unknown_visit")
    row = at.row
    refused = not_free(connection, at, actor, now=now) or _unfit(connection, at, to, reason)
    if refused is not None:
        return refused
    until = None
    if to is not None and row.stage != at.workflow.first:
        until = now + dt.timedelta(minutes=at.workflow.preferred_minutes)
    values = {"visit": visit_id, "giver": actor.person_id, "now": now, "to": to, "until": until}
    again = assignment.looked_after(connection, at, now=now)
    if connection.execute(_HAND_OVER, {**values, "again": again}).rowcount != 1:
        return at.refused("try_again")
    data = {
        "reason": reason,
        "holder": to,
        "held_until": until.isoformat() if until else None,
    }
    event_id = events.record(
        connection, row.dispute_id, visit_id, "handed_over", actor, data, now=now
    )
    messages = [
        outbox.redraw(visit_id, row.dispute_id, str(event_id), now=now, reply_to=reply_to),
        outbox.line(visit_id, row.channel, row.dispute_id, event_id, now=now),
    ]
    if to is not None and to != actor.person_id:
        messages.append(outbox.direct(to, visit_id, row.dispute_id, event_id, now=now))
    outbox.put(connection, messages)
    return Applied("hand_over", row.dispute_id, row.number, visit_id, visit_id, row.stage)


def _unfit(connection: Connection, at: Standing, to: int | None, reason: str) -> Refused | None:
    row = at.row
    if row.kind != Kind.WORK:
        return at.refused("nothing_to_hold")
    if reason not in at.document.choices_of(Meaning.HANDOVER):
        return at.refused("unknown_preset")
    if to is None:
        return at.refused("not_held") if row.holder_id is None else None
    who = people.name(connection, to)
    if people.refusal(connection, agent(to), Right.DECIDE) is not None:
        return at.refused("cannot_hold", who=who)
    if connection.scalar(select(Person.home_stage).where(Person.id == to)) != row.stage:
        return at.refused("not_of_stage", who=who)
    barred = stages.barred_other(connection, at, to, who)
    if barred is not None:
        return barred
    elsewhere = at.handled_elsewhere(to)
    if elsewhere is not None and at.workflow.stage_by_key[row.stage].separation:
        return at.refused("separation_other", who=who, elsewhere=elsewhere)
    return None


def colleagues(
    connection: Connection, visit_id: int, person_id: int, **_: object
) -> list[tuple[int, str]]:
    """Who else could go on with a visit: ids and names of its stage's other agents."""
    at = standing.at_visit(connection, visit_id, lock=False)
    if at is None:
        return []
    rows = connection.execute(
        select(Person.id, Person.name, Person.stages, RIGHTS)
        .where(Person.active, Person.home_stage == at.row.stage, Person.id != person_id)
        .order_by(Person.name, Person.id)
    )
    separated = at.workflow.stage_by_key[at.row.stage].separation
    return [
        (row.id, row.name)
        for row in rows
        if Right.DECIDE in row.rights
        and (not row.stages or at.row.stage in row.stages)
        and not (separated and at.handled_elsewhere(row.id) is not None)
    ]
