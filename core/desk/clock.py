"""Moving the desk's time, where that is allowed: the demo, training and tests (T1)."""

import datetime as dt

from sqlalchemy import Connection, insert, select, update

from core.tables import ClockOffset


def desk_time(connection: Connection, wall: dt.datetime) -> dt.datetime:
    """The desk's time at a moment of the wall clock; the same, where it was never moved."""
    seconds = connection.scalar(select(ClockOffset.seconds).where(ClockOffset.id == 1)) or 0
    return wall + dt.timedelta(seconds=seconds)


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
