"""The page that shows the API's description, in a browser: on a phone, and in the dark."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.blockkit.browser import chromium
from tests.portal.conftest import Api

pytestmark = pytest.mark.browser
BACK = "getComputedStyle(document.body).backgroundColor"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for this file."""
    with chromium() as running:
        yield running


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_page_fits_a_phone_and_follows_the_readers_theme(
    small_api: Api, browser: Browser, scheme: str, dark: bool
) -> None:
    page = browser.new_page(viewport=PHONE, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(small_api.url.removesuffix("/v1") + "/docs")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    red = int(page.evaluate(f"{BACK}.match(/\\d+/)[0]"))
    assert (red < 60) is dark
    page.context.close()
