"""Complaints out of a file of Chinese shopping reviews (`reviews.csv.gz`): those with label 0.

The file knows no orders: each complaint gets a virtual one, drawn by the seed and its line.
"""

import csv
import gzip
import random
from pathlib import Path
from typing import Any

from benchmarks.journey.complaints import Complaint, Origin

ORIGIN = Origin("reviews", "CNY", "Asia/Shanghai", "zh-CN", "（未填写评价内容）")
FILE = "reviews.csv.gz"
COUNT = 2_000  # of some 25,000, where nobody says how many
CATEGORIES = {
    "书籍": "books",
    "平板": "digital",
    "手机": "digital",
    "水果": "food",
    "洗发水": "beauty",
    "热水器": "appliance",
    "蒙牛": "food",
    "衣服": "apparel",
    "计算机": "computer",
    "酒店": "travel",
}
MERCHANTS = 40


def read(folder: Path, count: int | None, seed: int) -> list[Complaint]:
    """The first `count` complaints in an order drawn by seed."""
    drawn = [(line, row) for line, row in _rows(folder) if row["label"] == "0"]
    random.Random(seed).shuffle(drawn)
    return [_complaint(line, row, seed) for line, row in drawn[: count or COUNT]]


def _complaint(line: int, row: dict[str, str], seed: int) -> Complaint:
    chance = random.Random(f"{seed}:{line}")
    lines = tuple(_line(place, row["cat"], chance) for place in range(1, chance.choice((2, 2, 3))))
    freight = chance.choice((0, 0, 800, 1_200))
    return Complaint(
        ORIGIN,
        f"r{line}",
        f"o{line}",
        f"c{line}",
        f"m{chance.randrange(MERCHANTS)}",
        "",
        row["review"].strip(),
        f"2026-0{chance.randint(1, 6)}-{chance.randint(1, 28):02} 10:{chance.randrange(60):02}:00",
        freight + sum(one["unit_price"] * one["quantity"] for one in lines),
        freight,
        lines,
        CATEGORIES.get(row["cat"], "other"),
    )


def _line(place: int, title: str, chance: random.Random) -> dict[str, Any]:
    price, quantity = chance.randrange(990, 300_000), chance.choice((1, 1, 1, 2))
    return {"key": str(place), "title": title, "unit_price": price, "quantity": quantity}


def keys(folder: Path) -> set[str]:
    """Every complaint's key, counted again from the input alone."""
    return {f"r{line}:o{line}" for line, row in _rows(folder) if row["label"] == "0"}


def _rows(folder: Path) -> list[tuple[int, dict[str, str]]]:
    with gzip.open(folder / FILE, "rt", encoding="utf-8", newline="") as file:
        return list(enumerate(csv.DictReader(file), start=1))
