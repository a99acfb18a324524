"""A statement log of our own writes, and the bare drivers that write the same rows again."""

import re
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

Statement = tuple[str, Any, bool]  # text, parameters, many
_RETURNING = re.compile(r"^INSERT INTO (\w+) \((.*?)\) VALUES \((.*)\) RETURNING .*$", re.DOTALL)


class Log:
    """Collects the writing statements of an engine, one list per transaction.

    With `draws` also those that draw ids on PostgreSQL, so that the log can be written again in
    its own order and every row gets the id that it had.
    """

    def __init__(self, engine: Engine, *, draws: bool = False) -> None:
        self.transactions: list[list[Statement]] = []
        self._kept = ("INSERT", "UPDATE", "DELETE", *(("SELECT nextval",) if draws else ()))
        self._now: list[Statement] = []
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)

    def _statement(self, _c: Any, _k: Any, text: str, parameters: Any, _x: Any, many: bool) -> None:
        if text.startswith(self._kept):
            self._now.append((text, parameters, many))

    def _commit(self, _connection: Any) -> None:
        if self._now:
            self.transactions.append(self._now)
        self._now = []


def with_ids(log: list[Statement], ids: Sequence[int]) -> list[Statement]:
    """The log with known ids written instead of returned, so that any order replays."""
    known = iter(ids)
    return [(_with_id(text, many, known), parameters, many) for text, parameters, many in log]


def _with_id(text: str, many: bool, ids: Iterator[int]) -> str:
    found = _RETURNING.match(text)
    if found is None or many:
        return text
    table, columns, values = found.groups()
    return f"INSERT INTO {table} (id, {columns}) VALUES ({next(ids)}, {values})"


def bare_sqlite(url: str, transactions: Sequence[list[Statement]]) -> None:
    """Writes the transactions with sqlite3 alone."""
    connection = _sqlite(url)
    for statements in transactions:
        connection.execute("BEGIN IMMEDIATE")
        for text, parameters, many in statements:
            (connection.executemany if many else connection.execute)(text, parameters)
        connection.execute("COMMIT")


def bare_postgres(url: str, transactions: Sequence[list[Statement]]) -> None:
    """Writes the transactions with psycopg alone, every statement prepared."""
    connection = _postgres(url)
    cursor = connection.cursor()
    for statements in transactions:
        for text, parameters, many in statements:
            (cursor.executemany if many else cursor.execute)(text.encode(), parameters)
        connection.commit()


_local = threading.local()


def _sqlite(url: str) -> sqlite3.Connection:
    """One connection per thread, kept for the next turn."""
    known: dict[str, sqlite3.Connection] = _local.__dict__.setdefault("sqlite", {})
    if url not in known:
        known[url] = sqlite3.connect(
            make_url(url).database or "", isolation_level=None, timeout=30, cached_statements=512
        )
        for pragma in ("synchronous = NORMAL", "foreign_keys = ON", "cache_size = -16000"):
            known[url].execute(f"PRAGMA {pragma}")
    return known[url]


def _postgres(url: str) -> psycopg.Connection[Any]:
    known: dict[str, psycopg.Connection[Any]] = _local.__dict__.setdefault("postgres", {})
    if url not in known:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        known[url] = psycopg.connect(plain, prepare_threshold=0)
    return known[url]
