"""What has not ended and what has, in the very words of the indexes that know it.

Every dispute has an open visit, those that ended too; by ix_visits_live the few that live are found
without touching the many that do not, by ix_visits_ended the many in their order.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, select

from core.tables import Deadline, Dispute, Visit
from core.workflow.terms import Kind

# The word stands in the statement itself: databases compare it with the index's own condition.
# That kinds are named as well has SQLite prefer this index to the others of open visits.
LIVE: ColumnElement[bool] = and_(
    Visit.left_at.is_(None),
    Visit.kind != literal(str(Kind.FINAL), literal_execute=True),
    Visit.kind.in_([str(kind) for kind in Kind if kind != Kind.FINAL]),
)
ENDED: ColumnElement[bool] = and_(
    Visit.left_at.is_(None), Visit.kind == literal(str(Kind.FINAL), literal_execute=True)
)


# When the first of the promises that run for an open visit's dispute is due.
its_due: Any = (
    select(func.min(Deadline.due_at))
    .where(Deadline.dispute_id == Visit.dispute_id, Deadline.stopped_at.is_(None))
    .correlate(Visit)
    .scalar_subquery()
)


def open_ones(*more: Any) -> Any:
    """What is open, with its dispute's workflow, grade and beginning and when it is due.

    Each is looked up by itself, and the offset keeps what is asked of the whole out of it:
    PostgreSQL takes open visits for a fifth of all, and would join them with all disputes.
    """
    its = select(Dispute.workflow).where(Dispute.id == Visit.dispute_id).correlate(Visit)
    return (
        select(
            Visit.stage,
            Visit.kind,
            its.scalar_subquery().label("workflow"),
            its.with_only_columns(Dispute.grade).scalar_subquery().label("grade"),
            its.with_only_columns(Dispute.opened_at).scalar_subquery().label("opened_at"),
            its_due.label("due_at"),
            *more,
        )
        .where(LIVE)
        .offset(0)
        .subquery()
    )
