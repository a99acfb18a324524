"""The sweep: whatever is due is acted on, once, however many sweepers there are (G5, G8, W5).

Deadlines are rows; the unique key of a fired level makes firing twice impossible. A batch is one
savepoint; a batch that fails is halved until the poisonous dispute stands alone and is set aside.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    DateTime,
    and_,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

from core.db import gave_up
from core.desk import documents, firing, standing
from core.desk.actor import TIMEOUT
from core.desk.answers import Refused
from core.desk.assigning import reassign
from core.desk.batches import insert_rows
from core.desk.choose import choose
from core.desk.deadlines import running_of
from core.desk.firing import Fired
from core.desk.ladders import Plans
from core.desk.raising import raise_grade
from core.tables import Deadline, Dispute, Escalation, Visit
from core.workflow.model import LadderLevel
from core.workflow.terms import Act, By, Kind

BATCH = 200
SET_ASIDE_FOR = dt.timedelta(hours=1)

_ROWS = (
    select(
        Deadline.id,
        Deadline.dispute_id,
        Deadline.with_visit,
        Deadline.document_id,
        Deadline.service_level,
        Deadline.level,
        Deadline.started_at,
        Deadline.due_at,
        Deadline.pauses,
        Deadline.acknowledged_until,
        Visit.id.label("visit_id"),
        Visit.kind,
        Visit.stage,
        Visit.channel,
        Visit.holder_id,
        Visit.held_until,
        Visit.document_id.label("visit_document_id"),
        Dispute.workflow,
    )
    .join(Visit, and_(Visit.dispute_id == Deadline.dispute_id, Visit.left_at.is_(None)))
    .join(Dispute, Dispute.id == Deadline.dispute_id)
    .where(Deadline.next_at <= bindparam("now"))
    .order_by(Deadline.next_at, Deadline.id)
)
_DUE = (
    _ROWS.limit(bindparam("most"))
    # Whoever acts on a dispute holds its rows already and is passed over: nobody waits in a circle.
    .with_for_update(of=(Deadline.__table__, Dispute.__table__, Visit.__table__), skip_locked=True)
)
# After what was done to some of them: the rest as it is now.
_STILL = _ROWS.where(Deadline.id.in_(bindparam("ids", expanding=True)))
_RUNS = select(Deadline.stopped_at.is_(None)).where(Deadline.id == bindparam("deadline"))
_AMONG = update(Deadline).where(Deadline.id.in_(bindparam("ids", expanding=True)))
_OVER = _AMONG.values(level=bindparam("after"), next_at=None, set_aside=None)
_TO_END = _AMONG.values(level=bindparam("after"), next_at=Deadline.due_at, set_aside=None)
_EACH = (
    func.unnest(
        bindparam("id_", type_=ARRAY(BigInteger)),
        bindparam("after", type_=ARRAY(BigInteger)),
        bindparam("next", type_=ARRAY(DateTime(timezone=True))),
    )
    .table_valued("id", "after", "next", name="each_one")
    .render_derived()
)
_TO_EACH = (
    update(Deadline)
    .where(Deadline.id == _EACH.c.id)
    .values(level=_EACH.c.after, next_at=_EACH.c.next, set_aside=None)
)
_TO = (
    update(Deadline)
    .where(Deadline.id == bindparam("id_"))
    .values(level=bindparam("after"), next_at=bindparam("next"), set_aside=None)
)


class TimeoutRefused(RuntimeError):
    """A decision that time alone makes was refused."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one batch did; `more` where it was full and another one may follow."""

    warned: int = 0
    escalated: int = 0
    timed_out: int = 0
    set_aside: int = 0
    more: bool = False


def sweep(connection: Connection, *, now: dt.datetime, most: int = BATCH) -> Swept:
    """Acts on up to `most` deadlines that are due, earliest first.

    A stage that ran out tells its escalation channel; a wait that ran out takes its timeout
    decision. After a long silence only the level that matters fires, not each one missed (G9).
    """
    rows = connection.execute(_DUE, {"now": now, "most": most}).all()
    total: Counter[str] = Counter()
    _act_or_halve(connection, rows, total, now=now)
    return Swept(
        total["warned"],
        total["escalated"],
        total["timed_out"],
        total["set_aside"],
        more=len(rows) == most,
    )


def _act_or_halve(
    connection: Connection, rows: Sequence[Any], total: Counter[str], *, now: dt.datetime
) -> None:
    if not rows:
        return
    try:
        with connection.begin_nested():
            counts = _act(connection, rows, now=now)
    except Exception as error:
        if isinstance(error, DBAPIError) and gave_up(error):
            raise
        if len(rows) == 1:
            _set_aside(connection, rows[0].id, error, now=now)
            total["set_aside"] += 1
            return
        middle = len(rows) // 2
        for half in (rows[:middle], rows[middle:]):
            # The first half may have moved a dispute on which a deadline of the second one runs.
            ids = [row.id for row in half]
            still = connection.execute(_STILL, {"ids": ids, "now": now}).all()
            _act_or_halve(connection, still, total, now=now)
        return
    total.update(counts)


