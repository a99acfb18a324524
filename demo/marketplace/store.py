"""The marketplace's own tables (SQLite), and what is done with them. Amounts in minor units."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from demo.marketplace import world
from demo.marketplace.parties import PartyAct

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
  number TEXT PRIMARY KEY, merchant TEXT NOT NULL, currency TEXT NOT NULL, paid INTEGER NOT NULL,
  refunded INTEGER NOT NULL, held INTEGER NOT NULL, locale TEXT NOT NULL, told TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS purses (
  merchant TEXT, currency TEXT, balance INTEGER NOT NULL, deposit INTEGER NOT NULL,
  PRIMARY KEY (merchant, currency));
CREATE TABLE IF NOT EXISTS fund (currency TEXT PRIMARY KEY, balance INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS payments (
  reference TEXT PRIMARY KEY, number TEXT NOT NULL, amount INTEGER NOT NULL,
  currency TEXT NOT NULL, outcome TEXT NOT NULL, moved INTEGER NOT NULL, report_at REAL,
  tries INTEGER NOT NULL DEFAULT 0, reported INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS payments_due ON payments (report_at) WHERE report_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS receipts (dispute TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notices (id TEXT PRIMARY KEY, dispute TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS acts (
  id INTEGER PRIMARY KEY, notice TEXT NOT NULL, dispute TEXT NOT NULL, place INTEGER NOT NULL,
  due_at REAL NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
  tries INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS acts_due ON acts (due_at) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS opened (n INTEGER PRIMARY KEY, number TEXT NOT NULL);
"""


class Store:
    """The tables of one seed's world; safe for threads. Rows are made as they are first needed."""

    def __init__(self, path: str, seed: int) -> None:
        self.seed = seed
        self._guard = threading.RLock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
        self._connection.executescript(SCHEMA)
        for currency, balance in world.FUND.items():
            self._connection.execute(
                "INSERT OR IGNORE INTO fund VALUES (?, ?)", (currency, balance)
            )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction at a time."""
        with self._guard:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """The rows of a question."""
        with self._guard:
            return self._connection.execute(sql, values).fetchall()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def order(self, number: str) -> sqlite3.Row | None:
        """The order's row; the world's own orders come into being when they are asked for."""
        found = self.rows("SELECT * FROM orders WHERE number = ?", number)
        if found:
            return found[0]
        known = world.order(self.seed, number)
        if known is None:
            return None
        self.teach(number, known.merchant, known.held, known.locale, world.told(known))
        return self.order(number)

    def teach(
        self, number: str, merchant: str, held: int, locale: str, told: dict[str, Any]
    ) -> None:
        """Makes an order known, and its merchant's purse; what is known stays."""
        currency = told["currency"]
        purse = world.purse(self.seed, merchant, currency)
        with self.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    number,
                    merchant,
                    currency,
                    told["paid"],
                    told.get("refunded", 0),
                    held,
                    locale,
                    json.dumps(told, ensure_ascii=False),
                ),
            )
            connection.execute(
                "INSERT OR IGNORE INTO purses VALUES (?, ?, ?, ?)",
                (merchant, currency, purse.balance, purse.deposit),
            )

    def purse(self, merchant: str, currency: str) -> sqlite3.Row:
        """What a merchant has."""
        return self.rows(
            "SELECT balance, deposit FROM purses WHERE merchant = ? AND currency = ?",
            merchant,
            currency,
        )[0]

    def receive(self, receipt: dict[str, Any]) -> None:
        """Stores that a buyer was told their dispute came in; the same one is stored once."""
        told = (receipt["number"], json.dumps(receipt, ensure_ascii=False))
        with self.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO receipts VALUES (?, ?)", told)

    def remember(
        self, notice: dict[str, Any], acts: list[PartyAct], now: float, pace: float
    ) -> bool:
        """Stores a notice with what the parties will do; False where it is known already.

        Whatever they meant to do about an earlier notice of the dispute is dropped.
        """
        with self.transaction() as connection:
            stored = connection.execute(
                "INSERT OR IGNORE INTO notices VALUES (?, ?, ?)",
                (notice["id"], notice["number"], json.dumps(notice, ensure_ascii=False)),
            )
            if not stored.rowcount:
                return False
            connection.execute(
                "UPDATE acts SET state = 'dropped' WHERE dispute = ? AND state = 'waiting'",
                (notice["number"],),
            )
            connection.executemany(
                "INSERT INTO acts (notice, dispute, place, due_at, body) VALUES (?, ?, ?, ?, ?)",
                [
                    (
                        notice["id"],
                        notice["number"],
                        place,
                        now + act.after * pace,
                        json.dumps(asdict(act), ensure_ascii=False),
                    )
                    for place, act in enumerate(acts)
                ],
            )
        return True
