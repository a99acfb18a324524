"""`import`: `run` on a CSV of virtual disputes, against bare drivers inserting the same rows.

The floor writes, by executemany in transactions of the same sizes, exactly the rows that a first
import left in each table; reading and checking the CSV, sealing and ids are ours to pay.
"""

import argparse
import csv
import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url

from benchmarks.figures import against_floor
from benchmarks.replay_log import bare_postgres, bare_sqlite
from benchmarks.world import VAULT, copies
from core.db import Database
from core.migrate import migrate
from portal.importing import Mapping, run
from portal.importing.mapping import read

ROUNDS = 7
# In the order in which rows refer to each other.
TABLES = (
    "person_keys",
    "parties",
    "orders",
    "disputes",
    "visits",
    "events",
    "facts",
    "deadlines",
    "outbox",
)
COLUMNS = (
    *("id", "order", "buyer", "name", "contact", "merchant", "title", "message", "state"),
    *("paid", "freight", "bought", "goods", "price", "quantity", "kind", "given"),
)
GOODS = (("Electric kettle", "kitchen"), ("电饭煲", "kitchen"), ("Running shoes", "shoes"))
STORIES = (
    "The parcel came broken and the shop has not answered for two weeks. I want my money back.",
    "收到货时外包装已经破损，里面的商品摔坏了，联系商家一直不回复，请平台尽快处理退款。",
    "It is not what the page showed: another colour, another size, and no guarantee card.",
)
MAPPING = {
    "source": "bench",
    "fields": {
        "external_id": "id",
        "order_number": "order",
        "buyer": "buyer",
        "buyer_name": "name",
        "buyer_contact": "contact",
        "merchant": "merchant",
        "story": {"columns": ["title", "message"], "join": "\n"},
        "locale": {"constant": "zh-CN"},
        "entered": {"column": "state", "values": {"1": "buyer_timeout"}, "default": "unsettled"},
    },
    "order": {
        "currency": {"constant": "CNY"},
        "paid": "paid",
        "freight": "freight",
        "purchased_at": {
            "column": "bought",
            "format": "%Y-%m-%d %H:%M:%S",
            "zone": "Asia/Shanghai",
        },
        "line": {"title": "goods", "unit_price": "price", "quantity": "quantity"},
    },
    "facts": {
        "category": {"column": "kind", "values": {"shoes": "apparel"}, "default": "appliance"},
        "reason": {"constant": "damaged"},
        "given_buyer": {"column": "given", "split": ";", "default": "none"},
    },
}


def main(argv: list[str]) -> None:
    """`--database sqlite|postgres|both`, `--disputes N` per round."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks import")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--disputes", type=int, default=5_000)
    options = parser.parse_args(argv)
    for kind, name in (("sqlite", "import"), ("postgres", "import/postgres")):
        if options.database in (kind, "both"):
            measure(kind, name, options.disputes)


def measure(kind: str, name: str, per_round: int) -> None:
    """Prints the figure for one kind of database."""
    with copies(kind) as made:
        base = Database(made.base)
        migrate(base)
        base.close()
        # The first file warms both sides up and is not measured; later ones refer to its merchants.
        files = [write_csv(made.folder, n, per_round) for n in range(ROUNDS + 1)]
        mapping = read(MAPPING)
        transactions = _log(made.copy(), kind, files, mapping)
        ours, floor = Database(made.copy()), _address(made.copy())
        bare = bare_sqlite if kind == "sqlite" else bare_postgres

        def turn(work: Callable[[int], object]) -> Callable[[int], int]:
            def one(number: int) -> int:
                work(number + 1)
                return per_round

            one(-1)
            return one

        against_floor(
            name,
            turn(lambda number: run(ours, VAULT, files[number], mapping)),
            turn(lambda number: bare(floor, transactions[number])),
            rounds=ROUNDS,
        )
        ours.close()


def write_csv(folder: Path, number: int, count: int) -> Path:
    """A file of virtual disputes; no two files share one."""
    draw = random.Random(number)
    path = folder / f"disputes-{number}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for i in range(number * count, (number + 1) * count):
            goods, kind = draw.choice(GOODS)
            price = draw.randrange(500, 90_000) / 100
            bought = f"2026-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02} 08:30:00"
            given = draw.choice(("photos", "photos;chat", "video", ""))
            writer.writerow(
                (
                    *(f"c{i}", f"o{i}", f"b{i}", f"王芳{i}", f"b{i}@example.com"),
                    *(f"m{draw.randrange(500)}", goods, draw.choice(STORIES), draw.randrange(3)),
                    *(f"{price + 10:.2f}", "10", bought, goods, f"{price:.2f}", 1, kind, given),
                )
            )
    return path


def _log(url: URL, kind: str, files: Sequence[Path], mapping: Mapping) -> list[list[Any]]:
    """For each file the transactions of its import, as the rows that each left in each table."""
    database = Database(url)
    marks: list[list[int]] = []
    event.listen(database.engine, "commit", lambda connection: marks.append(_ends(connection)))
    borders = [0]
    with database.engine.connect() as connection:
        marks.append(_ends(connection))
    for file in files:
        run(database, VAULT, file, mapping)
        borders.append(len(marks) - 1)
    database.close()
    tables = _tables(url, kind)
    transactions = [
        [
            (statement, rows[before[at] : after[at]], True)
            for at, (statement, rows) in enumerate(tables)
            if after[at] > before[at]
        ]
        for before, after in pairwise(marks)
    ]
    return [transactions[a:b] for a, b in pairwise(borders)]


def _ends(connection: Any) -> list[int]:
    """How many rows each table has at this moment of a transaction."""
    counts = []
    for table in TABLES:
        cursor = connection.connection.cursor()
        cursor.execute(f"SELECT count(*) FROM {table}")
        counts.append(cursor.fetchone()[0])
        cursor.close()
    return counts


def _tables(url: URL, kind: str) -> list[tuple[str, list[Any]]]:
    """Each table's insert and its rows in the order of their ids, as the bare driver takes them."""
    mark = "?" if kind == "sqlite" else "%s"
    found = []
    connection = _plain(url, kind)
    for table in TABLES:
        cursor = connection.cursor()
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")
        names = ", ".join(f'"{column[0]}"' for column in cursor.description)
        marks = ", ".join([mark] * len(cursor.description))
        rows = cursor.fetchall()
        found.append((f"INSERT INTO {table} ({names}) VALUES ({marks})", rows))
    connection.close()
    return found


def _plain(url: URL, kind: str) -> Any:
    if kind == "sqlite":
        import sqlite3

        return sqlite3.connect(make_url(url).database or "")
    from psycopg.types.json import set_json_loads

    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(address)
    set_json_loads(lambda text: text if isinstance(text, str) else bytes(text).decode(), connection)
    return connection


def _address(url: URL) -> str:
    return make_url(url).render_as_string(hide_password=False)