def _act(connection: Connection, rows: Sequence[Any], *, now: dt.datetime) -> dict[str, int]:
    plans = Plans(connection)
    looked = [_looked(plans, row, now=now) for row in rows]
    insert_rows(
        connection,
        Escalation,
        [
            {"deadline_id": one.row.id, "level": place, "fired_at": now}
            for one in looked
            for place in one.fresh
        ],
    )
    _move_on(connection, looked)
    out = [one for one in looked if one.ended and one.row.kind == Kind.WAIT and one.row.with_visit]
    told = [one for one in looked if one.places and (one not in out or len(one.plan.rungs) > 1)]
    firing.tell(connection, told, now=now)
    for one in out:
        _time_out(connection, one.row, now=now)
    for one in looked:
        for level in one.acts():
            _do(connection, one.row, level, now=now)
    kinds = Counter(one.kind for one in looked if one.places and one not in out)
    return {
        "warned": kinds[firing.WARNED],
        "escalated": kinds[firing.ESCALATED],
        "timed_out": len(out),
    }


def _looked(plans: Plans, row: Any, *, now: dt.datetime) -> Fired:
    """What of the deadline's ladder has come by now."""
    document = documents.load(plans.connection, row.document_id)
    workflow = document.workflow_by_key[row.workflow]
    level = workflow.level_by_key[row.service_level]
    plan = plans.of(row.document_id, document, row.workflow, level)
    running = running_of(plan, row.started_at, row.pauses)
    places = plan.come(running, row.level, now, row.acknowledged_until)
    after = places[-1] + 1 if places else row.level
    following = plan.next_at(running, after, row.acknowledged_until)
    return Fired(row, plan, places, after, following, workflow.escalation)


def _move_on(connection: Connection, looked: Sequence[Fired]) -> None:
    """Each deadline goes on to what comes next, as many as possible in one statement."""
    alike: dict[tuple[Any, int], list[int]] = {}
    apart = []
    for one in looked:
        if one.next_at is None or one.next_at == one.row.due_at:
            statement = _OVER if one.next_at is None else _TO_END
            alike.setdefault((statement, one.after), []).append(one.row.id)
        else:
            apart.append({"id_": one.row.id, "after": one.after, "next": one.next_at})
    for (statement, after), ids in alike.items():
        connection.execute(statement, {"ids": ids, "after": after})
    if apart and connection.dialect.name == "postgresql":
        columns = {name: [row[name] for row in apart] for name in apart[0]}
        connection.execute(_TO_EACH, columns)
    elif apart:
        connection.execute(_TO, apart)


def _time_out(connection: Connection, row: Any, *, now: dt.datetime) -> None:
    """The wait's timeout decision, through the same door as every click (rule 9)."""
    document = documents.load(connection, row.visit_document_id)
    decisions = document.workflow_by_key[row.workflow].decisions_by_stage[row.stage].values()
    key = next(decision.key for decision in decisions if decision.by == By.TIMEOUT)
    answer = choose(connection, row.visit_id, key, {}, TIMEOUT, now=now)
    if isinstance(answer, Refused):  # nobody else would ever end this wait: an operator must see it
        raise TimeoutRefused(answer.key)


def _do(connection: Connection, row: Any, level: LadderLevel, *, now: dt.datetime) -> None:
    """What a level does by itself: gives the visit away, raises the grade, decides harmlessly.

    A visit is given away and decided where the deadline found it; a dispute is raised wherever it
    is by now, for its level comes only once.
    """
    raises = level.act == Act.RAISE
    at = (
        standing.of_dispute(connection, row.dispute_id)
        if raises
        else standing.at_visit(connection, row.visit_id)
    )
    runs = connection.scalar(_RUNS, {"deadline": row.id})
    if at is None or at.row.left_at is not None or not runs:
        return  # something else of this very moment has moved it on, or raised it out of this
    if raises:
        document = documents.load(connection, row.document_id)
        promise = document.workflow_by_key[row.workflow].level_by_key[row.service_level]
        ladder = document.ladder_by_key[promise.ladder]
        raise_grade(connection, at, promise, ladder, level, now=now)
    elif level.act == Act.REASSIGN:
        reassign(connection, at, level.shift, now=now)
    elif level.act == Act.DECIDE:
        answer = choose(connection, row.visit_id, level.decision, {}, TIMEOUT, now=now)
        if isinstance(answer, Refused):
            raise TimeoutRefused(answer.key)


def _set_aside(
    connection: Connection, deadline_id: int, error: Exception, *, now: dt.datetime
) -> None:
    """Out of the way for an hour, with the kind of error for the operator; nothing is lost."""
    connection.execute(
        update(Deadline)
        .where(Deadline.id == deadline_id)
        .values(next_at=now + SET_ASIDE_FOR, set_aside=type(error).__name__)
    )
