"""Moving the desk's time, where that is allowed: the demo, training and tests (T1)."""

import datetime as dt

from sqlalchemy import Connection, insert, update

from core.tables import ClockOffset


def move(connection: Connection, by: dt.timedelta, *, now: dt.datetime) -> dt.datetime:
    """Moves the desk's time forward; returns the new one. Raises ValueError for a way back."""
    seconds = int(by.total_seconds())
    if seconds < 0:
        raise ValueError("the desk's time only moves forward")
    moved = connection.execute(
        update(ClockOffset).where(ClockOffset.id == 1).values(seconds=ClockOffset.seconds + seconds)
    )
    if not moved.rowcount:
        connection.execute(insert(ClockOffset), {"id": 1, "seconds": seconds})
    return now + dt.timedelta(seconds=seconds)
