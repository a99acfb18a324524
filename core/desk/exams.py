"""Sensitive actions: a closed list, each open to all who hold the right, or after an exam (X2).

Whether an action takes an exam is a row that supervisors set; without it nothing is locked. It is
asked when the action is done, and only then: a press that moves no money asks nothing more.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from core.desk import changes, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused, Stale
from core.desk.held import RIGHTS
from core.tables import Exam, Lock, Person

MOST_NAME = 80  # characters
MOST_SHOWN = 500  # exams on one page; what was withdrawn goes first where there are more


class Sensitive(StrEnum):
    """What may take an exam."""

    REFUND = "refund"  # a decision that moves money, or says that it arrived
    UNMASK = "unmask"  # personal data whole


@dataclass(frozen=True, slots=True)
class ExamInfo:
    """An exam that somebody passed, what it unlocks, and until when it counts (None: for good)."""

    action: str
    name: str
    passed_at: dt.datetime
    until: dt.datetime | None = None


# What somebody needs for it all the same.
OPENS = {Sensitive.REFUND: Right.DECIDE, Sensitive.UNMASK: Right.UNMASK}


def _counts() -> Select[tuple[int]]:
    """The exams for an action that count now."""
    return select(1).where(
        Exam.action == bindparam("action"),
        Exam.withdrawn_at.is_(None),
        Exam.passed_at <= bindparam("now"),
        or_(Exam.until.is_(None), Exam.until > bindparam("now")),
    )


_LOCKED = select(Lock.action).where(
    Lock.action == bindparam("action"),
    Lock.needs_exam,
    ~exists(_counts().where(Exam.person_id == bindparam("person"))),
)


def refusal(
    connection: Connection, actor: Actor, action: Sensitive, *, now: dt.datetime
) -> Refused | None:
    """Why this person may not do something sensitive: it takes an exam that counts, and has none.

    Parties and the desk itself sit no exams.
    """
    if actor.person_id is None:
        return None
    asked = {"action": str(action), "person": actor.person_id, "now": now}
    if connection.scalar(_LOCKED, asked) is None:
        return None
    return Refused("needs_exam", {"action": str(action)})


def locks(connection: Connection) -> dict[str, tuple[bool, int]]:
    """Which actions take an exam, each with the version of its row; 0 where there is none yet."""
    rows = {row.action: (row.needs_exam, row.version) for row in connection.execute(_ALL_LOCKS)}
    return {str(action): rows.get(action, (False, 0)) for action in Sensitive}


_ALL_LOCKS = select(Lock.action, Lock.needs_exam, Lock.version)


def set_lock(
    connection: Connection,
    actor: Actor,
    action: str,
    read_version: int,
    *,
    needs_exam: bool,
    now: dt.datetime,
) -> Refused | None:
    """Says whether an action takes an exam. Takes the right to shape the desk.

    Raises Stale where somebody saved meanwhile, ValueError for an action that is not on the list.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    before, version = locks(connection)[Sensitive(action)]
    if version != read_version:
        raise Stale("the lock was changed by somebody else meanwhile")
    values = {"needs_exam": needs_exam, "version": version + 1}
    if version:
        mine = update(Lock).where(Lock.action == action, Lock.version == version)
        if not connection.execute(mine.values(values)).rowcount:
            raise Stale("the lock was changed by somebody else meanwhile")
    else:
        connection.execute(insert(Lock), {"action": action, **values})
    changes.record(
        connection,
        actor,
        changes.CHANGED,
        changes.LOCK,
        [action],
        now=now,
        before={"needs_exam": before},
        after={"needs_exam": needs_exam},
    )
    return None


@dataclass(frozen=True, slots=True)
class Shut:
    """Whom a lock would keep from an action that their rights allow, and how many have passed."""

    names: tuple[str, ...]
    passed: int


def foreseen(connection: Connection, action: Sensitive, *, now: dt.datetime) -> Shut:
    """Who could no longer do something sensitive if it took an exam; changes nothing."""
    counts = _counts().where(Exam.person_id == Person.id)
    able = connection.execute(
        select(Person.name, RIGHTS, exists(counts.correlate(Person)).label("passed"))
        .where(Person.active)
        .order_by(Person.name),
        {"action": str(action), "now": now},
    )
    found = [row for row in able if OPENS[action] in row.rights]
    return Shut(tuple(row.name for row in found if not row.passed), sum(r.passed for r in found))


def record(
    connection: Connection, actor: Actor, person_id: int, info: ExamInfo, *, now: dt.datetime
) -> int | Refused:
    """Records that somebody passed an exam; returns its id. Nobody records their own.

    Takes the right to shape the desk. Raises ValueError for what no exam can be.
    """
    refused = _may_not(connection, actor, person_id)
    if refused is not None:
        return refused
    _check(info, now)
    name = people.name(connection, person_id)
    row = {
        "person_id": person_id,
        "action": info.action,
        "name": info.name.strip(),
        "passed_at": info.passed_at,
        "until": info.until,
        "recorded_by_id": actor.person_id,
        "recorded_at": now,
    }
    exam_id = connection.execute(insert(Exam).returning(Exam.id), row).scalar_one()
    after = {"action": info.action, "exam": info.name.strip(), "until": info.until}
    changes.record(connection, actor, changes.ADDED, changes.EXAM, [name], now=now, after=after)
    return int(exam_id)


def withdraw(
    connection: Connection, actor: Actor, exam_id: int, *, now: dt.datetime
) -> Refused | None:
    """An exam counts no more from this moment; its row stays. Withdrawn again, nothing changes."""
    row = connection.execute(
        select(Exam.person_id, Exam.action, Exam.name).where(Exam.id == exam_id)
    ).first()
    if row is None:
        return Refused("unknown_exam")
    refused = _may_not(connection, actor, row.person_id)
    if refused is not None:
        return refused
    withdrawn = connection.execute(
        update(Exam)
        .where(Exam.id == exam_id, Exam.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_by_id=actor.person_id)
    )
    if withdrawn.rowcount:
        name = people.name(connection, row.person_id)
        before = {"action": row.action, "exam": row.name}
        changes.record(
            connection, actor, changes.REMOVED, changes.EXAM, [name], now=now, before=before
        )
    return None


def everybody(connection: Connection, *, most: int = MOST_SHOWN) -> list[Row[Any]]:
    """The latest exams of everybody, each with whose it is, who recorded and who withdrew it."""
    whose, recorder, withdrawer = aliased(Person), aliased(Person), aliased(Person)
    return list(
        connection.execute(
            select(
                *Exam.__table__.columns,
                whose.name.label("who"),
                recorder.name.label("recorder"),
                withdrawer.name.label("withdrawer"),
            )
            .join(whose, whose.id == Exam.person_id)
            .outerjoin(recorder, recorder.id == Exam.recorded_by_id)
            .outerjoin(withdrawer, withdrawer.id == Exam.withdrawn_by_id)
            .order_by(Exam.withdrawn_at.is_not(None), Exam.id.desc())
            .limit(most)
        )
    )


def _may_not(connection: Connection, actor: Actor, person_id: int) -> Refused | None:
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is None and person_id == actor.person_id:
        return Refused("not_your_exam")
    return refused


def _check(info: ExamInfo, now: dt.datetime) -> None:
    if info.action not in set(Sensitive):
        raise ValueError(f"no exam unlocks {info.action}")
    if not 0 < len(info.name.strip()) <= MOST_NAME:
        raise ValueError("an exam needs a name")
    if info.passed_at > now:
        raise ValueError("an exam is passed before it is recorded")
    if info.until is not None and info.until <= info.passed_at:
        raise ValueError("an exam counts for some time")
