"""Receipts: the buyer hears within the hour that the dispute came in, or somebody knows (I5)."""

from typing import Any

import pytest
from sqlalchemy import select

from core.market.file import FileMarket
from core.market.http import HttpMarket
from core.tables import Deadline, Event, Outbox
from tests.factories import Desk
from tests.market.carried import all_of, market_rows
from tests.market.stub import Shop


def receipts(desk: Desk) -> list[Any]:
    """The promises of a receipt."""
    return desk.rows(select(Deadline).where(Deadline.service_level == "receipt"))


def test_receipt_that_the_marketplace_takes_keeps_the_promise(
    any_desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    desk = any_desk
    dispute = desk.open(channel="app", locale="pt-BR", order_number="o-1", external_id="case-77")
    assert all_of(desk, market) == 1
    (told,) = stub.receipts
    assert told["number"] == desk.at(dispute).row.number
    assert (told["order_number"], told["external_id"]) == ("o-1", "case-77")
    assert told["locale"] == "pt-BR"
    assert "kettle" not in str(told)
    (kept,) = receipts(desk)
    assert kept.stopped_at is not None
    kinds = [r.kind for r in desk.rows(select(Event.kind).where(Event.dispute_id == dispute))]
    assert kinds == ["opened", "receipt_accepted"]
    desk.pass_time(hours=2)
    desk.sweep()
    late = select(Event.data).where(Event.kind == "escalated")
    assert "receipt" not in [row.data["service_level"] for row in desk.rows(late)]
    assert desk.differences() == []


@pytest.mark.parametrize("taken", [True, False])
def test_card_says_what_is_due_once_the_receipt_is_no_more(
    desk: Desk, market: HttpMarket, *, taken: bool
) -> None:
    dispute = desk.open(channel="app")
    if taken:  # the response was due as early as the receipt, and is kept by that
        desk.take(dispute)
    before = redraws(desk)
    all_of(desk, market)
    assert redraws(desk) - before == int(taken)


def redraws(desk: Desk) -> int:
    """How often a card was to be drawn anew."""
    return len(desk.rows(select(Outbox.id).where(Outbox.kind == "redraw")))


def test_receipt_that_never_left_breaks_the_promise(
    desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    desk.open(channel="app")
    stub.faults.extend([503])
    all_of(desk, market)
    desk.pass_time(minutes=61)
    desk.sweep()
    late = select(Event.data).where(Event.kind == "escalated")
    assert "receipt" in [row.data["service_level"] for row in desk.rows(late)]


def test_receipt_taken_twice_is_one(desk: Desk, market: HttpMarket, stub: Shop) -> None:
    desk.open(channel="app")
    stub.faults.append("reset")  # carried out, and the answer was lost
    all_of(desk, market)
    desk.pass_time(minutes=10)
    all_of(desk, market)
    assert len({told["number"] for told in stub.receipts}) == 1
    assert len(desk.rows(select(Event.id).where(Event.kind == "receipt_accepted"))) <= 1


def test_import_owes_no_receipt(desk: Desk, market: HttpMarket, stub: Shop) -> None:
    desk.open()
    assert (all_of(desk, market), stub.receipts, receipts(desk)) == (0, [], [])


def test_file_of_orders_sends_none_and_says_so(desk: Desk, tmp_path: Any) -> None:
    desk.open(channel="app")
    all_of(desk, FileMarket(tmp_path / "orders.csv"))
    (row,) = market_rows(desk)
    assert row.state == "parked"
    assert receipts(desk)[0].stopped_at is None
