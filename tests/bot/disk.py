"""A disk without room."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from core.db import Database


@contextmanager
def full(database: Database) -> Iterator[None]:
    """While this lasts the disk has no room for what is committed."""

    def refuse(_connection: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    event.listen(database.engine, "commit", refuse)
    yield
    event.remove(database.engine, "commit", refuse)
