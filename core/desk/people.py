"""People of the desk: finding them, and what they may do at the moment they act."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from core.desk import clicks
from core.desk.actor import Actor, Badge, Right
from core.desk.answers import Refused
from core.desk.held import RIGHTS
from core.tables import Person
from core.workflow.terms import By

_NAME = select(Person.name).where(Person.id == bindparam("id"))
COLUMNS = (
    Person.id,
    Person.name,
    Person.roles,
    RIGHTS,
    Person.stages,
    Person.active,
    Person.home_stage,
    Person.locale,
    Person.zone,
    Person.profile_at,
    Person.practises_for.is_not(None).label("practises"),
)
_BY_SLACK = select(*COLUMNS, clicks.ANSWER.scalar_subquery().label("answer")).where(
    Person.slack_id == bindparam("slack_id")
)


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the doors know them."""

    id: int
    name: str
    roles: tuple[str, ...]
    rights: frozenset[str]
    active: bool
    home_stage: str
    locale: str
    zone: str
    profile_at: dt.datetime | None  # when Slack's profile was read last, by the desk's time
    practises: bool  # here only to practise
    badge: Badge

    @property
    def actor(self) -> Actor:
        """The person as who acts in the transaction that read them."""
        return Actor(By.AGENT, self.id, self.badge)


def refusal(connection: Connection, actor: Actor, right: Right) -> Refused | None:
    """Why this actor may not do this: unknown, deactivated, or without the right (invariant 16)."""
    return clicks.enter(connection, actor, right, None).refused


def name(connection: Connection, person_id: int | None) -> str:
    """The person's name; empty where nobody is meant."""
    if person_id is None:
        return ""
    return str(connection.execute(_NAME, {"id": person_id}).scalar() or "")


def called(connection: Connection, who: str, **_: Any) -> list[int]:
    """The ids of the active people with this name or Slack id."""
    rows = connection.execute(
        select(Person.id).where(or_(Person.name == who, Person.slack_id == who), Person.active)
    )
    return [int(person_id) for person_id in rows.scalars()]


def direct_messages(connection: Connection, person_id: int, **_: Any) -> str:
    """Slack's id of the person's direct messages with the desk; empty until there were any."""
    return str(connection.scalar(select(Person.dm).where(Person.id == person_id)) or "")


def by_slack_id(
    connection: Connection, slack_id: str, click: str | None = None, **_: Any
) -> Member | None:
    """The person with this Slack id, with what `click` was answered before, if it was."""
    row = connection.execute(_BY_SLACK, {"slack_id": slack_id, "key": click or ""}).first()
    return None if row is None else member(row)


def member(row: Any) -> Member:
    """The person whom a row with COLUMNS describes, and the answer to a click beside them."""
    badge = Badge(row.rights, row.stages, row.active, getattr(row, "answer", None))
    return Member(
        row.id,
        row.name,
        tuple(row.roles),
        badge.rights,
        row.active,
        row.home_stage,
        row.locale,
        row.zone,
        row.profile_at,
        row.practises,
        badge,
    )
