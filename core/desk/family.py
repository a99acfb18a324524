"""Disputes that tell one story: what was merged into one, and what one was split from (K2).

Rows stay with the dispute that they came to. Whoever reads a dispute's story reads its family's:
all that was merged into it, at any depth, and what was known of its origin when it was split off.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select

from core.tables import Dispute

_COLUMNS = (
    Dispute.id,
    Dispute.number,
    Dispute.opened_at,
    Dispute.merged_into_id,
    Dispute.split_from_id,
)
_AROUND = select(*_COLUMNS).where(
    or_(Dispute.id == bindparam("id"), Dispute.merged_into_id == bindparam("id"))
)
_ONE = select(*_COLUMNS).where(Dispute.id == bindparam("id"))
_SPLIT_OFF = (
    select(Dispute.number).where(Dispute.split_from_id == bindparam("id")).order_by(Dispute.id)
)


@dataclass(frozen=True, slots=True)
class Member:
    """A dispute whose story belongs here, up to a moment where it is an origin (else for good)."""

    id: int
    number: str
    until: dt.datetime | None = None

    @property
    def origin(self) -> bool:
        """Whether the dispute was split from this one, rather than this one merged into it."""
        return self.until is not None


def family(connection: Connection, dispute_id: int) -> tuple[Member, ...]:
    """The disputes that tell the story of this one, itself first; almost always it is alone."""
    found: dict[int, Member] = {}
    asked: list[tuple[int, dt.datetime | None]] = [(dispute_id, None)]
    while asked:
        wanted, until = asked.pop(0)
        for row in connection.execute(_AROUND, {"id": wanted}):
            if row.id == wanted and row.id not in found:
                found[row.id] = Member(row.id, row.number, until)
                if row.split_from_id is not None:
                    moment = row.opened_at if until is None else min(until, row.opened_at)
                    asked.append((row.split_from_id, moment))
            elif row.id not in found:
                asked.insert(0, (row.id, until))
    return tuple(found.values())


def within(members: Sequence[Member], dispute: Any, at: Any) -> ColumnElement[bool]:
    """Whether a row is of the family: `dispute` and `at` are its columns of dispute and moment."""
    whole = [member.id for member in members if member.until is None]
    parts = [and_(dispute == m.id, at <= m.until) for m in members if m.until is not None]
    return or_(dispute.in_(whole), *parts)


def ids(members: Sequence[Member]) -> list[int]:
    """Their ids."""
    return [member.id for member in members]


def merged_into(connection: Connection, dispute_id: int) -> Any | None:
    """The dispute in which the story of a merged one goes on (id, number); None of any other."""
    after = goes_on(connection, dispute_id)
    return after[-1] if after else None


def goes_on(connection: Connection, dispute_id: int) -> list[Any]:
    """The disputes in which the story of a merged one went on, one after the other; the last is it.

    Each with its id and number.
    """
    row = connection.execute(_ONE, {"id": dispute_id}).first()
    found: list[Any] = []
    while row is not None and row.merged_into_id is not None:
        row = connection.execute(_ONE, {"id": row.merged_into_id}).one()
        found.append(row)
    return found


def split_off(connection: Connection, dispute_id: int) -> list[str]:
    """The numbers of the disputes that were split from this one."""
    return list(connection.execute(_SPLIT_OFF, {"id": dispute_id}).scalars())
