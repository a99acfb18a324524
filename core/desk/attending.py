"""What waits for somebody's word: promises that somebody is on, and pages (K5, K6).

Both are looked after in one transaction: mostly there is nothing, every second.
"""

import datetime as dt

from sqlalchemy import Connection

from core.desk import acknowledging, page_clock


def attend(connection: Connection, *, now: dt.datetime) -> int:
    """Reminds and lapses whatever is due; returns how much that was."""
    acknowledged = acknowledging.attend(connection, now=now)
    return acknowledged + page_clock.attend(connection, now=now)
