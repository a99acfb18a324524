"""Merging: a dispute that is a second telling of another ends, and its story goes on there (K2).

It ends by its own workflow's decision for it, in a final stage; time stops, cards shrink, a round
ends. Nothing it holds is moved: evidence, notes and events stay with it and are read with the
other's (core.desk.family), what comes late is passed on.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from core.desk import (
    cards,
    clicks,
    events,
    family,
    linking,
    notes,
    outbox,
    people,
    stages,
    standing,
)
from core.desk import transition as move_on
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.choose import as_refused, decided
from core.desk.money import CANCELLED
from core.desk.standing import Standing
from core.tables import Dispute, Evidence, EvidenceRequest, Payment, Round
from core.workflow.engine import Step
from core.workflow.facts import FAILED
from core.workflow.terms import By, Kind

NO_MONEY = (CANCELLED, FAILED)
_SUMS = ("paid", "freight")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What merging would do: who holds it, who is still asked, and what goes along to the other."""

    number: str
    into: str
    stage: str  # at which it stands; a label of `document_id`
    document_id: int
    into_stage: str
    into_document_id: int
    holder: str
    asked: tuple[str, ...]  # parties whose answer is awaited
    evidence: int
    notes: int


def preview(
    connection: Connection, actor: Actor, dispute_id: int, number: str, *, now: dt.datetime
) -> Foreseen | Refused:
    """What merging the dispute into the one with this number would do; changes nothing."""
    barred = people.refusal(connection, actor, Right.ASSIGN)
    other_id = linking.find(connection, number)
    at = standing.of_dispute(connection, dispute_id, lock=False)
    into = standing.of_dispute(connection, other_id, lock=False) if other_id else None
    if barred is not None or at is None or into is None:
        return barred or Refused("unknown_dispute")
    step = _step(connection, at, into, actor)
    if isinstance(step, Refused):
        return step
    row = at.row
    held = standing.held_by_other(row, None, now)
    asked = connection.execute(
        select(EvidenceRequest.party)
        .join(Round, Round.id == EvidenceRequest.round_id)
        .where(
            Round.dispute_id == dispute_id,
            Round.closed_at.is_(None),
            EvidenceRequest.answered_at.is_(None),
        )
    )
    members = family.family(connection, dispute_id)
    pieces = family.within(members, Evidence.dispute_id, Evidence.received_at)
    return Foreseen(
        row.number,
        into.row.number,
        row.stage,
        row.document_id,
        into.row.stage,
        into.row.document_id,
        people.name(connection, row.holder_id) if held else "",
        tuple(asked.scalars()),
        connection.scalar(select(func.count(Evidence.id)).where(pieces)) or 0,
        notes.count(connection, members),
    )


