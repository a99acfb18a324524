"""A marketplace in memory: it knows orders, moves money when told, and answers late or oddly."""

from dataclasses import dataclass, field
from random import Random

from core.desk.intake import OrderInfo
from core.market.protocol import Funds, MayBeDone, NotDone, Notice, Payment, Receipt, Rejected
from tests.simulation.faults import Faults

AWAY, UNCLEAR, DECLINED = "market away", "market's answer lost", "market declined"


@dataclass
class Shop:
    """The protocol of `core.market`, with faults; `told` are payments that it will report on."""

    chance: Random
    faults: Faults
    orders: dict[str, OrderInfo] = field(default_factory=dict)
    told: dict[str, Payment] = field(default_factory=dict)
    notices: set[str] = field(default_factory=set)
    receipts: set[str] = field(default_factory=set)

    def order(self, number: str) -> OrderInfo | None:
        """What is known of an order."""
        self._away()
        return self.orders.get(number)

    def funds(self, order: str) -> Funds | None:
        """What could be taken from the merchant."""
        self._away()
        known = self.orders.get(order)
        if known is None:
            return None
        held = self.chance.choice((0, known.paid // 3, known.paid))
        return Funds(held, self.chance.choice((0, known.paid)), known.paid)

    def pay(self, payment: Payment) -> None:
        """Instructs a payment; the same reference is the same payment."""
        self._away()
        if self.faults.strike(DECLINED, 0.03):
            raise Rejected("declined")
        self.told.setdefault(payment.reference, payment)
        self._unclear()

    def receipt(self, receipt: Receipt) -> None:
        """That a dispute came in; the same number is the same receipt."""
        self._away()
        self.receipts.add(receipt.number)
        self._unclear()

    def notify(self, notice: Notice) -> None:
        """Where a dispute stands; the same id is the same notice."""
        self._away()
        self.notices.add(notice.id)
        self._unclear()

    def _away(self) -> None:
        if self.faults.strike(AWAY, 0.03):
            raise NotDone("planted", away=self.chance.random() < 0.5)

    def _unclear(self) -> None:
        if self.faults.strike(UNCLEAR, 0.03):
            raise MayBeDone("planted")
