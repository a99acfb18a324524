"""Past disputes as their record tells them, read in slices, for a draft to be tried on (S5).

Only what has ended is past. Every slice is a handful of bounded queries, and nothing is kept from
one slice to the next. What an order was worth at each visit is worked out backwards from what it
is worth now; where the payment system has answered again since, what it said before is lost.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, case, select

from core.desk import documents, given
from core.desk.money import FUND
from core.tables import Dispute, Event, Order, Payment, Visit
from core.workflow.amounts import Line, Purchase
from core.workflow.derived import Money
from core.workflow.facts import CONFIRMED, ENTERED, MISMATCHED, PAID
from core.workflow.model import Value
from core.workflow.past import Passage, Past
from core.workflow.terms import Kind

SLICE = 100  # disputes that one read looks at
NEWEST = 2**62  # above any dispute's id

# What the row of a dispute tells of how it came in; see `given.of_row`.
ARRIVED = (
    Dispute.source,
    Dispute.channel.label("way_in"),
    Dispute.locale,
    Dispute.hour,
    Dispute.entered,
    Dispute.part,
    Order.paid,
    case((Order.known_at <= Dispute.opened_at, Order.currency), else_="").label("currency"),
)
_SLICE = (
    select(
        Dispute.id,
        Dispute.number,
        Dispute.workflow,
        *ARRIVED,
        Dispute.order_id,
        Dispute.opened_at,
        Visit.kind,
    )
    .join(Visit, and_(Visit.dispute_id == Dispute.id, Visit.left_at.is_(None)))
    .join(Order, Order.id == Dispute.order_id)
    # Said of both, a slice begins where the one before ended, in whichever index is read first.
    .where(Dispute.id < bindparam("before"), Visit.dispute_id < bindparam("before"))
    .order_by(Dispute.id.desc())
    .limit(SLICE)
)
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_VISITS = select(
    Visit.id,
    Visit.dispute_id,
    Visit.stage,
    Visit.kind,
    Visit.document_id,
    Visit.left_at,
    Visit.decision,
    Visit.meaning,
    Visit.by,
    Visit.decider_id,
).where(Visit.dispute_id.in_(_IDS), Visit.undone_at.is_(None))
# The events that tell what became known; the undoing ones only take it back.
_EVENTS = (
    select(Event.id, Event.dispute_id, Event.visit_id, Event.kind, Event.data)
    .where(
        Event.dispute_id.in_(_IDS),
        Event.kind.in_(("opened", "moved", "corrected", "regraded", "payment_reported")),
    )
    .order_by(Event.id)
)
_ORDERS = select(
    Order.id,
    Order.currency,
    Order.paid,
    Order.refunded,
    Order.freight,
    Order.lines,
    Order.known_at,
    Order.held,
    Order.balance,
    Order.funds_at,
).where(Order.id.in_(_IDS))
_MOVED = (
    select(
        Dispute.order_id,
        Payment.reported,
        Payment.reported_at,
        Payment.ended_visit_id,
        Payment.sources,
    )
    .join(Dispute, Dispute.id == Payment.dispute_id)
    .where(
        Dispute.order_id.in_(_IDS),
        Payment.state.in_((CONFIRMED, MISMATCHED)),
        Payment.reported > 0,
    )
)
_LEARNT = (
    select(Dispute.order_id, Event.id, Event.kind)
    .join(Event, Event.dispute_id == Dispute.id)
    .where(Dispute.order_id.in_(_IDS), Event.kind.in_(("order_known", "funds_known")))
    .order_by(Event.id)
)


@dataclass(frozen=True, slots=True)
class Slice:
    """Some past disputes, newest first, and where to go on.

    `before` is None where there are no more; `still_open` were passed over; `reached` is when the
    oldest dispute that was looked at was opened.
    """

    pasts: tuple[Past, ...]
    before: int | None
    still_open: int = 0
    reached: dt.datetime | None = None


def read(
    connection: Connection,
    before: int,
    since: dt.datetime,
    most: int,
    *,
    open_too: bool = False,
    **_: object,
) -> Slice:
    """The next at most `most` past disputes that were opened since a moment, newest first.

    `before` is NEWEST at first, then what the slice before said. Open ones are told so far, too,
    where they are asked for.
    """
    rows = connection.execute(_SLICE, {"before": before}).all()
    wanted = [row for row in rows if row.opened_at >= since]
    # What hung on a part of an order (K2) is not played again: its amounts changed on its way.
    whole = [row for row in wanted if row.part is None]
    ended = [row for row in whole if open_too or row.kind == Kind.FINAL][:most]
    if not wanted:
        return Slice((), None)
    more = rows[-1].id if len(rows) == SLICE else None
    still_open = sum(row.kind != Kind.FINAL for row in wanted)
    return Slice(tuple(_pasts(connection, ended)), more, still_open, wanted[-1].opened_at)


def _pasts(connection: Connection, disputes: Sequence[Any]) -> list[Past]:
    ids, orders = [row.id for row in disputes], [row.order_id for row in disputes]
    if not ids:
        return []
    visits = {row.id: row for row in connection.execute(_VISITS, {"ids": ids})}
    events: dict[int, list[Any]] = defaultdict(list)
    for event in connection.execute(_EVENTS, {"ids": ids}):
        events[event.dispute_id].append(event)
    purses = _purses(connection, orders)
    return [
        _past(connection, row, events[row.id], visits, purses[row.order_id]) for row in disputes
    ]


def _past(
    connection: Connection, dispute: Any, events: list[Any], visits: dict[int, Any], purse: "_Purse"
) -> Past:
    passages: list[Passage] = []
    opened = events[0]
    news: dict[str, Value] = given.of_row(dispute)
    for event in events:
        recorded = told_facts(event.data)
        visit = visits.get(event.visit_id)
        if event.kind != "moved":
            news |= recorded
        elif visit is not None:  # an undone decision counts for nothing
            money, lost = purse.at(event.id, visit)
            if money.purchase.currency:
                news[PAID] = money.purchase.paid
            passage = Passage(
                visit.id,
                documents.load(connection, visit.document_id),
                visit.stage,
                visit.kind,
                visit.decision,
                visit.by,
                event.data["stage"],
                money,
                visit.decider_id,
                news,
                recorded,
                visit.meaning or "",
                event.data.get("judged", {}).get("visit"),
                lost,
            )
            passages.append(passage)
            news = {}
    document = documents.load(connection, opened.data["document"])
    stage, kind = opened.data["stage"], opened.data["kind"]
    return Past(
        dispute.number,
        dispute.workflow,
        document,
        stage,
        kind,
        tuple(passages),
        news,
        None if opened.data.get("named") else arrival_facts(dispute, opened.data),
        dispute.currency,
    )


def arrival_facts(dispute: Any, opened: dict[str, Any]) -> dict[str, Value]:
    """What the choice of a workflow knew of a dispute, by the data of its first event (W17)."""
    return {**given.of_row(dispute), **told_facts(opened), ENTERED: dispute.entered}


def told_facts(data: dict[str, Any]) -> dict[str, Value]:
    """The facts that an event's data tells."""
    return {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in data.get("facts", {}).items()
    }


