"""Money in minor units: what a preset share of chosen items comes to, capped by what is left."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.workflow.model import Share


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order: unit price in minor units, quantity bought."""

    key: str
    unit_price: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """The money of one order, in minor units of its currency."""

    currency: str
    paid: int
    refunded: int
    freight: int
    lines: tuple[Line, ...]


def amount(share: Share, purchase: Purchase, items: Sequence[str] = ()) -> int:
    """What a preset share comes to (rule 11): never more than paid minus refunded.

    `items` are `line:quantity`; none means the whole order. Halves are rounded down: the rest of
    a minor unit is never paid twice.
    """
    rest = max(0, purchase.paid - purchase.refunded)
    if share.steps:
        step = next((s.minor for s in share.steps if s.currency == purchase.currency), 0)
        return min(step, rest)
    return min(_base(share.of, purchase, items) * share.percent // 100, rest)


def _base(of: str, purchase: Purchase, items: Sequence[str]) -> int:
    if of == "freight":
        return purchase.freight
    goods = _goods(purchase, items)
    if of == "goods":
        return goods
    return purchase.paid if not items else goods + purchase.freight


def _goods(purchase: Purchase, items: Sequence[str]) -> int:
    if not purchase.lines:  # an order known by its total only
        return max(0, purchase.paid - purchase.freight)
    if not items:
        return sum(line.unit_price * line.quantity for line in purchase.lines)
    price = {line.key: line.unit_price for line in purchase.lines}
    total = 0
    for item in items:
        line, _, quantity = item.rpartition(":")
        total += price.get(line, 0) * int(quantity)
    return total
