"""Many rows at a time are stored as one at a time would be, on both databases."""

import datetime as dt
import threading
from typing import Any

import pytest
from sqlalchemy import insert, select

from core.db import Database
from core.desk.batches import found, insert_all, insert_rows
from core.secrets import Sealed
from core.tables import Deadline, Order, Party
from tests.factories import Desk

AT = dt.datetime(2026, 11, 1, 8, 30, 15, 123456, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def order(n: int, **changes: Any) -> dict[str, Any]:
    return {
        "source": "s",
        "number": f"订单-{n}",
        "currency": "CNY",
        "paid": 2**53,
        "refunded": 0,
        "freight": 0,
        "lines": [{"key": "1", "title": "电饭煲 🍚 'quoted'", "unit_price": 1, "quantity": 2}],
        "purchased_at": AT if n % 2 else None,
        "merchant_id": None,
        "known_at": AT,
        **changes,
    }


def test_rows_are_stored_as_core_stores_them(any_desk: Desk) -> None:
    desk = any_desk
    rows = [order(n) for n in range(5)]
    by_batch = desk.db.transact(lambda c, now: insert_all(c, Order, rows))
    again = [order(n, source="t") for n in range(5)]
    desk.db.transact(lambda c, now: c.execute(insert(Order), again))
    columns = [c for c in Order.__table__.columns if c.name not in ("id", "source")]
    for source in ("s", "t"):
        stored = desk.rows(select(*columns).where(Order.source == source).order_by(Order.id))
        assert [row.number for row in stored] == [row["number"] for row in rows]
        assert [row.lines for row in stored] == [row["lines"] for row in rows]
        assert [row.purchased_at for row in stored] == [row["purchased_at"] for row in rows]
    ids = desk.rows(select(Order.id).where(Order.source == "s").order_by(Order.id))
    assert [row.id for row in ids] == by_batch


def test_sealed_texts_pass_and_plain_ones_do_not(any_desk: Desk) -> None:
    def party(name: Any) -> dict[str, Any]:
        return {"source": "s", "kind": "buyer", "reference": "r", "name": name, "tags": []}

    def store(connection: Any, row: dict[str, Any], **_: Any) -> None:
        insert_all(connection, Party, [row])

    with pytest.raises(TypeError, match="sealed"):
        any_desk.db.transact(store, party("Wang Fang"))
    any_desk.db.transact(store, party(Sealed(b"\x00box")))
    assert any_desk.rows(select(Party.name))[0].name == Sealed(b"\x00box")


def test_ids_go_on_after_rows_that_were_inserted_one_by_one(any_desk: Desk) -> None:
    desk = any_desk
    first = desk.open()
    desk.db.transact(lambda c, now: insert_all(c, Order, [order(1), order(2)]))
    second = desk.open()
    assert second == first + 1
    assert len(desk.rows(select(Order.id))) == 4


def test_rows_that_lack_a_default_are_an_error_of_the_caller(desk: Desk) -> None:
    with pytest.raises(ValueError, match="deadlines: rows lack"):
        desk.db.transact(lambda c, now: insert_rows(c, Deadline, [{"dispute_id": 1}]))


def test_two_at_once_draw_different_ids(any_desk: Desk) -> None:
    def many(database: Database, source: str) -> None:
        for part in range(5):
            rows = [order(part * 20 + n, source=source) for n in range(20)]
            database.transact(lambda c, now, rows=rows: insert_all(c, Order, rows))

    threads = [threading.Thread(target=many, args=(any_desk.db, str(n))) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(any_desk.rows(select(Order.id))) == 400


def test_rows_are_found_by_source_and_text_however_odd(any_desk: Desk) -> None:
    numbers = ["a", "a,b", 'q"uote', "b\\s", "{x}", "NULL", "", "订单", "a%"]
    rows = [order(0, number=number, source=source) for number in numbers for source in ("s", "t")]
    any_desk.db.transact(lambda c, now: insert_all(c, Order, rows))
    wanted = {("s", number) for number in numbers[:5]} | {("t", "订单"), ("u", "a"), ("s", "no")}

    def look(connection: Any, **_: Any) -> set[tuple[str, str]]:
        statement = select(Order.source, Order.number)
        return {tuple(r) for r in found(connection, statement, Order.source, Order.number, wanted)}

    assert any_desk.db.read(look) == wanted - {("u", "a"), ("s", "no")}
    assert (
        any_desk.db.read(
            lambda c, now: found(c, select(Order.id), Order.source, Order.number, set())
        )
        == []
    )
