"""Leaving a visit and opening the next one: the one place where a dispute moves."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, update

from core.desk import (
    assignment,
    deadlines,
    documents,
    effects,
    events,
    facts,
    money,
    outbox,
    regrading,
)
from core.desk.actor import Actor
from core.desk.assignment import Ruling
from core.desk.standing import Standing, free_for
from core.tables import Visit
from core.workflow.facts import GRADE
from core.workflow.model import Document, Effect, Mark, Stage, Value, Workflow
from core.workflow.terms import By, Happening, Kind, Meaning

UNDO = "undo"  # how a visit ends that an undone decision had opened

# The guard: nobody was first, and nobody else holds the visit at this very moment.
_LEAVE = (
    update(Visit)
    .where(
        Visit.id == bindparam("visit"),
        Visit.left_at.is_(None),
        or_(*free_for(bindparam("person"), bindparam("now")), bindparam("whoever")),
    )
    .values(
        left_at=bindparam("now"),
        decision=bindparam("key"),
        meaning=bindparam("sense"),
        by=bindparam("actor"),
        decider_id=bindparam("person"),
    )
)
_OPEN = insert(Visit).returning(Visit.id)


@dataclass(frozen=True, slots=True)
class Move:
    """What moves a dispute on: a decision's key and meaning, and where it leads."""

    key: str
    meaning: str
    stage: Stage  # as the visit's own document says it
    holder_id: int | None = None
    held_until: dt.datetime | None = None
    facts: Mapping[str, Value] | None = None
    effects: Sequence[Effect] = ()
    amount: int = 0
    judged: Mapping[str, Any] | None = None  # how the stage before was judged
    ruling: Ruling | None = None  # by which rule the holder was chosen already


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the dispute is now."""

    event_id: int
    visit_id: int
    stage: str
    kind: str


def leave(
    connection: Connection, visit_id: int, move: Move, actor: Actor, *, now: dt.datetime
) -> bool:
    """Closes the visit if it is open and free for this actor; False if somebody was first."""
    closed = connection.execute(
        _LEAVE,
        {
            "visit": visit_id,
            "now": now,
            "key": move.key,
            "sense": move.meaning or None,
            "actor": actor.by,
            "person": actor.person_id,
            # Merging goes over a hold: who may assign may take a visit from anybody.
            "whoever": actor.person_id is None or actor.by == By.DESK,
        },
    )
    return closed.rowcount == 1


def advance(
    connection: Connection,
    standing: Standing,
    move: Move,
    actor: Actor,
    *,
    now: dt.datetime,
    reply_to: bytes | None = None,
) -> Moved:
    """After `leave`: opens the next visit, with its facts, effects, event, deadline and messages.

    The next visit is pinned to the document that is active now; a stage that it dropped leads to
    its successor (S3). `reply_to` is the sealed response_url of the click, for the redraw.
    Where nobody is to hold it, assignment rules may say who does (A2).
    """
    row = standing.row
    active = documents.load(connection, row.active_id)
    workflow = active.workflow_by_key[row.workflow]
    target = workflow.stage_by_key[surviving(workflow, move.stage.key)]
    carded = target.kind in (Kind.INTAKE, Kind.WORK)
    context = effects.Context(connection, standing, now, move.amount)
    acts = effects.in_order(move.effects)
    known = {**(move.facts or {}), **effects.facts_of(acts, context)}
    known |= regrading.news(active, standing.facts, known, row.currency)
    ruling = move.ruling or assignment.on_move(
        connection, standing, workflow, target, known, actor, move.holder_id, now=now
    )
    if ruling.holder_id is not None:
        move = replace(move, holder_id=ruling.holder_id, held_until=None)
    context.next_visit_id = connection.execute(
        _OPEN,
        {
            "dispute_id": row.dispute_id,
            "stage": target.key,
            "kind": str(target.kind),
            "channel": target.channel if carded else "",
            "document_id": row.active_id,
            "opened_at": now,
            "holder_id": move.holder_id,
            "held_until": move.held_until,
            "rule": ruling.rule or None,
            "assign_at": now if ruling.waits else None,
        },
    ).scalar_one()
    context.event_id = events.record(
        connection,
        row.dispute_id,
        row.visit_id,
        "moved",
        actor,
        _told(move, target, row.active_id, context.next_visit_id, known) | ruling.told,
        now=now,
    )
    facts.append(connection, row.dispute_id, row.visit_id, context.event_id, known)
    turn = _turn(standing, active, move, target, context.next_visit_id, known)
    followed = deadlines.follow(connection, row.dispute_id, turn, now=now)
    context.due_at = followed.due_at
    if GRADE in known:
        regrading.store(connection, row.dispute_id, known[GRADE])
    if target.kind == Kind.FINAL and move.meaning == Meaning.VERIFIED:
        money.arrived(connection, standing, context.next_visit_id, now=now)
    elif target.kind == Kind.FINAL:
        money.cancel(connection, row.dispute_id, context.next_visit_id)
    effects.apply(acts, context)
    if row.kind == Kind.WAIT:
        effects.end_round(context)
    messages = _messages(standing, context, target, carded, reply_to)
    messages += regrading.told(
        connection, standing, standing.facts, turn.facts, followed, actor, now=now
    )
    window = undo_until(standing, move.key, actor, now=now)
    if window is not None:
        _let_wait(messages, row.visit_id, window, move, actor)
    outbox.put(connection, messages)
    return Moved(context.event_id, context.next_visit_id, target.key, str(target.kind))


def _turn(
    standing: Standing,
    active: Document,
    move: Move,
    target: Stage,
    visit_id: int,
    known: Mapping[str, Value],
) -> deadlines.Turn:
    """What the move means for the dispute's clocks."""
    row = standing.row
    happened = {Mark(Happening.LEFT, row.stage), Mark(Happening.ENTERED, target.key)}
    if move.meaning:
        happened.add(Mark(Happening.DECIDED, move.meaning))
    if target.kind == Kind.FINAL:
        happened.add(Mark(Happening.ENDED))
    then = regrading.after(standing.facts, known)
    return deadlines.Turn(
        row.workflow,
        target.key,
        visit_id,
        row.active_id,
        happened,
        then,
        row.currency,
        left_id=row.visit_id,
        hidden=target.kind == Kind.WAIT,
        before=regrading.described(active, standing.facts, then),
    )


