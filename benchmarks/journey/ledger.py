"""The money: what the desk believes was paid, against the marketplace's own books."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.journey.rows import Row, Rows


def wrong(rows: Rows, market: Path) -> Iterator[str]:
    """Payments on which desk and marketplace disagree, and orders refunded beyond what was paid."""
    books = _books(market)
    for row in rows["payments"]:
        booked = books.pop(row.reference, None)
        yield from (f"payment {row.reference}: {said}" for said in _disagreement(row, booked))
    yield from (f"payment {reference} is not the desk's" for reference in books)
    yield from _overpaid(rows)


def _disagreement(row: Row, booked: sqlite3.Row | None) -> Iterator[str]:
    if booked is None:
        if row.sources and row.state != "instructed":
            yield f"{row.state}, and the marketplace never heard of it"
        return
    if booked["amount"] != row.amount or booked["currency"] != row.currency:
        yield f"{row.amount} were decided, {booked['amount']} instructed"
    outcome = booked["outcome"] if booked["moved"] == row.amount else "mismatched"
    expected = {"paid": "confirmed", "failed": "failed", "mismatched": "mismatched"}
    outcome = "failed" if booked["outcome"] == "failed" else outcome
    open_still = ("instructed", "owed", "cancelled")
    if row.state != expected[outcome] and (booked["reported"] or row.state not in open_still):
        yield f"{row.state} at the desk, {outcome} in the books"
    if row.reported is not None and row.reported != booked["moved"]:
        yield f"{row.reported} reported, {booked['moved']} moved"


def _overpaid(rows: Rows) -> Iterator[str]:
    """Refunds of an order, goodwill apart, never exceed what was paid for it."""
    order_of = {row.id: row.order_id for row in rows["disputes"]}
    paid = {row.id: row.paid for row in rows["orders"]}
    refunded: dict[int, int] = defaultdict(int)
    for row in rows["payments"]:
        if row.state in ("confirmed", "mismatched") and "fund" not in row.sources:
            reported = row.reported if row.reported is not None else row.amount
            refunded[order_of[row.dispute_id]] += reported
    yield from (
        f"order {order}: {total} refunded of {paid[order]}"
        for order, total in refunded.items()
        if total > paid[order]
    )


def _books(market: Path) -> dict[str, sqlite3.Row]:
    connection = sqlite3.connect(market)
    connection.row_factory = sqlite3.Row
    rows = connection.execute("SELECT * FROM payments").fetchall()
    connection.close()
    return {row["reference"]: row for row in rows}
