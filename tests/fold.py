"""State equals the fold of the events: everything a dispute is, told again from its record alone.

It reads rows and imports nothing of the core's logic. What a decision does besides moving the
dispute, it reads from the published document's own text.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from core import tables as t

HOLDING = ("taken", "held", "released", "assigned", "handed_back", "handed_over", "snoozed")
HOLDING = (*HOLDING, "assigned_by_rule")
DONE = ("confirmed", "failed", "mismatched")


@dataclass
class Told:
    """A dispute as its events tell it."""

    visits: list[dict[str, Any]] = field(default_factory=list)
    holder: int | None = None
    held_until: str | None = None
    parked: Any = None  # since when a supervisor is asked
    snoozed: str | None = None  # until when
    facts: dict[str, Any] = field(default_factory=dict)
    payments: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    judgments: list[dict[str, Any]] = field(default_factory=list)
    judgment_ids: list[int] = field(default_factory=list)
    levels: list[tuple[int, str]] = field(default_factory=list)
    merged_into: int | None = None
    split_from: int | None = None
    part: Any = None  # what of the order it is about, since a split
    links: set[tuple[str, str]] = field(default_factory=set)  # number and relation
    # Payments and facts before the last move: what undoing it brings back.
    before: tuple[list[dict[str, Any]], dict[str, Any]] = field(default_factory=lambda: ([], {}))


def differences(
    connection: Connection,
    disputes: Iterable[int] | None = None,
    documents: dict[int, Any] | None = None,
) -> list[str]:
    """Where rows say something else than the events; empty where they agree.

    `documents` are the published ones by id, parsed, where the caller has them already.
    """
    wanted = set(disputes) if disputes is not None else None

    def rows(table: Any, *order: Any) -> dict[int, list[Any]]:
        statement = select(table).order_by(*(order or (table.id,)))
        if wanted is not None:
            statement = statement.where(table.dispute_id.in_(wanted))
        found: dict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(statement):
            found[row.dispute_id].append(row)
        return found

    if documents is None:
        bodies = connection.execute(select(t.Document.id, t.Document.body))
        documents = {row.id: json.loads(row.body) for row in bodies}
    events, visits, facts = rows(t.Event), rows(t.Visit), rows(t.Fact)
    notes, judgments = rows(t.Note), rows(t.Judgment)
    payments, evidence, deadlines = rows(t.Payment), rows(t.Evidence), rows(t.Deadline)
    heads = {row.id: row for row in connection.execute(select(t.Dispute))}
    links = _links(connection, heads)
    fired: dict[int, list[int]] = defaultdict(list)
    for row in connection.execute(select(t.Escalation.deadline_id, t.Escalation.level)):
        fired[row.deadline_id].append(row.level)
    found: list[str] = []
    every = visits.keys() if wanted is None else wanted
    for dispute in sorted(every):
        ids = [row.id for row in judgments[dispute]]
        told = fold(events[dispute], documents, [row.id for row in payments[dispute]], ids)
        said: list[tuple[str, Any, Any]] = [
            ("visits", told.visits, [_visit(row) for row in visits[dispute]]),
            ("facts", told.facts, known(facts[dispute])),
            ("payments", told.payments, [_payment(row) for row in payments[dispute]]),
            ("judgments", told.judgments, [_judgment(row) for row in judgments[dispute]]),
            ("notes", told.notes, [row.id for row in notes[dispute]]),
            ("merged into", told.merged_into, heads[dispute].merged_into_id),
            ("split from", told.split_from, heads[dispute].split_from_id),
            ("part", told.part, heads[dispute].part),
            ("links", told.links, links[dispute]),
            ("evidence", told.evidence, [row.id for row in evidence[dispute]]),
            (
                "levels",
                sorted(told.levels),
                sorted(_levels(deadlines[dispute], visits[dispute], fired)),
            ),
            *_open(told, [row for row in visits[dispute] if row.left_at is None]),
            *_stopped(deadlines[dispute], visits[dispute]),
        ]
        found += [
            f"dispute {dispute}: {what}: {a!r} told, {b!r} stored" for what, a, b in said if a != b
        ]
    return found


def fold(
    events: list[Any], documents: dict[int, Any], payments: list[int], judgments: list[int]
) -> Told:
    """The events of one dispute, oldest first, folded; payments and judgments are numbered."""
    told = Told(judgment_ids=judgments)
    for event in events:
        data = event.data
        if event.kind == "opened":
            _enter(told, data, event)
            told.holder = data["holder"]
        elif event.kind == "moved":
            before = told.visits[-1]
            assert before["id"] == event.visit_id, "moved from a visit that was not open"
            told.before = ([dict(payment) for payment in told.payments], dict(told.facts))
            before |= {
                "left_at": event.at,
                "decision": data["decision"],
                "meaning": data["meaning"] or None,
                "by": event.by,
                "decider": event.person_id,
            }
            if "judged" in data:
                told.judgments.append(_verdict(data["judged"], event))
            _enter(told, data, event)
            told.holder, told.held_until = data["holder"], data["held_until"]
            _pay(told, before, data, documents, payments)
        elif event.kind == "undone":
            _undo(told, data, event)
        elif event.kind in HOLDING:
            assert told.visits[-1]["id"] == event.visit_id, "held a visit that was not open"
            told.holder, told.held_until = data["holder"], data["held_until"]
            told.parked, told.snoozed = None, data.get("wake")
        elif event.kind == "parked":
            told.holder, told.held_until, told.parked = None, None, event.at
            told.snoozed = None
        elif event.kind == "woken":
            told.snoozed = None
        else:
            _append(told, event)
        if event.kind != "undone":
            _learn(told.facts, data.get("facts", {}))
    return told


def _append(told: Told, event: Any) -> None:
    """What was given, written, said and judged, beside the moves."""
    data = event.data
    if event.kind == "evidence_received":
        told.evidence.append(data["evidence"])
    elif event.kind == "noted":
        told.notes.append(data["note"])
    elif event.kind == "payment_reported":
        reported = next(p for p in told.payments if p["id"] == data["payment"])
        reported |= {"state": data["state"], "reported": data["paid"]}
    elif event.kind == "contested":
        _of(told, data)["contest"] = data["reason"]
    elif event.kind == "contest_settled":
        _of(told, data)["upheld"] = data["upheld"]
    elif event.kind == "judgment_corrected":
        old = _of(told, {"judgment": data["corrects"]})
        verdict = {**old, "option": data["option"], "sound": data["sound"]}
        verdict |= {"judge": event.person_id, "contest": "", "upheld": None}
        told.judgments.append({**verdict, "corrects": data["corrects"]})
    elif event.kind in ("warned", "escalated"):
        told.levels.append((data["deadline"], event.kind))
    else:
        _belong(told, event)


def _belong(told: Told, event: Any) -> None:
    """Which other disputes it belongs with, and what of the order it is about."""
    data = event.data
    if event.kind == "merged":
        told.merged_into = data["into"]
    elif event.kind in ("split", "merged_in", "merge_undone"):
        told.part = data.get("part", told.part)
    elif event.kind == "split_off":
        told.part, told.split_from = data["part"], data["from"]
    elif event.kind == "linked":
        told.links.add((data["other"], data["relation"]))
    elif event.kind == "unlinked":
        told.links.remove((data["other"], data["relation"]))


def _undo(told: Told, data: dict[str, Any], event: Any) -> None:
    """The open visit and the one before count for nothing; money is as it was before."""
    undone, opened = told.visits[-2:]
    assert (undone["id"], opened["id"]) == (data["undone"], event.visit_id), "undone out of turn"
    opened |= {"left_at": event.at, "decision": "undo", "by": event.by, "decider": event.person_id}
    for visit in (undone, opened):
        visit["undone_at"] = event.at
    for judgment in told.judgments:
        if judgment["by_visit"] == undone["id"]:
            judgment["undone_at"] = event.at
    told.merged_into = None  # whatever was undone, it tells its own story now
    payments, facts = told.before
    told.payments = [
        payments[i] if i < len(payments) else payment | {"state": "cancelled"}
        for i, payment in enumerate(told.payments)
    ]
    _enter(told, data, event)
    told.holder, told.held_until = data["holder"], data["held_until"]
    _learn(told.facts, data["facts"])
    assert told.facts == facts, "facts are not as they were before the undone decision"


def _verdict(data: dict[str, Any], event: Any) -> dict[str, Any]:
    return {
        "visit": data["visit"],
        "by_visit": event.visit_id,
        "judge": event.person_id,
        "option": data["option"],
        "sound": data["sound"],
        "contest": "",
        "upheld": None,
        "undone_at": None,
        "corrects": None,
    }


def _judgment(row: Any) -> dict[str, Any]:
    return {
        "visit": row.visit_id,
        "by_visit": row.judged_by_visit_id,
        "judge": row.judge_id,
        "option": row.option,
        "sound": row.sound,
        "contest": row.contest,
        "upheld": row.upheld,
        "undone_at": row.undone_at,
        "corrects": row.corrects_id,
    }


def _of(told: Told, data: dict[str, Any]) -> dict[str, Any]:
    return told.judgments[told.judgment_ids.index(data["judgment"])]


def known(rows: list[Any]) -> dict[str, Any]:
    """The facts table folded: the latest event's rows of a key; a list is several rows."""
    latest = {row.key: row.event_id for row in rows}
    facts: dict[str, Any] = {}
    for row in rows:
        if row.event_id != latest[row.key]:
            continue
        value = row.number if row.text is None else row.text
        if not row.listed:
            facts[row.key] = value
        elif value is not None:
            facts.setdefault(row.key, []).append(value)
    return facts


