"""A browser window on the panel, signed in by a link."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.panel import Panel

PATIENCE = 30_000  # milliseconds: asking for a draft's problems takes seconds on a busy machine
expect.set_options(timeout=PATIENCE)

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
ARGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def visit(browser: Browser, **context: Any) -> Page:
    """A fresh browser window whose console must stay silent."""
    page = browser.new_context(locale="en-GB", **context).new_page()
    page.set_default_timeout(PATIENCE)
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.troubles = troubles  # type: ignore[attr-defined]
    return page


def sign_in(page: Page, panel: Panel, address: str, name: str = "Sun Wei") -> None:
    """Signs in by a link and switches to English."""
    page.goto(address + panel.link(name))
    page.get_by_role("button", name=f"Sign in as {name}").click()
    if page.locator("html").get_attribute("lang") != "en":
        page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name=f"Hello, {name}")).to_be_visible()
