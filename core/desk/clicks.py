"""Clicks: the same key gets the same answer, whether it was applied or refused (faults 1, 38)."""

import datetime as dt

from sqlalchemy import Connection, bindparam, insert, select

from core.desk.actor import Actor
from core.desk.answers import Answer, from_data, to_data
from core.tables import Click

_KNOWN = select(Click.answer).where(Click.key == bindparam("key"))
_KEEP = insert(Click)


def known(connection: Connection, key: str | None) -> Answer | None:
    """The answer that this click already got, if it did."""
    if key is None:
        return None
    data = connection.execute(_KNOWN, {"key": key}).scalar()
    return None if data is None else from_data(data)


def keep(
    connection: Connection, key: str | None, actor: Actor, answer: Answer, *, now: dt.datetime
) -> None:
    """Stores the answer under the click's key; acts without a click have none."""
    if key is not None:
        connection.execute(
            _KEEP,
            {"key": key, "at": now, "person_id": actor.person_id, "answer": to_data(answer)},
        )
