"""The courier as tests drive it, and a marketplace in memory."""

import datetime as dt
import random
from typing import Any

from sqlalchemy import select, update

from core.market.courier import deliver
from core.market.protocol import Funds, Notice, Payment, Receipt
from core.tables import Lane, Outbox
from tests.factories import Desk


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

    def receipt(self, receipt: Receipt) -> None:
        self._try()

    def notify(self, notice: Notice) -> None:
        self._try()
        self.notices.append(notice)
