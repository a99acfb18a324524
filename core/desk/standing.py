"""Where a dispute stands: everything that deciding at a visit depends on, read and locked."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, exists, select

from core.desk import documents, facts, given
from core.desk.answers import Refused
from core.tables import ActiveDocument, Dispute, Judgment, Order, Person, Pilot, Visit
from core.workflow.amounts import Line, Purchase
from core.workflow.engine import Situation
from core.workflow.facts import JUDGEABLE, MOVED, YES
from core.workflow.model import Document, Stage, Value, Workflow
from core.workflow.terms import Kind

_VISIT_COLUMNS = (
    Visit.id.label("visit_id"),
    Visit.stage,
    Visit.kind,
    Visit.channel,
    Visit.document_id,
    Visit.opened_at,
    Visit.holder_id,
    Visit.held_until,
    select(Person.active)
    .where(Person.id == Visit.holder_id)
    .scalar_subquery()
    .label("holder_active"),
    Visit.left_at,
    Visit.decision,
    Visit.meaning,
    Visit.by,
    Visit.decider_id,
    Visit.undone_at,
    Visit.parked_at,
    Visit.snoozed_until,
    Visit.rule,
    Dispute.id.label("dispute_id"),
    Dispute.number,
    Dispute.workflow,
    Dispute.source,
    Dispute.channel.label("way_in"),
    Dispute.locale,
    Dispute.hour,
    Dispute.order_id,
    Dispute.entered,
    Dispute.part,
    Order.number.label("order_number"),
    Order.currency,
    Order.paid,
    Order.refunded,
    Order.freight,
    Order.lines,
    Order.held,
    Order.balance,
    Order.deposit,
    # With which document the next visit opens: a dispute that was drawn for the pilot that runs
    # goes on by the pilot's (S5).
    select(
        case(
            (Dispute.pilot_id == ActiveDocument.pilot_id, Pilot.document_id),
            else_=ActiveDocument.document_id,
        )
    )
    .select_from(ActiveDocument)
    .outerjoin(Pilot, Pilot.id == ActiveDocument.pilot_id)
    .where(ActiveDocument.id == 1)
    .correlate(Dispute)
    .scalar_subquery()
    .label("active_id"),
)
_JOINED = (
    select(*_VISIT_COLUMNS)
    .join(Dispute, Dispute.id == Visit.dispute_id)
    .join(Order, Order.id == Dispute.order_id)
)
_BY_VISIT = _JOINED.where(Visit.id == bindparam("id"))
_OPEN_OF_DISPUTE = _JOINED.where(Visit.dispute_id == bindparam("id"), Visit.left_at.is_(None))
# On PostgreSQL whoever changes a dispute holds its row and the visit's until the end: two parties
# who finish a round at once must see each other. SQLite lets one writer in anyway.
_BY_VISIT_LOCKED = _BY_VISIT.with_for_update(of=(Dispute.__table__, Visit.__table__))
_OPEN_LOCKED = _OPEN_OF_DISPUTE.with_for_update(of=Visit.__table__)
_LOCK = select(Dispute.id).where(Dispute.id == bindparam("id")).with_for_update()

_HISTORY = (
    select(
        Visit.id,
        Visit.stage,
        Visit.kind,
        Visit.channel,
        Visit.left_at,
        Visit.meaning,
        Visit.decider_id,
        Visit.undone_at,
        exists(select(1).where(Judgment.visit_id == Visit.id, Judgment.undone_at.is_(None))).label(
            "judged"
        ),
    )
    .where(Visit.dispute_id == bindparam("dispute"))
    .order_by(Visit.id)
)


@dataclass(slots=True)
class Standing:
    """A dispute at one of its visits. `row` holds visit, dispute and order columns."""

    row: Any
    document: Document
    workflow: Workflow
    history: list[Any]  # the dispute's visits, oldest first, this one included
    facts: dict[str, Value]

    @property
    def counted(self) -> list[Any]:
        """The visits that count, oldest first: what was undone never happened (D3)."""
        return [visit for visit in self.history if visit.undone_at is None]

    @property
    def stage(self) -> Stage:
        """The stage of this visit, as the visit's own document says it."""
        return self.workflow.stage_by_key[self.row.stage]

    @property
    def purchase(self) -> Purchase:
        """The order's money and lines; since a split only the dispute's own part of them (K2)."""
        row, part, counts = self.row, self.row.part, self.lines
        lines = tuple(
            Line(str(line["key"]), int(line["unit_price"]), counts[str(line["key"])])
            for line in row.lines
            if str(line["key"]) in counts
        )
        if part is None:
            return Purchase(row.currency, row.paid, row.refunded, row.freight, lines)
        refunded = self.refunded(row.refunded)
        return Purchase(row.currency, part["paid"], refunded, part["freight"], lines)

    def refunded(self, total: int) -> int:
        """What counts as refunded here, in minor units, where `total` is of the whole order.

        A part has left what it has not moved itself, and never more than the order has left.
        """
        part, moved = self.row.part, self.facts.get(MOVED, 0)
        if part is None:
            return total
        paid = int(part["paid"])
        own = paid - (moved if isinstance(moved, int) else 0)
        return paid - max(0, min(own, int(self.row.paid) - total))

    @property
    def lines(self) -> dict[str, int]:
        """The quantity of each line of the order that the dispute is about."""
        if self.row.part is not None:
            pairs = (item.rpartition(":") for item in self.row.part["items"])
            return {key: int(count) for key, _, count in pairs}
        return {str(line["key"]): int(line["quantity"]) for line in self.row.lines}

    def refused(self, key: str, **params: Any) -> Refused:
        """A refusal that names the dispute, its stage and its document."""
        row = self.row
        return Refused(
            key,
            {"number": row.number, "stage": row.stage, **params},
            dispute_id=row.dispute_id,
            visit_id=row.visit_id,
            document_id=row.document_id,
        )

    def counts(self) -> dict[str, int]:
        """How often decisions of each meaning were made."""
        counts: dict[str, int] = {}
        for visit in self.counted:
            if visit.meaning:
                counts[visit.meaning] = counts.get(visit.meaning, 0) + 1
        return counts

    def situation(self, derived: Mapping[str, Value]) -> Situation:
        """The engine's view, with facts that the desk derives for this moment."""
        return Situation(
            self.workflow.key,
            self.row.stage,
            {**self.facts, **derived},
            self.counts(),
            self.lines,
            self.row.currency,
        )

    def judgeable(self, person_id: int | None) -> Any | None:
        """The latest unjudged work visit of an earlier stage by somebody else (W6), if any."""
        order = self.workflow.order
        here = order[self.row.stage]
        for visit in reversed(self.counted):
            if (
                visit.kind == Kind.WORK
                and visit.left_at is not None
                and visit.decider_id not in (None, person_id)
                and not visit.judged
                and order.get(visit.stage, here) < here
            ):
                return visit
        return None

    def judgeable_fact(self, person_id: int | None) -> dict[str, Value]:
        """The fact that makes the quality field appear."""
        return {JUDGEABLE: YES} if self.judgeable(person_id) is not None else {}

    def handled_elsewhere(self, person_id: int) -> str | None:
        """The other stage at which this person decided a work visit of the dispute (W3)."""
        for visit in self.counted:
            stage = self.workflow.stage_by_key.get(visit.stage)
            separated = stage is None or stage.separation
            if (
                visit.decider_id == person_id
                and visit.kind == Kind.WORK
                and visit.stage != self.row.stage
                and separated
            ):
                return str(visit.stage)
        return None

    def handlers(self, stage: str) -> set[int]:
        """Who decided a work visit of the dispute at a separated stage other than `stage` (W3)."""
        unseparated = {s.key for s in self.workflow.stages if not s.separation}
        return {
            int(visit.decider_id)
            for visit in self.counted
            if visit.decider_id is not None
            and visit.kind == Kind.WORK
            and visit.stage != stage
            and visit.stage not in unseparated
        }

    def earlier_decider(self, stage: str) -> int | None:
        """Who decided the dispute's last visit at `stage`, if a person did."""
        for visit in reversed(self.counted):
            if visit.stage == stage and visit.decider_id is not None:
                return int(visit.decider_id)
        return None


