"""The list of disputes in the panel: narrowed, ordered, paged, searched."""

import re

import pytest

from core.desk import disputes
from core.desk.answers import Refused
from core.desk.disputes import COUNTED, PAGE
from core.desk.narrowing import Wanted
from tests.panel import Panel, Visitor, number


def listed(visitor: Visitor, query: str = "") -> list[str]:
    """The numbers of the disputes that a list shows, in its order."""
    return re.findall(r'href="/panel/disputes/(\w{9})/"', visitor.get(f"/disputes/{query}").text)


def test_list_shows_newest_first_and_sorts_by_age(panel: Panel, visitor: Visitor) -> None:
    numbers = [number(panel.desk, panel.desk.open()) for _ in range(3)]
    assert listed(visitor) == numbers[::-1]
    column = "4"  # opened
    assert listed(visitor, f"?sort={column}") == numbers
    assert listed(visitor, f"?sort={column}&desc=1") == numbers[::-1]


def test_list_sorts_by_what_is_due_next(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    done = number(desk, desk.at_stage("finished"))
    late = number(desk, desk.open())
    desk.pass_time(hours=1)
    later = number(desk, desk.open())
    column = "3"  # due
    text = visitor.get("/disputes/").text
    link = re.search(r'<a href="([^"]*sort=3[^"]*)">', text)
    assert link is not None
    assert listed(visitor, f"?sort={column}") == [late, later, done]
    assert listed(visitor, f"?sort={column}&desc=1") == [later, late, done]
    assert listed(visitor, f"?sort={column}&state=open&search=order-2") == [late]
    heads = re.findall(r"<th [^>]*>", visitor.get(f"/disputes/?sort={column}&desc=1").text)
    assert 'aria-sort="descending"' in heads[int(column)]


def test_list_is_narrowed_by_state_and_stage(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    wait, done = desk.at_stage("awaiting_evidence"), desk.at_stage("finished")
    late = desk.open()
    desk.pass_time(hours=2)
    fresh = desk.open()
    names = {n: number(desk, n) for n in (wait, done, late, fresh)}
    assert set(listed(visitor, "?state=open")) == {names[wait], names[late], names[fresh]}
    assert listed(visitor, "?state=finished") == [names[done]]
    assert listed(visitor, "?state=overdue") == [names[late]]
    assert listed(visitor, "?stage=awaiting_evidence") == [names[wait]]  # hidden, never from here
    assert len(listed(visitor, "?state=made-up")) == 4


def test_search_finds_by_number_order_and_merchant(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    one = number(desk, desk.open(order_number="A-77", merchant="shop-9"))
    other = number(desk, desk.open(order_number="A-78"))
    typed = f"%23{one[:3]}-{one[3:6]}-{one[6:]}".lower()
    assert listed(visitor, f"?search={typed}") == [one]
    assert listed(visitor, "?search=A-77") == [one]
    assert listed(visitor, "?search=shop-9") == [one]
    assert listed(visitor, "?search=%20A-78%20") == [other]
    assert listed(visitor, "?search=A-7") == []
    assert "No dispute fits" in visitor.get("/disputes/?search=A-7").text


@pytest.mark.parametrize(
    "query",
    [
        "?page=-3",
        "?page=99999999999",
        "?page=x",
        "?sort=99&desc=x",
        "?sort=-1",
        "?page_size=1000000",
        "?search=%00",
        "?search='%20OR%201=1%20--",
        "?stage=%27",
        "?flt0_0=x",
    ],
)
def test_odd_lists_are_still_lists(panel: Panel, visitor: Visitor, query: str) -> None:
    for _ in range(PAGE + 1):
        panel.desk.open()
    answer = visitor.get(f"/disputes/{query}", follow_redirects=True)
    assert answer.status_code == 200
    assert len(listed(visitor, query)) <= PAGE


def test_page_holds_twenty_and_counting_stops_at_ten_thousand(panel: Panel) -> None:
    desk = panel.desk
    for _ in range(PAGE + 2):
        desk.open()
    who = desk.who("Tim")
    first = desk.db.read(disputes.search, who, Wanted())
    second = desk.db.read(disputes.search, who, Wanted(page=1))
    assert not isinstance(first, Refused)
    assert not isinstance(second, Refused)
    assert (len(first.rows), len(second.rows), first.count) == (PAGE, 2, PAGE + 2)
    assert COUNTED == 10_001


def test_lists_and_stories_are_refused_in_the_desk_too(panel: Panel) -> None:
    desk = panel.desk
    panel.switch_off("Tom")
    answer = desk.db.read(disputes.search, desk.who("Tom"), Wanted())
    assert isinstance(answer, Refused)


def test_home_says_what_stands_where(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    desk.at_stage("triage")
    desk.open()
    desk.pass_time(hours=3)
    text = visitor.get("/").text
    rows = re.findall(r'stage=(\w+)&amp;state=open".*?<td class="num"[^>]*>(\d+)', text, re.DOTALL)
    assert dict(rows) | {"intake": "1", "triage": "1"} == dict(rows)
    assert text.count('<span class="tag bad">1</span>') == 2  # both are overdue
    assert "You hold" in panel.visitor("Tom").get("/").text


def test_page_after_the_last_leads_to_the_last_one_of_the_same_list(
    panel: Panel, visitor: Visitor
) -> None:
    for _ in range(PAGE + 1):
        panel.desk.open()
    answer = visitor.get("/disputes/?page=50&state=open")
    assert answer.status_code == 302
    assert answer.location == "/panel/disputes/?page=1&state=open&page_size=20"
    last = visitor.client.get(answer.location).text
    assert last.count('name="number"') == 1
    assert 'rel="prev"' in last
    assert visitor.get("/disputes/?page=50&search=nothing").status_code == 302
    assert "fits" in visitor.get("/disputes/?search=nothing").text
