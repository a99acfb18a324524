"""Who acts: a person of the desk, a party, or the desk itself; and what people may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.workflow.terms import By


class Right(StrEnum):
    """The closed list of what may be done at the desk."""

    SEE = "see"  # queues, lists and disputes
    DECIDE = "decide"  # take, hold, release one's own, choose
    OPEN = "open"  # open a dispute from Slack
    ASSIGN = "assign"  # assign, release others' visits, take over
    GROUP = "group"  # group the disputes of one incident
    SHAPE = "shape"  # edit the draft, publish
    PEOPLE = "people"  # people, roles, channels
    OPERATE = "operate"  # delivery, parked messages, deadlines set aside


RIGHTS: dict[str, frozenset[Right]] = {
    "agent": frozenset({Right.SEE, Right.DECIDE, Right.OPEN}),
    "expert": frozenset({Right.SEE, Right.DECIDE, Right.OPEN, Right.GROUP}),
    "lead": frozenset({Right.SEE, Right.DECIDE, Right.OPEN, Right.ASSIGN, Right.GROUP}),
    "supervisor": frozenset(
        {
            Right.SEE,
            Right.DECIDE,
            Right.OPEN,
            Right.ASSIGN,
            Right.GROUP,
            Right.SHAPE,
            Right.PEOPLE,
        }
    ),
    "operator": frozenset({Right.SEE, Right.OPERATE, Right.PEOPLE}),
    "trainee": frozenset({Right.SEE}),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """What a door has read of a person in this very transaction, with the click they came with."""

    roles: tuple[str, ...]
    active: bool
    answer: dict[str, Any] | None = None  # what this click was answered before


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as what. Rights are read from the person's row when the act is decided.

    A door that had to read that row anyway, to know who it is, hands it on as the badge.
    """

    by: str
    person_id: int | None = None
    badge: Badge | None = None


def agent(person_id: int) -> Actor:
    """A person of the desk."""
    return Actor(By.AGENT, person_id)


TIMEOUT = Actor(By.TIMEOUT)
EVIDENCE = Actor(By.EVIDENCE)
PAYMENT = Actor(By.PAYMENT)
RULE = Actor("rule")  # an assignment rule: it gives disputes to people and decides nothing (A2)


def may(roles: Iterable[str], right: Right) -> bool:
    """Whether any of the roles holds the right; unknown roles hold none."""
    return any(right in RIGHTS.get(role, ()) for role in roles)
