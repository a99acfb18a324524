"""The whole story of one dispute, for people of the desk; personal text masked (X1)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import aliased

from core.desk import documents, facts, family, incidents, linking, notes, people, views
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.numbers import read_number
from core.secrets import Vault
from core.tables import (
    Card,
    Deadline,
    Dispute,
    Escalation,
    Event,
    Evidence,
    EvidenceRequest,
    Fact,
    Judgment,
    Order,
    Outbox,
    Party,
    Payment,
    Person,
    Round,
    StoredFile,
    Visit,
)
from core.workflow.model import Document, Value

Rows = Sequence[Any]
STORY_SHOWN = 4_000  # characters of the buyer's words, masked
EVENTS_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dispute with everything that happened to it; rows are oldest first.

    `documents` are those that its visits were opened with, by id: whatever was decided is told in
    the labels that people saw when they decided it.
    """

    dispute: Any
    story: str
    facts: dict[str, Value]
    known_from: dict[str, str]  # the stage at which each fact last became known
    documents: dict[int, Document]
    visits: Rows
    evidence: Rows
    requests: Rows
    payments: Rows
    deadlines: Rows
    judgments: Rows
    messages: Rows
    events: Rows
    others_on_order: tuple[str, ...]
    cards: Rows  # where the cards of its visits stand now
    kin: tuple[family.Member, ...]  # itself, and whose story is told here too (K2)
    kin_visits: Rows  # of all of them
    notes: Sequence[notes.Noted]
    links: tuple[linking.Linked, ...]
    split_off: Sequence[str]
    merged_into: Any | None
    merge: Any | None  # the event by which it was merged, where it is
    incident: incidents.Group | None

    @property
    def standing(self) -> Any:
        """The visit at which the dispute stands."""
        return next(visit for visit in self.visits if visit.left_at is None)

    @property
    def document(self) -> Document:
        """The document of the visit at which it stands."""
        return self.documents[self.standing.document_id]


def dossier(
    connection: Connection, actor: Actor, number: str, vault: Vault, *, now: dt.datetime
) -> Dossier | Refused:
    """The dispute with this number, as people type it, or why it is not shown."""
    del now
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    head = connection.execute(_HEAD.where(Dispute.number == (read_number(number) or ""))).first()
    if head is None:
        return Refused("unknown_dispute")
    kin = family.family(connection, head.id)
    all_visits = connection.execute(_VISITS.where(Visit.dispute_id.in_(family.ids(kin)))).all()
    visits = [visit for visit in all_visits if visit.dispute_id == head.id]
    visit_ids = [visit.id for visit in visits]
    events = _events(connection, kin)
    merged_into = family.merged_into(connection, head.id)

    def rows(statement: Any, column: Any) -> Rows:
        return connection.execute(statement.where(column == head.id)).all()

    def of_visits(statement: Any, column: Any) -> Rows:
        return connection.execute(statement.where(column.in_(visit_ids))).all()

    return Dossier(
        dispute=head,
        story=views.masked(views.story(connection, head.id, vault) or "", STORY_SHOWN),
        facts=facts.current(connection, head.id),
        known_from={
            row.key: row.stage for row in connection.execute(_KNOWN_FROM, {"dispute": head.id})
        },
        documents={
            document_id: documents.load(connection, document_id)
            for document_id in sorted({visit.document_id for visit in all_visits})
        },
        visits=visits,
        evidence=connection.execute(
            _EVIDENCE.where(family.within(kin, Evidence.dispute_id, Evidence.received_at))
        ).all(),
        requests=rows(_REQUESTS, EvidenceRequest.dispute_id),
        payments=rows(select(Payment).order_by(Payment.id), Payment.dispute_id),
        deadlines=of_visits(_DEADLINES, Deadline.visit_id),
        judgments=of_visits(_JUDGMENTS, Judgment.visit_id),
        messages=of_visits(select(Outbox).order_by(Outbox.id), Outbox.visit_id),
        events=events,
        others_on_order=views.others_on_order(connection, head.order_id, head.id),
        cards=of_visits(select(Card), Card.visit_id),
        kin=kin,
        kin_visits=all_visits,
        notes=notes.read(connection, head.id, actor, vault),
        links=linking.of_dispute(connection, head.id),
        split_off=family.split_off(connection, head.id),
        merged_into=merged_into,
        merge=next((e for e in reversed(events) if e.kind == "merged" and merged_into), None),
        incident=incidents.of_dispute(connection, head.id),
    )


def _events(connection: Connection, kin: Sequence[family.Member]) -> Rows:
    """The latest events of a dispute and its family, oldest first."""
    latest = (
        select(Event.id)
        .where(family.within(kin, Event.dispute_id, Event.at))
        .order_by(Event.id.desc())
        .limit(EVENTS_SHOWN)
    )
    return connection.execute(_EVENTS.where(Event.id.in_(latest))).all()


