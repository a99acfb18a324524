"""What the director looks at between two acts, by the bare driver: it plays no part itself."""

import datetime as dt
import sqlite3
from typing import Any, Self

import psycopg

NEXT = "SELECT min(next_at) FROM deadlines WHERE next_at IS NOT NULL"
OPEN = "SELECT id, stage, holder_id FROM visits WHERE left_at IS NULL AND dispute_id = "


class Peek:
    """When something is due next, and where a dispute stands; closed as a context."""

    def __init__(self, url: str) -> None:
        self._connection: Any
        if url.startswith("sqlite:///"):
            path = url.removeprefix("sqlite:///")
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        else:
            plain = "postgresql" + url[url.index("://") :]
            self._connection = psycopg.connect(plain, autocommit=True, prepare_threshold=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def next_at(self) -> dt.datetime | None:
        """The smallest next moment of all deadlines."""
        found = self._connection.execute(NEXT).fetchone()[0]
        if isinstance(found, str):
            return dt.datetime.fromisoformat(found).replace(tzinfo=dt.UTC)
        return None if found is None else found.astimezone(dt.UTC)

    def open_visit(self, dispute: int) -> tuple[int, str, int | None]:
        """The open visit of a dispute, its stage and who holds it."""
        visit, stage, holder = self._connection.execute(f"{OPEN}{int(dispute)}").fetchone()
        return visit, stage, holder