@dataclass(frozen=True, slots=True)
class _Purse:
    """An order as it is now, and what changed it when."""

    order: Any
    moved: list[Any]  # what was moved of it, by all its disputes
    known: list[int]  # the events by which the order, and what covers it, became known
    funds: list[int]

    def at(self, event: int, visit: Any) -> tuple[Money, bool]:
        """Its money when the visit was left by this event; and whether its funds are lost."""
        order = self.order
        known = order.known_at is not None and order.known_at <= visit.left_at
        if not (self.known[0] < event if self.known else known):
            return Money(Purchase("", 0, 0, 0, ())), False
        lines = tuple(
            Line(str(line["key"]), int(line["unit_price"]), int(line["quantity"]))
            for line in order.lines
        )
        later = sum(row.reported for row in self.moved if _later(row, visit))
        refunded = order.refunded - later
        purchase = Purchase(order.currency, order.paid, refunded, order.freight, lines)
        if not self.funds or event < self.funds[0]:
            return Money(purchase), False
        if event < self.funds[-1]:
            return Money(purchase), True
        return Money(purchase, 0, order.held, order.balance), False


def _later(row: Any, visit: Any) -> bool:
    """Whether money was counted only when, or after, the visit was left.

    What a report says counts before the decision that it brings about; what an agent verifies
    counts with that decision, which opens a later visit.
    """
    if row.reported_at == visit.left_at:
        return row.ended_visit_id is not None and row.ended_visit_id > visit.id
    return bool(row.reported_at > visit.left_at)


def _purses(connection: Connection, orders: Collection[int]) -> dict[int, _Purse]:
    ids = {"ids": list(set(orders))}
    moved: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(_MOVED, ids):
        if FUND not in row.sources:
            moved[row.order_id].append(row)
    learnt: dict[tuple[int, str], list[int]] = defaultdict(list)
    for order_id, event_id, kind in connection.execute(_LEARNT, ids):
        learnt[order_id, kind].append(event_id)
    return {
        row.id: _Purse(
            row, moved[row.id], learnt[row.id, "order_known"], learnt[row.id, "funds_known"]
        )
        for row in connection.execute(_ORDERS, ids)
    }
