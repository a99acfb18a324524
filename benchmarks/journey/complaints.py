"""Complaints of a journey: what somebody said about an order, wherever it was written down."""

import csv
import datetime as dt
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

MAPPING = """\
source = "{source}"

[fields]
external_id = {{ columns = ["review_id", "order_id"], join = ":" }}
order_number = "order_id"
buyer = "customer_id"
merchant = "seller_id"
story = {{ columns = ["title", "message"], join = "\\n", default = "{no_words}" }}
channel = {{ constant = "web" }}
locale = {{ constant = "{locale}" }}

[order]
currency = {{ constant = "{currency}" }}
paid = "paid"
freight = "freight"
purchased_at = {{ column = "purchased", format = "%Y-%m-%d %H:%M:%S", zone = "{zone}" }}
lines = "lines"

[facts]
category = "category"
"""
COLUMNS = (
    *("review_id", "order_id", "customer_id", "seller_id", "title", "message"),
    *("paid", "freight", "purchased", "lines", "category"),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where complaints come from: the desk's name for it, and what holds for all of its orders."""

    source: str
    currency: str
    zone: str
    locale: str
    no_words: str  # what stands for the story where somebody said nothing


@dataclass(frozen=True, slots=True)
class Complaint:
    """What an unhappy buyer said, and the order that it is about. Amounts in minor units."""

    origin: Origin
    review: str
    order: str
    customer: str
    seller: str
    title: str
    message: str
    purchased: str
    paid: int
    freight: int
    lines: tuple[dict[str, Any], ...]
    category: str

    @property
    def key(self) -> str:
        """What the desk knows it by."""
        return f"{self.review}:{self.order}"


def write_import(path: Path, complaints: list[Complaint]) -> Path:
    """A CSV for `redress import`, and beside it the mapping, whose path is returned."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for one in complaints:
            lines = [{**line, "unit_price": _plain(line["unit_price"])} for line in one.lines]
            writer.writerow(
                (
                    *(one.review, one.order, one.customer, one.seller, one.title, one.message),
                    *(_plain(one.paid), _plain(one.freight), one.purchased, json.dumps(lines)),
                    one.category,
                )
            )
    mapping = path.with_suffix(".toml")
    mapping.write_text(MAPPING.format(**asdict(complaints[0].origin)), encoding="utf-8")
    return mapping


def told(complaint: Complaint) -> dict[str, Any]:
    """The order as the marketplace tells it."""
    bought = dt.datetime.fromisoformat(complaint.purchased).replace(
        tzinfo=ZoneInfo(complaint.origin.zone)
    )
    return {
        "currency": complaint.origin.currency,
        "paid": complaint.paid,
        "freight": complaint.freight,
        "purchased_at": bought.isoformat(),
        "lines": list(complaint.lines),
    }


def as_body(complaint: Complaint, *, with_order: bool) -> dict[str, Any]:
    """The complaint as the API takes it; without its order the desk asks the marketplace."""
    words = "\n".join(part for part in (complaint.title, complaint.message) if part)
    body = {
        "external_id": complaint.key,
        "order_number": complaint.order,
        "buyer": {"id": complaint.customer},
        "merchant": complaint.seller,
        "story": words or complaint.origin.no_words,
        "channel": "app",
        "locale": complaint.origin.locale,
        "facts": {"category": complaint.category},
    }
    return {**body, "order": told(complaint)} if with_order else body


def _plain(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"