_KNOWN_FROM = (
    select(Fact.key, Visit.stage)
    .join(Visit, Visit.id == Fact.visit_id)
    .where(Fact.dispute_id == bindparam("dispute"))
    .order_by(Fact.id)
)
_BUYER, _MERCHANT = aliased(Party), aliased(Party)
_HOLDER, _DECIDER = aliased(Person), aliased(Person)
_JUDGE, _JUDGED = aliased(Person), aliased(Person)

_HEAD = (
    select(
        Dispute.id,
        Dispute.number,
        Dispute.workflow,
        Dispute.source,
        Dispute.external_id,
        Dispute.channel,
        Dispute.entered,
        Dispute.appeared,
        Dispute.locale,
        Dispute.opened_at,
        Dispute.order_id,
        Dispute.part,
        Order.number.label("order_number"),
        Order.currency,
        Order.paid,
        Order.refunded,
        Order.freight,
        Order.lines,
        Order.purchased_at,
        Order.known_at,
        _BUYER.reference.label("buyer"),
        func.coalesce(_MERCHANT.reference, "").label("merchant"),
    )
    .join(Order, Order.id == Dispute.order_id)
    .join(_BUYER, _BUYER.id == Dispute.buyer_id)
    .outerjoin(_MERCHANT, _MERCHANT.id == Dispute.merchant_id)
)
_VISITS = (
    select(
        Visit.id,
        Visit.dispute_id,
        Visit.channel,
        Visit.undone_at,
        Visit.stage,
        Visit.kind,
        Visit.document_id,
        Visit.opened_at,
        Visit.holder_id,
        Visit.held_until,
        Visit.left_at,
        Visit.decision,
        Visit.by,
        func.coalesce(_HOLDER.name, "").label("holder"),
        _HOLDER.active.label("holder_active"),
        func.coalesce(_DECIDER.name, "").label("decider"),
    )
    .outerjoin(_HOLDER, _HOLDER.id == Visit.holder_id)
    .outerjoin(_DECIDER, _DECIDER.id == Visit.decider_id)
    .order_by(Visit.id)
)
_EVIDENCE = (
    select(
        Evidence.id,
        Evidence.party,
        Evidence.kind,
        Evidence.received_at,
        Evidence.dispute_id,
        Evidence.file_digest,
        StoredFile.media_type,
        StoredFile.size,
        Visit.stage,
        Visit.document_id,
    )
    .join(Visit, Visit.id == Evidence.visit_id)
    .outerjoin(StoredFile, StoredFile.digest == Evidence.file_digest)
    .order_by(Evidence.id)
)
_REQUESTS = (
    select(
        EvidenceRequest.party,
        EvidenceRequest.answered_at,
        EvidenceRequest.silent,
        EvidenceRequest.round_id,
        Round.opened_at,
        Round.due_at,
        Round.closed_at,
    )
    .join(Round, Round.id == EvidenceRequest.round_id)
    .order_by(EvidenceRequest.id)
)
_DEADLINES = (
    select(
        Deadline.id,
        Deadline.service_level,
        Deadline.started_at,
        Deadline.due_at,
        Deadline.stopped_at,
        Deadline.superseded,
        Deadline.set_aside,
        Deadline.visit_id,
        Visit.stage,
        Visit.document_id.label("visit_document_id"),
        select(func.max(Escalation.fired_at))
        .where(Escalation.deadline_id == Deadline.id)
        .scalar_subquery()
        .label("fired_at"),
    )
    .join(Visit, Visit.id == Deadline.visit_id)
    .order_by(Deadline.id)
)
_JUDGMENTS = (
    select(
        Judgment.sound,
        Judgment.option,
        Judgment.judged_at,
        Visit.stage,
        Visit.document_id,
        _JUDGE.name.label("judge"),
        _JUDGED.name.label("judged"),
    )
    .join(Visit, Visit.id == Judgment.visit_id)
    .join(_JUDGE, _JUDGE.id == Judgment.judge_id)
    .join(_JUDGED, _JUDGED.id == Judgment.judged_id)
    .where(Judgment.undone_at.is_(None))
    .order_by(Judgment.id)
)
_EVENTS = (
    select(
        Event.id,
        Event.kind,
        Event.at,
        Event.by,
        Event.visit_id,
        Event.dispute_id,
        Event.person_id,
        Event.data,
        func.coalesce(Person.name, "").label("who"),
    )
    .outerjoin(Person, Person.id == Event.person_id)
    .order_by(Event.id)
)
