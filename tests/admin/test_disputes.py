"""Disputes in the panel: found, told whole, assigned and released."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from core.desk import disputes
from core.desk.answers import Refused
from core.desk.disputes import COUNTED, PAGE
from core.desk.narrowing import Wanted
from core.tables import Click, Event, Visit
from tests.factories import REFUND, Desk
from tests.panel import Panel, Visitor

STORY = "Write to anna.b@example.org or +86 139 1234 5678. <!channel> <script>alert(1)</script>"


def number(desk: Desk, dispute: int) -> str:
    """The number by which people know a dispute."""
    return str(desk.at(dispute).row.number)


def listed(visitor: Visitor, query: str = "") -> list[str]:
    """The numbers of the disputes that a list shows, in its order."""
    return re.findall(r'href="/panel/disputes/(\w{9})/"', visitor.get(f"/disputes/{query}").text)


def act(visitor: Visitor, what: str, number: str, **form: Any) -> str:
    """Presses assign or release on a dispute's page; returns what the next page says."""
    page = visitor.get(f"/disputes/{number}/").text
    visit = re.search(r'name="visit" value="(\d+)"', page)
    form.setdefault("visit", visit[1] if visit else "1")
    answer = visitor.post(f"/disputes/{number}/{what}", form)
    return visitor.client.get(answer.location).text if answer.location else answer.text


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


@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_story_tells_everything_in_labels(panel: Panel, visitor: Visitor, locale: str) -> None:
    desk = panel.desk
    dispute = desk.at_stage("evidence_review", story=STORY)
    desk.give(dispute, "buyer", "video")
    desk.must(dispute, "again_buyer", {"quality": "sound"})
    desk.pass_time(days=2)
    desk.sweep()
    desk.must(dispute, "enough", {"quality": "sound"})
    desk.must(dispute, "rule_merchant", {"quality": "wrong_facts"})
    desk.funds(dispute)
    desk.must(dispute, "deduct_online", REFUND)
    desk.pay(dispute, 7)
    visitor.post("/language", {"locale": locale})
    text = visitor.get(f"/disputes/{number(desk, dispute)}/").text
    wanted = {
        "en": (
            "Remedy verification",
            "Ask the buyer again",
            "Damaged in transit",
            "Unboxing video",
            "the buyer: silent",
            "Another amount arrived",
            "Defect: category, reason or state wrong",
            "Late",
            "Tom",
            "Eva",
            "Ada",
            "Kettle × 2",
            "<b>Tom</b> took it: Intake → Triage",
            "<span>“Evidence complete”: Awaiting evidence → Evidence review",
            "Remedy: Refund only; Refund share",
        ),
        "zh_CN": ("核实赔付", "请用户再举证", "运输破损", "开箱视频", "用户：未回应", "金额不符"),
    }
    for words in wanted[locale]:
        assert words in text, words
    main = text[text.index("<main") :]
    assert not re.search(r">\s*(evidence_review|again_buyer|rule_merchant|panel\.)", main)


def test_story_masks_personal_text_and_escapes_it(panel: Panel, visitor: Visitor) -> None:
    dispute = panel.desk.open(story=STORY)
    text = visitor.get(f"/disputes/{number(panel.desk, dispute)}/").text
    assert "anna.b@example.org" not in text
    assert "1234 5678" not in text
    assert "•••" in text
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;" in text


def test_story_of_every_stage_can_be_told(panel: Panel, visitor: Visitor) -> None:
    stages = ("intake", "triage", "awaiting_evidence", "adjudication", "awaiting_payment")
    for stage in (*stages, "verification", "finished"):
        dispute = panel.desk.at_stage(stage)
        assert visitor.get(f"/disputes/{number(panel.desk, dispute)}/").status_code == 200