def at_visit(connection: Connection, visit_id: int, *, lock: bool = True) -> Standing | None:
    """The standing at a visit, whether it is still open or not; None where it does not exist."""
    statement = _BY_VISIT_LOCKED if lock else _BY_VISIT
    return _standing(connection, connection.execute(statement, {"id": visit_id}).first())


def of_dispute(connection: Connection, dispute_id: int, *, lock: bool = True) -> Standing | None:
    """The standing at a dispute's open visit; None where the dispute does not exist."""
    statement = _OPEN_OF_DISPUTE
    if lock:
        # First the dispute's row: whoever waits for it here then reads the visit that is open now.
        # In one statement the wait would end at a visit that was left meanwhile: at nothing.
        connection.execute(_LOCK, {"id": dispute_id})
        statement = _OPEN_LOCKED
    return _standing(connection, connection.execute(statement, {"id": dispute_id}).first())


def free_for(person: Any, now: Any) -> tuple[ColumnElement[bool], ...]:
    """Any of these makes a visit free for a person: `held_by_other`, as SQL says it.

    Together they are never unknown, not even where no end is set: their contrary may be asked, too.
    """
    return (
        Visit.holder_id.is_(None),
        Visit.holder_id == person,
        and_(Visit.held_until.is_not(None), Visit.held_until <= now),
        exists(select(1).where(Person.id == Visit.holder_id, ~Person.active)),
    )


def held_by_other(row: Any, person_id: int | None, now: dt.datetime) -> bool:
    """Whether somebody else holds the visit at this moment; who left the desk holds nothing."""
    return (
        row.holder_id is not None
        and row.holder_active
        and row.holder_id != person_id
        and (row.held_until is None or row.held_until > now)
    )


def _standing(connection: Connection, row: Any) -> Standing | None:
    if row is None:
        return None
    document = documents.load(connection, row.document_id)
    history = connection.execute(_HISTORY, {"dispute": row.dispute_id}).all()
    return Standing(
        row,
        document,
        document.workflow_by_key[row.workflow],
        list(history),
        {**given.of_row(row), **facts.current(connection, row.dispute_id)},
    )
