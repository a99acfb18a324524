"""What waits for somebody to become free is given out again, tick by tick (A2).

Somebody is free again who finished or gave back a dispute, returned, or was allowed more: nothing
has to notice which, for what waits is looked at while there is anybody whom rules could choose.
"""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, or_, select, update

from core.desk import assignment, documents, holding, pilots, standing, transition
from core.desk.actor import RULE
from core.desk.assignment import Hands, Ruling
from core.desk.live import its_due
from core.desk.standing import Standing
from core.tables import Dispute, Person, Visit
from core.workflow.assignment import AssignmentRule, chosen
from core.workflow.terms import Kind

BATCH = 20  # visits in one transaction: whoever assigns meanwhile waits for its end
RETRY = dt.timedelta(minutes=1)  # of a visit that none of those who are free may hold
ASSIGN = "assign"

_AWAY = exists(select(1).where(Person.id == Visit.holder_id, assignment.absent(bindparam("now"))))
_WAITING = (
    select(Visit.id)
    .join(Dispute, Dispute.id == Visit.dispute_id)
    .where(
        Visit.left_at.is_(None),
        Visit.assign_at <= bindparam("now"),
        Visit.stage.in_(bindparam("stages", expanding=True)),
        Visit.kind.in_((str(Kind.INTAKE), str(Kind.WORK))),
        Visit.parked_at.is_(None),
        or_(Visit.snoozed_until.is_(None), Visit.snoozed_until <= bindparam("now")),
        or_(
            *standing.free_for(bindparam("nobody", None), bindparam("now")),
            and_(Visit.rule.is_not(None), _AWAY),
        ),
    )
    .order_by(its_due.is_(None), its_due, Visit.id)
    .limit(bindparam("most"))
    # Whoever acts on one of them holds its rows already: it is passed over until the next tick.
    .with_for_update(of=(Dispute.__table__, Visit.__table__), skip_locked=True)
)
_LATER = update(Visit).where(Visit.id == bindparam("visit")).values(assign_at=bindparam("at"))
_GIVE = (
    update(Visit)
    .where(Visit.id == bindparam("visit"), Visit.left_at.is_(None))
    .values(holder_id=bindparam("person"), held_until=None, rule=bindparam("key"))
)


def distribute(connection: Connection, *, now: dt.datetime, most: int = BATCH) -> int:
    """Looks at up to `most` visits that wait, the most urgent first; returns how many it did.

    Nothing is left where that is less than `most`. What is left with somebody who went absent is
    given to another, where there is one.
    """
    stages = _servable(connection, now=now)
    if not stages:
        return 0
    waiting = connection.execute(_WAITING, {"now": now, "stages": stages, "most": most})
    visits = list(waiting.scalars())
    if not visits:
        return 0
    hands = Hands(connection, now=now)
    for visit_id in visits:
        at = standing.at_visit(connection, visit_id)
        if at is not None:
            _serve(connection, at, hands, now=now)
    hands.keep(connection)
    return len(visits)


def _servable(connection: Connection, *, now: dt.datetime) -> list[str]:
    """The stages of whose rules at least one could choose somebody at this moment."""
    served = [documents.active(connection)]
    if (pilot := pilots.running(connection)) is not None:
        served.append(documents.load(connection, pilot.document_id))
    rules = [
        (stage, workflow.first if stage == workflow.start else stage, rule)
        for document in served
        for workflow in document.workflows
        for stage, found in workflow.rules_by_stage.items()
        for rule in found
    ]
    if not rules:
        return []
    hands = Hands(connection, now=now, lock=False)
    free = hands.free()
    return sorted(
        {
            stage
            for stage, home, rule in rules
            if chosen(rule, home, hands.on_duty(rule, free)) is not None
        }
    )


def _serve(connection: Connection, at: Standing, hands: Hands, *, now: dt.datetime) -> None:
    row = at.row
    document = documents.load(connection, row.active_id)
    workflow = document.workflow_by_key.get(row.workflow)
    rules = workflow.rules_by_stage.get(row.stage, ()) if workflow is not None else ()
    ruling = _ruling(connection, at, rules, hands)
    if ruling.holder_id is not None:
        _give(connection, at, ruling, now=now)
    else:
        later = now + RETRY if ruling.waits else None
        connection.execute(_LATER, {"visit": row.visit_id, "at": later})


def _ruling(
    connection: Connection, at: Standing, rules: tuple[AssignmentRule, ...], hands: Hands
) -> Ruling:
    """What the rules say of a visit that waits: nobody is chosen who gave it back."""
    row, workflow = at.row, at.workflow
    stage = workflow.stage_by_key[row.stage]
    home = workflow.first if stage.kind == Kind.INTAKE else stage.key
    barred = assignment.gave_back(connection, at)
    if stage.separation:
        barred |= at.handlers(home)
    earlier = at.earlier_decider(stage.key)
    return hands.give(rules, home, at.facts, row.currency, barred, earlier)


def _give(connection: Connection, at: Standing, ruling: Ruling, *, now: dt.datetime) -> None:
    """At intake the next stage opens already held (rule 1); elsewhere the visit gets its holder."""
    row = at.row
    if row.kind == Kind.INTAKE:
        first = at.workflow.stage_by_key[at.workflow.first]
        move = transition.Move(ASSIGN, "", first, ruling.holder_id, ruling=ruling)
        if transition.leave(connection, row.visit_id, move, RULE, now=now):
            transition.advance(connection, at, move, RULE, now=now)
        return
    names: dict[str, Any] = {"visit": row.visit_id, "person": ruling.holder_id, "key": ruling.rule}
    connection.execute(_GIVE, names)
    holding.tell(
        connection,
        at,
        "assigned_by_rule",
        RULE,
        now=now,
        holder=ruling.holder_id,
        more=ruling.told,
    )
