"""Every page of the panel, as a supervisor and an operator find it: for everybody, and silent.

The pages are those of the url map, each at an address that the panel itself links to. A page is
opened in both languages. Its colours and its width change places from page to page, so that every
pair of language, colours and width meets; nothing may be wider than the window at either width.
"""

import html
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update
from werkzeug.exceptions import HTTPException

import admin
from admin import blocks
from admin.draft.kinds import PAGES
from core.tables import Dispute, DraftOption, Person
from tests.admin.routes import addresses
from tests.admin.window import AXE, visit
from tests.core.desk.on_rota import add
from tests.panel import Panel, Visitor

pytestmark = pytest.mark.browser
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = (("light", DESK), ("dark", PHONE), ("light", PHONE), ("dark", DESK))
OTHER = re.compile(
    rf"export|evidence$|small$|disputes.picture|here_view|^web|{blocks.ENDPOINT}"
)  # files, and what scripts ask
# Whether it stays wider than the window once its charts are drawn anew.
TOO_WIDE = """(patience) => new Promise((done) => {
  const end = performance.now() + patience;
  const look = () => {
    if (document.documentElement.scrollWidth <= innerWidth) done(false);
    else if (performance.now() > end) done(true);
    else requestAnimationFrame(look);
  };
  look();
})"""
SOON = 5_000  # milliseconds
LINK = re.compile(r'(?:href|data-url)="(/panel/[^"#]*)')
# Nothing of this kind stands in the first draft, or nobody started one; their forms are those that
# a new one is made with, and test_pilot.py reads the page of one that ended.
NONE_YET = {
    "workflow_rules.edit_view",
    "assignments.edit_view",
    "macros.edit_view",
    "successors.edit_view",
    "pilot.ended",
}
# What an operator may not, who assigns nothing.
ASSIGNING = {"disputes.merging", "disputes.splitting", "disputes.together"}
# These lead to the list of what they belong to.
LEADS_ON = {f"{page.endpoint}.index_view" for page in PAGES if not page.top}


def lived_in(panel: Panel) -> str:
    """A desk on which something of everything has happened; where two tellings could be merged."""
    desk = panel.desk
    told = {"order_number": "order-twice", "buyer": "buyer-twice"}
    once, again = (desk.at(desk.open(**told)).row.number for _ in range(2))
    for stage in ("intake", "triage", "awaiting_evidence", "adjudication", "verification"):
        desk.at_stage(stage, buyer_contact="anna@example.org", buyer_tags=("high_value",))
    desk.park(desk.at_stage("triage"), chosen={"category": "food"})
    desk.give(desk.at_stage("finished"))
    desk.pass_time(hours=30)
    desk.at_stage("finished")
    tim = desk.people["Tim"]
    desk.write(update(Person).where(Person.id == tim).values(absent_until=desk.now()))
    add(desk)  # a rota, on which somebody is away
    desk.write(update(DraftOption).where(DraftOption.key == "full").values(retired=True))
    return f"/panel/disputes/{again}/merge?into={once}"


def pages(panel: Panel, visitor: Visitor, *more: str) -> dict[str, str]:
    """Each endpoint that somebody may read as a page, with an address that leads to something."""
    routes = panel.app.url_map.bind("desk.example")
    number = panel.desk.rows(select(Dispute.number).limit(1))[0].number
    found: dict[str, str] = {}
    ahead = [
        "/panel/",
        f"/panel/assign_several/?number={number}",
        f"/panel/group_several/?number={number}",
        "/panel/search/?q=nothing",
    ]
    ahead += more
    known = set(ahead)
    for _, path, methods in addresses(panel):
        if "GET" in methods:  # where no link leads: the first row
            ahead.append(f"{admin.MOUNT}{path}?id=1")
    while ahead:
        address = ahead.pop(0)
        try:
            endpoint, _ = routes.match(urlsplit(address).path.removeprefix(admin.MOUNT))
        except HTTPException:
            continue
        if endpoint in found or OTHER.search(endpoint):
            continue
        answer = visitor.client.get(address)
        answer.close()
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found[endpoint] = address
            links = [html.unescape(link) for link in LINK.findall(answer.text)]
            ahead[:0] = [link for link in links if link not in known]
            known.update(links)
    return found


def unread(panel: Panel, found: dict[str, str]) -> set[str]:
    """Endpoints with pages that were not found, though the reader may open their part."""
    parts = {endpoint.partition(".")[0] for endpoint in found}
    return {
        endpoint
        for endpoint, _, methods in addresses(panel)
        if "GET" in methods and endpoint.partition(".")[0] in parts
    } - set(found)


def read(page: Page) -> list[str]:
    """What axe finds on the page, and what the page and its policy complained of."""
    found: list[str] = page.evaluate(
        """async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
          .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target}`))"""
    )
    troubles: list[str] = page.troubles  # type: ignore[attr-defined]
    return found + troubles


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("name", ["Sun Wei", "Olga"])
def test_every_page_is_for_everybody_silent_and_no_wider_than_its_window(
    panel: Panel, address: str, browser: Browser, name: str, language: str
) -> None:
    merging = lived_in(panel)
    page = visit(browser)
    page.goto(address + panel.link(name))
    page.locator("form button.primary").click()
    expect(page.locator(".side")).to_be_attached()
    spoken = language.replace("_", "-")
    if page.locator("html").get_attribute("lang") != spoken:
        page.locator(".languages button").first.click()
    expect(page.locator("html")).to_have_attribute("lang", spoken)
    found = pages(panel, panel.visitor(name), merging)
    passed_over = NONE_YET | LEADS_ON | (ASSIGNING if name == "Olga" else set())
    assert {one for one in unread(panel, found) if not OTHER.search(one)} <= passed_over
    wrong: dict[str, list[str]] = {}
    page.context.add_init_script(AXE)
    for place, (endpoint, url) in enumerate(found.items()):
        scheme, size = LOOKS[(place + 2 * (language == "en")) % len(LOOKS)]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(address + url)
        told = read(page)
        for width in (DESK, PHONE):
            page.set_viewport_size(width)  # type: ignore[arg-type]
            if page.evaluate(TOO_WIDE, SOON):
                told.append(f"wider than {width}")
        if told:
            wrong[f"{endpoint} {url} {scheme} {size}"] = list(told)
            page.troubles.clear()  # type: ignore[attr-defined]
    assert wrong == {}
