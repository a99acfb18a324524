"""Where options are wanting at this moment: what the start page tells a supervisor (D4, M3)."""

import datetime as dt

from sqlalchemy import Connection, bindparam, func, select

from core.tables import NoFit

DAYS = 7  # that the start page looks back
_SAID = select(func.count()).where(NoFit.said_at >= bindparam("since"))


def no_fits(connection: Connection, *, now: dt.datetime) -> int:
    """How many fields and decisions agents found no option for in the last DAYS."""
    return int(connection.scalar(_SAID, {"since": now - dt.timedelta(days=DAYS)}) or 0)
