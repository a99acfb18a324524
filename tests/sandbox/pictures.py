"""``python -m tests.sandbox.pictures FOLDER [NAME ...]``: the page's pictures, to be looked at.

Among them every block and element beside its JSON. The scene is that of `tests.sandbox.scene`.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from slack_sdk import WebClient

from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.blockkit.browser import chromium
from tests.sandbox import blocks, scene
from tests.sandbox.apps import BOT_TOKEN, Answerer, Received, StubApp

WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}


class Studio:
    """A filled sandbox, and pages of it."""

    def __init__(self, browser: Browser, control: Sandbox, slack: WebClient, stub: StubApp) -> None:
        self.browser, self.control, self.slack, self.stub = browser, control, slack, stub
        self.url = control.url

    def open(self, place: str = "#C1DESK", person: str = "U1LI", lang: str = "en",
             **options: Any) -> Page:  # fmt: skip
        """The page as somebody, settled, with no modal in front of them."""
        acting = self.control.act_as(person)
        if acting.modals():
            acting.close(everything=True)
        page = self.browser.new_page(**{"viewport": WIDE, **options})
        page.on("console", lambda m: m.type == "error" and sys.stderr.write(f"{m.text}\n"))
        page.on("pageerror", lambda error: sys.stderr.write(f"{error}\n"))
        page.goto(f"{self.url}/?as={person}&lang={lang}{place}")
        page.wait_for_timeout(500)
        return page

    def bench(self, part: str = "traffic", lang: str = "en", **options: Any) -> Page:
        """The engineers' page with something to look at."""
        page = self.browser.new_page(**{"viewport": WIDE, **options})
        page.on("console", lambda m: m.type == "error" and sys.stderr.write(f"{m.text}\n"))
        page.goto(f"{self.url}/sandbox/bench?lang={lang}#{part}")
        page.wait_for_timeout(700)
        if part == "traffic":
            page.get_by_role("button", name="event").first.click()
            page.wait_for_timeout(300)
        return page

    def modal(self, page: Page, view: dict[str, Any] = scene.FORM) -> Page:
        """`view` opened in front of whoever looks at `page`."""
        composer = page.get_by_role("textbox").last
        self.stub.answer = self.opens(view)
        composer.fill("/next")
        composer.press("Enter")
        page.get_by_role("dialog").wait_for()
        return page

    def opens(self, view: dict[str, Any]) -> Answerer:
        """What the app does to open `view` at any command."""

        def answer(received: Received) -> tuple[int, bytes, float]:
            if "command" in received.form:
                self.slack.views_open(trigger_id=received.form["trigger_id"], view=view)
            return 200, b"", 0.0

        return answer


@contextmanager
def studio() -> Iterator[Studio]:
    """Everything that pictures need, for as long as the block lasts."""
    with ExitStack() as stack:
        server = stack.enter_context(Server(scene.WORKSPACE, rates="off"))
        stub = stack.enter_context(StubApp())
        control = stack.enter_context(Sandbox(server.url))
        control.change_app("A1APP", url=stub.url)
        slack = WebClient(BOT_TOKEN, base_url=f"{server.url}/api/", retry_handlers=[])
        scene.fill(slack, control)
        yield Studio(stack.enter_context(chromium()), control, slack, stub)


def pressed(page: Page, name: str) -> Page:
    """The page after a button was pressed."""
    page.get_by_role("button", name=name).last.click()
    page.wait_for_timeout(300)
    return page


def searched(page: Page) -> Page:
    """The page with a search."""
    page.keyboard.press("Control+k")
    page.keyboard.type("a")
    page.wait_for_timeout(500)
    return page


def typed(page: Page, text: str) -> Page:
    """The page with something typed."""
    page.get_by_role("textbox").last.press_sequentially(text)
    page.wait_for_timeout(200)
    return page


def beside_json(at: Studio, name: str) -> Page:
    """The element of this name, in #elements, with its JSON beside it."""
    ts = next(m["ts"] for m in at.control.messages("C5ALL") if m["text"] == name)
    return at.open(f"#C5ALL/json/{ts}")


PICTURES: dict[str, Callable[[Studio], Page]] = {
    "channel": lambda s: s.open(),
    "channel-dark": lambda s: s.open(color_scheme="dark"),
    "channel-zh": lambda s: s.open(lang="zh_CN"),
    "channel-phone": lambda s: s.open(viewport=PHONE),
    "list-phone": lambda s: s.open("#", viewport=PHONE),
    "modal": lambda s: s.modal(s.open()),
    "modal-dark": lambda s: s.modal(s.open(color_scheme="dark")),
    "modal-phone": lambda s: s.modal(s.open(viewport=PHONE)),
    "home": lambda s: s.open("#home/A1APP"),
    "home-phone-dark": lambda s: s.open("#home/A1APP", viewport=PHONE, color_scheme="dark"),
    "bench": lambda s: s.bench(),
    "bench-dark": lambda s: s.bench(color_scheme="dark"),
    "bench-phone": lambda s: s.bench(viewport=PHONE),
    "bench-faults": lambda s: s.bench("faults"),
    "bench-faults-zh-phone": lambda s: s.bench("faults", "zh_CN", viewport=PHONE),
    "bench-clock": lambda s: s.bench("clock"),
    "empty": lambda s: s.open("#C6NONE"),
    "archived": lambda s: s.open("#C4PAST"),
    "typed": lambda s: s.modal(s.open(viewport={"width": 900, "height": 1100}), blocks.typed()),
    "elements": lambda s: s.open("#C5ALL", viewport={"width": 1100, "height": 9000}),
    "elements-phone-dark": lambda s: s.open(
        "#C5ALL", viewport={"width": 390, "height": 11000}, color_scheme="dark"
    ),
    "thread": lambda s: pressed(s.open(), "2 replies"),
    "search": lambda s: searched(s.open()),
    "calendar": lambda s: pressed(s.modal(s.open()), "Since: Select a date"),
    "select": lambda s: pressed(s.open(), "Liability"),
    "touch": lambda s: s.open(viewport=PHONE, has_touch=True, is_mobile=True),
    "composer": lambda s: typed(s.open(), "/"),
    "split": lambda s: s.open("&split=U2ANN#C1DESK"),
}  # fmt: skip


for element_name in blocks.samples():
    PICTURES[f"json-{element_name}"] = partial(beside_json, name=element_name)


def main(arguments: list[str]) -> int:
    """Take the pictures named, or all of them, into a folder."""
    folder, wanted = Path(arguments[0]), arguments[1:] or list(PICTURES)
    folder.mkdir(parents=True, exist_ok=True)
    with studio() as at:
        for name in wanted:
            page = PICTURES[name](at)
            page.screenshot(path=folder / f"{name}.png")
            page.context.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
