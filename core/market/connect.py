"""The marketplace that the settings name: behind HTTP, or a file of orders, or none."""

from pathlib import Path

from core.market.file import FileMarket
from core.market.http import HttpMarket
from core.market.protocol import Market
from core.settings import Settings


def market_of(settings: Settings) -> Market | None:
    """The adapter for REDRESS_MARKET_URL; None where it is empty: its messages wait then."""
    url = settings.market_url
    if not url:
        return None
    if url.startswith("file:"):
        return FileMarket(Path(url.removeprefix("file:").removeprefix("//")))
    return HttpMarket(url, settings.market_token, timeout=settings.market_timeout)
