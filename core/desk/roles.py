"""Roles: rows over the closed list of rights, which supervisors edit in the panel (X2).

What a change of roles or people must not do is decided over the desk as it stands, with all roles
locked: two who take each other's rights away at once are served one after the other.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from core.desk import changes, holding, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused, Stale
from core.desk.held import Names
from core.tables import Person, Role

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_NAMED = 5  # of those who have a role that should go
KEPT = (Right.PEOPLE, Right.SHAPE)  # somebody active always holds each of these
Rights = frozenset[str]


@dataclass(frozen=True, slots=True)
class RoleInfo:
    """A role: what it is called in both languages, and which rights it gives."""

    label_zh: str
    label_en: str
    rights: list[str]


_WORK = [Right.SEE, Right.DECIDE, Right.OPEN]
STANDARD: dict[str, RoleInfo] = {
    "agent": RoleInfo("客服", "Agent", [*_WORK, Right.UNMASK]),
    "expert": RoleInfo("专家", "Expert", [*_WORK, Right.GROUP, Right.UNMASK]),
    "lead": RoleInfo("组长", "Team lead", [*_WORK, Right.ASSIGN, Right.GROUP, Right.UNMASK]),
    "supervisor": RoleInfo(
        "主管",
        "Supervisor",
        [*_WORK, Right.ASSIGN, Right.GROUP, Right.SHAPE, Right.PEOPLE, Right.UNMASK],
    ),
    "operator": RoleInfo("运维", "Operator", [Right.SEE, Right.PEOPLE, Right.OPERATE]),
    "trainee": RoleInfo("实习", "Trainee", [Right.SEE]),
}


def seed(connection: Connection, *, now: dt.datetime) -> None:
    """Gives a fresh desk the standard roles; a desk that has roles keeps them."""
    del now
    if connection.scalar(select(Role.key).limit(1)) is None:
        rows = [{"key": key, **asdict(info), "version": 1} for key, info in STANDARD.items()]
        connection.execute(insert(Role), rows)


def everything(connection: Connection) -> list[Row[Any]]:
    """All roles, those that give least first."""
    rows = connection.execute(select(*Role.__table__.columns)).all()
    return sorted(rows, key=lambda row: (len(row.rights), row.key))


@dataclass(frozen=True, slots=True)
class Desk:
    """The roles, and who has which, locked until the transaction ends."""

    rights: Mapping[str, Rights]  # by role
    people: Mapping[int, tuple[str, ...]]  # the roles of everybody active

    def of(self, keys: Iterable[str]) -> Rights:
        """What some roles give together; unknown ones give nothing."""
        return frozenset().union(*(self.rights.get(key, frozenset()) for key in keys))

    def beyond(self, actor: Actor, given: Rights) -> Refused | None:
        """Why this actor may not give these rights to somebody: they hold them not themselves.

        Whoever shapes the desk may give whatever there is; so may the desk's own shell.
        """
        if actor.person_id is None:
            return None
        own = self.of(self.people.get(actor.person_id, ()))
        missing = given - own
        if Right.SHAPE in own or not missing:
            return None
        return Refused("not_yours_to_give", {"rights": sorted(missing)})

    def locks_out(
        self, after: Mapping[int, Rights], roles: Mapping[str, Rights] | None = None
    ) -> Refused | None:
        """Why these changes may not be: nobody active would be left with a right that is needed.

        `after` are the rights of the people who change, `roles` those of the roles that do.
        """
        then = Desk({**self.rights, **(roles or {})}, self.people)
        held = {person: then.of(keys) for person, keys in self.people.items()} | dict(after)
        for right in KEPT:
            before = any(right in self.of(keys) for keys in self.people.values())
            if before and not any(right in rights for rights in held.values()):
                return Refused("locks_out", {"rights": [str(right)]})
        return None


def locked(connection: Connection) -> Desk:
    """The roles and the people, and nobody else changes either before this transaction ends."""
    rows = connection.execute(select(Role.key, Role.rights).order_by(Role.key).with_for_update())
    rights = {row.key: frozenset(row.rights) for row in rows}
    found = connection.execute(select(Person.id, Person.roles).where(Person.active))
    return Desk(rights, {row.id: tuple(row.roles) for row in found})


def add(
    connection: Connection, actor: Actor, key: str, info: RoleInfo, *, now: dt.datetime
) -> str | Refused:
    """Adds a role under a key of its own. Raises ValueError for what no role can be."""
    desk = locked(connection)
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    _check(info)
    if not KEY.fullmatch(key):
        raise ValueError(f"{key} is no key of a role")
    if key in desk.rights:
        return Refused("key_taken", {"key": key})
    refused = desk.beyond(actor, frozenset(info.rights))
    if refused is not None:
        return refused
    values = {**asdict(info), "rights": _ordered(info.rights)}
    connection.execute(insert(Role), {"key": key, **values, "version": 1})
    changes.record(connection, actor, changes.ADDED, changes.ROLE, [key], now=now, after=values)
    return key


def change(
    connection: Connection,
    actor: Actor,
    key: str,
    read_version: int,
    info: RoleInfo,
    *,
    now: dt.datetime,
) -> Refused | None:
    """Changes a role that was read at `read_version`; whoever has it acts by it from now on.

    Who may decide no more gives back what they hold, so that others go on.

    Nobody adds to a role of their own, nobody gives what they do not hold but for whoever shapes
    the desk, and nobody locks everybody out. Raises Stale where somebody saved meanwhile,
    ValueError for what no role can be.
    """
    desk = locked(connection)
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    _check(info)
    before = connection.execute(select(*Role.__table__.columns).where(Role.key == key)).first()
    if before is None or before.version != read_version:
        raise Stale("the role was changed by somebody else meanwhile")
    will = frozenset(info.rights)
    refused = (
        _raises_own(desk, actor, key, will)
        or desk.beyond(actor, will - desk.rights[key])
        or desk.locks_out({}, {key: will})
    )
    if refused is not None:
        return refused
    values = {**asdict(info), "rights": _ordered(info.rights)}
    connection.execute(
        update(Role).where(Role.key == key).values(**values, version=Role.version + 1)
    )
    known = {name: before._mapping[name] for name in values}
    changes.record(
        connection, actor, changes.CHANGED, changes.ROLE, [key], now=now, before=known, after=values
    )
    then = Desk({**desk.rights, key: will}, desk.people)
    for person_id, keys in sorted(desk.people.items()):
        if Right.DECIDE in desk.of(keys) - then.of(keys):
            holding.release_all(connection, person_id, actor, now=now)
    return None


def remove(
    connection: Connection, actor: Actor, key: str, read_version: int, *, now: dt.datetime
) -> Refused | None:
    """Removes a role that was read at `read_version` and that nobody has, left or not.

    Nobody can lose anything by it: whoever has it keeps it here, and is named. Raises Stale where
    somebody saved meanwhile.
    """
    locked(connection)
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    before = connection.execute(select(*Role.__table__.columns).where(Role.key == key)).first()
    if before is None:
        return Refused("unknown_role")
    if before.version != read_version:
        raise Stale("the role was changed by somebody else meanwhile")
    having = select(Person.name).where(Names(Person.roles, key)).order_by(Person.name)
    names = connection.execute(having.limit(MOST_NAMED)).scalars().all()
    if names:
        return Refused("role_in_use", {"names": list(names)})
    connection.execute(delete(Role).where(Role.key == key))
    known = {name: before._mapping[name] for name in RoleInfo.__slots__}
    changes.record(connection, actor, changes.REMOVED, changes.ROLE, [key], now=now, before=known)
    return None


def _raises_own(desk: Desk, actor: Actor, key: str, will: Rights) -> Refused | None:
    """Nobody raises their own rights, by way of a role neither."""
    own = desk.people.get(actor.person_id, ()) if actor.person_id is not None else ()
    then = Desk({**desk.rights, key: will}, desk.people)
    return Refused("raises_own") if then.of(own) - desk.of(own) else None


def _check(info: RoleInfo) -> None:
    if not info.label_zh.strip() or not info.label_en.strip():
        raise ValueError("a role needs a label in both languages")
    if unknown := set(info.rights) - set(Right):
        raise ValueError(f"there is no right {', '.join(sorted(unknown))}")


def _ordered(rights: Iterable[str]) -> list[str]:
    """In the order of the closed list, so that ticking anew changes nothing."""
    return [str(right) for right in Right if right in set(rights)]
