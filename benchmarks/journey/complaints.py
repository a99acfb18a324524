"""Complaints out of a folder of olist's CSVs: the reviews with one or two stars and their orders.

A review's id repeats (one review of several orders), so a complaint is known by review and order
together.
"""

import csv
import datetime as dt
import json
import random
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

CURRENCY = "BRL"
ZONE = "America/Sao_Paulo"
SOURCE = "olist"
UNHAPPY = ("1", "2")
NO_WORDS = "Avaliação sem comentário."  # where a review has stars and no words
CATEGORIES = {
    "cama_mesa_banho": "home",
    "moveis_decoracao": "home",
    "utilidades_domesticas": "home",
    "informatica_acessorios": "computer",
    "telefonia": "digital",
    "eletronicos": "digital",
    "beleza_saude": "beauty",
    "perfumaria": "beauty",
    "esporte_lazer": "sports",
    "brinquedos": "baby",
    "bebes": "baby",
    "automotivo": "auto",
    "relogios_presentes": "jewelry",
    "fashion_bolsas_e_acessorios": "apparel",
    "alimentos": "food",
}
MAPPING = """\
source = "olist"

[fields]
external_id = { columns = ["review_id", "order_id"], join = ":" }
order_number = "order_id"
buyer = "customer_id"
merchant = "seller_id"
story = { columns = ["title", "message"], join = "\\n", default = "Avaliação sem comentário." }
channel = { constant = "web" }
locale = { constant = "pt-BR" }

[order]
currency = { constant = "BRL" }
paid = "paid"
freight = "freight"
purchased_at = { column = "purchased", format = "%Y-%m-%d %H:%M:%S", zone = "America/Sao_Paulo" }
lines = "lines"

[facts]
category = "category"
"""
COLUMNS = (
    *("review_id", "order_id", "customer_id", "seller_id", "title", "message"),
    *("paid", "freight", "purchased", "lines", "category"),
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A review with one or two stars, and the order that it is about. Amounts in minor units."""

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


def read(folder: Path, count: int | None, seed: int) -> list[Complaint]:
    """The folder's complaints in an order drawn by seed; the first `count` where one is given."""
    orders = {row["order_id"]: row for row in _rows(folder, "orders")}
    products = {row["product_id"]: row for row in _rows(folder, "products")}
    sellers = {row["seller_id"] for row in _rows(folder, "sellers")}
    items: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _rows(folder, "order_items"):
        items[row["order_id"]].append(row)
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for row in _rows(folder, "order_payments"):
        paid[row["order_id"]] += Decimal(row["payment_value"])
    found = {}
    for row in _rows(folder, "order_reviews"):
        number = row["order_id"]
        if row["review_score"] in UNHAPPY and number in orders:
            made = _complaint(row, orders[number], items[number], paid[number], products, sellers)
            found[made.key] = made
    drawn = sorted(found.values(), key=lambda one: one.key)
    random.Random(seed).shuffle(drawn)
    return drawn[:count]


def _complaint(
    review: dict[str, str],
    order: dict[str, str],
    items: list[dict[str, str]],
    paid: Decimal,
    products: dict[str, dict[str, str]],
    sellers: set[str],
) -> Complaint:
    kinds = [products.get(one["product_id"], {}).get("product_category_name", "") for one in items]
    seller = items[0]["seller_id"] if items else ""
    return Complaint(
        review["review_id"],
        order["order_id"],
        order["customer_id"],
        seller if seller in sellers else "",
        review["review_comment_title"].strip(),
        review["review_comment_message"].strip(),
        order["order_purchase_timestamp"],
        _minor(paid),
        _minor(sum((Decimal(one["freight_value"]) for one in items), Decimal())),
        tuple(
            {
                "key": one["order_item_id"],
                "title": kind.replace("_", " ") or "produto",
                "unit_price": _minor(Decimal(one["price"])),
                "quantity": 1,
            }
            for one, kind in zip(items, kinds, strict=True)
        ),
        CATEGORIES.get(kinds[0] if kinds else "", "other"),
    )


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
    mapping.write_text(MAPPING, encoding="utf-8")
    return mapping


def told(complaint: Complaint) -> dict[str, Any]:
    """The order as the marketplace tells it."""
    bought = dt.datetime.fromisoformat(complaint.purchased).replace(tzinfo=ZoneInfo(ZONE))
    return {
        "currency": CURRENCY,
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
        "story": words or NO_WORDS,
        "channel": "app",
        "locale": "pt-BR",
        "facts": {"category": complaint.category},
    }
    return {**body, "order": told(complaint)} if with_order else body


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"olist_{name}_dataset.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _minor(amount: Decimal) -> int:
    return int((amount * 100).to_integral_value())


def _plain(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"
