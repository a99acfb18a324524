"""State equals the fold of the events: what rows say beside what the record tells."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from core import tables as t
from tests.fold import Told, fold, known


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
    pages = rows(t.Page)
    called: dict[int, dict[int, str]] = defaultdict(dict)
    for row in connection.execute(select(t.Paged)):
        called[row.page_id][row.person_id] = row.answer
    heads = {row.id: row for row in connection.execute(select(t.Dispute))}
    links = _links(connection, heads)
    fired: dict[int, list[int]] = defaultdict(list)
    noise: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for row in connection.execute(select(t.Escalation)):
        fired[row.deadline_id].append(row.level)
        if row.noise is not None:
            noise[row.deadline_id].append((row.deadline_id, row.level, row.noise))
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
            ("pages", told.pages, {row.id: _page(row, called[row.id]) for row in pages[dispute]}),
            ("pilot", told.pilot, heads[dispute].pilot_id),
            ("merged into", told.merged_into, heads[dispute].merged_into_id),
            ("split from", told.split_from, heads[dispute].split_from_id),
            ("part", told.part, heads[dispute].part),
            ("grade", told.facts.get("grade", ""), heads[dispute].grade),
            ("links", told.links, links[dispute]),
            ("evidence", told.evidence, [row.id for row in evidence[dispute]]),
            (
                "levels",
                sorted(told.levels),
                sorted(_levels(deadlines[dispute], visits[dispute], fired)),
            ),
            ("noise", told.noise, {one for row in deadlines[dispute] for one in noise[row.id]}),
            ("on it", *_on_it(told, deadlines[dispute])),
            *_open(told, [row for row in visits[dispute] if row.left_at is None]),
            *_stopped(deadlines[dispute], visits[dispute]),
        ]
        found += [
            f"dispute {dispute}: {what}: {a!r} told, {b!r} stored" for what, a, b in said if a != b
        ]
    return found


def _on_it(told: Told, deadlines: list[Any]) -> tuple[Any, Any]:
    """Who is on what until when: whatever was undone meanwhile, a running keeps them."""
    running = {row.id: (row.service_level, row.started_at) for row in deadlines}
    return (
        {running[number]: said for number, said in told.on_it.items()},
        {
            running[row.id]: (row.acknowledged_by_id, row.acknowledged_until.isoformat())
            for row in deadlines
            if row.acknowledged_until is not None
        },
    )


def _page(row: Any, called: dict[int, str]) -> dict[str, Any]:
    """What is stored of a page; it is due as long as it is open."""
    assert (row.attend_at is None) == (row.closed_at is not None) == bool(row.outcome)
    names = {"by": row.by_id, "rota": row.rota, "reason": row.reason}
    return {**names, "said": called, "reminded": row.reminded_at, "outcome": row.outcome}


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
    """What runs with a visit does so as long as that is open, and nothing outlasts the dispute."""
    left = {row.id: row.left_at for row in visits}
    over = any(row.kind == "final" and row.left_at is None for row in visits)
    ended = [
        (f"deadline {row.id} runs on", False, row.stopped_at is None and (over or row.superseded))
        for row in deadlines
    ]
    return ended + [
        (f"deadline {row.id} stopped", left[row.visit_id], row.stopped_at)
        for row in deadlines
        if row.with_visit and not row.superseded
    ]


def _links(connection: Connection, heads: dict[int, Any]) -> dict[int, set[tuple[str, str]]]:
    """The links that stand, as either side tells them."""
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for row in connection.execute(select(t.Link).where(t.Link.ended_at.is_(None))):
        found[row.one_id].add((heads[row.other_id].number, row.relation))
        found[row.other_id].add((heads[row.one_id].number, row.relation))
    return found


def _levels(
    deadlines: list[Any], visits: list[Any], fired: dict[int, list[int]]
) -> list[tuple[int, int]]:
    """The levels that fired and must be told; a wait that runs out is told by its decision."""
    kind = {row.id: row.kind for row in visits}
    return [
        (row.id, level)
        for row in deadlines
        for level in fired[row.id]
        if kind[row.visit_id] != "wait" or not row.with_visit
    ]
