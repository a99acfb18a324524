"""What the outside may know of a dispute: where it stands, what is asked, what may be done (K1).

The wall towards buyers, merchants and the marketplace (X5): no story, no note, no agent, and
nothing that another party said passes here.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from core.desk import evidence, family, money, standing
from core.desk.standing import Standing
from core.tables import Deadline, Dispute, EvidenceRequest, Payment, Round
from core.workflow.engine import offered
from core.workflow.facts import GRADE, OWED
from core.workflow.model import Decision, Label, Stage
from core.workflow.terms import By, Kind, Meaning

_ORIGIN = aliased(Dispute)
_HEAD = (
    select(Dispute.external_id, Dispute.opened_at, _ORIGIN.number.label("split_from"))
    .outerjoin(_ORIGIN, _ORIGIN.id == Dispute.split_from_id)
    .where(Dispute.id == bindparam("id"))
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a party is asked for in the latest round: kinds by key, each with its label."""

    party: str
    kinds: dict[str, Label]
    due_at: dt.datetime
    answered_at: dt.datetime | None
    silent: bool
    open: bool  # the round still runs and the party has not said 'nothing more'


@dataclass(frozen=True, slots=True)
class Action:
    """A decision of a party, allowed where no reason stands against it.

    `end` marks what may be done at any stage (withdrawing), beside what the stage itself waits for.
    """

    party: str
    decision: Decision
    reasons: tuple[Label, ...]
    end: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A payment; amounts in minor units. `owed` where the merchant pays by itself."""

    reference: str
    amount: int
    currency: str
    state: str
    reported: int | None
    owed: bool


@dataclass(frozen=True, slots=True)
class PartyView:
    """A dispute as parties and the marketplace may see it."""

    number: str
    external_id: str
    order_number: str
    visit_id: int
    turn: int  # how many visits the dispute has made, the open one included
    opened_at: dt.datetime
    since: dt.datetime  # when it came to this stage
    stage: Stage
    due_at: dt.datetime | None  # when the wait runs out; the desk's own deadlines stay inside
    otherwise: Label | None  # what happens then
    because: Label | None  # why it was not accepted (D1)
    goods_to: str  # the party to whom the goods are returned in this wait
    liability: (
        str  # the ruling's meaning, once the dispute is finished and does not go on elsewhere
    )
    continues_in: str  # the number of the dispute into which it was merged (K2)
    split_from: str  # the number of the dispute from which it was split off
    requests: tuple[Request, ...]
    actions: tuple[Action, ...]
    payments: tuple[Moved, ...]
    grade: str  # how urgent it is (G2); empty where the desk grades nothing

    @property
    def finished(self) -> bool:
        """Whether nothing can happen any more."""
        return self.stage.kind == Kind.FINAL

    @property
    def hidden(self) -> bool:
        """Whether it is in no agent's queue (W5)."""
        return self.stage.kind in (Kind.WAIT, Kind.FINAL)

    @property
    def owed(self) -> Moved | None:
        """The payment that the merchant has to make by itself, if any."""
        return next((p for p in reversed(self.payments) if p.state == OWED), None)


def find(connection: Connection, number: str, source: str, **_: object) -> int | None:
    """The id of a source's dispute by its number; None for another source's, as for none at all."""
    return connection.scalar(
        select(Dispute.id).where(Dispute.number == number, Dispute.source == source)
    )


