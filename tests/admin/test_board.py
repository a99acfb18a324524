"""The live board on its page: read anew by itself, honest where it cannot be (M1)."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update

from core.desk.numbers import shown
from core.tables import Dispute, DraftStage, WebSession
from tests.admin.window import sign_in, visit
from tests.panel import Panel, Visitor


def unused(panel: Panel) -> dt.datetime:
    """Every session was used an hour ago, and not since."""
    long_ago = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=1)
    panel.desk.write(update(WebSession).values(seen_at=long_ago))
    return long_ago


def test_number_leads_to_the_disputes_that_it_counts(panel: Panel, visitor: Visitor) -> None:
    panel.desk.hold(panel.desk.at_stage("adjudication"), "Ada")
    panel.desk.at_stage("adjudication")
    page = visitor.get("/board/").text
    links = {
        href.replace("&amp;", "&") for href in re.findall(r'href="([^"]*holder=\d+[^"]*)"', page)
    }
    assert len(links) == 1
    told = visitor.client.get(links.pop()).text
    assert "Held by Ada" in told
    assert told.count('<a class="number"') == 1


def test_grades_lead_to_the_disputes_that_they_count_and_are_named_where_there_is_none(
    panel: Panel, visitor: Visitor
) -> None:
    urgent = panel.desk.at(panel.desk.open(facts={"reason": "unsafe"})).row.number
    from_before = panel.desk.open()
    panel.desk.write(update(Dispute).where(Dispute.id == from_before).values(grade=""))
    page = visitor.get("/board/").text
    graded = page[page.index('id="grades"') : page.index('id="ages"')]
    assert [graded.count(words) for words in ("A: urgent", "B: normal", "Not graded")] == [1, 1, 1]
    links = re.findall(r'href="([^"]*)"', graded.replace("&amp;", "&"))
    assert len(links) == 2  # of the grades of which something is open, nothing being late
    lists = [visitor.client.get(link).text for link in links]
    assert shown(urgent) in lists[0]
    assert [told.count('<a class="number"') for told in lists] == [1, 1]
    visitor.post("/language", {"locale": "zh_CN"})
    assert "未定级" in visitor.get("/board/").text


def test_agent_sees_the_board_without_their_colleagues_figures(panel: Panel) -> None:
    tom = panel.visitor("Tom")
    tom.post("/language", {"locale": "en"})
    page = tom.get("/board/").text
    assert "By stage" in page
    assert "By agent" not in page


def test_filters_that_nobody_could_mean_narrow_nothing_or_all(visitor: Visitor) -> None:
    for query in ("holder=x", "holder=-7", "age=99", "age=x", "team=%00", f"holder={'9' * 40}"):
        assert visitor.get(f"/disputes/?{query}").status_code == 200, query


@pytest.mark.browser
def test_board_reads_itself_again_and_says_when_it_cannot(
    panel: Panel, address: str, browser: Browser
) -> None:
    panel.desk.open()
    page = visit(browser)
    page.clock.install()
    sign_in(page, panel, address)
    page.goto(f"{address}/panel/board/")
    open_ = page.get_by_role("link", name=re.compile(r"^\d+\s*Open$"))
    expect(open_).to_have_text(re.compile("1"))
    expect(page.locator("canvas").first).to_be_visible()
    loaded = page.evaluate("window.here = Math.random()")
    open_.focus()
    panel.desk.open()
    long_ago = unused(panel)
    page.clock.run_for(16_000)
    expect(open_).to_have_text(re.compile("2"))
    assert panel.desk.rows(select(WebSession.seen_at)) == [(long_ago,)]  # nobody used it
    expect(open_).to_be_focused()
    assert page.evaluate("window.here") == loaded  # nothing was loaded anew
    assert page.troubles == []  # type: ignore[attr-defined]
    page.route("**/board/", lambda route: route.abort())
    page.clock.run_for(16_000)
    expect(page.get_by_role("alert")).to_contain_text("could not be read just now")
    page.unroute("**/board/")
    page.clock.run_for(16_000)
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.browser
def test_page_of_the_draft_that_is_left_open_prolongs_no_session(
    panel: Panel, address: str, browser: Browser
) -> None:
    page = visit(browser)
    page.clock.install()
    sign_in(page, panel, address)
    stage = panel.desk.rows(select(DraftStage.id).order_by(DraftStage.id))[0][0]
    page.goto(f"{address}/panel/stages/edit/?id={stage}")
    expect(page.locator(".live-card [data-locale] *").first).to_be_visible()
    page.wait_for_load_state("networkidle")  # what drew the first card belongs to the opening
    long_ago = unused(panel)
    with page.expect_response("**/card/**"):
        page.locator("form.sheet input[type=text]").first.press("End")
        page.locator("form.sheet input[type=text]").first.press("x")
        page.clock.run_for(1_000)
    with page.expect_response("**/here/**"):
        page.clock.run_for(31_000)
    assert panel.desk.rows(select(WebSession.seen_at)) == [(long_ago,)]


@pytest.mark.browser
def test_board_is_read_as_tables_where_there_is_no_script(
    panel: Panel, address: str, browser: Browser
) -> None:
    panel.desk.at_stage("adjudication")
    page = visit(browser, java_script_enabled=False)
    sign_in(page, panel, address)
    page.get_by_role("link", name="Live board").click()
    row = page.get_by_role("row").filter(has_text="Adjudication")
    expect(row.get_by_role("cell").first).to_have_text("1")
    expect(page.locator(".chart").first).to_be_hidden()
