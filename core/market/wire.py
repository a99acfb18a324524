"""The HTTP adapter's JSON: what is sent, and how an answer is read (docs/integrator.md)."""

import datetime as dt
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)
from pydantic_core import PydanticCustomError

from core.currency import MOST, known
from core.desk.intake import OrderInfo
from core.market.protocol import Funds, NotDone, Notice, Payment, Receipt

Model = TypeVar("Model", bound=BaseModel)
Minor = Annotated[int, Field(strict=True, ge=0, le=MOST)]
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
Short = Annotated[str, Field(min_length=1, max_length=200, pattern=PRINTABLE)]


class LineShape(BaseModel):
    """A line of an order; `unit_price` in minor units."""

    model_config = ConfigDict(hide_input_in_errors=True)

    key: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f:]*$")]
    title: Short
    unit_price: Minor
    quantity: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class OrderShape(BaseModel):
    """An order; amounts in minor units. What it says beyond this is ignored."""

    model_config = ConfigDict(hide_input_in_errors=True)

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    paid: Minor
    freight: Minor = 0
    refunded: Minor = 0
    purchased_at: AwareDatetime | None = None
    lines: Annotated[list[LineShape], Field(max_length=1000)] = []

    @field_validator("currency")
    @classmethod
    def _currency(cls, value: str) -> str:
        if value not in known():
            raise PydanticCustomError("currency", "no currency of CLDR")
        return value

    def info(self) -> OrderInfo:
        """The order as the desk takes it."""
        lines = tuple(line.model_dump() for line in self.lines)
        return OrderInfo(
            self.currency, self.paid, self.freight, self.refunded, self.purchased_at, lines
        )


class FundsShape(BaseModel):
    """Funds, in minor units of the order's currency."""

    model_config = ConfigDict(hide_input_in_errors=True)

    held: Minor
    balance: Minor = 0
    deposit: Minor = 0


def order_in(data: object) -> OrderInfo:
    """An order as it was answered. Raises NotDone naming the place that cannot be read."""
    return _read(OrderShape, data).info()


def funds_in(data: object) -> Funds:
    """Funds as they were answered. Raises NotDone naming the place that cannot be read."""
    funds = _read(FundsShape, data)
    return Funds(funds.held, funds.balance, funds.deposit)


def payment_out(payment: Payment) -> dict[str, Any]:
    """A payment as it is sent; its reference stands in the path."""
    return {
        "order_number": payment.order,
        "amount": payment.amount,
        "currency": payment.currency,
        "sources": list(payment.sources),
    }


def notice_out(notice: Notice) -> dict[str, Any]:
    """A notice as it is sent."""
    data = asdict(notice)
    data["order_number"] = data.pop("order")
    return {name: _plain(value) for name, value in data.items()}


def receipt_out(receipt: Receipt) -> dict[str, Any]:
    """A receipt as it is sent; its number stands in the path, too."""
    data = asdict(receipt)
    data["order_number"] = data.pop("order")
    return {name: _plain(value) for name, value in data.items()}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _read(model: type[Model], data: object) -> Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise NotDone(f"unreadable: {place or 'answer'}") from None
