"""Disputes with all that belongs to them, copied many times by the database itself."""

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from core.db import Database
from core.tables import Base
from core.tables.base import UtcTime

# What belongs to a dispute, in the order in which rows refer to each other.
OWN = (
    *("visits", "events", "facts", "deadlines", "no_fits", "judgments", "evidence", "rounds"),
    *("evidence_requests", "payments", "notes", "outbox", "looks"),
)
BEFORE = ("person_keys", "parties", "party_tags", "orders", "disputes")
AFTER = ("cards",)
SHARED = frozenset({"documents", "people", "incidents", "pilots", "files"})
KEYS = frozenset({"number", "external_id", "dedupe", "reference"})  # unique texts


class Copying:
    """Makes copies with ids of their own: a copy's are so many strides above the first one's.

    Every merchant gets `merchants` copies, over which the copies of its disputes are spread.
    """

    def __init__(self, connection: Connection, merchants: int) -> None:
        self.connection = connection
        self.merchants = merchants
        self.tables = Base.metadata.tables
        highest = [self._highest(self.tables[name]) for name in (*BEFORE, *OWN) if _numbered(name)]
        self.stride = max(highest) + 1
        self.sqlite = connection.dialect.name == "sqlite"
        if merchants > 1:
            still = {"first": 1, "last": merchants - 1, "every": 0.0, "later": 0.0}
            parties = self._statement(self.tables["parties"], "t.kind = 'merchant'")
            connection.execute(text(parties), still)

    def copy(
        self,
        disputes: Sequence[int],
        first: int,
        last: int,
        every: dt.timedelta,
        later: dt.timedelta,
        without: Sequence[Any] = (),
    ) -> None:
        """Copies `first` to `last`, the latter not included, in one statement per table.

        The k-th is `later` and k times `every` later than the original.
        """
        left_out = {table.__tablename__ for table in without}
        at = {"first": first, "last": last - 1}
        at |= {"every": every.total_seconds(), "later": later.total_seconds()}
        for name in (*BEFORE, *OWN, *AFTER):
            if name not in left_out:
                table = self.tables[name]
                self.connection.execute(
                    text(self._statement(table, self._chosen(name, disputes))), at
                )

    def _chosen(self, name: str, disputes: Sequence[int]) -> str:
        ids = ",".join(map(str, disputes))
        theirs = f"SELECT {{}} FROM disputes WHERE id IN ({ids})"
        buyers = theirs.format("buyer_id")
        return {
            "person_keys": f"t.id IN (SELECT key_id FROM parties WHERE id IN ({buyers}))",
            "parties": f"t.id IN ({buyers})",
            "party_tags": f"t.party_id IN ({buyers})",
            "orders": f"t.id IN ({theirs.format('order_id')})",
            "disputes": f"t.id IN ({ids})",
            "cards": f"t.visit_id IN (SELECT id FROM visits WHERE dispute_id IN ({ids}))",
        }.get(name, f"t.dispute_id IN ({ids})")

    def _statement(self, table: Table, chosen: str) -> str:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        values = ", ".join(self._value(table, column) for column in table.columns)
        order = ", ".join(f't."{column.name}"' for column in table.primary_key)
        # The originals are read once: not every table can find a dispute's rows again and again.
        originals = f"t AS MATERIALIZED (SELECT * FROM {table.name} t WHERE {chosen})"
        if self.sqlite:
            numbers = "SELECT :first AS k UNION ALL SELECT k + 1 FROM n WHERE k < :last"
            head, source = f"WITH RECURSIVE n(k) AS ({numbers}), {originals}", "n"
        else:
            numbers = "generate_series(CAST(:first AS bigint), CAST(:last AS bigint))"
            head, source = f"WITH {originals}", f"{numbers} AS n(k)"
        return (
            f"INSERT INTO {table.name} ({names}) {head} SELECT {values} FROM {source} "
            f"CROSS JOIN t ORDER BY k, {order}"
        )

    def _value(self, table: Table, column: Any) -> str:
        name = f't."{column.name}"'
        if column.name == "merchant_id":
            return f"{name} + (k % {self.merchants}) * {self.stride}"
        if self._shifted(table, column):
            return f"{name} + k * {self.stride}"
        if isinstance(column.type, UtcTime):
            return self._moved(name)
        if column.name == "contact_index":
            return self._bytes(name)
        if column.name in KEYS and (column.unique or table.name in ("parties", "orders")):
            return f"{name} || '-' || k"
        if table.name == "disputes" and column.name == "external_id":
            return f"{name} || '-' || k"
        return name

    @staticmethod
    def _shifted(table: Table, column: Any) -> bool:
        refers = {key.column.table.name for key in column.foreign_keys}
        if refers:
            return not refers & SHARED
        return bool(column.primary_key and table.name != "party_tags" and column.name == "id")

    def _moved(self, name: str) -> str:
        if self.sqlite:
            seconds = "printf('+%f seconds', :later + k * :every)"
            return f"strftime('%Y-%m-%d %H:%M:%f', {name}, {seconds}) || '000'"
        return f"{name} + make_interval(secs => :later + k * :every)"

    def _bytes(self, name: str) -> str:
        if self.sqlite:
            return f"CAST({name} || CAST(k AS TEXT) AS BLOB)"
        return f"{name} || int8send(k)"

    def _highest(self, table: Table) -> int:
        return int(self.connection.scalar(select(func.max(table.c.id))) or 0)


def _numbered(name: str) -> bool:
    return "id" in Base.metadata.tables[name].c


@contextlib.contextmanager
def unchecked(database: Database) -> Iterator[Connection]:
    """A transaction that trusts what is written: each row refers to what the first one did."""
    with database.engine.connect() as connection:
        raw = connection.connection.cursor()
        if database.is_sqlite:
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("PRAGMA synchronous = OFF")
            raw.execute("PRAGMA cache_size = -400000")
        with connection.begin():
            if not database.is_sqlite:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                connection.execute(text("SET LOCAL work_mem = '256MB'"))
            yield connection
        connection.invalidate()


def refresh(database: Database) -> None:
    """What a desk's database has after a night: sequences past every id, and on PostgreSQL, whose
    autovacuum sees to it, statistics. SQLite gets none, since no desk makes any there.
    """
    if database.is_sqlite:
        with database.engine.connect() as connection:
            raw = connection.connection.cursor()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for name, table in Base.metadata.tables.items():
            if "id" in table.c and table.c.id.autoincrement is not False:
                highest = connection.scalar(select(func.max(table.c.id)))
                asked = {"table": name, "highest": highest}
                if isinstance(highest, int):
                    connection.execute(
                        text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :highest)"),
                        asked,
                    )
        connection.execute(text("VACUUM ANALYZE"))
