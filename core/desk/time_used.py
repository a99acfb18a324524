"""Who used the time so far: the platform, or a party that was waited for (G6). Derived only.

Hiding stops the platform's clock and starts another's, so that all of them together are the
dispute's life so far, to the microsecond.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from core.desk import documents
from core.tables import Dispute, EvidenceRequest, Round, Visit
from core.workflow.model import Workflow
from core.workflow.terms import By, Kind

PLATFORM = "platform"
OTHERS = "others"  # a payment system, a laboratory: whoever is waited for and is none of the four
# In this order they are told.
USERS = (PLATFORM, By.BUYER, By.MERCHANT, By.CARRIER, OTHERS)
_PARTIES = (By.BUYER, By.MERCHANT, By.CARRIER)
_TICK = dt.timedelta(microseconds=1)
_DISPUTE: BindParameter[int] = bindparam("dispute")
_VISITS = (
    select(
        Visit.id,
        Visit.stage,
        Visit.kind,
        Visit.document_id,
        Visit.opened_at,
        Visit.left_at,
        Visit.undone_at,
        Dispute.workflow,
    )
    .join(Dispute, Dispute.id == Visit.dispute_id)
    .where(Visit.dispute_id == _DISPUTE)
    .order_by(Visit.id)
)
_REQUESTS = (
    select(Round.visit_id, EvidenceRequest.party, EvidenceRequest.answered_at)
    .join(Round, Round.id == EvidenceRequest.round_id)
    .where(Round.dispute_id == _DISPUTE)
    .order_by(EvidenceRequest.id)
)


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit that is over, or that is asked about as if it ended now."""

    id: int
    kind: str
    opened_at: dt.datetime
    left_at: dt.datetime
    waits_for: tuple[str, ...] = ()  # a wait without requests


@dataclass(frozen=True, slots=True)
class Request:
    """What one party was asked at the wait `visit_id`, and when it had nothing more."""

    visit_id: int
    party: str
    answered_at: dt.datetime | None


def used(stays: Iterable[Stay], requests: Sequence[Request]) -> dict[str, dt.timedelta]:
    """How long each of USERS had the dispute, as far as these visits tell; nobody with nothing.

    While several parties are waited for at once, they share the time equally.
    """
    total: dict[str, dt.timedelta] = {}
    for stay in stays:
        for user, length in _of(stay, requests):
            total[user] = total.get(user, dt.timedelta()) + length
    return {user: total[user] for user in USERS if total.get(user)}


def of_dispute(
    connection: Connection, dispute_id: int, *, now: dt.datetime
) -> dict[str, dt.timedelta]:
    """How long each of USERS had a dispute until now, or until it ended; nobody with nothing."""
    rows = connection.execute(_VISITS, {"dispute": dispute_id}).all()
    asked = connection.execute(_REQUESTS, {"dispute": dispute_id})
    return used(stays(connection, rows, now=now), [Request(*row) for row in asked])


def stays(connection: Connection, rows: Iterable[Any], *, now: dt.datetime) -> Iterator[Stay]:
    """Visits as their own documents tell them; the one that is open lasts until now."""
    for row in rows:
        kind, whom = row.kind, tuple[str, ...]()
        if row.undone_at is not None:  # nobody was asked, nothing had ended: the desk's own slip
            kind = Kind.WORK
        elif kind == Kind.FINAL:
            continue
        elif kind == Kind.WAIT:
            document = documents.load(connection, row.document_id)
            whom = waited_for(document.workflow_by_key[row.workflow], row.stage)
        yield Stay(row.id, kind, row.opened_at, row.left_at or max(now, row.opened_at), whom)


def seconds(used_by: Mapping[str, dt.timedelta]) -> dict[str, int]:
    """Whole seconds for each of USERS, which add up to the whole seconds of the sum."""
    return _parts(used_by, sum(used_by.values(), dt.timedelta()) // dt.timedelta(seconds=1))


def percents(used_by: Mapping[str, dt.timedelta]) -> dict[str, int]:
    """Whole per cents for each of USERS, which add up to 100; all of them 0 without any time."""
    return _parts(used_by, 100 if any(used_by.values()) else 0)


def _parts(used_by: Mapping[str, dt.timedelta], whole: int) -> dict[str, int]:
    """A whole shared out in proportion, by largest remainder."""
    ticks = {user: used_by.get(user, dt.timedelta()) // _TICK for user in USERS}
    total = sum(ticks.values()) or 1
    found = {user: whole * n // total for user, n in ticks.items()}
    rests = sorted(USERS, key=lambda user: -(whole * ticks[user] % total))
    for user in rests[: whole - sum(found.values())]:
        found[user] += 1
    return found


def waited_for(workflow: Workflow, stage: str) -> tuple[str, ...]:
    """Whom a wait waits for, as its own decisions say."""
    found = workflow.stage_by_key.get(stage)
    by = {decision.by for decision in found.decisions} if found else set()
    return tuple(party for party in _PARTIES if party in by) or (OTHERS,)


def _of(stay: Stay, requests: Sequence[Request]) -> Iterator[tuple[str, dt.timedelta]]:
    if stay.kind != Kind.WAIT:
        yield PLATFORM, stay.left_at - stay.opened_at
        return
    asked = {
        request.party: min(request.answered_at or stay.left_at, stay.left_at)
        for request in requests
        if request.visit_id == stay.id
    }
    ends = asked or dict.fromkeys(stay.waits_for or (OTHERS,), stay.left_at)
    yield from _shared(stay.opened_at, ends)
    last = max(stay.opened_at, *ends.values())
    if stay.left_at > last:  # everybody had answered: what is left is the desk's own
        yield PLATFORM, stay.left_at - last


def _shared(
    start: dt.datetime, ends: Mapping[str, dt.datetime]
) -> Iterator[tuple[str, dt.timedelta]]:
    """Who had how much from `start` on, where each had it until its own end; nothing is lost."""
    for end in sorted(set(ends.values())):
        waiting = [party for party, until in ends.items() if until >= end]
        if end > start:
            each, rest = divmod((end - start) // _TICK, len(waiting))
            for place, party in enumerate(waiting):
                yield party, (each + (place < rest)) * _TICK
            start = end
