"""What a pilot's disputes came to, beside those that came in at the same time (S5).

Both sides are drawn at random from the same stream over the same time, so whatever is unfinished
is so on both. Some MOST of each side are compared, so that a page costs the same however large the
desk is: the first that were drawn, and of those beside them an even sample.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, select

from core.desk import quality
from core.tables import Deadline, Dispute, Judgment, NoFit, Round, Visit
from core.workflow.intervals import Interval, differ, middle, share
from core.workflow.terms import Kind, Meaning

MOST = 5_000  # disputes of each side, or thereabouts
BETTER, WORSE, UNKNOWN = "better", "worse", "unknown"
ENDED, LASTED = "ended", "lasted"
MARKS = ("no_fit", "late", "sent_back", "again", "defects", "undone")  # better had not happened
_HERE = Visit.dispute_id == Dispute.id
_Read = Callable[[Sequence[Any]], Interval | None]


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of both sides: shares from 0 to 1, `lasted` in seconds."""

    name: str
    tried: Interval | None
    beside: Interval | None
    verdict: str  # of what was tried; unknown while the two may be the same


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many disputes of each side were compared, and what they came to."""

    tried: int
    beside: int
    figures: tuple[Compared, ...]


def compare(
    connection: Connection,
    pilot_id: int,
    started_at: dt.datetime,
    ended_at: dt.datetime | None,
    *,
    now: dt.datetime,
) -> Comparison:
    """Compares what a pilot drew with what came in beside it, from its first to its last draw."""
    tried = _side(connection, [Dispute.pilot_id == pilot_id], MOST, now=now)
    if not tried:
        return Comparison(0, 0, ())
    first, last = tried[0].id, tried[-1].id
    beside_these = last - first + 1 - len(tried)  # at most
    others = [
        Dispute.id.between(first, last),
        Dispute.pilot_id.is_(None),
        Dispute.opened_at.between(started_at, ended_at or now),
        _one_in(-(-beside_these // MOST)),
    ]
    beside = _side(connection, others, now=now)
    return Comparison(len(tried), len(beside), tuple(_figures(tried, beside)))


def _one_in(many: int) -> ColumnElement[bool]:
    """One in so many disputes, evenly over their time; all of them for one or none.

    Scattered first: what comes in by turns, such as two sources in one import, would otherwise be
    sampled from one of them.
    """
    return (Dispute.id * 7919 % 10007) % max(many, 1) == 0


def _side(
    connection: Connection,
    which: Sequence[ColumnElement[bool]],
    most: int | None = None,
    *,
    now: dt.datetime,
) -> list[Any]:
    """One row for each dispute: when it was opened and ended, and what happened on the way."""
    ended = (
        select(Visit.opened_at)
        .where(_HERE, Visit.left_at.is_(None), Visit.kind == str(Kind.FINAL))
        .scalar_subquery()
    )
    marks = [mark.label(name) for name, mark in _marks(now).items()]
    found = select(Dispute.id, Dispute.opened_at, ended.label(ENDED), *marks).where(*which)
    return list(connection.execute(found.order_by(Dispute.id).limit(most)))


def _marks(now: dt.datetime) -> dict[str, ColumnElement[bool]]:
    """What may have happened to a dispute, each of MARKS."""
    at_work = Visit.kind.in_((str(Kind.INTAKE), str(Kind.WORK)))
    rounds = select(func.count()).where(Round.dispute_id == Dispute.id).scalar_subquery()
    return {
        "no_fit": exists(select(1).where(_HERE, NoFit.visit_id == Visit.id)),
        "late": exists(
            select(1).where(
                _HERE,
                at_work,
                Deadline.visit_id == Visit.id,
                ~Deadline.superseded,
                Deadline.due_at <= func.coalesce(Deadline.stopped_at, now),
            )
        ),
        "sent_back": exists(
            select(1).where(
                _HERE, Visit.meaning == str(Meaning.SEND_BACK), Visit.undone_at.is_(None)
            )
        ),
        "again": rounds > 1,
        "defects": exists(
            select(1).where(_HERE, Judgment.visit_id == Visit.id, ~Judgment.sound, *quality.holds())
        ),
        "undone": exists(select(1).where(_HERE, at_work, Visit.undone_at.is_not(None))),
    }


def _figures(tried: Sequence[Any], beside: Sequence[Any]) -> list[Compared]:
    told: dict[str, tuple[_Read, str]] = {ENDED: (_ended, BETTER), LASTED: (_lasted, WORSE)}
    told |= {name: (_marked(name), WORSE) for name in MARKS}
    return [_compared(name, of(tried), of(beside), more_is) for name, (of, more_is) in told.items()]


def _ended(rows: Sequence[Any]) -> Interval | None:
    return share(sum(row.ended is not None for row in rows), len(rows))


def _lasted(rows: Sequence[Any]) -> Interval | None:
    return middle([(row.ended - row.opened_at).total_seconds() for row in rows if row.ended])


def _marked(name: str) -> _Read:
    return lambda rows: share(sum(bool(getattr(row, name)) for row in rows), len(rows))


def _compared(name: str, tried: Interval | None, beside: Interval | None, more_is: str) -> Compared:
    less_is = WORSE if more_is == BETTER else BETTER
    verdict = {1: more_is, -1: less_is, 0: UNKNOWN}[differ(tried, beside)]
    return Compared(name, tried, beside, verdict)