def _learn(facts: dict[str, Any], news: dict[str, Any]) -> None:
    for key, value in news.items():
        if value == []:  # emptied: known no longer
            facts.pop(key, None)
        else:
            facts[key] = value


def _enter(told: Told, data: dict[str, Any], event: Any) -> None:
    told.parked = told.snoozed = None
    told.visits.append(
        {
            "id": data["visit"],
            "stage": data["stage"],
            "kind": data["kind"],
            "document": data["document"],
            "opened_at": event.at,
            "left_at": None,
            "decision": None,
            "meaning": None,
            "by": None,
            "decider": None,
            "undone_at": None,
        }
    )


def _pay(
    told: Told, before: dict[str, Any], data: dict[str, Any], documents: Any, numbers: list[int]
) -> None:
    """The payments that a decision opened, and those that it ended."""
    after = told.visits[-1]
    effects = effects_of(documents[before["document"]], before["stage"], data["decision"])
    for kind in ("owe", "pay"):
        for effect in (e for e in effects if e["kind"] == kind):
            for payment in told.payments:
                payment["state"] = "cancelled" if payment["state"] == "owed" else payment["state"]
            told.payments.append(
                {
                    "id": dict(enumerate(numbers)).get(len(told.payments)),
                    "visit": after["id"],
                    "sources": effect.get("sources", []),
                    "amount": data["amount"],
                    "state": "instructed" if kind == "pay" else "owed",
                    "reported": None,
                }
            )
    if after["kind"] != "final":
        return
    for payment in told.payments:
        if payment["state"] == "owed" and data["meaning"] == "verified":
            payment |= {"state": "confirmed", "reported": payment["amount"]}
        elif payment["state"] == "owed":
            payment["state"] = "cancelled"


