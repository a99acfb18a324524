"""Moving the desk's time, where that is allowed: the demo, training and tests (T1)."""

import datetime as dt

from sqlalchemy import Connection, insert, select, update

from core.tables import ClockOffset

IN_ONE_GO = dt.timedelta(minutes=10)


def desk_time(connection: Connection, wall: dt.datetime) -> dt.datetime:
    """The desk's time at a moment of the wall clock; the same, where it was never moved."""
    seconds = connection.scalar(select(ClockOffset.seconds).where(ClockOffset.id == 1)) or 0
    return wall + dt.timedelta(seconds=seconds)


def desk_time_ago(connection: Connection, wall: dt.datetime, ago: dt.timedelta) -> dt.datetime:
    """What the desk's time was so long before a moment of the wall clock.

    What was due by then has been due for as long, however far the clock was moved since.
    """
    row = connection.execute(select(ClockOffset).where(ClockOffset.id == 1)).first()
    if row is None:
        return wall - ago
    moved = row.moved_at is not None and row.moved_at > wall - ago
    return wall - ago + dt.timedelta(seconds=row.before if moved else row.seconds)


def move(connection: Connection, by: dt.timedelta, *, now: dt.datetime) -> dt.datetime:
    """Moves the desk's time forward; returns the new one. Raises ValueError for a way back."""
    seconds = int(by.total_seconds())
    if seconds < 0:
        raise ValueError("the desk's time only moves forward")
    row = connection.execute(select(ClockOffset).where(ClockOffset.id == 1)).first()
    if row is None:
        values = {"seconds": seconds, "before": 0, "moved_at": now}
        connection.execute(insert(ClockOffset), {"id": 1, **values})
    else:
        wall = now - dt.timedelta(seconds=row.seconds)
        # Moves in quick succession count as one.
        again = row.moved_at is not None and row.moved_at > wall - IN_ONE_GO
        before = row.before if again else row.seconds
        values = {"seconds": ClockOffset.seconds + seconds, "before": before, "moved_at": wall}
        connection.execute(update(ClockOffset).where(ClockOffset.id == 1).values(values))
    return now + dt.timedelta(seconds=seconds)
