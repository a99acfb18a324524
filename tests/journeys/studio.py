"""Somebody's place before the panel: what they open, type, press and read, in few words.

Words that people read are written ``English | 中文``; a place takes those of its own language.
"""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.seat import WIDE


class Studio:
    """Somebody before the panel."""

    def __init__(self, page: Page, address: str, link: str, language: str) -> None:
        self.page, self.address = page, address
        self.chinese = language == "zh_CN"
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        page.goto(address + link)
        page.locator("form button.primary").click()
        self.reads("Hello, | 你好，")

    def word(self, both: str) -> str:
        """The half of ``English | 中文`` that this person reads."""
        halves = both.split(" | ")
        return halves[-1] if self.chinese else halves[0]

    def menu(self, both: str, says: str = "") -> None:
        """To a page of the menu; it says its name, or what is given."""
        side = self.page.locator(".side")
        side.get_by_role("link", name=self.word(both), exact=True).click()
        self.reads(says or both)

    def follow(self, both: str) -> None:
        """Follows a link of the page."""
        found = self.page.get_by_role("main").get_by_role("link", name=self.word(both))
        found.first.click()

    def press(self, both: str) -> None:
        """Presses a button of the page."""
        found = self.page.get_by_role("main").get_by_role("button", name=self.word(both))
        found.first.click()

    def field(self, both: str) -> Locator:
        """A field, by its label."""
        main = self.page.get_by_role("main")
        return main.get_by_label(self.word(both), exact=True).first

    def fills(self, both: str, text: str) -> None:
        """Types into a field."""
        self.field(both).fill(self.word(text))

    def chooses(self, both: str, option: str) -> None:
        """Chooses in a select, the option that says so somewhere."""
        field = self.field(both)
        word = re.compile(re.escape(self.word(option)))
        value = field.locator("option").filter(has_text=word).first.get_attribute("value")
        field.select_option(value)

    def reads(self, *texts: str) -> None:
        """What stands on the page."""
        for both in texts:
            expect(self.page.get_by_role("main")).to_contain_text(self.word(both))

    def misses(self, *texts: str) -> None:
        """What does not stand on the page."""
        for both in texts:
            expect(self.page.get_by_role("main")).not_to_contain_text(self.word(both))

    def handle(self, both: str) -> Locator:
        """What a row is dragged by, or moved with the arrow keys."""
        word = self.word(both)
        name = f"移动“{word}”：拖动" if self.chinese else f"Move “{word}”: drag it"
        return self.page.get_by_role("button", name=name)

    def card(self, language: str) -> Locator:
        """The live card beside a form, in a language."""
        beside = self.page.get_by_role(
            "complementary", name=self.word("The card in Slack | Slack 里的卡片")
        )
        return beside.get_by_role("region", name={"en": "English", "zh_CN": "中文"}[language])
