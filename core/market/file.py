"""Orders out of a file, for a marketplace without interfaces: CSV with a row per line of an order,
or JSON Lines with an order per line. It knows orders and nothing else, and says so.

Columns or names: number, currency, paid, freight, refunded, purchased_at, and for lines key, title,
unit_price, quantity. Amounts are decimals of the currency, moments ISO 8601 with a zone.
"""

import csv
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.currency import known, minor
from core.desk.intake import OrderInfo
from core.market.protocol import Funds, NotDone, Notice, NotSupported, Payment, Receipt
from core.market.wire import OrderShape

NEEDED = ("number", "currency", "paid")


class BadFile(ValueError):
    """The file of orders cannot be used: the line, and what is wrong there."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line = line


class FileMarket:
    """The adapter; it reads the file again when it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._read_at: tuple[int, int] | None = None
        self._orders: dict[str, OrderInfo] = {}

    def order(self, number: str) -> OrderInfo | None:
        """The order as the file has it. Raises NotDone while the file cannot be read."""
        with self._guard:
            try:
                stat = self._path.stat()
                if self._read_at != (stat.st_mtime_ns, stat.st_size):
                    self._orders = read(self._path)
                    self._read_at = (stat.st_mtime_ns, stat.st_size)
            except (OSError, BadFile) as error:
                raise NotDone(f"the file of orders: {error}", away=True) from None
            return self._orders.get(number)

    def funds(self, order: str) -> Funds | None:
        """A file knows no funds."""
        raise NotSupported("a file of orders knows no funds; the merchant pays offline")

    def pay(self, payment: Payment) -> None:
        """A file pays nothing."""
        raise NotSupported("a file of orders moves no money")

    def receipt(self, receipt: Receipt) -> None:
        """A file tells nobody."""
        raise NotSupported("a file of orders tells nobody")

    def notify(self, notice: Notice) -> None:
        """A file tells nobody."""
        raise NotSupported("a file of orders tells nobody")


def read(path: Path) -> dict[str, OrderInfo]:
    """Every order of a file by number. Raises BadFile naming the line."""
    rows = _json_lines(path) if path.suffix in (".jsonl", ".ndjson") else _csv(path)
    orders: dict[str, OrderInfo] = {}
    for line, row in rows:
        try:
            found = _order(row)
        except (ValueError, TypeError, KeyError) as error:
            raise BadFile(line, str(error)) from None
        number = str(row["number"])
        before = orders.get(number)
        orders[number] = replace(before, lines=before.lines + found.lines) if before else found
    return orders


def _order(row: Mapping[str, Any]) -> OrderInfo:
    missing = [name for name in NEEDED if not row.get(name)]
    if missing:
        raise ValueError(f"{', '.join(missing)} missing")
    currency = str(row["currency"])
    if currency not in known():
        raise ValueError(f"unknown currency {currency}")
    lines = row.get("lines")
    if lines is None:
        lines = [row] if row.get("unit_price") else []
    paid, freight, refunded = (
        minor(str(row.get(name) or "0"), currency) for name in ("paid", "freight", "refunded")
    )
    shape = {
        "currency": currency,
        "paid": paid,
        "freight": freight,
        "refunded": refunded,
        "purchased_at": row.get("purchased_at") or None,
        "lines": [_line(line, currency) for line in lines],
    }
    try:
        return OrderShape.model_validate(shape).info()
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{place}: {first['msg']}") from None


def _line(line: Mapping[str, Any], currency: str) -> dict[str, Any]:
    key = str(line.get("key") or line["title"])
    return {
        "key": key,
        "title": str(line.get("title") or key),
        "unit_price": minor(str(line["unit_price"]), currency),
        "quantity": int(line.get("quantity") or 1),
    }


def _csv(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        try:
            for row in reader:
                yield reader.reader.line_num, row
        except (csv.Error, UnicodeDecodeError) as error:
            raise BadFile(reader.reader.line_num, str(error)) from None


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as file:
        for line, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                row = json.loads(text)
            except (ValueError, RecursionError):
                raise BadFile(line, "not JSON") from None
            if not isinstance(row, dict):
                raise BadFile(line, "not an object")
            yield line, row
