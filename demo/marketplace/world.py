"""The virtual world, all of it out of a seed: orders, merchants' money, what buyers complain of.

Pure: the same seed and number always give the same, wherever it is asked.
"""

import datetime as dt
import random
import re
from dataclasses import dataclass
from typing import Any

from demo.marketplace.goods import EMERGENCIES, GOODS, TROUBLES, Trouble

MERCHANTS = 24
SHORT_SHARE = 0.25  # merchants whose money does not cover a refund
FUND = {"CNY": 200_000_00, "EUR": 25_000_00}  # the complaint fund, in minor units
_NUMBER = re.compile(r"V(\d{1,9})")
_NEW_YEAR = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Order:
    """An order; amounts in minor units. `held` is its payment, not yet paid out."""

    number: str
    merchant: str
    buyer: str
    locale: str
    currency: str
    paid: int
    freight: int
    held: int
    purchased_at: dt.datetime
    lines: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Purse:
    """What a merchant has in one currency, in minor units."""

    balance: int
    deposit: int


def draw(*parts: object) -> random.Random:
    """Chance that depends on nothing but these parts."""
    return random.Random(":".join(map(str, parts)))  # noqa: S311  a demonstration's chance


def order(seed: int, number: str) -> Order | None:
    """The order with this number; None where the marketplace has none."""
    found = _NUMBER.fullmatch(number)
    if found is None:
        return None
    chance = draw(seed, "order", int(found[1]))
    chinese = chance.random() < 0.6
    goods = chance.choice(GOODS)
    low, high = goods.yuan if chinese else goods.euros
    price = chance.randint(low, high) * 100 - (1 if chance.random() < 0.7 else 0)
    quantity = 2 if chance.random() < 0.2 else 1
    freight = chance.choice((0, 0, 600, 1000)) if chinese else chance.choice((0, 395, 495))
    merchant = f"m{chance.randrange(MERCHANTS):02}"
    paid = price * quantity + freight
    return Order(
        number=number,
        merchant=merchant,
        buyer=f"u{chance.randrange(100_000):05}",
        locale="zh-CN" if chinese else "en",
        currency="CNY" if chinese else "EUR",
        paid=paid,
        freight=freight,
        held=0 if is_short(seed, merchant) else paid,
        purchased_at=_NEW_YEAR + dt.timedelta(minutes=chance.randrange(440_000)),
        lines=(
            {
                "key": "1",
                "title": goods.zh if chinese else goods.en,
                "unit_price": price,
                "quantity": quantity,
            },
        ),
    )


def is_short(seed: int, merchant: str) -> bool:
    """Whether a merchant's money does not cover a refund, so that it must pay offline."""
    return draw(seed, "short", merchant).random() < SHORT_SHARE


def purse(seed: int, merchant: str, currency: str) -> Purse:
    """What a merchant starts with."""
    chance = draw(seed, "purse", merchant, currency)
    deposit = chance.randrange(500_00, 20_000_00)
    return Purse(0 if is_short(seed, merchant) else chance.randrange(0, 5_000_00), deposit)


def dispute(seed: int, n: int) -> dict[str, Any]:
    """The n-th virtual dispute, as the API takes it. Most leave the order to be asked for (I3)."""
    number = f"V{n}"
    bought = order(seed, number)
    if bought is None:
        raise ValueError(f"no order {number}")
    chance = draw(seed, "dispute", n)
    chinese = bought.locale.startswith("zh")
    title = bought.lines[0]["title"]
    category = next(goods.category for goods in GOODS if title in (goods.zh, goods.en))
    trouble = chance.choice([t for t in TROUBLES if not t.only or category in t.only])
    said, named = _told_of(trouble, title, chinese)
    body: dict[str, Any] = {
        "external_id": f"D{seed}-{n}",
        "order_number": number,
        "buyer": {
            "id": bought.buyer,
            "name": _name(chance, chinese),
            "tags": tags(seed, bought.buyer),
        },
        "merchant": bought.merchant,
        "story": said.format(goods=named),
        "entered": chance.choice(("unsettled", "unsettled", "merchant_timeout", "buyer_timeout")),
        "channel": chance.choice(("app", "app", "app", "web", "hotline", "social")),
        "appeared": ("签收时" if chinese else "at receipt") if chance.random() < 0.6 else "",
        "locale": bought.locale,
    }
    if trouble.told:
        body["facts"] = {"reason": trouble.reason, "category": category}
    if chance.random() < 0.2:
        body["order"] = told(bought)
    return body


def emergency(seed: int, n: int) -> dict[str, Any]:
    """What is said of a dispute in place of the rest, where it is an emergency (G3)."""
    chance = draw(seed, "emergency", n)
    reason, zh, en = chance.choice(EMERGENCIES)
    chinese = chance.random() < 0.5
    return {
        "story": zh if chinese else en,
        "locale": "zh-CN" if chinese else "en",
        "entered": "unsettled",
        "channel": "hotline",
        "facts": {"reason": reason},
    }


def tags(seed: int, buyer: str) -> list[str]:
    """What the marketplace knows of a buyer; the same buyer always has the same tags."""
    chance = draw(seed, "tags", buyer)
    shares = (("high_value", 0.15), ("after_sales_sensitive", 0.08))
    return [tag for tag, share in shares if chance.random() < share]


def plain_facts(body: dict[str, Any]) -> dict[str, str]:
    """What an agent would choose for a dispute that `dispute` gave, read out of its story."""
    facts = {"state": str(body["entered"])}
    for goods in GOODS:
        for trouble in TROUBLES:
            for title, chinese in ((goods.zh, True), (goods.en, False)):
                said, named = _told_of(trouble, title, chinese)
                if said.format(goods=named) == body["story"]:
                    facts |= {"category": goods.category, "reason": trouble.reason}
    return facts


def weight(seed: int, n: int) -> dict[str, str]:
    """What an agent would make of the n-th dispute: whom else it concerns, what is demanded."""
    chance = draw(seed, "weight", n)
    impact = "many_people" if chance.random() < 0.04 else "one_person"
    return {"impact": impact, "claim": "excessive" if chance.random() < 0.12 else "within_rules"}


def _told_of(trouble: Trouble, title: str, chinese: bool) -> tuple[str, str]:
    return (trouble.zh, title) if chinese else (trouble.en, title.lower())


def told(known: Order) -> dict[str, Any]:
    """An order as the marketplace tells it."""
    return {
        "currency": known.currency,
        "paid": known.paid,
        "freight": known.freight,
        "refunded": 0,
        "purchased_at": known.purchased_at.isoformat(),
        "lines": [dict(line) for line in known.lines],
    }


def _name(chance: random.Random, chinese: bool) -> str:
    if chinese:
        return chance.choice("王李张刘陈杨赵黄周吴") + chance.choice("芳伟敏静磊洋")
    return f"{chance.choice(('Ana', 'Ben', 'Clara', 'Emil'))} {chance.choice(('Weber', 'Rossi'))}"
