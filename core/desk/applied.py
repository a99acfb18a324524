"""What applying a document's service levels would do to the promises of open disputes (G8).

A promise is known by its key: what has the same key in the document goes on from its own start by
the document's length, calendar and ladder; what has none ends. Of its ladder a level that came
already, and all that stand before it, have come; a warning whose time has passed is left out. This
changes nothing itself: the preview shows it, and `core.desk.applying` does it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from core.desk import documents, facts, given, still_open
from core.desk.deadlines import NOBODY, on_it, timed
from core.desk.ladders import Plan, Plans
from core.desk.turns import turns, waits
from core.workflow.model import Document, Facts, ServiceLevel, Workflow
from core.workflow.service_level import at_stage, starting, stopped_by
from core.workflow.terms import Kind


class What(StrEnum):
    """What becomes of a promise."""

    OVERDUE = "overdue"  # its time is over at once
    EARLIER = "earlier"
    LATER = "later"
    SAME = "same"  # due at the same moment; its ladder changes, or it stands still
    ENDED = "ended"
    STARTED = "started"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one promise. `old` is its row now, `row` the one that takes its place."""

    dispute: Any
    what: What
    level: ServiceLevel
    before: dt.datetime | None
    after: dt.datetime | None
    old: Any | None = None
    row: dict[str, Any] | None = None


@dataclass(slots=True)
class Target:
    """The document that is applied, and what of it is read again and again."""

    connection: Connection
    document_id: int
    starts: bool
    now: dt.datetime
    plans: Plans = field(init=False)

    def __post_init__(self) -> None:
        self.plans = Plans(self.connection)

    @property
    def document(self) -> Document:
        """The document itself."""
        return documents.load(self.connection, self.document_id)

    def plan(self, workflow: str, level: ServiceLevel) -> Plan:
        """How one of its service levels runs."""
        return self.plans.of(self.document_id, self.document, workflow, level)


def changes(target: Target, disputes: Sequence[Any]) -> Iterator[Change]:
    """What becomes of the promises of these disputes, dispute by dispute."""
    ids = {"ids": [dispute.id for dispute in disputes]}
    promises = _by_dispute(target.connection.execute(still_open.PROMISES, ids))
    visits = _by_dispute(target.connection.execute(still_open.VISITS, ids))
    for dispute in disputes:
        workflow = target.document.workflow_by_key.get(dispute.workflow)
        if workflow is None:  # it goes on by the document that knows its workflow
            continue
        here = _Here(target, dispute, workflow, promises[dispute.id], visits[dispute.id])
        for row in here.promises:
            if row.stopped_at is None and row.document_id != target.document_id:
                found = _became(here, row)
                if found is not None:
                    yield found
        if target.starts:
            yield from _begun(here)


@dataclass(slots=True)
class _Here:
    """One dispute, with all promises that it ever had and all its visits."""

    target: Target
    dispute: Any
    workflow: Workflow
    promises: list[Any]
    visits: list[Any]
    known: Facts | None = None

    @property
    def facts(self) -> Facts:
        """What is known of it, read when it is first asked for."""
        if self.known is None:
            stored = facts.current(self.target.connection, self.dispute.id)
            self.known = {**given.of_row(self.dispute), **stored}
        return self.known


def _became(here: _Here, row: Any) -> Change | None:
    """What becomes of a promise that runs; None where the document says the same of it."""
    target, dispute = here.target, here.dispute
    document = documents.load(target.connection, row.document_id)
    old = document.workflow_by_key[dispute.workflow].level_by_key[row.service_level]
    new = _successor(here, row)
    if new is None:
        if row.with_visit and dispute.kind == Kind.WAIT:  # nothing else would ever end this wait
            return None
        return Change(dispute, What.ENDED, old, row.due_at, None, row)
    ladders = document.ladder_by_key.get(old.ladder), target.document.ladder_by_key.get(new.ladder)
    if old == new and ladders[0] == ladders[1]:
        return None
    plan = target.plan(dispute.workflow, new)
    before = target.plans.of(row.document_id, document, dispute.workflow, old)
    pauses = row.pauses if new.pauses and old.pauses else _pauses(here, new, row.started_at)
    at, own = _place(before, plan, row.level), on_it(row, old.key == new.key)
    given = _row(here, new, row.visit_id, row.started_at, pauses, at, own) | {"run": row.run + 1}
    return Change(
        dispute, _what(row.due_at, given["due_at"], target.now), new, row.due_at,
        given["due_at"], row, given,
    )  # fmt: skip


