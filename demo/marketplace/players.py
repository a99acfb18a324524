"""The life of the marketplace: due acts carried out, payments reported, new disputes opened.

One `step` does what is due at a moment; a thread calls it again and again, a test or a
demonstration calls it when it likes.
"""

import json
import logging
import sqlite3
import threading
import time
from typing import Any

from demo.marketplace import money, world
from demo.marketplace.desk import Away, Desk
from demo.marketplace.store import Store

AT_ONCE = 50  # acts in one step
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds between tries
IDLE = 0.2  # seconds
# What a party does about a notice, it does in order, even where a try had to be repeated.
_DUE_ACTS = """
SELECT * FROM acts a WHERE state = 'waiting' AND due_at <= ? AND NOT EXISTS (
  SELECT 1 FROM acts b WHERE b.notice = a.notice AND b.state = 'waiting' AND b.place < a.place)
ORDER BY due_at, id LIMIT ?"""
log = logging.getLogger("marketplace")


class Players:
    """Plays the parties of one world against one desk. `pace` in seconds scales all waiting.

    `first` is the first dispute that it opens: those before it are known to the desk already.
    """

    def __init__(
        self, store: Store, desk: Desk, *, pace: float, every: float = 0.0, first: int = 1
    ) -> None:
        self.store = store
        self.desk = desk
        self.pace = pace
        self.every = every  # seconds between new disputes; 0 opens none by itself
        self.first = first
        self._next_opening = 0.0

    def step(self, now: float | None = None) -> int:
        """Does what is due; returns how much that was. What the desk cannot take now waits."""
        now = time.time() if now is None else now
        done = 0
        for row in self.store.rows(
            "SELECT * FROM payments WHERE report_at <= ? ORDER BY report_at LIMIT ?", now, AT_ONCE
        ):
            self._report(row, now)
            done += 1
        for row in self.store.rows(_DUE_ACTS, now, AT_ONCE):
            self._act(row, now)
            done += 1
        if self.every and now >= self._next_opening:
            self._next_opening = now + self.every
            done += self.open_next() is not None
        return done

    def open_next(self) -> str | None:
        """Opens the next virtual dispute; its number, or None while the desk is away."""
        found = self.store.rows("SELECT coalesce(max(n) + 1, ?) AS n FROM opened", self.first)
        n = int(found[0]["n"])
        try:
            number = self.desk.open(world.dispute(self.store.seed, n))
        except Away as error:
            log.warning("the desk is away (%s); no dispute opened", error)
            return None
        with self.store.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO opened VALUES (?, ?)", (n, number or ""))
        return number

    def live(self, stop: threading.Event) -> None:
        """Steps until it is told to stop."""
        while not stop.is_set():
            try:
                busy = self.step()
            except Exception:
                log.exception("a step failed; the next one goes on")
                busy = 0
            stop.wait(0 if busy else IDLE)

    def _report(self, row: sqlite3.Row, now: float) -> None:
        try:
            answer = self.desk.payment(row["reference"], money.report_of(row))
        except Away:
            self._again("payments", "report_at", row, now)
            return
        with self.store.transaction() as connection:
            connection.execute(
                "UPDATE payments SET report_at = NULL, reported = reported + 1 WHERE reference = ?",
                (row["reference"],),
            )
        if answer.is_error:
            log.warning("the report of a payment was declined: %s", answer.status_code)

    def _act(self, row: sqlite3.Row, now: float) -> None:
        act = json.loads(row["body"])
        try:
            state, answer = self._done(row, act, now)
        except Away:
            self._again("acts", "due_at", row, now)
            return
        with self.store.transaction() as connection:
            connection.execute(
                "UPDATE acts SET state = ?, answer = ? WHERE id = ? AND state = 'waiting'",
                (state, answer, row["id"]),
            )

    def _done(self, row: sqlite3.Row, act: dict[str, Any], now: float) -> tuple[str, str]:
        """Carries an act out: the new state, and what the desk answered."""
        number, key = row["dispute"], f"{row['notice']}-{row['place']}"
        if act["do"] == "pay":
            notice = self.store.rows("SELECT body FROM notices WHERE id = ?", row["notice"])
            told = json.loads(notice[0]["body"])
            owed = told["owed"]
            money.pay_by_itself(
                self.store,
                owed["reference"],
                told["order_number"],
                owed["amount"],
                owed["currency"],
                now,
            )
            return "done", ""
        if act["do"] == "evidence":
            answer = self.desk.evidence(
                number, act["party"], act["kind"], key, ending=act["ending"], note=act["note"]
            )
        else:
            inputs: dict[str, Any] = dict(act["inputs"])
            for field in act["files"]:
                given = self.desk.evidence(
                    number, act["party"], field, f"{key}-{field}", ending="pdf", note=""
                )
                if given.is_error:
                    return "refused", given.text[:500]
                inputs[field] = given.json()["id"]
            answer = self.desk.event(number, act["party"], act["decision"], inputs, key)
        return ("refused", answer.text[:500]) if answer.is_error else ("done", "")

    def _again(self, table: str, column: str, row: sqlite3.Row, now: float) -> None:
        """Later, and each time later still."""
        wait = min(FIRST_WAIT * 2 ** min(row["tries"], 10), LONGEST_WAIT) if self.pace else 0.0
        name = "reference" if table == "payments" else "id"
        sql = f"UPDATE {table} SET {column} = ?, tries = tries + 1 WHERE {name} = ?"  # noqa: S608  our own names
        with self.store.transaction() as connection:
            connection.execute(sql, (now + wait, row[name]))
