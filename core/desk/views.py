"""What a card shows: everything a renderer needs, read in one go, personal text masked (X1, X5)."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from core.desk import family, incidents, linking, money, notes, people, pieces, standing, time_used
from core.desk.around import Lately, Past, before, following, lately, past, remarks, taken_back
from core.desk.background import Background, background
from core.desk.live import its_due
from core.desk.standing import Standing
from core.desk.transition import UNDO
from core.secrets import Vault
from core.tables import (
    Deadline,
    Dispute,
    Evidence,
    EvidenceRequest,
    Party,
    Payment,
    PersonKey,
    Round,
    Visit,
)
from core.workflow.amounts import Purchase
from core.workflow.engine import Offer, Situation, facts_with_limits, offered, shown_fields
from core.workflow.model import Decision, Document, Field, Stage, Value, Workflow

STORY_SHOWN = 280  # characters of the buyer's words on a card
# Every repetition is bounded: a long run of letters must not cost the square of its length.
_CONTACT = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}|\+?\d[\d\s()-]{5,24}\d")

# Built once: every card and every details window is read through these.
_DISPUTE: BindParameter[int] = bindparam("dispute")
_OWN_DUE = select(Deadline.due_at).where(
    Deadline.visit_id == bindparam("visit"), Deadline.with_visit, ~Deadline.superseded
)
_DUE = select(its_due).where(Visit.id == bindparam("visit"))
_WORDS = (
    select(Dispute.number, Dispute.story, PersonKey.wrapped)
    .join(Party, Party.id == Dispute.buyer_id)
    .join(PersonKey, PersonKey.id == Party.key_id)
    .where(Dispute.id == _DISPUTE)
)
_KINDS = (
    select(Evidence.party, Evidence.kind, func.count())
    .group_by(Evidence.party, Evidence.kind)
    .order_by(Evidence.party, Evidence.kind)
)
_REQUESTS = (
    select(
        Round.id.label("round_id"),
        Round.visit_id,
        Round.due_at,
        EvidenceRequest.party,
        EvidenceRequest.answered_at,
        EvidenceRequest.silent,
    )
    .join(Round, Round.id == EvidenceRequest.round_id)
    .where(Round.dispute_id == _DISPUTE)
    .order_by(EvidenceRequest.id)
)
_PAYMENT = (
    select(Payment.state, Payment.amount, Payment.reported, Payment.currency, Payment.sources)
    .where(Payment.dispute_id == _DISPUTE)
    .order_by(Payment.id.desc())
    .limit(1)
)
_OTHERS = (
    select(Dispute.number)
    .where(Dispute.order_id == bindparam("order"), Dispute.id != _DISPUTE)
    .order_by(Dispute.id)
    .limit(5)
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A party that was asked for evidence in the latest round."""

    party: str
    answered: bool
    silent: bool
    due_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Paid:
    """The latest payment; amounts in minor units."""

    state: str
    amount: int
    reported: int | None
    currency: str
    by_merchant: bool


@dataclass(frozen=True, slots=True)
class CardView:
    """A visit as its card shows it; labels are the document's, in whatever language is asked."""

    visit_id: int
    dispute_id: int
    number: str
    order_number: str
    document: Document
    stage: Stage
    situation: Situation
    open: bool
    opened_at: dt.datetime
    due_at: dt.datetime | None
    holder: str
    held_until: dt.datetime | None
    rule: str  # the assignment rule by which the holder has it; empty where they took it (A2)
    decision: str  # how the visit ended; empty while it is open
    decider: str
    decided_by: str
    left_at: dt.datetime | None
    undone: bool  # its decision was taken back
    parked_at: dt.datetime | None
    lately: Lately | None
    remarks: tuple[str, ...]  # of the decision before
    notes: int  # how many internal ones there are
    next_stage: str
    next_card: tuple[str, str] | None  # Slack's channel and ts of the card that follows
    entered: str
    story: str  # masked and cut
    purchase: Purchase
    titles: dict[str, str]  # what each line of the order is called
    facts: dict[str, Value]
    again: dict[str, Value]  # what its holder chose here before taking the decision back (D3)
    past: tuple[Past, ...]
    offers: tuple[Offer, ...]
    fields: tuple[Field, ...]
    limits: dict[str, int]
    evidence: tuple[tuple[str, str, int], ...]  # party, kind, how many
    pieces: tuple[pieces.Piece, ...]  # the files among it, latest first
    asked: tuple[Asked, ...]
    payment: Paid | None
    others_on_order: tuple[str, ...]
    linked: tuple[linking.Linked, ...]
    background: Background
    used: dict[str, dt.timedelta]  # by the visits before this one
    incident: incidents.Group | None


