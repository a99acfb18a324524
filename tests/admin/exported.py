"""Exports read back, and a desk with many disputes to export."""

import csv
import io
from typing import Any

from sqlalchemy import insert, select
from werkzeug.test import TestResponse

from core.desk.numbers import new_number
from core.tables import Dispute, Visit
from tests.factories import Desk
from tests.panel import Visitor
from tests.workbook import read_workbook

OPENED = "sort=4"  # the list's order by age, oldest first


def as_csv(answer: TestResponse) -> list[list[str]]:
    """The rows of a CSV file that was sent, its headings first."""
    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    text = answer.data.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def as_book(visitor: Visitor, path: str) -> list[list[object]]:
    """The rows of a workbook that was asked for, its headings first."""
    with visitor.get(path) as answer:
        assert answer.status_code == 200
        return read_workbook(answer.data)


def many(desk: Desk, count: int, **columns: Any) -> None:
    """Adds disputes like one that was opened, straight to the tables."""
    like = desk.open()
    row = desk.rows(select(Dispute.__table__).where(Dispute.id == like))[0]
    visit = desk.rows(select(Visit.__table__).where(Visit.dispute_id == like))[0]

    def add(connection: Any, **_: Any) -> None:
        kept = {**row._mapping, "story": None, **columns}
        del kept["id"]
        fresh = [
            {**kept, "number": new_number(), "external_id": f"{kept['number']}-{n}"}
            for n in range(count)
        ]
        ids = connection.execute(insert(Dispute).returning(Dispute.id), fresh).scalars().all()
        stay = {name: value for name, value in visit._mapping.items() if name != "id"}
        connection.execute(insert(Visit), [{**stay, "dispute_id": number} for number in ids])

    desk.db.transact(add)
