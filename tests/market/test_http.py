"""The HTTP adapter tells apart what was certainly not done and what may have happened."""

import datetime as dt
import socket

import pytest

from core.desk.intake import OrderInfo
from core.market.http import HttpMarket
from core.market.protocol import Funds, MayBeDone, NotDone, Payment, Rejected
from tests.market.stub import ORDER, Shop

PAYMENT = Payment("R-1", "o-1", 500, "CNY", ("held", "balance"))


def test_order_and_funds_are_read_with_the_token(market: HttpMarket, stub: Shop) -> None:
    stub.orders["a/b 1"] = {**ORDER, "purchased_at": "2026-11-01T08:00:00+08:00", "new": "field"}
    stub.funds["a/b 1"] = {"held": 5, "balance": 6, "deposit": 7}
    order = market.order("a/b 1")
    assert isinstance(order, OrderInfo)
    assert (order.currency, order.paid, order.freight, order.refunded) == ("CNY", 20_000, 1_000, 0)
    assert order.purchased_at == dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    assert order.lines[0]["title"] == "Kettle"
    assert market.funds("a/b 1") == Funds(5, 6, 7)
    assert stub.tokens == {"Bearer secret-token"}


def test_unknown_order_is_an_answer(market: HttpMarket) -> None:
    assert market.order("nobody") is None
    assert market.funds("nobody") is None


@pytest.mark.parametrize("number", ["../notices/1", "..", "a?b=1", "a#b", "订单 1"])
def test_no_order_number_leads_to_another_address(
    market: HttpMarket, stub: Shop, number: str
) -> None:
    stub.orders[number] = ORDER
    assert market.order(number) is not None


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"paid": "200"}, "paid"),
        ({"paid": -1}, "paid"),
        ({"currency": "ZZZ"}, "currency"),
        ({"purchased_at": "2026-11-01T08:00:00"}, "purchased_at"),
        ({"lines": [{**ORDER["lines"][0], "title": "\x00"}]}, "lines.0.title"),  # type: ignore[index,dict-item]
    ],
)
def test_unreadable_answer_names_its_place(
    market: HttpMarket, stub: Shop, change: dict[str, object], place: str
) -> None:
    stub.orders["o"] = {**ORDER, **change}
    with pytest.raises(NotDone, match=f"unreadable: {place}"):
        market.order("o")


def test_answer_that_is_no_json_or_endless_is_unreadable(market: HttpMarket, stub: Shop) -> None:
    stub.orders["o"] = ORDER
    stub.faults.append("text")
    with pytest.raises(NotDone, match="not JSON"):
        market.order("o")
    stub.orders["o"] = {**ORDER, "more": "x" * 1_100_000}
    with pytest.raises(NotDone, match="too long"):
        market.order("o")


def test_quiet_is_asked_for_by_seconds_or_by_date(market: HttpMarket, stub: Shop) -> None:
    later = (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10)).strftime(
        "%a, %d %b %Y %H:%M:%S GMT"
    )
    waits = []
    for header in ("30", later, "soon", "999999"):
        stub.faults.append((429, {"Retry-After": header}))
        with pytest.raises(NotDone) as caught:
            market.pay(PAYMENT)
        assert caught.value.away
        waits.append(caught.value.wait)
    assert waits[0] == dt.timedelta(seconds=30)
    assert waits[1] is not None
    assert dt.timedelta(minutes=9) < waits[1] <= dt.timedelta(minutes=10)
    assert waits[2] is None
    assert waits[3] == dt.timedelta(hours=1)


@pytest.mark.parametrize("status", [301, 307, 401, 403, 503])
def test_wrong_settings_and_outages_keep_everything_waiting(
    market: HttpMarket, stub: Shop, status: int
) -> None:
    stub.faults.append((status, {"Location": "/payments/R-1"}))
    with pytest.raises(NotDone) as caught:
        market.pay(PAYMENT)
    assert caught.value.away
    assert stub.payments == []


def test_declined_for_good_is_told_from_a_failure(market: HttpMarket, stub: Shop) -> None:
    stub.faults.extend([422, 500, "reset"])
    with pytest.raises(Rejected):
        market.pay(PAYMENT)
    with pytest.raises(MayBeDone):
        market.pay(PAYMENT)
    with pytest.raises(MayBeDone):
        market.pay(PAYMENT)
    assert [reference for reference, _ in stub.payments] == ["R-1"]  # the reset one was carried out


def test_closed_port_means_certainly_not_done() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with HttpMarket(f"http://127.0.0.1:{port}", "") as market, pytest.raises(NotDone) as caught:
        market.pay(PAYMENT)
    assert caught.value.away
