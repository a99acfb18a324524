"""The courier: questions answered, payments instructed once, nothing lost, nothing hidden."""

import datetime as dt
import random
from typing import Any

import pytest
from sqlalchemy import select, update

from core.db import Database
from core.desk import delivery, payments
from core.market import courier
from core.market.courier import deliver
from core.market.http import HttpMarket
from core.market.protocol import Funds, MayBeDone, NotDone, Notice, NotSupported, Payment
from core.tables import Event, Order, Outbox
from core.tables import Payment as PaymentRow
from tests.factories import REFUND, SOUND, TRIAGED, Desk
from tests.market.stub import ORDER, Shop


def market_rows(desk: Desk) -> list[Any]:
    """What became of the messages to the marketplace."""
    return desk.rows(
        select(Outbox.kind, Outbox.state, Outbox.reason, Outbox.attempts)
        .where(Outbox.lane == "market")
        .order_by(Outbox.id)
    )


def all_of(desk: Desk, market: Any) -> int:
    """Passes until nothing is left that may be carried a minute from now."""
    total = 0
    desk.pass_time(minutes=1)  # what may still be undone is told to nobody
    while count := deliver(desk.db, market, chance=random.Random(1)):
        total += count
    return total


def free_waits(desk: Desk) -> None:
    """Lets what waits for the wall clock go at once."""
    from core.tables import Lane

    past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

    def work(connection: Any, **_: Any) -> None:
        connection.execute(
            update(Outbox).where(Outbox.not_before.is_not(None)).values(not_before=past)
        )
        connection.execute(update(Lane).values(next_at=past))

    desk.db.transact(work)


class Plain:
    """A marketplace in memory, for what HTTP adds nothing to; `fault` is raised while it is set."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.paid: list[Payment] = []
        self.notices: list[Notice] = []

    def _try(self) -> None:
        if self.fault:
            raise self.fault

    def order(self, number: str) -> None:
        self._try()

    def funds(self, order: str) -> Funds | None:
        self._try()
        return Funds(50_000, 0, 0)

    def pay(self, payment: Payment) -> None:
        self.paid.append(payment)
        self._try()

    def notify(self, notice: Notice) -> None:
        self._try()
        self.notices.append(notice)


def test_order_is_asked_for_and_shown(any_desk: Desk, market: HttpMarket, stub: Shop) -> None:
    desk = any_desk
    dispute = desk.open(order=None, order_number="o-9")
    stub.orders["o-9"] = ORDER
    assert all_of(desk, market) == 1
    assert desk.rows(select(Order.paid, Order.currency)) == [(20_000, "CNY")]
    assert [r.state for r in market_rows(desk)] == ["sent"]
    kinds = [r.kind for r in desk.rows(select(Event.kind).where(Event.dispute_id == dispute))]
    assert kinds == ["opened", "order_known"]


def test_unknown_order_is_parked_with_its_reason(desk: Desk, market: HttpMarket) -> None:
    desk.open(order=None)
    all_of(desk, market)
    row = market_rows(desk)[0]
    assert (row.state, row.reason) == ("parked", "declined: the marketplace knows no such order")


def test_payment_is_instructed_and_its_notice_tells_no_agent(
    any_desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    desk = any_desk
    dispute = desk.at_stage("awaiting_payment", order_number="o-1")
    stub.funds["o-1"] = {"held": 20_000}
    assert all_of(desk, market) == 3  # funds, payment, notice
    reference, body = stub.payments[0]
    assert body == {
        "order_number": "o-1",
        "amount": 20_000,
        "currency": "CNY",
        "sources": ["held", "balance"],
    }
    assert desk.rows(select(PaymentRow.reference)) == [(reference,)]
    notice = stub.notices[0]
    assert (notice["stage"], notice["finished"]) == ("awaiting_payment", False)
    assert notice["number"] == desk.at(dispute).row.number
    assert notice["due_at"]
    told = str(notice)
    assert not [name for name in desk.people if name in told]
    assert "kettle came broken" not in told


def test_notice_asks_each_party_for_what_it_owes(
    desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    dispute = desk.at_stage("awaiting_evidence")
    desk.done(dispute, "merchant")
    all_of(desk, market)
    notice = stub.notices[0]
    asked = {one["party"]: one for one in notice["asked"]}
    assert set(asked["buyer"]["kinds"]) == {"photos", "chat", "receipt", "video", "lab_report"}
    assert "merchant" not in asked  # it has given all it has
    assert notice["otherwise"]["en"].startswith("Time ran out")


def test_notice_of_a_wait_that_is_over_is_superseded(
    desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    desk.at_stage("evidence_review")
    all_of(desk, market)
    assert stub.notices == []
    assert [(r.state, r.reason) for r in market_rows(desk)] == [
        ("superseded", "the dispute has moved on")
    ]


def test_return_notice_names_the_act_its_input_and_where_the_goods_go(
    desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    dispute = desk.at_stage("verification")
    desk.must(dispute, "return_first", {**REFUND, "remedy": "return_refund"})
    all_of(desk, market)
    notice = stub.notices[-1]
    assert notice["goods_to"] == "merchant"
    acts = {act["decision"]: act for act in notice["asked"][0]["acts"]}
    assert [one["kind"] for one in acts["shipped"]["inputs"]] == ["typed"]
    assert not acts["shipped"]["end"]
    assert acts["withdraw"]["end"]
    assert notice["owed"]["amount"] == 20_000


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


def test_money_owed_offline_is_told_with_its_reference(
    desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    dispute = desk.open(order_number="o-1")
    desk.take(dispute)
    desk.must(dispute, "no_evidence", TRIAGED)
    desk.must(dispute, "rule_merchant", SOUND)
    stub.funds["o-1"] = {"held": 100, "balance": 50}
    all_of(desk, market)
    desk.must(dispute, "pay_offline", REFUND)
    all_of(desk, market)
    notice = stub.notices[-1]
    owed = desk.db.read(lambda c, now: payments.under_way(c, dispute))
    assert owed is not None
    assert notice["owed"] == {
        "reference": owed.reference,
        "amount": 20_000,
        "currency": "CNY",
    }
    acts = {a["decision"]: a for one in notice["asked"] for a in one["acts"]}
    assert [one["kind"] for one in acts["refund_voucher"]["inputs"]] == ["file"]
