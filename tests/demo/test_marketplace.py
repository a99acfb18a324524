"""The marketplace's HTTP and its money: once per reference, never out of nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.marketplace import world
from demo.marketplace.money import Odds
from demo.marketplace.players import Players
from demo.marketplace.program import Config
from tests.demo.market import marketplace

NOWHERE = "http://127.0.0.1:9"  # nothing listens there


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Players, httpx.Client]]:
    """A marketplace whose desk is away."""
    with (
        marketplace(tmp_path, NOWHERE, "key") as (players, url),
        httpx.Client(base_url=url, trust_env=False) as client,
    ):
        yield players, client


def covered(players: Players) -> world.Order:
    """An order whose payment is still held."""
    seed = players.store.seed
    orders = (world.order(seed, f"V{n}") for n in range(1, 50))
    return next(order for order in orders if order and order.held)


def instruction(order: world.Order, **changes: Any) -> dict[str, Any]:
    return {
        "order_number": order.number,
        "amount": order.paid,
        "currency": order.currency,
        "sources": ["held", "balance"],
        **changes,
    }


def total(players: Players) -> dict[str, int]:
    """All money of each currency, what buyers got back included."""
    sums: dict[str, int] = {}
    for table, columns in (
        ("orders", "held + refunded"),
        ("purses", "balance + deposit"),
        ("fund", "balance"),
    ):
        sql = f"SELECT currency, sum({columns}) AS total FROM {table} GROUP BY currency"
        for row in players.store.rows(sql):
            sums[row["currency"]] = sums.get(row["currency"], 0) + row["total"]
    return sums


def test_order_and_funds_are_told(place: tuple[Players, httpx.Client]) -> None:
    players, client = place
    order = covered(players)
    told = client.get(f"/orders/{order.number}").json()
    assert (told["paid"], told["currency"], told["refunded"]) == (order.paid, order.currency, 0)
    assert client.get(f"/orders/{order.number}/funds").json()["held"] == order.held
    assert client.get("/orders/nothing").status_code == 404
    assert client.get("/orders/nothing/funds").status_code == 404


def test_same_reference_moves_money_once(place: tuple[Players, httpx.Client]) -> None:
    players, client = place
    order = covered(players)
    client.get(f"/orders/{order.number}")
    before = total(players)

    def one(_: int) -> int:
        return client.put("/payments/R-1", json=instruction(order)).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, range(16))) == {202}
    row = players.store.order(order.number)
    assert row is not None
    assert (row["held"], row["refunded"]) == (0, order.paid)
    assert total(players) == before
    other = client.put("/payments/R-1", json=instruction(order, amount=1))
    assert other.status_code == 409


def test_money_that_is_not_there_fails_and_moves_nothing(
    place: tuple[Players, httpx.Client],
) -> None:
    players, client = place
    order = covered(players)
    client.get(f"/orders/{order.number}")
    before = total(players)
    huge = instruction(order, amount=10**12, sources=["held", "balance", "deposit"])
    client.put("/payments/R-2", json=huge)
    outcome = players.store.rows("SELECT outcome, moved FROM payments")[0]
    assert tuple(outcome) == ("failed", 0)
    assert total(players) == before


def test_goodwill_comes_out_of_the_fund(place: tuple[Players, httpx.Client]) -> None:
    players, client = place
    order = covered(players)
    client.put("/payments/R-3", json=instruction(order, amount=1_000, sources=["fund"]))
    left = players.store.rows("SELECT balance FROM fund WHERE currency = ?", order.currency)[0]
    assert left["balance"] == world.FUND[order.currency] - 1_000
    row = players.store.order(order.number)
    assert row is not None
    assert row["refunded"] == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 50_000, 400),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"order_number": "V1", "amount": -1, "currency": "CNY", "sources": []}', 422),
        (b'{"order_number": "no", "amount": 1, "currency": "CNY", "sources": []}', 422),
        (b'{"order_number": "V1", "amount": 1, "currency": "JPY", "sources": []}', 422),
        (b"x" * 1_000_001, 413),
    ],
)
def test_bad_instructions_are_refused(
    place: tuple[Players, httpx.Client], body: bytes, status: int
) -> None:
    assert place[1].put("/payments/R-9", content=body).status_code == status


def test_only_who_knows_the_token_gets_in(tmp_path: Path) -> None:
    with marketplace(tmp_path, NOWHERE, "key", config=Config("let-me-in")) as (_, url):
        assert httpx.get(f"{url}/health", trust_env=False).status_code == 200
        for header in ({}, {"Authorization": "Bearer wrong"}):
            answer = httpx.get(f"{url}/orders/V1", headers=header, trust_env=False)
            assert answer.status_code == 401
        known = {"Authorization": "Bearer let-me-in"}
        assert httpx.get(f"{url}/orders/V1", headers=known, trust_env=False).status_code == 200


def test_reports_wait_for_a_desk_that_is_away(place: tuple[Players, httpx.Client]) -> None:
    players, client = place
    client.put("/payments/R-4", json=instruction(covered(players)))
    players.step()
    row = players.store.rows("SELECT report_at, tries, reported FROM payments")[0]
    assert row["report_at"] is not None
    assert (row["tries"], row["reported"]) == (1, 0)
    assert players.open_next() is None


def test_taught_order_is_known_with_its_own_money(place: tuple[Players, httpx.Client]) -> None:
    _, client = place
    told = {"currency": "BRL", "paid": 5_000, "merchant": "m-x", "held": 0, "lines": []}
    assert client.put("/orders/olist-1", json=told).status_code == 204
    assert client.get("/orders/olist-1").json()["paid"] == 5_000
    assert client.get("/orders/olist-1/funds").json()["held"] == 0


def test_odds_decide_by_reference(tmp_path: Path) -> None:
    with (
        marketplace(tmp_path, NOWHERE, "key", config=Config(odds=Odds(0.3, 0.3))) as (players, url),
        httpx.Client(base_url=url, trust_env=False) as client,
    ):
        order = covered(players)
        for n in range(60):
            client.put(f"/payments/R-{n}", json=instruction(order, amount=100, sources=["fund"]))
        rows = players.store.rows("SELECT outcome, moved FROM payments")
        failed = sum(row["outcome"] == "failed" for row in rows)
        short = sum(row["outcome"] == "paid" and row["moved"] == 90 for row in rows)
        assert 8 < failed < 30
        assert 8 < short < 30
