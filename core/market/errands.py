"""What each kind of message to the marketplace means: what to ask, and which use case learns.

`brief` reads the database, `run` goes over the network, `settle` stores the answer.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from core.desk import orders, outbox, payments, receipts
from core.desk.delivery import Lease
from core.desk.evidence import PARTIES
from core.desk.party_view import Action, PartyView, party_view
from core.market.protocol import (
    Act,
    Asked,
    Input,
    Market,
    Notice,
    Owed,
    Payment,
    Receipt,
    Rejected,
)
from core.tables import Dispute, Order
from core.tables import Payment as PaymentRow
from core.workflow.facts import INSTRUCTED

UNKNOWN_ORDER = "the marketplace knows no such order"
MOVED_ON = "the dispute has moved on"
REPORTED = "reported already"


@dataclass(frozen=True, slots=True)
class Errand:
    """A call to make: `run` makes it, `settle` stores what it answered, `decline` a refusal."""

    run: Callable[[Market], Any]
    settle: Callable[..., object] | None = None
    decline: Callable[..., object] | None = None


def brief(connection: Connection, lease: Lease, *, now: dt.datetime) -> Errand | str:
    """The call that a message stands for at this moment, or why it has lost its point."""
    return _KINDS[lease.kind](connection, lease, now)


def _ask_order(connection: Connection, lease: Lease, _now: dt.datetime) -> Errand | str:
    number = _order_number(connection, lease)

    def settle(connection: Connection, answer: Any, *, now: dt.datetime) -> None:
        orders.order_known(connection, lease.dispute_id or 0, answer, now=now)

    return Errand(lambda market: _known(market.order(number)), settle)


def _ask_funds(connection: Connection, lease: Lease, _now: dt.datetime) -> Errand | str:
    number = _order_number(connection, lease)

    def settle(connection: Connection, answer: Any, *, now: dt.datetime) -> None:
        orders.funds_known(
            connection,
            lease.dispute_id or 0,
            answer.held,
            answer.balance,
            answer.deposit,
            now=now,
        )

    return Errand(lambda market: _known(market.funds(number)), settle)


def _pay(connection: Connection, lease: Lease, _now: dt.datetime) -> Errand | str:
    row = connection.execute(
        select(PaymentRow).where(PaymentRow.reference == lease.data["reference"])
    ).one()
    if row.state != INSTRUCTED:
        return REPORTED
    number = _order_number(connection, lease)
    payment = Payment(row.reference, number, row.amount, row.currency, tuple(row.sources))

    def decline(connection: Connection, *, now: dt.datetime) -> None:
        """Declined for good is as certain as a report that it failed (W14)."""
        payments.reported(
            connection, payment.reference, paid=None, currency=payment.currency, now=now
        )

    return Errand(lambda market: market.pay(payment), decline=decline)


def _notice(connection: Connection, lease: Lease, now: dt.datetime) -> Errand | str:
    view = party_view(connection, lease.dispute_id or 0, now=now)
    if view is None or view.visit_id != lease.visit_id:
        return MOVED_ON
    notice = notice_of(view)
    return Errand(lambda market: market.notify(notice))


def _receipt(connection: Connection, lease: Lease, _now: dt.datetime) -> Errand | str:
    dispute_id = lease.dispute_id or 0
    told = receipts.told(connection, dispute_id)
    receipt = Receipt(told.number, told.external_id, told.order_number, told.locale, told.opened_at)

    def settle(connection: Connection, _answer: Any, *, now: dt.datetime) -> None:
        receipts.accepted(connection, dispute_id, now=now)

    return Errand(lambda market: market.receipt(receipt), settle)


def notice_of(view: PartyView) -> Notice:
    """A dispute as the marketplace is told of it."""
    owed = view.owed
    return Notice(
        id=f"{view.number}-{view.visit_id}",
        number=view.number,
        external_id=view.external_id,
        split_from=view.split_from,
        order=view.order_number,
        stage=view.stage.key,
        label=view.stage.label,
        finished=view.finished,
        continues_in=view.continues_in,
        turn=view.turn,
        since=view.since,
        due_at=view.due_at,
        otherwise=view.otherwise,
        because=view.because,
        goods_to=view.goods_to,
        asked=tuple(asked for party in PARTIES if (asked := _asked(view, party)) is not None),
        owed=Owed(owed.reference, owed.amount, owed.currency) if owed else None,
    )


def _asked(view: PartyView, party: str) -> Asked | None:
    kinds = {
        kind: label
        for request in view.requests
        if request.party == party and request.open
        for kind, label in request.kinds.items()
    }
    acts = tuple(_act(a) for a in view.actions if a.party == party and not a.reasons)
    return Asked(party, kinds, acts) if kinds or acts else None


def _act(action: Action) -> Act:
    decision = action.decision
    inputs = tuple(Input(f.key, f.kind, f.label, f.required) for f in decision.fields)
    return Act(decision.key, decision.label, inputs, action.end)


def _known(answer: Any) -> Any:
    if answer is None:
        raise Rejected(UNKNOWN_ORDER)
    return answer


def _order_number(connection: Connection, lease: Lease) -> str:
    return connection.execute(
        select(Order.number)
        .join(Dispute, Dispute.order_id == Order.id)
        .where(Dispute.id == lease.dispute_id)
    ).scalar_one()


_KINDS: dict[str, Callable[[Connection, Lease, dt.datetime], Errand | str]] = {
    outbox.ASK_ORDER: _ask_order,
    outbox.ASK_FUNDS: _ask_funds,
    outbox.PAY: _pay,
    outbox.NOTICE: _notice,
    outbox.RECEIPT: _receipt,
}
