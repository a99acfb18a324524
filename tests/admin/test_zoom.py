"""Looking closely at a picture of evidence: it fills its frame, and + and - zoom."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.admin.window import AXE, sign_in, visit
from tests.factories import Desk
from tests.panel import Panel
from tests.photos import give, photo

pytestmark = pytest.mark.browser


@pytest.fixture
def panel(desk: Desk, tmp_path: Path) -> Panel:
    """A panel whose files lie in a folder of this test."""
    return Panel(desk, files=tmp_path)


@pytest.mark.parametrize("width", [1280, 390])
def test_picture_fills_its_frame_and_is_enlarged_by_button_and_key(
    panel: Panel, address: str, browser: Browser, width: int
) -> None:
    dispute = panel.desk.at_stage("triage")
    for _ in range(2):
        give(panel.desk, panel.settings.files, dispute, photo())
    page = visit(browser, viewport={"width": width, "height": 844})
    sign_in(page, panel, address)
    number = panel.desk.at(dispute).row.number
    page.goto(f"{address}/panel/disputes/{number}/")
    page.get_by_text("Show it whole").click()
    page.locator("#reason").select_option("decide")
    page.get_by_role("button", name="Show", exact=True).click()
    page.locator("a[data-zoom]").first.click()
    frame, image = page.locator("[data-frame]"), page.locator("dialog img")
    expect(page.locator("figcaption")).to_contain_text("1 of 2 · 100 %")
    room, seen = frame.bounding_box(), image.bounding_box()
    assert room is not None
    assert seen is not None
    assert (seen["width"], seen["height"]) == pytest.approx((room["width"], room["height"]), abs=2)
    page.get_by_role("button", name="Larger").click()
    expect(page.locator("figcaption")).to_contain_text("150 %")
    larger = image.bounding_box()
    assert larger is not None
    assert larger["width"] == pytest.approx(seen["width"] * 1.5, abs=20)
    page.keyboard.press("+")
    expect(page.locator("figcaption")).to_contain_text("225 %")
    page.keyboard.press("ArrowRight")  # enlarged, an arrow moves the picture
    expect(page.locator("figcaption")).to_contain_text("1 of 2")
    page.keyboard.press("0")
    page.keyboard.press("ArrowRight")
    expect(page.locator("figcaption")).to_contain_text("2 of 2 · 100 %")
    page.evaluate(AXE)
    wrong = page.evaluate(
        """async () => (await axe.run('dialog')).violations
          .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target}`))"""
    )
    assert wrong + page.troubles == []  # type: ignore[attr-defined]
