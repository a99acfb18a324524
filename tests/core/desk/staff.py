"""Supervisors and operators at the roster: roles changed, people added and saved, and why not."""

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from core.desk import exams, roles, roster
from core.desk.answers import Refused
from core.desk.exams import ExamInfo
from core.desk.roles import RoleInfo
from core.desk.roster import PersonInfo
from core.tables import Person, Role
from tests.factories import Desk


def change(desk: Desk, key: str, rights: list[str], name: str = "Sun Wei") -> Refused | None:
    """Somebody changes what a role gives, as it is read now."""
    row = desk.rows(select(Role.version, Role.label_zh, Role.label_en).where(Role.key == key))[0]
    info = RoleInfo(row.label_zh, row.label_en, rights)
    return desk.db.transact(roles.change, desk.who(name), key, row.version, info)


def employ(desk: Desk, name: str, *keys: str, by: str = "Sun Wei") -> int | Refused:
    """Somebody is added to the desk."""
    added = desk.db.transact(roster.add_person, desk.who(by), PersonInfo(name, list(keys)))
    if isinstance(added, int):
        desk.people[name] = added
    return added


def save(desk: Desk, name: str, by: str, **changes: Any) -> Refused | None:
    """Somebody saves a person's form with these changes."""
    row = desk.rows(select(*Person.__table__.columns).where(Person.name == name))[0]
    known = {column: row._mapping[column] for column in PersonInfo.__dataclass_fields__}
    info = replace(PersonInfo(**known), **changes)
    return desk.db.transact(roster.change_person, desk.who(by), row.id, row.version, info)


def key_of(answer: Any) -> str:
    """Why something was refused."""
    assert isinstance(answer, Refused), answer
    return answer.key


def ask_for(desk: Desk, action: str = "refund", *, needed: bool = True, by: str = "Sun Wei") -> Any:
    """A supervisor sets whether an action takes an exam."""
    version = desk.db.read(lambda c, now: exams.locks(c))[action][1]
    return desk.db.transact(exams.set_lock, desk.who(by), action, version, needs_exam=needed)


def passes(
    desk: Desk, name: str, action: str = "refund", by: str = "Sun Wei", days: int | None = None
) -> Any:
    """A supervisor records a passed exam, which counts for some days, or for good."""
    now = desk.now()
    until = now + dt.timedelta(days=days) if days else None
    info = ExamInfo(action, "Refund rules", now, until)
    return desk.db.transact(exams.record, desk.who(by), desk.people[name], info)