def test_supervisor_assigns_and_releases(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    dispute = desk.at_stage("adjudication")
    which = number(desk, dispute)
    assert "Assigned." in act(visitor, "assign", which, person=str(desk.people["Ada"]))
    assert desk.at(dispute).row.holder_id == desk.people["Ada"]
    assert "Held by Ada" in visitor.get(f"/disputes/{which}/").text
    assert "Released." in act(visitor, "release", which)
    assert desk.at(dispute).row.holder_id is None


@pytest.mark.parametrize(
    ("stage", "story", "chinese"),
    [
        ("intake", "assigned it to Tom: Intake → Triage", "分派给 Tom：客服接入 → 现状判断"),
        ("triage", "assigned it to Tom at Triage", "在现状判断分派给 Tom"),
    ],
)
def test_assignment_is_told_as_one_with_whom_it_was_given_to(
    panel: Panel, visitor: Visitor, stage: str, story: str, chinese: str
) -> None:
    desk = panel.desk
    which = number(desk, desk.at_stage(stage))
    act(visitor, "assign", which, person=str(desk.people["Tom"]))
    page = visitor.get(f"/disputes/{which}/").text
    assert story in page
    assert "decided “assigned”" not in page
    visitor.post("/language", {"locale": "zh_CN"})
    assert chinese in visitor.get(f"/disputes/{which}/").text


def test_people_of_the_stage_come_first_where_it_is_assigned(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    for stage, first in (("adjudication", {"Ada"}), ("intake", {"Tom", "Tang Li"})):
        text = visitor.get(f"/disputes/{number(desk, desk.at_stage(stage))}/").text
        offered = re.findall(r'<option value="\d+">([^<]+)</option>', text)
        assert first == set(offered[: len(first)])


def test_refusal_of_an_assignment_says_why(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    which = number(desk, desk.at_stage("adjudication"))
    told = act(visitor, "assign", which, person=str(desk.people["Tom"]))  # who did triage
    assert "Tom handled dispute" in told
    told = act(visitor, "assign", which, person=str(desk.people["Olga"]))
    assert "Olga cannot be given disputes" in told


def test_double_click_assigns_once(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    dispute = desk.at_stage("adjudication")
    which, form = number(desk, dispute), {"person": str(desk.people["Ada"]), "click": "same"}
    act(visitor, "assign", which, **form)
    act(visitor, "assign", which, **form)
    events = select(Event.id).where(Event.dispute_id == dispute, Event.kind == "assigned")
    assert len(desk.rows(events)) == 1
    assert len(desk.rows(select(Click).where(Click.key == "panel:same"))) == 1


def test_visit_of_another_dispute_cannot_be_acted_on(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    mine, other = desk.at_stage("adjudication"), desk.at_stage("adjudication")
    foreign = str(desk.visit(other))
    person = str(desk.people["Ada"])
    answer = visitor.post(
        f"/disputes/{number(desk, mine)}/assign", {"visit": foreign, "person": person}
    )
    assert answer.status_code == 404
    holders = select(Visit.holder_id).where(Visit.id == int(foreign))
    assert desk.rows(holders) == [(None,)]


@pytest.mark.parametrize("name", ["Tom", "Olga", "Tim"])
def test_others_see_no_button_and_have_no_way_around_it(panel: Panel, name: str) -> None:
    desk = panel.desk
    dispute = desk.at_stage("adjudication")
    which, visitor = number(desk, dispute), panel.visitor(name)
    assert 'name="person"' not in visitor.get(f"/disputes/{which}/").text
    form = {"visit": str(desk.visit(dispute)), "person": str(desk.people["Ada"])}
    assert visitor.post(f"/disputes/{which}/assign", form).status_code == 403
    assert desk.at(dispute).row.holder_id is None


@pytest.mark.parametrize("which", ["AAAAAAAAA", "x", "1", "%00", "../people", "A" * 500])
def test_number_that_is_none_is_not_found(visitor: Visitor, which: str) -> None:
    assert visitor.get(f"/disputes/{which}/").status_code == 404


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
