"""What follows where that changes which describes a dispute: its grade, and what is promised (G2).

The grade is worked out anew by the document that the dispute follows from now on. What is promised
only to disputes unlike this one stops, neither kept nor broken; what is promised to disputes like
it, and would be running had it been so all along, starts at this moment. Both are told.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, update

from core.desk import cards, deadlines, events, facts, outbox
from core.desk.actor import Actor
from core.desk.deadlines import Followed, Turn
from core.desk.standing import Standing
from core.tables import Dispute
from core.workflow.arrival import arrival_facts
from core.workflow.facts import GRADE
from core.workflow.grading import counting
from core.workflow.model import Document, Facts, Value
from core.workflow.terms import Kind

REGRADED = "regraded"
_GRADE = update(Dispute).where(Dispute.id == bindparam("dispute")).values(grade=bindparam("to"))


def news(
    document: Document, before: Facts, known: Mapping[str, Value], currency: str
) -> dict[str, Value]:
    """The grade as a fact, where what becomes `known` makes another one of it than before."""
    if not document.grade_rules:
        return {}
    grade = counting(document.grade_rules, after(before, known), currency)
    return {GRADE: grade} if grade and grade != before.get(GRADE) else {}


def after(before: Facts, known: Mapping[str, Value]) -> dict[str, Value]:
    """What is known once this became known; an empty tuple says that a key is known no longer."""
    return {key: value for key, value in {**before, **known}.items() if value != ()}


def described(document: Document, before: Facts, now: Facts) -> dict[str, Value] | None:
    """What is known now, described as the dispute was before; None where that says the same.

    Only what describes a dispute counts, as at its intake: which of its conditions a promise keeps
    asking about. Where a dispute has come to meanwhile, they are asked about at its start alone.
    """
    told = dict(now)
    for name in arrival_facts(document):
        if name in before:
            told[name] = before[name]
        else:
            told.pop(name, None)
    return told if told != dict(now) else None


def store(connection: Connection, dispute_id: int, grade: Value) -> None:
    """Keeps the grade where lists look for it; an empty tuple stands for none."""
    connection.execute(_GRADE, {"dispute": dispute_id, "to": str(grade or "")})


def told(
    connection: Connection,
    standing: Standing,
    before: Facts,
    now_known: Facts,
    followed: Followed,
    actor: Actor,
    *,
    now: dt.datetime,
    recorded: Mapping[str, Value] | None = None,
    by: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """The event and the line in the thread, where there is anything to tell.

    `recorded` are facts that this event is to bring about; `by` says which level of a ladder
    raises the grade, which is told even where there is nothing above it.
    """
    old, grade = before.get(GRADE), now_known.get(GRADE)
    if old == grade and not followed.superseded and by is None:
        return []
    row = standing.row
    data: dict[str, Any] = {
        "from": old,
        "to": grade,
        "started": list(followed.restarted),
        "superseded": list(followed.superseded),
        "facts": dict(recorded or {}),
        **({"raised": dict(by)} if by is not None else {}),
    }
    event_id = events.record(
        connection, row.dispute_id, row.visit_id, REGRADED, actor, data, now=now
    )
    facts.append(connection, row.dispute_id, row.visit_id, event_id, recorded or {})
    redrawn = cards.redrawn(row, event_id, now=now) if by is not None else []
    shown = next((visit for visit in reversed(standing.history) if visit.channel), None)
    if shown is None:
        return redrawn
    line = outbox.line(shown.id, shown.channel, row.dispute_id, event_id, now=now)
    return [line, *redrawn]


def anew(
    connection: Connection,
    standing: Standing,
    before: Facts,
    known: Mapping[str, Value],
    actor: Actor,
    *,
    now: dt.datetime,
    by: Mapping[str, Any] | None = None,
) -> None:
    """Works the grade out anew where something became known without any move of the dispute.

    What starts by that follows the document of the visit at which the dispute is. Where a level of
    a ladder raised the grade (`by`), what is `known` is recorded with it.
    """
    row, document = standing.row, standing.document
    grade = news(document, before, known, row.currency)
    then = after(before, {**known, **grade})
    past = described(document, before, then)
    if past is None or row.kind == Kind.FINAL:
        return
    turn = Turn(
        row.workflow,
        row.stage,
        row.visit_id,
        row.document_id,
        (),
        then,
        row.currency,
        hidden=row.kind == Kind.WAIT,
        before=past,
    )
    followed = deadlines.follow(connection, row.dispute_id, turn, now=now)
    if grade:
        store(connection, row.dispute_id, grade[GRADE])
    recorded = {**grade, **known} if by is not None else grade
    lines = told(
        connection, standing, before, then, followed, actor, now=now, recorded=recorded, by=by
    )
    outbox.put(connection, lines)