def card_view(
    connection: Connection,
    visit_id: int,
    vault: Vault,
    addresses: pieces.Addresses = pieces.NOWHERE,
    *,
    now: dt.datetime,
) -> CardView | None:
    """A visit as its card shows it, or None where there is no such visit.

    `addresses` say where the files of its evidence are reached.
    """
    at = standing.at_visit(connection, visit_id, lock=False)
    if at is None:
        return None
    row = at.row
    situation = at.situation(money.derived(at, None, at.facts) | at.judgeable_fact(None))
    held = row.left_at is None and standing.held_by_other(row, None, now)
    after = following(connection, at)
    earlier, requests = before(connection, at), _requests(connection, row.dispute_id)
    kin = family.family(connection, row.dispute_id)
    return CardView(
        visit_id=visit_id,
        dispute_id=row.dispute_id,
        number=row.number,
        order_number=row.order_number,
        document=at.document,
        stage=at.workflow.stage_by_key[row.stage],
        situation=situation,
        open=row.left_at is None,
        opened_at=row.opened_at,
        due_at=connection.scalar(_DUE if row.left_at is None else _OWN_DUE, {"visit": visit_id}),
        holder=people.name(connection, row.holder_id) if held else "",
        held_until=row.held_until if held else None,
        rule=row.rule or "" if held else "",
        decision=row.decision or "",
        decider=people.name(connection, row.decider_id),
        decided_by=row.by or "",
        left_at=row.left_at,
        undone=row.undone_at is not None and row.decision != UNDO,
        parked_at=row.parked_at,
        lately=lately(connection, at) if row.left_at is None else None,
        remarks=remarks(connection, at),
        notes=notes.count(connection, kin),
        next_stage=after.stage if after else "",
        next_card=(after.channel, after.ts) if after and after.ts else None,
        entered=row.entered,
        story=_story(connection, at, vault),
        purchase=at.purchase,
        titles={str(line["key"]): str(line.get("title", line["key"])) for line in row.lines},
        facts=at.facts,
        again=taken_back(connection, at, earlier),
        past=past(earlier),
        offers=offered(at.document, situation) if row.left_at is None else (),
        fields=shown_fields(at.document, situation) if row.left_at is None else (),
        limits=limits_left(at.workflow, situation),
        evidence=_evidence(connection, kin),
        pieces=pieces.latest(connection, kin, vault, addresses, now=now),
        asked=_asked(requests),
        payment=_payment(connection, row.dispute_id),
        others_on_order=others_on_order(connection, row.order_id, row.dispute_id),
        linked=linking.of_dispute(connection, row.dispute_id),
        incident=incidents.of_dispute(connection, row.dispute_id),
        background=background(connection, row.dispute_id, row.opened_at),
        used=time_used.used(
            time_used.stays(connection, earlier, now=now),
            [time_used.Request(r.visit_id, r.party, r.answered_at) for r in requests],
        ),
    )


def decision_at(connection: Connection, visit_id: int, key: str, **_: object) -> Decision | None:
    """The decision with this key at a visit, as the visit's own document says it."""
    at = standing.at_visit(connection, visit_id, lock=False)
    return at.workflow.decisions_by_stage[at.row.stage].get(key) if at else None


def masked(text: str, limit: int = STORY_SHOWN) -> str:
    """Text with addresses and telephone numbers masked and the rest cut, for eyes outside."""
    plain = " ".join(_CONTACT.sub("•••", text).split())
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


def story(connection: Connection, dispute_id: int, vault: Vault) -> str | None:
    """The buyer's whole words; None where the buyer was erased (X4)."""
    row = connection.execute(_WORDS, {"dispute": dispute_id}).first()
    if row is None:
        return None
    return vault.open(row.wrapped, row.story, f"disputes.story:{row.number}")


def _story(connection: Connection, at: Standing, vault: Vault) -> str:
    return masked(story(connection, at.row.dispute_id, vault) or "")


def limits_left(workflow: Workflow, situation: Situation) -> dict[str, int]:
    """How often each limit of the workflow still allows what it counts."""
    facts = facts_with_limits(workflow, situation, {})
    return {
        limit.key: value
        for limit in workflow.limits
        if isinstance(value := facts[f"left.{limit.key}"], int)
    }


def _evidence(
    connection: Connection, members: Sequence[family.Member]
) -> tuple[tuple[str, str, int], ...]:
    here = family.within(members, Evidence.dispute_id, Evidence.received_at)
    rows = connection.execute(_KINDS.where(here))
    return tuple((party, kind, count) for party, kind, count in rows)


def _requests(connection: Connection, dispute_id: int) -> Sequence[Any]:
    """What each party was asked, round after round."""
    return connection.execute(_REQUESTS, {"dispute": dispute_id}).all()


def _asked(requests: Sequence[Any]) -> tuple[Asked, ...]:
    """The requests of the latest round."""
    latest = max((r.round_id for r in requests), default=None)
    return tuple(
        Asked(r.party, r.answered_at is not None, r.silent, r.due_at)
        for r in requests
        if r.round_id == latest
    )


def _payment(connection: Connection, dispute_id: int) -> Paid | None:
    row = connection.execute(_PAYMENT, {"dispute": dispute_id}).first()
    if row is None:
        return None
    return Paid(row.state, row.amount, row.reported, row.currency, not row.sources)


def others_on_order(connection: Connection, order_id: int, dispute_id: int) -> tuple[str, ...]:
    """Other disputes of the same order (I4)."""
    rows = connection.execute(_OTHERS, {"order": order_id, "dispute": dispute_id})
    return tuple(rows.scalars())