def merge(
    connection: Connection,
    dispute_id: int,
    number: str,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Ends the dispute as a second telling of the one with this number, or says why not.

    Whoever may assign may merge, over somebody's hold too; it is taken back as decisions are (D3).
    """
    return clicks.once(
        connection,
        actor,
        Right.ASSIGN,
        click,
        lambda who: _merge(connection, dispute_id, number, who, now=now),
        now=now,
    )


def _merge(
    connection: Connection, dispute_id: int, number: str, actor: Actor, *, now: dt.datetime
) -> Answer:
    other_id = linking.find(connection, number)
    if other_id is None:
        return Refused("unknown_dispute")
    at, into = linking.both(connection, dispute_id, other_id)
    if at is None or into is None:
        return Refused("unknown_dispute")
    step = _step(connection, at, into, actor)
    if isinstance(step, Refused):
        return step
    row, desk = at.row, Actor(By.DESK, actor.person_id)
    move = move_on.Move(
        step.decision.key, step.decision.meaning, step.stage, facts=step.facts, effects=step.effects
    )
    if not move_on.leave(connection, row.visit_id, move, desk, now=now):
        return at.refused("try_again")
    moved = move_on.advance(connection, at, move, desk, now=now)
    connection.execute(
        update(Dispute).where(Dispute.id == dispute_id).values(merged_into_id=other_id)
    )
    data = {"other": into.row.number, "into": other_id}
    events.record(connection, dispute_id, moved.visit_id, "merged", actor, data, now=now)
    joint = _joint(at, into)
    if joint is not None:
        set_part(connection, other_id, joint)
    more: dict[str, Any] = {}
    if joint is not None:  # what undoing goes back to, and the latest payment so far
        latest = select(func.max(Payment.id)).where(Payment.dispute_id == other_id)
        more = {
            "part": joint,
            "before": into.row.part,
            "payment": connection.scalar(latest) or 0,
        }
    tell(connection, into, "merged_in", row, actor, more, now=now)
    return Applied(
        "merged",
        dispute_id,
        row.number,
        row.visit_id,
        moved.visit_id,
        moved.stage,
        {"other": into.row.number},
    )


def _step(connection: Connection, at: Standing, into: Standing, actor: Actor) -> Step | Refused:
    """The decision by which the dispute would end, or why it cannot be merged into the other."""
    row, there = at.row, into.row
    other = there.number
    barred = stages.barred(connection, at, actor)
    if barred is not None:
        return barred
    if row.dispute_id == there.dispute_id:
        return at.refused("same_dispute")
    after = family.merged_into(connection, row.dispute_id)
    if after is not None:
        return at.refused("merged", other=after.number)
    after = family.merged_into(connection, there.dispute_id)
    if after is not None:
        return at.refused("merge_into_merged", other=other, after=after.number)
    if row.kind == Kind.FINAL:
        return at.refused("finished")
    if there.kind == Kind.FINAL:
        return at.refused("merge_into_finished", other=other)
    if key := _strangers(connection, row.dispute_id, there.dispute_id):
        return at.refused(key, other=other)
    if _money(connection, row.dispute_id):
        return at.refused("merge_money", other=other)
    ending = next(
        (d.key for d in at.workflow.decisions_by_stage[row.stage].values() if d.by == By.DESK), None
    )
    if ending is None:
        return at.refused("merge_unknown")
    step = decided(at, ending, {}, Actor(By.DESK))
    return step if isinstance(step, Step) else as_refused(at, step)


def _strangers(connection: Connection, dispute_id: int, other_id: int) -> str:
    """Why the parties of one may not act in the other, if so: what they say late counts there.

    A second telling that names no merchant tells the same as one that does.
    """
    columns = select(Dispute.buyer_id, Dispute.merchant_id)
    one = connection.execute(columns.where(Dispute.id == dispute_id)).one()
    other = connection.execute(columns.where(Dispute.id == other_id)).one()
    if one.buyer_id != other.buyer_id:
        return "merge_strangers"
    return "merge_merchants" if one.merchant_id not in (None, other.merchant_id) else ""


def _money(connection: Connection, dispute_id: int) -> bool:
    """Whether money of the dispute is on its way or has arrived: it is more than a telling then."""
    found = connection.scalar(
        select(Payment.id)
        .where(Payment.dispute_id == dispute_id, Payment.state.not_in(NO_MONEY))
        .limit(1)
    )
    return found is not None


def _joint(at: Standing, into: Standing) -> dict[str, Any] | None:
    """The other's part with this one's added, where both are parts of one order since a split."""
    mine, other = at.row.part, into.row.part
    if mine is None or other is None or at.row.order_id != into.row.order_id:
        return None
    counts = into.lines
    for key, count in at.lines.items():
        counts[key] = counts.get(key, 0) + count
    bought = {str(line["key"]): int(line["quantity"]) for line in at.row.lines}
    items = [f"{key}:{min(counts[key], most)}" for key, most in bought.items() if key in counts]
    sums = {name: min(mine[name] + other[name], getattr(at.row, name)) for name in _SUMS}
    return {"items": items, **sums}


def set_part(connection: Connection, dispute_id: int, part: dict[str, Any]) -> None:
    """Says what of its order a dispute is about from now on."""
    connection.execute(update(Dispute).where(Dispute.id == dispute_id).values(part=part))


def passed_on(
    connection: Connection,
    dispute_id: int,
    into: Any,
    what: dict[str, Any],
    actor: Actor,
    *,
    now: dt.datetime,
) -> None:
    """Records at a merged dispute that something came late, and went to the one it goes on in."""
    data = {"other": into.number, **what}
    events.record(connection, dispute_id, None, "passed_on", actor, data, now=now)


def tell(
    connection: Connection,
    at: Standing,
    kind: str,
    other: Any,
    actor: Actor,
    more: dict[str, Any],
    *,
    now: dt.datetime,
) -> None:
    """An event in the record of the dispute that goes on, and its card drawn anew."""
    row, data = at.row, {"other": other.number, "dispute": other.dispute_id, **more}
    event = events.record(connection, row.dispute_id, row.visit_id, kind, actor, data, now=now)
    messages = cards.redrawn(row, event, now=now)
    if row.kind == Kind.WORK:
        messages.append(outbox.line(row.visit_id, row.channel, row.dispute_id, event, now=now))
    outbox.put(connection, messages)