def party_view(connection: Connection, dispute_id: int, *, now: dt.datetime) -> PartyView | None:
    """A dispute as the outside may see it; None where there is no such dispute."""
    del now
    at = standing.of_dispute(connection, dispute_id, lock=False)
    if at is None:
        return None
    row = at.row
    stage = at.workflow.stage_by_key[row.stage]
    dispute = connection.execute(_HEAD, {"id": dispute_id}).one()
    waits, ended = stage.kind == Kind.WAIT, stage.kind == Kind.FINAL
    into = family.merged_into(connection, dispute_id) if ended else None
    return PartyView(
        number=row.number,
        external_id=dispute.external_id,
        order_number=row.order_number,
        visit_id=row.visit_id,
        turn=len(at.history),
        opened_at=dispute.opened_at,
        since=row.opened_at,
        stage=stage,
        due_at=_due(connection, row.visit_id) if waits else None,
        otherwise=_otherwise(stage) if waits else None,
        because=_because(at),
        goods_to=_goods_to(at) if waits else "",
        liability=_liability(at) if ended and into is None else "",
        continues_in=into.number if into is not None else "",
        split_from=dispute.split_from or "",
        requests=_requests(connection, at),
        actions=tuple(_actions(at)),
        payments=_payments(connection, dispute_id),
        grade=str(at.facts.get(GRADE, "")),
    )


def _due(connection: Connection, visit_id: int) -> dt.datetime | None:
    return connection.scalar(
        select(Deadline.due_at).where(
            Deadline.visit_id == visit_id, Deadline.with_visit, Deadline.stopped_at.is_(None)
        )
    )


def _otherwise(stage: Stage) -> Label | None:
    return next((d.label for d in stage.decisions if d.by == By.TIMEOUT), None)


def _because(at: Standing) -> Label | None:
    """The preset reason for which the dispute was not accepted."""
    ended = at.counted[-2] if len(at.counted) > 1 else None
    if at.row.kind != Kind.FINAL or ended is None or ended.meaning != Meaning.NOT_ACCEPTED:
        return None
    decisions = at.workflow.decisions_by_stage.get(ended.stage, {}).values()
    for decision in (d for d in decisions if d.meaning == Meaning.NOT_ACCEPTED):
        for field in decision.fields:
            option = at.document.options_by_set.get(field.options, {}).get(
                str(at.facts.get(field.key))
            )
            if option is not None:
                return option.label
    return None


def _goods_to(at: Standing) -> str:
    """The merchant, where the decision that led here lets the buyer return the goods."""
    before = at.history[-2] if len(at.history) > 1 else None
    returned = before is not None and before.meaning == Meaning.REMEDY_RETURN
    return By.MERCHANT if returned else ""


def _liability(at: Standing) -> str:
    ruled = f"{Meaning.LIABILITY}."
    meanings = (v.meaning for v in reversed(at.counted) if v.meaning)
    return next((m.removeprefix(ruled) for m in meanings if m.startswith(ruled)), "")


def _requests(connection: Connection, at: Standing) -> tuple[Request, ...]:
    latest = select(func.max(Round.id)).where(Round.dispute_id == at.row.dispute_id)
    rows = connection.execute(
        select(
            EvidenceRequest.party,
            EvidenceRequest.answered_at,
            EvidenceRequest.silent,
            Round.due_at,
            Round.closed_at,
        )
        .join(
            Round,
            and_(Round.id == EvidenceRequest.round_id, Round.id == latest.scalar_subquery()),
        )
        .order_by(EvidenceRequest.id)
    )
    return tuple(
        Request(
            row.party,
            evidence.kind_labels(at, row.party),
            row.due_at,
            row.answered_at,
            row.silent,
            row.closed_at is None and row.answered_at is None,
        )
        for row in rows
    )


def _actions(at: Standing) -> Iterator[Action]:
    situation = at.situation(money.derived(at, None, at.facts))
    ends = {decision.key for decision in at.workflow.ends}
    for party in evidence.PARTIES:
        for offer in offered(at.document, situation, party):
            reasons = tuple(at.document.reason_by_key[key] for key in offer.reasons)
            yield Action(party, offer.decision, reasons, offer.decision.key in ends)


def _payments(connection: Connection, dispute_id: int) -> tuple[Moved, ...]:
    rows = connection.execute(
        select(Payment).where(Payment.dispute_id == dispute_id).order_by(Payment.id)
    )
    return tuple(
        Moved(r.reference, r.amount, r.currency, r.state, r.reported, not r.sources) for r in rows
    )
