"""Currencies: which exist, and decimal amounts as integer minor units, exponents from CLDR."""

from decimal import Decimal, InvalidOperation
from functools import cache

from babel.numbers import get_currency_precision, list_currencies

MOST = 2**53  # minor units: what every JSON reader holds exactly


@cache
def known() -> frozenset[str]:
    """The codes of all currencies that CLDR knows."""
    return frozenset(list_currencies())


def minor(text: str, currency: str) -> int:
    """A decimal amount such as `1299.50`, a point before the fraction, in minor units.

    Raises ValueError with a message key for what is no amount, or finer than the currency.
    """
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError("not_an_amount") from None
    if not value.is_finite():
        raise ValueError("not_an_amount")
    if value < 0:
        raise ValueError("negative")
    if value > MOST:
        raise ValueError("too_much")
    scaled = value.scaleb(_exponent(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError("too_fine")
    return int(scaled)


@cache
def _exponent(currency: str) -> int:
    return get_currency_precision(currency)
