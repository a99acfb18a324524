"""The rows of a journey, read by the bare driver: what the recount counts from.

Nothing here or in the recount imports the core: the tables are read as anybody could read them.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

Row = Any
Leap = tuple[dt.datetime, dt.datetime]
CARDED = ("intake", "work")
TABLES = {
    "disputes": "id",
    "visits": "id",
    "events": "id",
    "payments": "id",
    "orders": "id",
    "deadlines": "id",
    "escalations": "deadline_id, level",
    "outbox": "id",
    "cards": "visit_id",
    "rounds": "id",
    "clicks": "key",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row of the tables that matter, and the documents as plain trees."""

    now: dt.datetime
    documents: dict[int, Any]
    tables: dict[str, list[Row]]

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables[table]

    def by_dispute(self, table: str) -> dict[int, list[Row]]:
        """A table's rows by dispute, oldest first."""
        return grouped(self.tables[table], "dispute_id")

    def open(self) -> list[Row]:
        """The visits that are open."""
        return [row for row in self["visits"] if row.left_at is None]


def read(url: str) -> Rows:
    """Everything, in one reading transaction; `now` is the desk's time."""
    with psycopg.connect(url, row_factory=namedtuple_row) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tables = {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY {order}").fetchall()
            for name, order in TABLES.items()
        }
        documents = {
            row.id: json.loads(row.body)
            for row in connection.execute("SELECT id, body FROM documents").fetchall()
        }
        told = connection.execute(
            "SELECT clock_timestamp() + make_interval(secs => coalesce("
            "(SELECT seconds FROM clock_offset WHERE id = 1), 0)) AS now"
        ).fetchone()
    assert told is not None
    return Rows(told.now, documents, tables)


def grouped(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    """Rows by the value of one column."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found


def stage_of(document: Any, key: str) -> Any:
    """A stage of a document's tree."""
    return next(s for w in document["workflows"] for s in w["stages"] if s["key"] == key)


def decision_of(document: Any, stage: str, key: str) -> Any | None:
    """A decision of a stage, or one of the ends that every stage shares."""
    workflow = document["workflows"][0]
    known = (*stage_of(document, stage).get("decisions", ()), *workflow.get("ends", ()))
    return next((one for one in known if one["key"] == key), None)
