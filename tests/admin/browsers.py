"""Browsers by what they say of themselves, and people signed in with them."""

from tests.panel import Panel, Visitor

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1"
)


def signed_in(panel: Panel, name: str, says: str = FIREFOX) -> Visitor:
    """Somebody signed in with a browser that says this of itself, reading English."""
    visitor = Visitor(panel)
    link = panel.link(name)
    path = link.removeprefix("/panel")
    assert visitor.post(path, page=link, headers={"User-Agent": says}).status_code == 302
    visitor.post("/language", {"locale": "en"})
    return visitor
