"""Giving a visit to somebody: assigning it, and taking an overdue one over (W2, G5)."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection

from core.desk import (
    assignment,
    clicks,
    outbox,
    people,
    rotas,
    stages,
    standing,
    transition,
)
from core.desk.actor import TIMEOUT, Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.assignment import Hands
from core.desk.choose import not_free
from core.desk.holding import hold, lost, set_holder, take, tell
from core.desk.standing import Standing
from core.workflow.assignment import AssignmentRule
from core.workflow.terms import Kind, Strategy


def assign(
    connection: Connection,
    visit_id: int,
    person_id: int,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Gives a visit to a person, over whoever holds it; also how an alert is taken over."""
    return clicks.once(
        connection,
        actor,
        Right.ASSIGN,
        click,
        lambda actor: _assign(connection, visit_id, person_id, actor, now=now),
        now=now,
    )


def _assign(
    connection: Connection, visit_id: int, person_id: int, actor: Actor, *, now: dt.datetime
) -> Answer:
    at = standing.at_visit(connection, visit_id)
    if at is None:
        return Refused("unknown_visit")
    row = at.row
    to = Actor(actor.by, person_id)
    if row.left_at is not None:
        return not_free(connection, at, actor, now=now) or at.refused("try_again")
    if people.refusal(connection, to, Right.DECIDE) is not None:
        return at.refused("cannot_hold", who=people.name(connection, person_id))
    barred = stages.barred_other(connection, at, person_id, people.name(connection, person_id))
    if barred is not None:
        return barred
    elsewhere = at.handled_elsewhere(person_id)
    if elsewhere is not None and at.workflow.stage_by_key[row.stage].separation:
        who = people.name(connection, person_id)
        return at.refused("separation_other", who=who, elsewhere=elsewhere)
    if row.kind == Kind.INTAKE:
        return _assign_intake(connection, at, person_id, actor, now=now)
    if row.kind != Kind.WORK:
        return at.refused("nothing_to_hold")
    _hand(connection, at, person_id, actor, now=now)
    return Applied("assign", row.dispute_id, row.number, visit_id, visit_id, row.stage)


def reassign(
    connection: Connection, at: Standing, shift: str = "", *, now: dt.datetime
) -> int | None:
    """Gives an overdue visit to whoever is able and has the least to do; who that is, if anybody.

    Able is whose home stage it is, who is there and has room, whom stage separation does not bar,
    and who neither holds the visit nor gave it back. Where a rota is named, it is whoever comes on
    with its next shift, whatever their home stage. What a supervisor was asked about stays.
    """
    hands = Hands(connection, now=now)
    person_id = whom(connection, at, hands, shift, now=now)
    if person_id is None:
        return None
    hands.keep(connection)
    if at.row.kind == Kind.INTAKE:
        _assign_intake(connection, at, person_id, TIMEOUT, now=now)
    else:
        _hand(connection, at, person_id, TIMEOUT, now=now)
    return person_id


def whom(
    connection: Connection,
    at: Standing,
    hands: Hands,
    shift: str,
    but: Collection[int] = (),
    *,
    now: dt.datetime,
) -> int | None:
    """Whom `reassign` would give the visit to at this moment, nobody of `but`, if anybody."""
    row = at.row
    if row.kind not in (Kind.INTAKE, Kind.WORK) or row.parked_at is not None:
        return None
    stage = at.workflow.stage_by_key[stages.acting_at(at)]
    barred = assignment.gave_back(connection, at) | set(but)
    if row.holder_id is not None:
        barred.add(row.holder_id)
    if stage.separation:
        barred |= at.handlers(stage.key)
    if shift:
        return hands.of_these(rotas.coming_on(connection, shift, now=now), stage.key, barred)
    rule = AssignmentRule("", stage.label, stage.key, Strategy.LEAST_LOADED)
    return hands.give((rule,), stage.key, at.facts, row.currency, barred).holder_id


def _hand(
    connection: Connection, at: Standing, person_id: int, actor: Actor, *, now: dt.datetime
) -> None:
    """Makes somebody the holder of a visit, over whoever holds it, and tells them."""
    set_holder(connection, at, Actor(actor.by, person_id), None, now=now, over=True)
    event_id = tell(connection, at, "assigned", actor, now=now, holder=person_id)
    _tell_holder(connection, at, at.row.visit_id, person_id, event_id, actor, now=now)


def _assign_intake(
    connection: Connection, at: Standing, person_id: int, actor: Actor, *, now: dt.datetime
) -> Answer:
    """At intake an assignment opens triage already held (rule 1)."""
    row = at.row
    first = at.workflow.stage_by_key[at.workflow.first]
    move = transition.Move("assign", "", first, person_id)
    if not transition.leave(connection, row.visit_id, move, actor, now=now):
        return lost(connection, row.visit_id, actor, now=now)
    moved = transition.advance(connection, at, move, actor, now=now)
    _tell_holder(connection, at, moved.visit_id, person_id, moved.event_id, actor, now=now)
    return Applied("assign", row.dispute_id, row.number, row.visit_id, moved.visit_id, moved.stage)


def _tell_holder(
    connection: Connection,
    at: Standing,
    visit_id: int,
    person_id: int,
    event_id: int,
    actor: Actor,
    *,
    now: dt.datetime,
) -> None:
    """Whoever gets a visit from somebody else is told; who takes one over knows."""
    if person_id != actor.person_id:
        told = outbox.direct(person_id, visit_id, at.row.dispute_id, event_id, now=now)
        outbox.put(connection, [told])


def take_over(
    connection: Connection,
    visit_id: int,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Answers an alert: makes the visit one's own, over another's hold where one may assign."""
    person_id = actor.person_id
    if person_id is None:
        return Refused("no_right", {"right": str(Right.DECIDE)})
    if clicks.enter(connection, actor, Right.ASSIGN, click).refused is None:
        return assign(connection, visit_id, person_id, actor, now=now, click=click)
    at = standing.at_visit(connection, visit_id)
    if at is not None and (at.row.kind == Kind.INTAKE or at.row.stage == at.workflow.first):
        return take(connection, visit_id, actor, now=now, click=click)
    return hold(connection, visit_id, actor, now=now, redraw=True)
