"""Moving money: once per reference, out of the sources in their order, all of it or nothing."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from demo.marketplace.store import Store
from demo.marketplace.world import draw

PAID, FAILED = "paid", "failed"


@dataclass(frozen=True, slots=True)
class Odds:
    """How often the payment system fails, or moves another amount than it was told."""

    failing: float = 0.03
    mismatching: float = 0.02


class Conflict(ValueError):
    """The reference stands for another payment already."""


class Unknown(LookupError):
    """There is no such order, or no such source of money."""


def pay(store: Store, reference: str, told: dict[str, Any], odds: Odds, report_at: float) -> None:
    """Carries out an instruction; told again, it only reports again.

    Raises Unknown, or Conflict where the reference was used for something else.
    """
    order = store.order(str(told["order_number"]))
    if order is None or told["currency"] != order["currency"]:
        raise Unknown(str(told["order_number"]))
    with store.transaction() as connection:
        before = connection.execute(
            "SELECT * FROM payments WHERE reference = ?", (reference,)
        ).fetchone()
        if before is not None:
            _again(connection, before, told, report_at)
            return
        outcome, moved = _move(connection, store.seed, order, reference, told, odds)
        _book(connection, reference, told, outcome, moved, report_at)


def pay_by_itself(
    store: Store, reference: str, number: str, amount: int, currency: str, report_at: float
) -> None:
    """A merchant pays what it owes over the marketplace, from money of its own."""
    told = {"order_number": number, "amount": amount, "currency": currency}
    with store.transaction() as connection:
        if _book(connection, reference, told, PAID, amount, report_at):
            connection.execute(
                "UPDATE orders SET refunded = refunded + ? WHERE number = ?", (amount, number)
            )


def _again(
    connection: sqlite3.Connection, before: sqlite3.Row, told: dict[str, Any], report_at: float
) -> None:
    same = (before["number"], before["amount"], before["currency"])
    if same != (told["order_number"], told["amount"], told["currency"]):
        raise Conflict(before["reference"])
    connection.execute(
        "UPDATE payments SET report_at = coalesce(report_at, ?) WHERE reference = ?",
        (report_at, before["reference"]),
    )


def _move(
    connection: sqlite3.Connection,
    seed: int,
    order: sqlite3.Row,
    reference: str,
    told: dict[str, Any],
    odds: Odds,
) -> tuple[str, int]:
    chance = draw(seed, "payment", reference).random()
    amount = int(told["amount"])
    if chance < odds.failing:
        return FAILED, 0
    if chance < odds.failing + odds.mismatching:
        amount -= max(1, amount // 10)
    taken: list[tuple[str, int]] = []
    rest = amount
    for source in told["sources"]:
        part = min(rest, _there(connection, order, source))
        taken.append((source, part))
        rest -= part
    if rest:
        return FAILED, 0
    for source, part in taken:
        _take(connection, order, source, part)
    if "fund" not in told["sources"]:
        connection.execute(
            "UPDATE orders SET refunded = refunded + ? WHERE number = ?", (amount, order["number"])
        )
    return PAID, amount


def _there(connection: sqlite3.Connection, order: sqlite3.Row, source: str) -> int:
    """What a source holds at this moment. Raises Unknown for a source that does not exist."""
    purse = (order["merchant"], order["currency"])
    questions: dict[str, tuple[str, tuple[str, ...]]] = {
        "held": ("SELECT held FROM orders WHERE number = ?", (order["number"],)),
        "balance": ("SELECT balance FROM purses WHERE merchant = ? AND currency = ?", purse),
        "deposit": ("SELECT deposit FROM purses WHERE merchant = ? AND currency = ?", purse),
        "fund": ("SELECT balance FROM fund WHERE currency = ?", (order["currency"],)),
    }
    if source not in questions:
        raise Unknown(source)
    row = connection.execute(*questions[source]).fetchone()
    return int(row[0]) if row else 0


def _take(connection: sqlite3.Connection, order: sqlite3.Row, source: str, part: int) -> None:
    purse = (part, order["merchant"], order["currency"])
    sql, values = {
        "held": ("UPDATE orders SET held = held - ? WHERE number = ?", (part, order["number"])),
        "balance": (
            "UPDATE purses SET balance = balance - ? WHERE merchant = ? AND currency = ?",
            purse,
        ),
        "deposit": (
            "UPDATE purses SET deposit = deposit - ? WHERE merchant = ? AND currency = ?",
            purse,
        ),
        "fund": (
            "UPDATE fund SET balance = balance - ? WHERE currency = ?",
            (part, order["currency"]),
        ),
    }[source]
    connection.execute(sql, values)


def _book(
    connection: sqlite3.Connection,
    reference: str,
    told: dict[str, Any],
    outcome: str,
    moved: int,
    report_at: float,
) -> bool:
    """Writes a payment down; False where its reference is known."""
    booked = connection.execute(
        "INSERT OR IGNORE INTO payments (reference, number, amount, currency, outcome, moved,"
        " report_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            reference,
            told["order_number"],
            told["amount"],
            told["currency"],
            outcome,
            moved,
            report_at,
        ),
    )
    return booked.rowcount == 1


def report_of(row: sqlite3.Row) -> dict[str, Any]:
    """What the API is told of a payment."""
    if row["outcome"] == FAILED:
        return {"outcome": FAILED}
    return {"outcome": PAID, "amount": row["moved"], "currency": row["currency"]}
