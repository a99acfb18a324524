"""People of the desk: finding them, and what they may do at the moment they act."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from core.desk import clicks
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.tables import Person

_NAME = select(Person.name).where(Person.id == bindparam("id"))
COLUMNS = (
    Person.id,
    Person.name,
    Person.roles,
    Person.active,
    Person.home_stage,
    Person.locale,
    Person.zone,
)
_BY_SLACK = select(*COLUMNS).where(Person.slack_id == bindparam("slack_id"))


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the doors know them."""

    id: int
    name: str
    roles: tuple[str, ...]
    active: bool
    home_stage: str
    locale: str
    zone: str


def refusal(connection: Connection, actor: Actor, right: Right) -> Refused | None:
    """Why this actor may not do this: unknown, deactivated, or without the right (invariant 16)."""
    return clicks.enter(connection, actor, right, None).refused


def name(connection: Connection, person_id: int | None) -> str:
    """The person's name; empty where nobody is meant."""
    if person_id is None:
        return ""
    return str(connection.execute(_NAME, {"id": person_id}).scalar() or "")


def by_slack_id(connection: Connection, slack_id: str, **_: Any) -> Member | None:
    """The person with this Slack id."""
    row = connection.execute(_BY_SLACK, {"slack_id": slack_id}).first()
    return None if row is None else member(row)


def member(row: Any) -> Member:
    """The person whom a row with COLUMNS describes."""
    return Member(
        row.id, row.name, tuple(row.roles), row.active, row.home_stage, row.locale, row.zone
    )
