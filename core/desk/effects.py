"""The closed set of effects: each turns a decision into rows, none reaches the network.

They run in the fixed order of `EffectKind`, in two turns: first the facts they record (the event
tells them), then the rows that need the event and the visit that was opened.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from core.desk import money, outbox
from core.desk.standing import Standing
from core.tables import EvidenceRequest, Payment, Round
from core.workflow.facts import INSTRUCTED, OWED, PAYMENT, SILENT
from core.workflow.model import Effect, Value
from core.workflow.terms import MOVES_MONEY, EffectKind

_OPEN_ROUND = insert(Round).returning(Round.id)
_ASK = insert(EvidenceRequest)
_END_ROUND = (
    update(Round)
    .where(
        Round.dispute_id == bindparam("dispute"),
        Round.visit_id == bindparam("visit"),
        Round.closed_at.is_(None),
    )
    .values(closed_at=bindparam("now"))
)


@dataclass(slots=True)
class Context:
    """A transition on its way: what effects may read, and where they put what they write."""

    connection: Connection
    standing: Standing
    now: dt.datetime
    amount: int = 0  # minor units that the decision moves
    event_id: int = 0
    next_visit_id: int = 0
    due_at: dt.datetime | None = None  # when the wait that opens runs out
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def dispute_id(self) -> int:
        """The dispute's id."""
        return int(self.standing.row.dispute_id)


def in_order(effects: Sequence[Effect]) -> list[Effect]:
    """The effects in the order in which they are applied."""
    return sorted(effects, key=lambda effect: _ORDER[effect.kind])


def moves_money(effects: Sequence[Effect]) -> bool:
    """Whether an amount must be known for these effects."""
    return any(effect.kind in MOVES_MONEY for effect in effects)


def facts_of(effects: Sequence[Effect], context: Context) -> dict[str, Value]:
    """The facts that the effects record."""
    facts: dict[str, Value] = {}
    for effect in effects:
        if effect.kind == EffectKind.SET:
            facts[effect.fact] = effect.value
        elif effect.kind in (EffectKind.PAY, EffectKind.ASK_PAYMENT):
            facts[PAYMENT] = INSTRUCTED
        elif effect.kind == EffectKind.OWE:
            facts[PAYMENT] = OWED
        elif effect.kind == EffectKind.SILENCE:
            silent = _silent(context)
            if silent:
                facts[SILENT] = silent
    return facts


def apply(effects: Sequence[Effect], context: Context) -> None:
    """Writes the rows of the effects, and adds what must be told to `context.messages`."""
    for effect in effects:
        act = _ACTS.get(effect.kind)
        if act is not None:
            act(effect, context)


def end_round(context: Context) -> None:
    """A round ends with the wait that it opened, whichever way the dispute leaves it."""
    row = context.standing.row
    context.connection.execute(
        _END_ROUND, {"dispute": row.dispute_id, "visit": row.visit_id, "now": context.now}
    )


def _silent(context: Context) -> tuple[str, ...]:
    """The parties of the open round that have not said 'nothing more'."""
    rows = context.connection.execute(
        select(EvidenceRequest.party)
        .join(Round, Round.id == EvidenceRequest.round_id)
        .where(
            Round.dispute_id == context.dispute_id,
            Round.closed_at.is_(None),
            EvidenceRequest.answered_at.is_(None),
        )
        .order_by(EvidenceRequest.id)
    )
    return tuple(rows.scalars())


def _silence(_effect: Effect, context: Context) -> None:
    open_rounds = select(Round.id).where(
        Round.dispute_id == context.dispute_id, Round.closed_at.is_(None)
    )
    context.connection.execute(
        update(EvidenceRequest)
        .where(EvidenceRequest.round_id.in_(open_rounds), EvidenceRequest.answered_at.is_(None))
        .values(silent=True)
    )


def _close_round(_effect: Effect, context: Context) -> None:
    context.connection.execute(
        update(Round)
        .where(Round.dispute_id == context.dispute_id, Round.closed_at.is_(None))
        .values(closed_at=context.now)
    )


def _request(effect: Effect, context: Context) -> None:
    round_id = context.connection.execute(
        _OPEN_ROUND,
        {
            "dispute_id": context.dispute_id,
            "visit_id": context.next_visit_id,
            "opened_at": context.now,
            "due_at": context.due_at or context.now,
        },
    ).scalar_one()
    context.connection.execute(
        _ASK,
        [
            {
                "round_id": round_id,
                "dispute_id": context.dispute_id,
                "party": party,
                "silent": False,
            }
            for party in effect.parties
        ],
    )


def _ask_funds(_effect: Effect, context: Context) -> None:
    context.messages.append(
        outbox.message(
            outbox.ASK_FUNDS,
            outbox.MARKET_LANE,
            f"ask_funds:{context.event_id}",
            now=context.now,
            dispute_id=context.dispute_id,
            visit_id=context.next_visit_id,
        )
    )


def _owe(_effect: Effect, context: Context) -> None:
    money.open_payment(
        context.connection,
        context.standing,
        context.next_visit_id,
        (),
        context.amount,
        now=context.now,
    )


def _pay(effect: Effect, context: Context) -> None:
    reference = money.open_payment(
        context.connection,
        context.standing,
        context.next_visit_id,
        effect.sources,
        context.amount,
        now=context.now,
    )
    context.messages.append(_instruction(reference, context))


def _ask_payment(_effect: Effect, context: Context) -> None:
    reference = context.connection.execute(
        select(Payment.reference)
        .where(Payment.dispute_id == context.dispute_id, Payment.state == INSTRUCTED)
        .order_by(Payment.id.desc())
        .limit(1)
    ).scalar()
    if reference is not None:
        context.messages.append(_instruction(reference, context))


def _instruction(reference: str, context: Context) -> dict[str, Any]:
    return outbox.message(
        outbox.PAY,
        outbox.MARKET_LANE,
        f"pay:{reference}:{context.event_id}",
        now=context.now,
        dispute_id=context.dispute_id,
        visit_id=context.next_visit_id,
        data={"reference": reference},
    )


_ORDER = {kind.value: position for position, kind in enumerate(EffectKind)}
_ACTS: dict[str, Callable[[Effect, Context], None]] = {
    EffectKind.SILENCE: _silence,
    EffectKind.CLOSE_ROUND: _close_round,
    EffectKind.REQUEST: _request,
    EffectKind.ASK_FUNDS: _ask_funds,
    EffectKind.OWE: _owe,
    EffectKind.PAY: _pay,
    EffectKind.ASK_PAYMENT: _ask_payment,
}
