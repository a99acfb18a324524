"""Who acts: a person of the desk, a party, or the desk itself; and what people may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.workflow.terms import By


class Right(StrEnum):
    """The closed list of what may be done at the desk. Roles are rows over it (X2)."""

    SEE = "see"  # queues, lists and disputes
    DECIDE = "decide"  # take, hold, release one's own, choose
    OPEN = "open"  # open a dispute from Slack
    ASSIGN = "assign"  # assign, release others' visits, take over
    GROUP = "group"  # group the disputes of one incident
    SHAPE = "shape"  # edit the draft, publish
    PEOPLE = "people"  # people, roles, channels
    UNMASK = "unmask"  # personal data whole, each look with a reason
    OPERATE = "operate"  # delivery, parked messages, deadlines set aside


@dataclass(frozen=True, slots=True)
class Badge:
    """What a door has read of a person in this very transaction, with the click they came with."""

    rights: frozenset[str]
    stages: Sequence[str]  # the only ones at which they may act; none: all
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
