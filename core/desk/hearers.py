"""Which people a level of a ladder tells: read when it fires, of those who are there (G8)."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, select

from core.desk import rotas
from core.desk.actor import Right
from core.desk.assignment import absent
from core.desk.held import RIGHTS
from core.tables import Person
from core.workflow.model import LadderLevel
from core.workflow.terms import Hears

_PEOPLE = (
    select(
        Person.id,
        Person.slack_id,
        Person.team,
        RIGHTS,
        absent(bindparam("now")).label("away"),
    )
    .where(Person.active)
    .order_by(Person.id)
)


@dataclass
class Hearers:
    """The people of the desk at this moment, read once for all that fires in a transaction."""

    connection: Connection
    now: dt.datetime
    _people: dict[int, Any] | None = field(default=None, init=False)
    _duty: dict[str, list[int]] = field(default_factory=dict, init=False)

    def of(self, level: LadderLevel, row: Any) -> list[int]:
        """Whom the level tells of a deadline; nobody who is away, left the desk or has no Slack.

        `row` says who holds the visit, and until when.
        """
        held = row.held_until is None or row.held_until > self.now
        holder = self.people.get(row.holder_id) if held else None
        if level.hears == Hears.HOLDER:
            found = [holder] if holder is not None else []
        elif level.hears == Hears.ROTA:
            found = [self.people[one] for one in self._on_duty(level.whom) if one in self.people]
        elif level.hears == Hears.PERSON:
            found = [person for person in self.people.values() if person.slack_id == level.whom]
        else:
            found = self._supervisors(holder.team if holder is not None else "")
        return [person.id for person in found if _reachable(person)]

    def _on_duty(self, key: str) -> list[int]:
        if key not in self._duty:
            self._duty[key] = rotas.on_duty(self.connection, key, now=self.now)
        return self._duty[key]

    def _supervisors(self, team: str) -> list[Any]:
        """Those who may assign: of this team where any of them is there, else all of them."""
        able = [person for person in self.people.values() if Right.ASSIGN in person.rights]
        near = [person for person in able if team and person.team == team]
        return near if any(_reachable(person) for person in near) else able

    @property
    def people(self) -> dict[int, Any]:
        """Everybody who works at the desk, away or not."""
        if self._people is None:
            rows = self.connection.execute(_PEOPLE, {"now": self.now})
            self._people = {row.id: row for row in rows}
        return self._people


def _reachable(person: Any) -> bool:
    return bool(person.slack_id) and not person.away
