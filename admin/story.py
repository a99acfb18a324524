"""A dispute's whole story in words, each part in the labels that people saw at the time."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from admin import story_kin
from admin.labels import evidence_label, level_label, verdict_label
from admin.story_events import by_itself, event_text, facts_told, who
from admin.words import fact_label, fact_text, join, known, plain
from core import i18n
from core.desk.dossier import Dossier
from core.desk.standing import held_by_other
from core.files import PICTURES
from core.wording import decision_label, stage_label
from core.workflow.facts import GRADE, GRADES
from core.workflow.terms import Kind
from web.desk import now
from web.language import locale, money, say

Told = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Story:
    """What the page of a dispute shows; rows hold texts, and moments to be shown as such."""

    stage: str
    open: bool
    hidden: bool
    due_at: dt.datetime | None
    overdue: bool
    head: list[tuple[str, str]]
    opened_at: dt.datetime
    words: str
    lines: Told
    facts: list[tuple[str, str]]
    visits: Told
    evidence: Told
    rounds: Told
    payments: Told
    deadlines: Told
    judgments: Told
    messages: Told
    events: Told
    notes: Told
    cards: Told
    belongs: dict[str, Any]
    grade: str  # in words; empty where the desk grades nothing
    urgent: bool


def tell(dossier: Dossier) -> Story:
    """The story of a dispute in the reader's language."""
    standing = dossier.standing
    running = [d.due_at for d in dossier.deadlines if d.stopped_at is None and d.due_at]
    due_at = min(running, default=None)
    return Story(
        stage=stage_label(dossier.document, standing.stage, locale()),
        open=standing.kind != Kind.FINAL,
        hidden=standing.kind == Kind.WAIT,
        due_at=due_at,
        overdue=due_at is not None and due_at <= now(),
        head=_head(dossier),
        opened_at=dossier.dispute.opened_at,
        words=dossier.story,
        lines=_lines(dossier),
        facts=_facts(dossier),
        visits=_visits(dossier),
        evidence=_evidence(dossier),
        rounds=_rounds(dossier),
        payments=_payments(dossier),
        deadlines=_deadlines(dossier),
        judgments=_judgments(dossier),
        messages=_messages(dossier),
        events=_events(dossier),
        notes=story_kin.notes(dossier),
        cards=story_kin.cards(dossier),
        belongs=story_kin.belonging(dossier),
        grade=known(f"panel.value.grade.{dossier.facts.get(GRADE, '')}", ""),
        urgent=dossier.facts.get(GRADE) == GRADES[0],
    )


def _head(dossier: Dossier) -> list[tuple[str, str]]:
    head = dossier.dispute
    workflow = dossier.document.workflow_by_key[head.workflow]
    rows = [
        ("workflow", workflow.label.text(locale())),
        ("entered", known(f"panel.value.entered.{head.entered}", plain(head.entered))),
        ("channel", known(f"panel.way_in.{head.channel}", head.channel)),
        ("appeared", head.appeared),
        ("order", head.order_number),
        ("paid", money(head.paid, head.currency) if head.currency else ""),
        ("part", money(head.part["paid"], head.currency) if head.part else ""),
        ("refunded", money(head.refunded, head.currency) if head.refunded else ""),
        ("freight", money(head.freight, head.currency) if head.freight else ""),
        ("buyer", head.buyer),
        ("merchant", head.merchant),
        ("source", f"{head.source} · {head.external_id}"),
    ]
    return [(say(f"panel.head.{key}"), text) for key, text in rows if text]


def _lines(dossier: Dossier) -> Told:
    """What was bought; since a split only what the dispute is about, with its part's total."""
    currency, part = dossier.dispute.currency, dossier.dispute.part
    kept = dict(item.rsplit(":", 1) for item in part["items"]) if part else None
    return [
        {
            "title": line.get("title") or line["key"],
            "quantity": line["quantity"] if kept is None else kept[str(line["key"])],
            "price": money(int(line["unit_price"]), currency),
        }
        for line in dossier.dispute.lines
        if kept is None or str(line["key"]) in kept
    ]


def _facts(dossier: Dossier) -> list[tuple[str, str]]:
    document = dossier.document
    workflow = document.workflow_by_key[dossier.dispute.workflow]
    titles = {str(line["key"]): str(line.get("title", "")) for line in dossier.dispute.lines}
    return [
        (
            fact_label(workflow, key, dossier.known_from.get(key, "")),
            fact_text(document, workflow, key, value, titles, dossier.dispute.currency),
        )
        for key, value in dossier.facts.items()
    ]


