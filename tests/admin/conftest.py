"""A panel to test on."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from tests.admin.window import ARGS
from tests.factories import Desk
from tests.panel import Panel, Visitor


@pytest.fixture
def panel(desk: Desk) -> Panel:
    """The panel of a fresh desk."""
    return Panel(desk)


@pytest.fixture
def visitor(panel: Panel) -> Visitor:
    """A supervisor at the panel, reading English."""
    visitor = panel.visitor("Sun Wei")
    visitor.post("/language", {"locale": "en"})
    return visitor


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def address(panel: Panel) -> Iterator[str]:
    """The panel on a free port; this server keeps no connection open that a browser leaves."""
    server = make_server("127.0.0.1", 0, panel.wsgi, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
