"""Undo: an agent takes a decision back while nobody has acted on it (D3).

The untouched next visit is closed and a fresh one opened where the decision was made. Nothing is
deleted: the undone visit stays in the record and counts for nothing. What would bind the desk
outside still waits in the outbox, and is superseded there.
"""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from core.desk import (
    assignment,
    clicks,
    documents,
    events,
    facts,
    linking,
    money,
    outbox,
    page_clock,
    raising,
    regrading,
    standing,
    time_back,
    undoable,
    unmerging,
)
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.deadlines import Turn
from core.desk.delivery import SUPERSEDED, WAITING
from core.desk.standing import Standing
from core.desk.transition import UNDO, surviving
from core.tables import Dispute, Event, EvidenceRequest, Fact, Judgment, Outbox, Round, Visit
from core.workflow.facts import GRADE
from core.workflow.model import Stage, Value
from core.workflow.terms import Kind


def undo(
    connection: Connection,
    visit_id: int,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Takes back the actor's own decision at a visit, or says why not (D3)."""
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _undo(connection, visit_id, actor, now=now),
        now=now,
    )


def _undo(connection: Connection, visit_id: int, actor: Actor, *, now: dt.datetime) -> Answer:
    dispute_id = connection.scalar(select(Visit.dispute_id).where(Visit.id == visit_id))
    at, into = _locked(connection, dispute_id) if dispute_id is not None else (None, None)
    if at is None:
        return Refused("unknown_visit")
    undone = standing.at_visit(connection, visit_id, lock=False)
    moved = _moved(connection, visit_id)
    if undone is None or moved is None:
        return at.refused("nothing_to_undo")
    refused = undoable.refusal(connection, undone, actor, now=now)
    refused = refused or undoable.touched(connection, at, moved)
    if refused is None and unmerging.merges(undone.row.meaning):
        refused = unmerging.gone_on(connection, at, into)
    if refused is not None:
        return refused
    if not _called_back(connection, at, now=now):
        return at.refused("undo_too_late")
    return _go_back(connection, at, into, undone, moved, actor, now=now)


def _locked(connection: Connection, dispute_id: int) -> tuple[Standing | None, Standing | None]:
    """Where the dispute stands and, where it was merged, the one it was merged into: both locked.

    Which one is read before the locks, that both are taken in their order.
    """
    into_id = connection.scalar(select(Dispute.merged_into_id).where(Dispute.id == dispute_id))
    at, into = linking.both(connection, dispute_id, into_id or dispute_id)
    return at, into if into_id is not None else None


def _moved(connection: Connection, visit_id: int) -> Any | None:
    """The event by which a visit was left."""
    return connection.execute(
        select(Event.id, Event.data).where(Event.visit_id == visit_id, Event.kind == "moved")
    ).first()


def _called_back(connection: Connection, at: Standing, *, now: dt.datetime) -> bool:
    """Supersedes what would bind the desk outside; False where some of it has left already."""
    rows = connection.execute(
        select(Outbox.id, Outbox.state)
        .where(Outbox.visit_id == at.row.visit_id, Outbox.undo_until.is_not(None))
        .with_for_update()
    ).all()
    if any(row.state != WAITING for row in rows):
        return False
    connection.execute(
        update(Outbox)
        .where(Outbox.id.in_([row.id for row in rows]))
        .values(state=SUPERSEDED, finished_at=now, reason="the decision was undone")
    )
    return True


def _go_back(
    connection: Connection,
    at: Standing,
    into: Standing | None,
    undone: Standing,
    moved: Any,
    actor: Actor,
    *,
    now: dt.datetime,
) -> Answer:
    """Closes the visit that the decision opened, and opens a fresh one where it was made."""
    row, before = at.row, undone.row
    _close(connection, at, undone, actor, now=now)
    money.take_back(connection, at)
    _take_back_rounds(connection, row.visit_id)
    workflow = documents.load(connection, row.active_id).workflow_by_key[row.workflow]
    stage = workflow.stage_by_key[surviving(workflow, before.stage)]
    fresh = _fresh(connection, undone, stage, actor, now=now)
    visit_id = connection.execute(insert(Visit).returning(Visit.id), fresh).scalar_one()
    earlier = _earlier(connection, row.dispute_id, moved)
    known = raising.floored(at, {key: earlier.get(key, ()) for key in moved.data["facts"]})
    if GRADE in known:
        regrading.store(connection, row.dispute_id, known[GRADE])
    event_id = events.record(
        connection,
        row.dispute_id,
        row.visit_id,
        "undone",
        actor,
        {
            "undone": before.visit_id,
            "visit": visit_id,
            "stage": stage.key,
            "kind": str(stage.kind),
            "document": row.active_id,
            "holder": fresh["holder_id"],
            "held_until": fresh["held_until"].isoformat() if fresh["held_until"] else None,
            "facts": {k: list(v) if isinstance(v, tuple) else v for k, v in known.items()},
        },
        now=now,
    )
    facts.append(connection, row.dispute_id, row.visit_id, event_id, known)
    turn = _turn(at, visit_id, stage, known)
    time_back.take_back(connection, before, row, turn, now=now)
    raising.keep(connection, row.dispute_id, turn, earlier.get(GRADE), now=now)
    if into is not None:
        left_at = undone.row.left_at
        unmerging.reopen_round(connection, before.visit_id, visit_id, closed_at=left_at)
        unmerging.taken_back(connection, at, into, actor, now=now)
    _tell(connection, at, undone, visit_id, stage, event_id, now=now)
    outbox.put(connection, page_clock.go_on(connection, row.dispute_id, event_id, now=now))
    return Applied(UNDO, row.dispute_id, row.number, before.visit_id, visit_id, stage.key)


