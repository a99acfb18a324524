"""What has not ended, in the very words of the index that knows it (ix_visits_live).

Every dispute has an open visit, those that ended too; by this index the few that live are found
without touching the many that do not.
"""

from sqlalchemy import ColumnElement, and_, literal

from core.tables import Visit
from core.workflow.terms import Kind

# The word stands in the statement itself: databases compare it with the index's own condition.
# That kinds are named as well has SQLite prefer this index to the others of open visits.
LIVE: ColumnElement[bool] = and_(
    Visit.left_at.is_(None),
    Visit.kind != literal(str(Kind.FINAL), literal_execute=True),
    Visit.kind.in_([str(kind) for kind in Kind if kind != Kind.FINAL]),
)
