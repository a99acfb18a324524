"""Orders out of a file: what it knows, what it cannot, and what is wrong with it."""

import base64
import datetime as dt
import os
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from core.market.connect import market_of
from core.market.courier import deliver
from core.market.file import BadFile, FileMarket, read
from core.market.http import HttpMarket
from core.market.protocol import NotDone
from core.settings import Settings
from core.tables import Order, Outbox
from tests.factories import SOUND, TRIAGED, Desk

CSV = """\ufeffnumber,currency,paid,freight,purchased_at,key,title,unit_price,quantity
o-1,CNY,200.00,10,2026-11-01T08:00:00+08:00,a,电饭煲,95,2
o-1,CNY,200.00,10,2026-11-01T08:00:00+08:00,b,"Lid, spare",0.50,1
o-2,JPY,1500,,,,,,
"""
LINES = (
    '{"number": "o-1", "currency": "EUR", "paid": "12.34",'
    ' "lines": [{"key": "1", "title": "Cup", "unit_price": "12.34", "quantity": 1}]}\n\n'
    '{"number": "o-2", "currency": "KWD", "paid": 1.234}\n'
)


def test_orders_of_a_csv_have_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(CSV, encoding="utf-8")
    orders = read(path)
    assert (orders["o-1"].paid, orders["o-1"].freight) == (20_000, 1_000)
    assert orders["o-1"].purchased_at == dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    assert [(x["key"], x["title"], x["unit_price"]) for x in orders["o-1"].lines] == [
        ("a", "电饭煲", 9_500),
        ("b", "Lid, spare", 50),
    ]
    assert (orders["o-2"].paid, orders["o-2"].lines) == (1_500, ())  # the yen has no cents


def test_orders_of_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text(LINES, encoding="utf-8")
    orders = read(path)
    assert orders["o-1"].lines[0]["unit_price"] == 1_234
    assert orders["o-2"].paid == 1_234  # the dinar has three places


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.csv", "number,currency,paid\no,CNY,1\no,CNY,x\n", 3),
        ("a.csv", "number,currency,paid\no,CNY,-1\n", 2),
        ("a.csv", "number,currency,paid\no,CNY,1.001\n", 2),
        ("a.csv", "number,currency,paid\no,ZZZ,1\n", 2),
        ("a.csv", "number,paid\no,1\n", 2),
        ("a.csv", 'number,currency,paid\no,CNY,"1\n', 2),
        ("a.jsonl", '{"number": "o"}\n', 1),
        ("a.jsonl", "\n{}x\n", 2),
        ("a.jsonl", "[1]\n", 1),
        ("a.jsonl", '{"number":"o","currency":"CNY","paid":1,"purchased_at":"2026-01-01"}', 1),
    ],
)
def test_bad_file_names_its_line(tmp_path: Path, name: str, text: str, line: int) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        read(path)
    assert caught.value.line == line


def test_changed_file_is_read_again_and_a_missing_one_keeps_everything_waiting(
    tmp_path: Path,
) -> None:
    path = tmp_path / "orders.csv"
    market = FileMarket(path)
    with pytest.raises(NotDone) as caught:
        market.order("o-1")
    assert caught.value.away
    path.write_text(CSV, encoding="utf-8")
    assert market.order("o-1") is not None
    assert market.order("o-3") is None
    path.write_text("number,currency,paid\no-3,CNY,5\n", encoding="utf-8")
    os.utime(path, (1, 1))
    assert market.order("o-3") is not None


def test_desk_on_a_file_lets_the_merchant_pay_offline(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(CSV, encoding="utf-8")
    market = FileMarket(path)
    dispute = desk.open(order=None, order_number="o-1")
    deliver(desk.db, market)
    assert desk.rows(select(Order.paid)) == [(20_000,)]
    desk.take(dispute)
    desk.must(dispute, "no_evidence", TRIAGED)
    desk.must(dispute, "rule_merchant", SOUND)
    deliver(desk.db, market)
    asked = desk.rows(select(Outbox.state, Outbox.reason).where(Outbox.kind == "ask_funds"))
    assert asked[0].state == "parked"
    assert asked[0].reason.startswith("not supported: a file of orders knows no funds")
    desk.must(
        dispute, "pay_offline", {"quality": "sound", "remedy": "refund_only", "share": "full"}
    )
    assert desk.stage(dispute) == "awaiting_refund"


def test_settings_choose_the_adapter() -> None:
    keys = "t:" + base64.b64encode(b"t" * 32).decode()

    def settings(url: str) -> Settings:
        return Settings(keys=keys, secret="s" * 32, market_url=url)

    assert market_of(settings("")) is None
    assert isinstance(market_of(settings("file:orders.csv")), FileMarket)
    http = market_of(settings("http://127.0.0.1:9"))
    assert isinstance(http, HttpMarket)
    http.close()
    with pytest.raises(ValidationError, match="not an address"):
        settings("ftp://x")