def _successor(here: _Here, row: Any) -> ServiceLevel | None:
    """The document's service level that takes a promise's place, if any does."""
    found = here.workflow.level_by_key.get(row.service_level)
    if not row.with_visit:
        return found if found is not None and not found.stage else None
    if found is not None and found.stage == here.dispute.stage:
        return found
    if not here.target.starts and here.dispute.kind != Kind.WAIT:
        return None
    return _at_stage(here)


def _at_stage(here: _Here) -> ServiceLevel | None:
    dispute = here.dispute
    levels = here.workflow.service_levels
    return at_stage(levels, dispute.stage, here.facts, dispute.currency)


def _place(before: Plan, plan: Plan, level: int) -> int:
    """From which place of the new plan on things still come: behind whatever came by the old."""
    come = {_key(rung) for rung in before.rungs[:level]}
    return max((n + 1 for n, rung in enumerate(plan.rungs) if _key(rung) in come), default=0)


def _key(rung: Any) -> str | None:
    return rung.level.key if rung.level is not None else None


def _row(
    here: _Here,
    level: ServiceLevel,
    visit_id: int,
    started_at: dt.datetime,
    pauses: list[Any],
    place: int,
    kept: Mapping[str, Any] = NOBODY,
) -> dict[str, Any]:
    """The row of a promise by the document; a warning whose moment has passed warns nobody."""
    plan, now = here.target.plan(here.dispute.workflow, level), here.target.now
    found = timed(plan, started_at, pauses, place, kept["acknowledged_until"])
    while place < plan.end and found["next"] is not None and found["next"] <= now:
        place += 1
        found = timed(plan, started_at, pauses, place, kept["acknowledged_until"])
    return {
        "dispute_id": here.dispute.id,
        "visit_id": visit_id,
        "with_visit": bool(level.stage),
        "document_id": here.target.document_id,
        "service_level": level.key,
        "run": 1,
        "started_at": started_at,
        "due_at": found["due"],
        "level": place,
        "next_at": found["next"],
        "pauses": pauses,
        **kept,
    }


def _pauses(here: _Here, level: ServiceLevel, started_at: dt.datetime) -> list[Any]:
    """When a promise would have stood still since then."""
    return waits(here.visits, started_at) if level.pauses else []


def _what(before: dt.datetime | None, after: dt.datetime | None, now: dt.datetime) -> What:
    if after is not None and after <= now and (before is None or before > now):
        return What.OVERDUE
    if before is None or after is None or before == after:
        return What.SAME
    return What.EARLIER if after < before else What.LATER


def _begun(here: _Here) -> Iterator[Change]:
    """What the document promises besides, and whose start has happened without its stop."""
    dispute, promises = here.dispute, here.promises
    own = any(row.with_visit and row.visit_id == dispute.visit_id for row in promises)
    level = None if own else _at_stage(here)
    if level is not None:
        yield _fresh(here, level, dispute.visit_id, dispute.opened_at)
    had = {row.service_level for row in promises}
    running: dict[str, tuple[int, dt.datetime]] = {}
    for visit, happened in turns([one for one in here.visits if one.undone_at is None]):
        for key in [*running]:
            if stopped_by(here.workflow.level_by_key[key], happened):
                del running[key]
        levels = here.workflow.service_levels
        for one in starting(levels, happened, here.facts, dispute.currency):
            if one.key not in had and not stopped_by(one, happened):
                running.setdefault(one.key, (visit.id, visit.opened_at))
    for key, (visit_id, started_at) in running.items():
        yield _fresh(here, here.workflow.level_by_key[key], visit_id, started_at)


def _fresh(here: _Here, level: ServiceLevel, visit_id: int, started_at: dt.datetime) -> Change:
    row = _row(here, level, visit_id, started_at, _pauses(here, level, started_at), 0)
    return Change(here.dispute, What.STARTED, level, None, row["due_at"], row=row)


def _by_dispute(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.dispute_id].append(row)
    return found
