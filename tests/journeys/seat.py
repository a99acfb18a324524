"""Somebody's place before the sandbox's page: what they press, choose and see, in few words.

Words that people read are written ``English | 中文``; a seat takes those of its own language.
"""

import os
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.bot.office import Office
from tests.bot.sights import number

PICTURES = os.environ.get("REDRESS_PICTURES", "")  # a folder; empty: no pictures are taken
LOOKS, LOOK = 3, 5_000  # how often somebody opens Home, and how long they look (milliseconds)
WIDE, PHONE = {"width": 1280, "height": 1000}, {"width": 390, "height": 1400}
# What is no language: names, numbers of disputes and orders, what is typed, and time zones.
NAMES = re.compile(
    r"Tang Li|Sun Wei|Tom|Eva|Ada|Vera|Olga|Tim|Redress|Slack|Slackbot|/dispute next|/dispute new|"
    r"/dispute|#[a-z-]+|[A-Z][a-z]+/[A-Z][a-z]+|order-\d+|[0-9A-Z]{3}(-[0-9A-Z]{1,3})+|ID|UTC|GMT|JSON|English|中文"
)


class Surface:
    """A card, a modal, a message or Home, as somebody sees it."""

    def __init__(self, seat: "Seat", where: Locator) -> None:
        self.seat, self.where = seat, where

    def press(self, both: str) -> None:
        """Presses a button."""
        word = self.seat.word(both)
        self.where.get_by_role("button", name=word, exact=True).click()
        self.seat.wait()

    def choose(self, field: str, *options: str) -> None:
        """Chooses in a select; in one that holds several, each of the options."""
        self.select(field).click()
        for option in options:
            word = self.seat.word(option)
            self.seat.page.get_by_role("option", name=word, exact=True).click()
        if self.seat.page.get_by_role("listbox").count():  # of several: it stays open
            self.seat.page.keyboard.press("Escape")
        self.seat.wait()

    def select(self, field: str) -> Locator:
        """The button that opens a select, by its field's label."""
        word = re.escape(self.seat.word(field))
        return self.where.get_by_role("button", name=re.compile(f"^{word}.*: "))

    def pick_all(self, field: str) -> None:
        """Chooses everything that a select offers."""
        self.select(field).click()
        options = self.seat.page.get_by_role("option")
        for place in range(options.count()):
            options.nth(place).click()
        self.seat.page.keyboard.press("Escape")

    def choose_button(self, menu: str, option: str) -> None:
        """Chooses in a select that acts at once."""
        self.where.get_by_role("button", name=self.seat.word(menu)).click()
        self.seat.page.get_by_role("option", name=self.seat.word(option), exact=True).click()
        self.seat.wait()

    def time(self, field: str, typed: str) -> None:
        """Types a time of day."""
        self.select(field).click()
        self.seat.page.keyboard.type(typed)
        self.seat.page.keyboard.press("Enter")

    def tick(self, option: str) -> None:
        """Chooses one of the options that are shown at once."""
        self.where.get_by_role("radio", name=self.seat.word(option), exact=True).check()
        self.seat.wait()

    def menu(self, item: str) -> None:
        """Chooses in the menu behind the three dots."""
        self.where.get_by_role("button", name=self.seat.word("More actions | 更多操作")).click()
        found = self.seat.page.get_by_role("menuitem", name=self.seat.word(item), exact=True)
        found.click()
        self.seat.wait()

    def sees(self, *texts: str) -> None:
        """What is read here."""
        for both in texts:
            expect(self.where).to_contain_text(self.seat.word(both))

    def misses(self, *texts: str) -> None:
        """What is not read here."""
        for both in texts:
            expect(self.where).not_to_contain_text(self.seat.word(both))

    def offers(self, *buttons: str) -> None:
        """Buttons that can be pressed here."""
        for both in buttons:
            word = self.seat.word(both)
            expect(self.where.get_by_role("button", name=word, exact=True)).to_be_enabled()

    def speaks_one_language(self) -> None:
        """No word of the other language stands here."""
        text = NAMES.sub(" ", self.where.inner_text())
        foreign = (
            r"[A-Za-z]{2,}[A-Za-z ]*" if self.seat.chinese else r"[\u3000-\u9fff\uff00-\uffef]+"
        )
        assert re.findall(foreign, text) == [], text

    def shot(self, name: str) -> None:
        """Looked at and found in one language; where pictures are wanted, they are taken."""
        self.speaks_one_language()
        self.where.scroll_into_view_if_needed()
        self.seat.shot(name)


