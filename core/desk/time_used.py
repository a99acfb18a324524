"""Who used the time so far: the platform, or a party that was waited for (G6). Derived only."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.workflow.model import Workflow
from core.workflow.terms import By, Kind

PLATFORM = "platform"
# In this order they are told. What waits for the payment system waits for no party.
USERS = (PLATFORM, By.BUYER, By.MERCHANT, By.CARRIER, By.PAYMENT)
_PARTIES = (By.BUYER, By.MERCHANT, By.CARRIER)


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit that is over."""

    id: int
    stage: str
    kind: str
    opened_at: dt.datetime
    left_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Request:
    """What one party was asked at the wait `visit_id`, and when it had nothing more."""

    visit_id: int
    party: str
    answered_at: dt.datetime | None


def used(
    workflow: Workflow, stays: Iterable[Stay], requests: Sequence[Request]
) -> dict[str, dt.timedelta]:
    """How long each of USERS had the dispute, as far as these visits tell; nobody with nothing.

    While several parties are waited for at once, they share the time equally.
    """
    total: dict[str, dt.timedelta] = {}
    for stay in stays:
        for user, length in _of(workflow, stay, requests):
            total[user] = total.get(user, dt.timedelta()) + length
    return {user: total[user] for user in USERS if total.get(user)}


def _of(
    workflow: Workflow, stay: Stay, requests: Sequence[Request]
) -> Iterable[tuple[str, dt.timedelta]]:
    if stay.kind != Kind.WAIT:
        return [(PLATFORM, stay.left_at - stay.opened_at)]
    asked = {
        request.party: min(request.answered_at or stay.left_at, stay.left_at)
        for request in requests
        if request.visit_id == stay.id
    }
    ends = asked or dict.fromkeys(waited_for(workflow, stay.stage), stay.left_at)
    return _shared(stay.opened_at, ends)


def waited_for(workflow: Workflow, stage: str) -> tuple[str, ...]:
    """Whom a wait waits for, as its own decisions say."""
    found = workflow.stage_by_key.get(stage)
    by = {decision.by for decision in found.decisions} if found else set()
    parties = tuple(party for party in _PARTIES if party in by)
    return parties or ((By.PAYMENT,) if By.PAYMENT in by else (PLATFORM,))


def _shared(start: dt.datetime, ends: dict[str, dt.datetime]) -> Iterable[tuple[str, dt.timedelta]]:
    """Who had how much from `start` on, where each had it until its own end."""
    for end in sorted(set(ends.values())):
        waiting = [party for party, until in ends.items() if until >= end]
        if end > start:
            for party in waiting:
                yield party, (end - start) / len(waiting)
            start = end
