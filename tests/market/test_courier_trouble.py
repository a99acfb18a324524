"""The marketplace fails, or an adapter does: nothing is lost, nothing is done twice."""

import datetime as dt
import random
from typing import Any

import pytest
from sqlalchemy import select

from core.db import Database
from core.desk import delivery
from core.market import courier
from core.market.courier import deliver
from core.market.http import HttpMarket
from core.market.protocol import MayBeDone, NotDone, Notice, NotSupported
from core.tables import Event
from tests.factories import Desk
from tests.market.carried import Plain, all_of, free_waits, market_rows
from tests.market.stub import ORDER, Shop


def test_unknown_order_is_parked_with_its_reason(desk: Desk, market: HttpMarket) -> None:
    desk.open(order=None)
    all_of(desk, market)
    row = market_rows(desk)[0]
    assert (row.state, row.reason) == ("parked", "declined: the marketplace knows no such order")


def test_hour_without_the_marketplace_loses_nothing(desk: Desk, stub: Shop) -> None:
    dispute = desk.at_stage("awaiting_payment", order_number="o-1")
    stub.funds["o-1"] = {"held": 20_000}
    away = Plain()
    away.fault = NotDone("ConnectError", away=True)
    start, virtual = desk.now(), dt.timedelta()
    database = Database(desk.db.url, clock=lambda: start + virtual)
    chance = random.Random(7)
    tries = 0
    while virtual < dt.timedelta(hours=1):
        tries += deliver(database, away, chance=chance)
        virtual += dt.timedelta(seconds=10)
    assert tries < 120  # one message is tried at a time, ever more rarely
    assert {r.state for r in market_rows(desk)} == {"waiting"}
    with HttpMarket(stub.url, "") as back:
        for _ in range(100):
            deliver(database, back, chance=chance)
            virtual += dt.timedelta(seconds=10)
    database.close()
    assert {r.state for r in market_rows(desk)} == {"sent"}
    assert len(stub.payments) == 1
    assert desk.stage(dispute) == "awaiting_payment"


def test_reset_after_acceptance_repeats_the_same_reference(
    desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    desk.at_stage("awaiting_payment", order_number="o-1")
    stub.funds["o-1"] = {"held": 20_000}
    stub.faults.extend([None, "reset"])
    all_of(desk, market)
    assert [(r.kind, r.state) for r in market_rows(desk)] == [
        ("ask_funds", "sent"),
        ("pay", "unknown"),
        ("notice", "sent"),
    ]
    free_waits(desk)
    all_of(desk, market)
    assert {r.state for r in market_rows(desk)} == {"sent"}
    assert len({reference for reference, _ in stub.payments}) == 1


def test_report_that_overtakes_the_repetition_makes_it_needless(
    desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    dispute = desk.at_stage("awaiting_payment", order_number="o-1")
    stub.funds["o-1"] = {"held": 20_000}
    stub.faults.extend([None, "reset"])
    all_of(desk, market)
    desk.pay(dispute)
    free_waits(desk)
    all_of(desk, market)
    pay = next(r for r in market_rows(desk) if r.kind == "pay")
    assert (pay.state, pay.reason) == ("superseded", "reported already")
    assert len(stub.payments) == 1


def test_declined_payment_returns_to_the_agent_as_failed(
    any_desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    desk = any_desk
    dispute = desk.at_stage("awaiting_payment", order_number="o-1")
    stub.funds["o-1"] = {"held": 20_000}
    stub.faults.extend([None, 422])
    all_of(desk, market)
    assert desk.stage(dispute) == "verification"
    assert desk.at(dispute).facts["payment"] == "failed"
    pay = next(r for r in market_rows(desk) if r.kind == "pay")
    assert (pay.state, pay.reason) == ("parked", "declined: HTTP 422")


def test_adapter_without_payments_says_so_and_is_parked(desk: Desk) -> None:
    desk.at_stage("awaiting_evidence")
    dumb = Plain()
    dumb.fault = NotSupported("this adapter tells nobody")
    all_of(desk, dumb)
    row = market_rows(desk)[-1]
    assert (row.state, row.reason) == ("parked", "not supported: this adapter tells nobody")


def test_message_that_never_gets_through_is_parked_after_a_day(desk: Desk) -> None:
    desk.at_stage("awaiting_evidence")
    broken = Plain()
    broken.fault = MayBeDone("HTTP 500")
    start, virtual = desk.now(), dt.timedelta()
    database = Database(desk.db.url, clock=lambda: start + virtual)
    while market_rows(desk)[0].state != "parked":
        deliver(database, broken, chance=random.Random(3))
        virtual += dt.timedelta(minutes=15)
    database.close()
    assert virtual < dt.timedelta(days=3)
    assert market_rows(desk)[0].reason == f"gave up after {courier.TRIES} tries: HTTP 500"


def test_bug_in_an_adapter_stops_neither_the_lane_nor_the_worker(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    first = desk.at_stage("awaiting_evidence", order_number="order of Wang Fang")
    second = desk.at_stage("awaiting_evidence")
    clumsy = Plain()

    def notify(notice: Notice) -> None:
        if notice.number == desk.at(first).row.number:
            raise KeyError(notice.order)
        clumsy.notices.append(notice)

    clumsy.notify = notify  # type: ignore[method-assign]
    all_of(desk, clumsy)
    assert [n.number for n in clumsy.notices] == [desk.at(second).row.number]
    assert [r.state for r in market_rows(desk)] == ["unknown", "sent"]
    assert "KeyError" in caplog.text
    assert "Wang Fang" not in caplog.text


def test_older_lease_writes_nothing(desk: Desk, stub: Shop) -> None:
    desk.open(order=None, order_number="o-9")
    stub.orders["o-9"] = ORDER
    start, virtual = desk.now(), dt.timedelta()
    database = Database(desk.db.url, clock=lambda: start + virtual)

    class Slow(HttpMarket):
        def order(self, number: str) -> Any:
            """Answers after its lease has run out and somebody else has asked."""
            nonlocal virtual
            answer = super().order(number)
            virtual += delivery.LEASE * 2
            with HttpMarket(stub.url, "") as other:
                assert deliver(database, other) == 1
            return answer

    with Slow(stub.url, "") as slow:
        assert deliver(database, slow) == 1
    database.close()
    events = [r.kind for r in desk.rows(select(Event.kind).order_by(Event.id))]
    assert events.count("order_known") == 1
    assert [r.state for r in market_rows(desk)] == ["sent"]