class Seat:
    """Somebody before the page."""

    def __init__(self, office: Office, page: Page, who: str, language: str) -> None:
        self.office, self.page, self.who = office, page, who
        self.chinese = language == "zh_CN"
        page.goto(f"{office.sandbox.url}/?as={office.slack_ids[who]}&lang={language}#C0001")
        expect(page.get_by_role("log")).to_be_visible()  # from here on it listens to keys

    def word(self, both: str) -> str:
        """The half of ``English | 中文`` that this person reads."""
        halves = both.split(" | ")
        return halves[-1] if self.chinese else halves[0]

    def wait(self) -> None:
        """Until no button turns any more, and the desk has told what it has to tell."""
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        self.office.settle()

    def go(self, channel: str) -> Surface:
        """To a channel, by its name on the left."""
        self.page.get_by_role("link", name=re.compile(rf"^(# ?)?{channel}\b")).click()
        expect(self.page.get_by_role("log")).to_be_visible()
        return self.here()

    def here(self) -> Surface:
        """What the person looks at."""
        return Surface(self, self.page.get_by_role("main"))

    def card(self, dispute: int) -> Surface:
        """The card of a dispute's open visit, in the channel where the person is."""
        self.office.settle()
        ts = self.office.card(dispute)["ts"]
        where = self.page.locator(f'.message[data-ts="{ts}"]')
        shown = number(self.office, dispute)
        grouped = "-".join(shown[i : i + 3] for i in range(0, len(shown), 3))
        expect(where).to_contain_text(grouped)
        return Surface(self, where)

    def old_card(self, visit: int) -> Surface:
        """What is left of the card of a visit that was left."""
        ts = self.office.message(visit)["ts"]
        return Surface(self, self.page.locator(f'.message[data-ts="{ts}"]'))

    def told(self, both: str) -> Surface:
        """A message that this person alone sees, here."""
        whispers = self.page.locator(".message[data-ephemeral=true]")
        found = whispers.filter(has_text=self.word(both)).last
        expect(found).to_be_visible()
        return Surface(self, found)

    def message(self, both: str) -> Surface:
        """The latest message with these words, where the person is."""
        self.office.settle()
        found = self.page.locator(".message").filter(has_text=self.word(both)).last
        expect(found).to_be_visible()
        return Surface(self, found)

    def direct(self, both: str) -> Surface:
        """The latest direct message of the app with these words."""
        self.page.get_by_role("link", name=re.compile("^Redress")).click()
        name = self.word("Messages | 消息")
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
        return self.message(both)

    def modal(self, title: str) -> Surface:
        """The modal in front of this person."""
        found = self.page.get_by_role("dialog", name=self.word(title))
        expect(found).to_be_visible()
        return Surface(self, found)

    def no_modal(self) -> None:
        """Nothing lies in front of the page."""
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def confirm(self, *says: str, picture: str = "") -> None:
        """Reads what a button asks before it acts, and says yes."""
        dialog = Surface(self, self.page.get_by_role("alertdialog"))
        dialog.sees(*says)
        if picture:
            dialog.shot(picture)
        dialog.press("Yes, decide | 确认")

    def home(self) -> Surface:
        """The app's Home. It is sent once and may be lost: then the person looks again."""
        found, mine = self.here(), self.word("My work | 我的工作")
        app = self.page.get_by_role("link", name=re.compile("^Redress"))
        app.click()
        for _ in range(LOOKS - 1):
            try:
                expect(found.where).to_contain_text(mine, timeout=LOOK)
            except AssertionError:
                self.page.get_by_role("link", name="intake").first.click()
                app.click()
        expect(found.where).to_contain_text(mine)
        return found

    def types(self, text: str) -> None:
        """Types into the composer and sends it."""
        field = self.page.get_by_role("main").get_by_role("textbox").last
        field.fill(text)
        field.press("Enter")
        self.wait()

    def shot(self, name: str) -> None:
        """Pictures of the whole page, light and dark, wide and on a phone, where wanted."""
        if not PICTURES:
            return
        language = "zh" if self.chinese else "en"
        for size, viewport in (("wide", WIDE), ("phone", PHONE)):
            self.page.set_viewport_size(viewport)  # type: ignore[arg-type]
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                path = Path(PICTURES) / f"{name}-{language}-{size}-{scheme}.png"
                self.page.wait_for_timeout(150)  # the page moves its things to their places
                self.page.screenshot(path=path)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
