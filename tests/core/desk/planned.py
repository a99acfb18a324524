"""How the databases would carry out what the desk asks of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from core.db import Database

Ran = tuple[str, Any]  # a statement with its parameters


@contextmanager
def statements(database: Database, table: str) -> Iterator[list[Ran]]:
    """The statements that name a table and run meanwhile."""
    ran: list[Ran] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if table in statement:
            ran.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    yield ran
    event.remove(database.engine, "before_cursor_execute", note)


def plan(database: Database, ran: Ran, *, large: bool = False) -> str:
    """How the database carries a statement out; `large`: once tables are not read whole."""
    statement, parameters = ran
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "

    def ask(connection: Any, **_: Any) -> str:
        if large and not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        rows = connection.exec_driver_sql(explain + statement, parameters)
        return "\n".join(str(row[-1]) for row in rows)

    return database.read(ask)
