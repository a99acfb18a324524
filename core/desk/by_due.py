"""The list of disputes by when they are due; what is due at no moment comes last (M1).

Who is due is asked of the deadlines that run, never of all disputes: however many have ended, it
costs what is open, and the soonest cost a page.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, select, tuple_
from sqlalchemy.orm import aliased

from core.desk.narrowing import SOONEST, Narrowed, Wanted
from core.tables import Deadline, Dispute, Visit

FEW = 1_000  # so many are sorted whole; of more, the deadlines that run lead to those wanted
_RUNS = Deadline.stopped_at.is_(None), Deadline.due_at.is_not(None)


def page(
    connection: Connection, which: Narrowed, wanted: Wanted, *, many: int, offset: int, most: int
) -> list[int]:
    """The ids of the disputes from `offset` on, `most` of them; `many` are wanted in all."""
    if many < FEW:
        few = _sorted(which, wanted).limit(most).offset(offset)
        return list(connection.scalars(few))
    due = list(connection.scalars(_due(which, wanted).limit(offset + most)))
    found = due[offset:]
    if len(found) == most:
        return found
    rest = which.in_order(wanted, ~_is_due(which))
    skipped = offset + len(found) - len(due)
    return found + list(connection.scalars(rest.limit(most - len(found)).offset(skipped)))


def all_due(connection: Connection, which: Narrowed, wanted: Wanted) -> list[int]:
    """The ids of all disputes wanted that are due at some moment, in their order."""
    return list(connection.scalars(_due(which, wanted)))


def _sorted(which: Narrowed, wanted: Wanted) -> Any:
    """All that is wanted, however little of it is open: the offset has it found first."""
    its = which.statement.add_columns(_its_due(which.id).label("due_at")).offset(0).subquery()
    number, due_at = its.c
    order = (due_at, number) if wanted.due == SOONEST else (due_at.desc(), number.desc())
    return select(number).order_by(due_at.is_(None), *order)


def _due(which: Narrowed, wanted: Wanted) -> Any:
    """Those that are due at some moment.

    The soonest are met in the order of the index: each running deadline of a dispute but its first
    is passed over. Backwards that would pass over nearly all before it meets one, so there the
    first of each dispute is found and those are sorted.
    """
    if wanted.due == SOONEST:
        earlier = aliased(Deadline)
        # The offset has it asked of each: PostgreSQL would join all that run with all that run.
        before = exists(
            select(1)
            .where(
                earlier.dispute_id == Deadline.dispute_id,
                earlier.stopped_at.is_(None),
                tuple_(earlier.due_at, earlier.id) < tuple_(Deadline.due_at, Deadline.id),
            )
            .offset(0)
        )
        asked = _asked(which, Deadline.dispute_id)
        found = select(Deadline.dispute_id).where(*_RUNS, ~before, *asked)
        return found.order_by(Deadline.due_at, Deadline.dispute_id)
    first = select(Deadline.dispute_id, func.min(Deadline.due_at).label("due_at")).where(*_RUNS)
    its = first.group_by(Deadline.dispute_id).offset(0).subquery()
    chosen = select(its.c.dispute_id).where(*_asked(which, its.c.dispute_id))
    return chosen.order_by(its.c.due_at.desc(), its.c.dispute_id.desc())


def _asked(which: Narrowed, dispute_id: Any) -> list[ColumnElement[bool]]:
    """What is wanted, asked of one dispute after another."""
    found: list[ColumnElement[bool]] = []
    if which.at_visit:
        stay = select(1).where(Visit.dispute_id == dispute_id, Visit.left_at.is_(None))
        stay = stay.where(*which.at_visit).correlate_except(Visit)
        found.append(stay.scalar_subquery().is_not(None))
    if which.of_dispute:
        its = select(1).where(Dispute.id == dispute_id, *which.of_dispute)
        found.append(its.correlate_except(Dispute).scalar_subquery().is_not(None))
    return found


def _its_due(dispute_id: Any) -> Any:
    """When a dispute is due; null where it is at no moment."""
    running = select(func.min(Deadline.due_at)).where(Deadline.dispute_id == dispute_id)
    asked = running.where(Deadline.stopped_at.is_(None)).correlate_except(Deadline)
    return asked.scalar_subquery()


def _is_due(which: Narrowed) -> Any:
    """Whether a dispute is due at some moment.

    Disputes alone are passed in their order beside the deadlines that run, in theirs. Of what is
    found by its visit each is asked: the offset keeps PostgreSQL from another order.
    """
    running = select(1).where(Deadline.dispute_id == which.id, *_RUNS)
    running = running.correlate_except(Deadline)
    return exists(running.offset(0) if which.at_visit else running)
