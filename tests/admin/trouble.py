"""Trouble that operators look after: messages parked, deadlines set aside."""

import datetime as dt
from typing import Any

from sqlalchemy import select, update

from core.tables import Deadline, Outbox
from tests.factories import Desk


def park(desk: Desk, state: str = "parked", kind: str = "card") -> int:
    """Puts the latest message of a kind into trouble; returns its id."""
    return park_each(desk, state, kind)[-1]


def park_each(desk: Desk, state: str = "parked", kind: str = "card") -> list[int]:
    """Puts every message of a kind into trouble; returns their ids."""

    def work(connection: Any, *, now: dt.datetime) -> list[int]:
        values = {"state": state, "reason": "channel_not_found", "finished_at": now}
        parked = update(Outbox).where(Outbox.kind == kind).values(**values).returning(Outbox.id)
        return sorted(connection.execute(parked).scalars())

    return desk.db.transact(work)


def set_aside(desk: Desk) -> int:
    """Makes the sweep set the first deadline aside; returns its id."""

    def work(connection: Any, *, now: dt.datetime) -> None:
        values = {"set_aside": "KeyError", "next_at": now + dt.timedelta(hours=1)}
        connection.execute(update(Deadline).values(**values))

    desk.db.transact(work)
    return int(desk.rows(select(Deadline.id))[0][0])