def _visits(dossier: Dossier) -> Told:
    told = []
    for visit in dossier.visits:
        document = dossier.documents[visit.document_id]
        by = who(visit.decider, visit.by or "")
        held = visit.left_at is None and held_by_other(visit, None, now())
        told.append(
            {
                "stage": stage_label(document, visit.stage, locale()),
                "opened_at": visit.opened_at,
                "left_at": visit.left_at,
                "decision": decision_label(document, visit.decision, locale())
                if visit.decision
                else "",
                "who": by if visit.left_at else visit.holder if held else "",
                "lasted": i18n.span((visit.left_at or now()) - visit.opened_at, locale()),
                "chosen": _chosen(dossier, visit),
                "undone": visit.undone_at is not None,
                "document": visit.document_id,
            }
        )
    return told


def _chosen(dossier: Dossier, visit: Any) -> str:
    """What was chosen with the decision that a visit ended with."""
    for event in dossier.events:
        if event.kind == "moved" and event.visit_id == visit.id:
            document = dossier.documents[visit.document_id]
            return facts_told(dossier, document, event.data["facts"], visit.stage)
    return ""


def _evidence(dossier: Dossier) -> Told:
    return [
        {
            "from": story_kin.origin(dossier, piece.dispute_id),
            "picture": piece.media_type in PICTURES,
            "number": next(m.number for m in dossier.kin if m.id == piece.dispute_id),
            "party": say(f"word.by.{piece.party}"),
            "kind": evidence_label(dossier.documents[piece.document_id], piece.kind),
            "file": f"{piece.media_type} · {piece.size:,} B" if piece.media_type else "",
            "id": piece.id,
            "at": piece.received_at,
        }
        for piece in dossier.evidence
    ]


def _rounds(dossier: Dossier) -> Told:
    rounds: dict[int, dict[str, Any]] = {}
    for request in dossier.requests:
        told = rounds.setdefault(
            request.round_id,
            {
                "opened_at": request.opened_at,
                "due_at": request.due_at,
                "closed_at": request.closed_at,
                "asked": [],
            },
        )
        state = "silent" if request.silent else "answered" if request.answered_at else "waiting"
        party = say(f"word.by.{request.party}")
        told["asked"].append(say(f"panel.asked.{state}", party=party))
    return list(rounds.values())


def _payments(dossier: Dossier) -> Told:
    return [
        {
            "amount": money(payment.amount, payment.currency),
            "state": known(f"panel.payment.{payment.state}", payment.state),
            "bad": payment.state in ("failed", "mismatched"),
            "reported": money(payment.reported, payment.currency)
            if payment.reported is not None
            else "",
            "sources": join(say(f"panel.source.{source}") for source in payment.sources)
            or say("panel.source.merchant"),
            "reference": payment.reference,
            "opened_at": payment.opened_at,
            "reported_at": payment.reported_at,
        }
        for payment in dossier.payments
    ]


def _deadlines(dossier: Dossier) -> Told:
    told = []
    for deadline in dossier.deadlines:
        document = dossier.documents[deadline.visit_document_id]
        at = deadline.stopped_at or now()
        due_at = deadline.due_at or at  # stood still to its end, or stands still
        state = "late" if at > due_at else "kept"
        if deadline.superseded:
            state = "superseded"
        elif deadline.stopped_at is None and state == "kept":
            state = "running" if deadline.due_at else "paused"
        told.append(
            {
                "id": deadline.id,
                "name": level_label(document, deadline.service_level),
                "stage": stage_label(document, deadline.stage, locale()),
                "due_at": deadline.due_at,
                "stopped_at": deadline.stopped_at,
                "by": i18n.span(abs(at - due_at), locale()),
                "how": state,
                "bad": state == "late",
                "fired_at": deadline.fired_at,
                "set_aside": deadline.set_aside or "",
            }
        )
    return told


def _judgments(dossier: Dossier) -> Told:
    return [
        {
            "stage": stage_label(dossier.documents[row.document_id], row.stage, locale()),
            "judged": row.judged,
            "judge": row.judge,
            "sound": row.sound,
            "verdict": verdict_label(dossier.document, row.option),
            "at": row.judged_at,
        }
        for row in dossier.judgments
    ]


def _events(dossier: Dossier) -> Told:
    return [
        {
            "at": event.at,
            "who": "" if by_itself(event) else who(event.who, event.by),
            "text": event_text(dossier, event),
            "from": story_kin.origin(dossier, event.dispute_id),
        }
        for event in dossier.events
    ]


def _messages(dossier: Dossier) -> Told:
    return [
        {
            "kind": known(f"panel.message.{message.kind}", message.kind),
            "lane": message.lane,
            "state": known(f"panel.outbox.{message.state}", message.state),
            "bad": message.state in ("parked", "unknown"),
            "reason": message.reason or "",
            "attempts": message.attempts,
            "at": message.created_at,
            "finished_at": message.finished_at,
        }
        for message in dossier.messages
    ]