def _close(
    connection: Connection, at: Standing, undone: Standing, actor: Actor, *, now: dt.datetime
) -> None:
    """Neither visit counts from now on, nor does the judgment that came with the decision."""
    connection.execute(
        update(Visit)
        .where(Visit.id == at.row.visit_id, Visit.left_at.is_(None))
        .values(left_at=now, decision=UNDO, by=actor.by, decider_id=actor.person_id, undone_at=now)
    )
    undone_id = undone.row.visit_id
    connection.execute(update(Visit).where(Visit.id == undone_id).values(undone_at=now))
    connection.execute(
        update(Judgment).where(Judgment.judged_by_visit_id == undone_id).values(undone_at=now)
    )


def _take_back_rounds(connection: Connection, visit_id: int) -> None:
    """The round that the decision opened was told to nobody: nobody was asked."""
    rounds = select(Round.id).where(Round.visit_id == visit_id)
    connection.execute(delete(EvidenceRequest).where(EvidenceRequest.round_id.in_(rounds)))
    connection.execute(delete(Round).where(Round.visit_id == visit_id))


def _fresh(
    connection: Connection, undone: Standing, stage: Stage, actor: Actor, *, now: dt.datetime
) -> dict[str, Any]:
    """The visit at which the agent goes on, held as the undone one was."""
    row = undone.row
    merged = unmerging.merges(row.meaning)  # by somebody who need not be who worked on it
    holder = actor.person_id if stage.kind == Kind.WORK and not merged else None
    lasting = row.holder_id == holder and row.held_until is None
    until = now + dt.timedelta(minutes=stage.hold_minutes)
    return {
        "dispute_id": row.dispute_id,
        "stage": stage.key,
        "kind": str(stage.kind),
        "channel": stage.channel,
        "document_id": row.active_id,
        "opened_at": now,
        "holder_id": holder,
        "held_until": None if lasting or holder is None else until,
        "assign_at": assignment.looked_after(connection, undone, now=now),
    }


def _earlier(connection: Connection, dispute_id: int, moved: Any) -> dict[str, Value]:
    """What was known before the decision; facts are append-only."""
    rows = connection.execute(
        select(Fact.key, Fact.event_id, Fact.text, Fact.number, Fact.listed)
        .where(Fact.dispute_id == dispute_id, Fact.event_id < moved.id)
        .order_by(Fact.id)
    )
    return facts.fold(rows)


def _turn(at: Standing, visit_id: int, stage: Stage, known: dict[str, Value]) -> Turn:
    """Where the dispute is after it went back."""
    row = at.row
    return Turn(
        row.workflow,
        stage.key,
        visit_id,
        row.active_id,
        (),
        {key: value for key, value in {**at.facts, **known}.items() if value != ()},
        row.currency,
        hidden=stage.kind == Kind.WAIT,
    )


def _tell(
    connection: Connection,
    at: Standing,
    undone: Standing,
    visit_id: int,
    stage: Stage,
    event_id: int,
    *,
    now: dt.datetime,
) -> None:
    """A line, the fresh card, and the two cards that are over."""
    row, before = at.row, undone.row
    because = str(event_id)
    messages = []
    if before.channel:  # a wait that was merged had no card
        messages += [
            outbox.line(before.visit_id, before.channel, row.dispute_id, event_id, now=now),
            outbox.card(visit_id, stage.channel, row.dispute_id, now=now),
            outbox.redraw(before.visit_id, row.dispute_id, because, now=now),
        ]
    if row.channel:
        messages.append(outbox.redraw(row.visit_id, row.dispute_id, because, now=now))
    outbox.put(connection, messages)
