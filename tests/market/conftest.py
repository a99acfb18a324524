"""A stub marketplace, and the adapter that reaches it."""

from collections.abc import Iterator

import pytest

from core.market.http import HttpMarket
from tests.market.stub import Shop, shop


@pytest.fixture
def stub() -> Iterator[Shop]:
    """A marketplace that remembers what it was told."""
    with shop() as made:
        yield made


@pytest.fixture
def market(stub: Shop) -> Iterator[HttpMarket]:
    """The adapter, pointed at the stub."""
    with HttpMarket(stub.url, "secret-token", timeout=2) as made:
        yield made
