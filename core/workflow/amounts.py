"""Money in minor units: what a preset share of chosen items comes to, capped by what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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


def parted(purchase: Purchase, items: Mapping[str, int]) -> tuple[Purchase, Purchase]:
    """The purchase in two: these quantities by line, and the rest, each with its share of money.

    What was paid and the freight go by the goods' value, by largest remainder: together the parts
    are worth what the whole was, to the minor unit (K2).
    """
    goes = tuple(replace(x, quantity=items[x.key]) for x in purchase.lines if items.get(x.key))
    left = (replace(x, quantity=x.quantity - items.get(x.key, 0)) for x in purchase.lines)
    stays = tuple(line for line in left if line.quantity)
    value, rest = (sum(line.unit_price * line.quantity for line in part) for part in (goes, stays))
    if not value + rest:  # nothing has a price: by pieces
        value, rest = (sum(line.quantity for line in part) for part in (goes, stays))
    paid = _share(purchase.paid, value, rest)
    freight = _share(purchase.freight, value, rest)
    refunded = _share(purchase.refunded, value, rest)
    return (
        Purchase(purchase.currency, paid, refunded, freight, goes),
        Purchase(
            purchase.currency,
            purchase.paid - paid,
            purchase.refunded - refunded,
            purchase.freight - freight,
            stays,
        ),
    )


def _share(minor: int, mine: int, other: int) -> int:
    """My share of an amount by weight; the unit that is left goes to the larger remainder."""
    whole, remainder = divmod(minor * mine, mine + other)
    return whole + (2 * remainder > mine + other)


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