def effects_of(document: Any, stage: str, decision: str) -> list[Any]:
    """The effects of a decision, as a published document says them."""
    for workflow in document["workflows"]:
        for found in workflow["stages"]:
            if found["key"] == stage:
                for known_decision in (*found.get("decisions", ()), *workflow.get("ends", ())):
                    if known_decision["key"] == decision:
                        return list(known_decision.get("effects", ()))
    return []


def _visit(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "stage": row.stage,
        "kind": row.kind,
        "document": row.document_id,
        "opened_at": row.opened_at,
        "left_at": row.left_at,
        "decision": row.decision,
        "meaning": row.meaning,
        "by": row.by,
        "decider": row.decider_id,
        "undone_at": row.undone_at,
    }


def _payment(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "visit": row.visit_id,
        "sources": list(row.sources),
        "amount": row.amount,
        "state": row.state,
        "reported": row.reported,
    }


def _open(told: Told, rows: list[Any]) -> list[tuple[str, Any, Any]]:
    """One open visit, held as told; holding on prolongs a hold without an event."""
    found: list[tuple[str, Any, Any]] = [("open visits", 1, len(rows))]
    if len(rows) == 1:
        row = rows[0]
        until = row.held_until.isoformat() if row.held_until else None
        found.append(("holder", told.holder, row.holder_id))
        found.append(("parked", told.parked, row.parked_at))
        wake = row.snoozed_until.isoformat() if row.snoozed_until else None
        found.append(("snoozed", told.snoozed, wake))
        found.append(("held without end", told.held_until is None, until is None))
        if told.held_until and until:
            found.append(("held no shorter than told", True, until >= told.held_until))
    return found


def _stopped(deadlines: list[Any], visits: list[Any]) -> list[tuple[str, Any, Any]]:
    """A deadline runs as long as its visit is open, and no longer."""
    left = {row.id: row.left_at for row in visits}
    return [(f"deadline {row.id} stopped", left[row.visit_id], row.stopped_at) for row in deadlines]


def _links(connection: Connection, heads: dict[int, Any]) -> dict[int, set[tuple[str, str]]]:
    """The links that stand, as either side tells them."""
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for row in connection.execute(select(t.Link).where(t.Link.ended_at.is_(None))):
        found[row.one_id].add((heads[row.other_id].number, row.relation))
        found[row.other_id].add((heads[row.one_id].number, row.relation))
    return found


def _levels(
    deadlines: list[Any], visits: list[Any], fired: dict[int, list[int]]
) -> list[tuple[int, str]]:
    """The levels that fired and must be told; a wait that runs out is told by its decision."""
    kind = {row.id: row.kind for row in visits}
    return [
        (row.id, "escalated" if level else "warned")
        for row in deadlines
        for level in fired[row.id]
        if kind[row.visit_id] != "wait"
    ]
