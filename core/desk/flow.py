"""How disputes move through a workflow: where they went of late, and how long they stayed (W18)."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from core.tables import Dispute, Visit

DAYS = 30
LOOKED_AT = 5_000  # visits, the latest of all workflows: a page costs the same at any size of desk

_LATEST = (
    select(Visit.id, Visit.dispute_id, Visit.stage, Visit.opened_at, Visit.left_at, Visit.undone_at)
    .order_by(Visit.id.desc())
    .limit(LOOKED_AT)
    .subquery()
)
_EDGE = select(func.count(), func.min(_LATEST.c.opened_at))
_VISITS = (
    select(_LATEST)
    .join(Dispute, Dispute.id == _LATEST.c.dispute_id)
    .where(Dispute.workflow == bindparam("workflow"), _LATEST.c.undone_at.is_(None))
    .order_by(_LATEST.c.id)
)


@dataclass(frozen=True, slots=True)
class Flow:
    """What went on since a moment: moves from stage to stage, the median stay at each stage."""

    since: dt.datetime
    moves: dict[tuple[str, str], int]
    stays: dict[str, dt.timedelta]

    @property
    def came(self) -> dict[str, int]:
        """How many disputes came to each stage, by whatever way."""
        came: Counter[str] = Counter()
        for (_, to), number in self.moves.items():
            came[to] += number
        return dict(came)


def flow(connection: Connection, workflow: str, *, now: dt.datetime) -> Flow:
    """The moves and stays of a workflow's disputes over the last DAYS, by its key.

    Where more happened than LOOKED_AT visits, `since` is later: what is older is left out. What was
    undone never happened (D3).
    """
    since = now - dt.timedelta(days=DAYS)
    looked_at, first = connection.execute(_EDGE).one()
    if looked_at == LOOKED_AT:
        since = max(since, first)
    visits = connection.execute(_VISITS, {"workflow": workflow}).all()
    return Flow(since, _moves(visits, since), _stays(visits, since))


def _moves(visits: Sequence[Any], since: dt.datetime) -> dict[tuple[str, str], int]:
    moves: Counter[tuple[str, str]] = Counter()
    before: dict[int, str] = {}
    for visit in visits:
        earlier = before.get(visit.dispute_id)
        if earlier is not None and visit.opened_at >= since:
            moves[earlier, visit.stage] += 1
        before[visit.dispute_id] = visit.stage
    return dict(moves)


def _stays(visits: Sequence[Any], since: dt.datetime) -> dict[str, dt.timedelta]:
    lengths: dict[str, list[float]] = {}
    for visit in visits:
        if visit.left_at is not None and visit.left_at >= since:
            lengths.setdefault(visit.stage, []).append(
                (visit.left_at - visit.opened_at).total_seconds()
            )
    return {stage: dt.timedelta(seconds=median(found)) for stage, found in lengths.items()}
