"""Virtual complaints as a folder of CSVs, in the columns in which the real ones come."""

import csv
import random
from pathlib import Path
from typing import Any

TROUBLES = (
    ("", "Produto veio quebrado; a loja não responde."),
    ("Atraso", "Ainda não recebi, já são três semanas."),
    ("", ""),
    ("Errado", "Veio outra cor.\nQuero meu dinheiro de volta. 😠 <!channel>"),
)
KINDS = ("cama_mesa_banho", "telefonia", "beleza_saude", "")


def write(folder: Path, unhappy: int, seed: int) -> int:
    """Writes the folder: as many unhappy reviews, one of them of two orders, and some happy ones.

    Returns how many complaints that makes.
    """
    draw = random.Random(seed)
    orders = [_order(draw, number) for number in range(unhappy + 5)]
    reviews = [_review(draw, number, number < unhappy) for number in range(unhappy + 5)]
    reviews.append({**reviews[0], "order_id": orders[unhappy]["order_id"]})
    tables: dict[str, list[dict[str, Any]]] = {
        "orders": orders,
        "order_reviews": reviews,
        "order_items": [item for n in range(unhappy + 5) for item in _items(draw, n)],
        "order_payments": [_payment(draw, number) for number in range(unhappy + 5)],
        "products": [
            {"product_id": f"p{n}", "product_category_name": k} for n, k in enumerate(KINDS)
        ],
        "sellers": [{"seller_id": f"s{n}"} for n in range(4)],
    }
    for name, rows in tables.items():
        with (folder / f"olist_{name}_dataset.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return unhappy + 1


def _order(draw: random.Random, number: int) -> dict[str, Any]:
    return {
        "order_id": f"o{number}",
        "customer_id": f"c{number}",
        "order_purchase_timestamp": f"2026-03-{draw.randrange(1, 29):02} 10:30:00",
    }


def _review(draw: random.Random, number: int, unhappy: bool) -> dict[str, Any]:
    title, message = draw.choice(TROUBLES)
    return {
        "review_id": f"r{number}",
        "order_id": f"o{number}",
        "review_score": draw.choice((1, 2)) if unhappy else 5,
        "review_comment_title": title,
        "review_comment_message": message,
    }


def _items(draw: random.Random, number: int) -> list[dict[str, Any]]:
    """One or two things bought; an order that was never fulfilled has none."""
    return [
        {
            "order_id": f"o{number}",
            "order_item_id": place,
            "product_id": f"p{draw.randrange(len(KINDS))}",
            "seller_id": f"s{draw.randrange(4)}",
            "price": "49.90",
            "freight_value": "12.10",
        }
        for place in range(1, draw.choice((1, 1, 2, 3)) if number % 7 else 1)
    ]


def _payment(draw: random.Random, number: int) -> dict[str, Any]:
    return {"order_id": f"o{number}", "payment_value": f"{draw.randrange(3000, 30000) / 100:.2f}"}