def surviving(workflow: Workflow, stage: str) -> str:
    """The stage of this workflow that serves `stage`: itself, or the successor of a removed one."""
    return stage if stage in workflow.stage_by_key else workflow.successor_of[stage]


def undo_until(
    standing: Standing, decision: str, actor: Actor, *, now: dt.datetime
) -> dt.datetime | None:
    """Until when a person's decision may be undone (D3); None where it never may.

    Taking and assigning are no decisions: whoever took releases. Merging is undone likewise (K2).
    """
    row, workflow = standing.row, standing.workflow
    decided = decision in workflow.decisions_by_stage[row.stage]
    if not decided or not workflow.undo_seconds:
        return None
    if actor.by != By.DESK and (actor.by != By.AGENT or row.kind == Kind.WAIT):
        return None
    return now + dt.timedelta(seconds=workflow.undo_seconds)


def _let_wait(
    messages: list[dict[str, Any]], visit_id: int, until: dt.datetime, move: Move, actor: Actor
) -> None:
    """What binds waits until the decision stands; the card's redraw offers its author to undo."""
    for message in messages:
        if message["kind"] in outbox.BINDING:
            message["undo_until"] = until
        elif message["kind"] == outbox.REDRAW and message["visit_id"] == visit_id:
            message["data"] = {
                "undo": actor.person_id,
                "until": until.isoformat(),
                "amount": move.amount,
            }


def _told(
    move: Move, target: Stage, document_id: int, visit_id: int, known: Mapping[str, Value]
) -> dict[str, Any]:
    return {
        "decision": move.key,
        "meaning": move.meaning,
        "stage": target.key,
        "kind": str(target.kind),
        "visit": visit_id,
        "document": document_id,
        "holder": move.holder_id,
        "held_until": move.held_until.isoformat() if move.held_until else None,
        "facts": {
            key: list(value) if isinstance(value, tuple) else value for key, value in known.items()
        },
        "amount": move.amount,
        **({"judged": dict(move.judged)} if move.judged else {}),
    }


def _messages(
    standing: Standing,
    context: effects.Context,
    target: Stage,
    carded: bool,
    reply_to: bytes | None,
) -> list[dict[str, Any]]:
    """What must be told: the old card, a line in its thread, the new card, the marketplace."""
    row, now = standing.row, context.now
    messages = list(context.messages)
    shown = next((v for v in reversed(standing.history) if v.channel), None)
    if shown is not None:
        messages.append(
            outbox.line(shown.id, shown.channel, row.dispute_id, context.event_id, now=now)
        )
    if carded:
        card = outbox.card(
            context.next_visit_id, target.channel, row.dispute_id, now=now, reply_to=reply_to
        )
        messages.append(card)
    if row.channel:  # after the new card, to which the old one links
        messages.append(
            outbox.redraw(
                row.visit_id, row.dispute_id, str(context.event_id), now=now, reply_to=reply_to
            )
        )
    if target.kind in (Kind.WAIT, Kind.FINAL):
        messages.append(
            outbox.message(
                outbox.NOTICE,
                outbox.MARKET_LANE,
                f"notice:{context.event_id}",
                now=now,
                dispute_id=row.dispute_id,
                visit_id=context.next_visit_id,
            )
        )
    return messages
