"""Files and mappings to import by."""

import gzip
from pathlib import Path
from typing import Any

from portal.importing import Mapping, Result, run
from portal.importing.mapping import read
from tests.factories import VAULT, Desk

HEADER = "id,order,buyer,name,contact,shop,text,state,kind,given,currency,paid,freight,bought,title"
GOOD = (
    "c-1,o-1,b-1,王芳,wang@example.com,m-1,杯子碎了,open,Food,photos;chat,CNY,12.50,1,"
    "2026-11-01 08:30,Cup"
)
TREE: dict[str, Any] = {
    "source": "shop",
    "fields": {
        "external_id": "id",
        "order_number": "order",
        "buyer": "buyer",
        "buyer_name": "name",
        "buyer_contact": "contact",
        "merchant": "shop",
        "story": "text",
        "locale": {"constant": "zh-CN"},
        "entered": {
            "column": "state",
            "values": {"open": "unsettled", "late": "merchant_timeout"},
        },
    },
    "order": {
        "currency": "currency",
        "paid": "paid",
        "freight": "freight",
        "purchased_at": {
            "column": "bought",
            "format": "%Y-%m-%d %H:%M",
            "zone": "Europe/Berlin",
        },
        "line": {"title": "title", "unit_price": "paid"},
    },
    "facts": {
        "category": {"column": "kind", "values": {"Food": "food"}, "default": "other"},
        "given_buyer": {"column": "given", "split": ";", "default": "none"},
    },
}


def mapping(**changes: Any) -> Mapping:
    """The mapping of the files here; `changes` replace its parts."""
    return read({**TREE, **changes})


def row(n: int = 1, **cells: str) -> str:
    """A good row with another id, and other cells."""
    names = HEADER.split(",")
    values = dict(zip(names, GOOD.split(","), strict=True))
    values |= {"id": f"c-{n}", "order": f"o-{n}", "buyer": f"b-{n}"} | cells
    return ",".join(values[name] for name in names)


def csv_file(folder: Path, *rows: str, name: str = "in.csv", encoding: str = "utf-8") -> Path:
    """A CSV with these rows under the header; gzipped by its name."""
    content = "\n".join((HEADER, *rows, "")).encode(encoding)
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def imported(desk: Desk, path: Path, **more: Any) -> Result:
    """Imports a file by the mapping of these tests."""
    return run(desk.db, VAULT, path, more.pop("by", mapping()), **more)


def counts(result: Result) -> tuple[int, int, int, int]:
    return result.read, result.created, result.known, result.rejected
