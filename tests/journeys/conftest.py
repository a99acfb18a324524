"""An office whose people read English or Chinese, and a browser in which they sit."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from sqlalchemy import insert, select, update

from core.desk.intake import OrderInfo
from core.tables import Channel, Person
from tests.blockkit.browser import chromium
from tests.bot.office import Office, office
from tests.factories import KETTLE, Desk
from tests.journeys.seat import WIDE, Seat
from tests.journeys.studio import Studio
from tests.panel import Panel
from tests.serving import Door, served

STORIES = {"en": "The kettle came broken.", "zh_CN": "水壶收到时已经碎了，商家一直不回复。"}
THINGS = {"en": "Kettle", "zh_CN": "电热水壶"}


class Floor:
    """The office's floor: disputes come in, people sit down."""

    def __init__(self, made: Office, browser: Browser, language: str, door: Door, url: str) -> None:
        self.office, self.desk, self.language = made, made.desk, language
        self._browser, self._url = browser, url
        self._panel = Panel(made.desk, url)
        door.program = self._panel.wsgi
        self.errors: list[str] = []

    def dispute(self, stage: str = "intake", **changes: object) -> int:
        """A dispute at a stage, in the words of the floor's language, its card in Slack."""
        thing = {**KETTLE, "title": THINGS[self.language]}
        order = OrderInfo("CNY", 20_000, 1_000, lines=(thing,))
        told = {"story": STORIES[self.language], "order": order, **changes}
        found = self.desk.at_stage(stage, **told)
        self.office.settle()
        return found

    def seat(self, who: str) -> Seat:
        """Somebody sits down before the page."""
        page = self._browser.new_page(viewport=WIDE)  # type: ignore[arg-type]
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        return Seat(self.office, page, who, self.language)

    def studio(self, who: str) -> Studio:
        """Somebody sits down before the panel, in a window of their own."""
        page = self._browser.new_context().new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        return Studio(page, self._url, self._panel.link(who), self.language)

    def supervisor(self, name: str) -> None:
        """One more supervisor begins to work here."""
        values = {"name": name, "roles": ["supervisor"], "home_stage": "", "locale": self.language}
        more = {"zone": "Asia/Shanghai", "team": "", "active": True, "version": 1}
        self.desk.write(insert(Person).values(**values, **more))
        (row,) = self.desk.rows(select(Person.id).where(Person.name == name))
        self.desk.people[name] = row.id

    def close(self) -> None:
        """Everybody goes home; what their pages complained of fails the test."""
        for context in self._browser.contexts:
            context.close()
        assert self.errors == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file's journeys."""
    with chromium() as running:
        yield running


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest) -> str:
    """The language of everybody at the office, and of its channels."""
    return str(request.param)


@pytest.fixture
def floor(desk: Desk, browser: Browser, language: str) -> Iterator[Floor]:
    """An office at work, in one language."""
    desk.write(update(Person).values(locale=language))
    desk.write(update(Channel).values(locale=language))
    door = Door()
    with office(desk) as made, served(door) as url:
        found = Floor(made, browser, language, door, url)
        yield found
        found.close()
