"""Complaints out of a folder of olist's CSVs: the reviews with one or two stars and their orders.

A review's id repeats (one review of several orders), so a complaint is known by review and order
together.
"""

import csv
import random
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from benchmarks.journey.complaints import Complaint, Origin

ORIGIN = Origin("olist", "BRL", "America/Sao_Paulo", "pt-BR", "Avaliação sem comentário.")
UNHAPPY = ("1", "2")
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
        ORIGIN,
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


def keys(folder: Path) -> set[str]:
    """Every complaint's key, counted again from the input alone."""
    return {
        f"{row['review_id']}:{row['order_id']}"
        for row in _rows(folder, "order_reviews")
        if int(row["review_score"]) <= 2
    }


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"olist_{name}_dataset.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _minor(amount: Decimal) -> int:
    return int((amount * 100).to_integral_value())
