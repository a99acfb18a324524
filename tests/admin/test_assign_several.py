"""Several disputes given to one person: told before, decided one by one, once a form (A2)."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update

from core.desk import assign_several
from core.desk.answers import Applied, Refused
from core.tables import Event, Person, Visit
from tests.admin.window import sign_in, visit
from tests.factories import Desk
from tests.panel import Panel, Visitor


def number(desk: Desk, dispute: int) -> str:
    return str(desk.at(dispute).row.number)


def holder(desk: Desk, dispute: int) -> int | None:
    columns = select(Visit.holder_id).where(Visit.dispute_id == dispute, Visit.left_at.is_(None))
    found: int | None = desk.rows(columns)[0].holder_id
    return found


def asked(
    visitor: Visitor, desk: Desk, disputes: list[int], who: str
) -> tuple[str, dict[str, Any]]:
    """The preview's page, and what its form would send."""
    query = "&".join(f"number={number(desk, one)}" for one in disputes)
    page = visitor.get(f"/assign_several/?{query}&person={desk.people[who]}").text
    form = page[page.find('method="post" action="/panel/assign_several/"') :]
    data: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
        data.setdefault(name, []).append(value)
    return page, data


def test_preview_tells_each_and_changes_nothing(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    mine, handled = desk.at_stage("adjudication"), desk.at_stage("adjudication")
    wait = desk.at_stage("awaiting_evidence")
    events = len(desk.rows(select(Event.id)))
    page, form = asked(visitor, desk, [mine, handled, wait], "Tom")
    assert page.count("assigned to Tom</span>") == 0  # he triaged all of them
    assert page.count("Tom handled dispute") == 3
    assert "visit" not in form
    page, form = asked(visitor, desk, [mine, handled, wait], "Ada")
    assert page.count("assigned to Ada</span>") == 2
    assert len(form["visit"]) == 2
    assert "Assign 2 to Ada" in page
    assert len(desk.rows(select(Event.id))) == events
    assert holder(desk, mine) is None


def test_form_sent_twice_gives_each_once(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    disputes = [desk.at_stage("adjudication") for _ in range(3)]
    _, form = asked(visitor, desk, disputes, "Ada")
    first = visitor.post("/assign_several/", form).text
    assert "3 assigned to Ada." in first
    events = len(desk.rows(select(Event.id)))
    desk.release(disputes[0], "Ada")
    again = visitor.post("/assign_several/", form).text
    assert "3 assigned to Ada." in again  # the same answer
    assert holder(desk, disputes[0]) is None  # and no second effect
    assert len(desk.rows(select(Event.id))) == events + 1
    assert desk.differences() == []


def test_what_moved_on_meanwhile_is_refused_and_the_rest_is_given(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    gone, there = desk.at_stage("adjudication"), desk.at_stage("adjudication")
    _, form = asked(visitor, desk, [gone, there], "Ada")
    desk.must(gone, "rule_merchant", {"quality": "sound"})
    page = visitor.post("/assign_several/", form).text
    assert "1 assigned to Ada." in page
    assert "1 not assigned" in page
    assert holder(desk, there) == desk.people["Ada"]
    assert desk.differences() == []


def test_nobody_gets_more_than_they_can_hold(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    desk.write(update(Person).where(Person.name == "Ada").values(capacity=2))
    disputes = [desk.at_stage("adjudication") for _ in range(3)]
    page, form = asked(visitor, desk, disputes, "Ada")
    assert page.count("Ada would hold more than they can.") == 1
    visitor.post("/assign_several/", form)
    assert [holder(desk, one) for one in disputes] == [desk.people["Ada"]] * 2 + [None]


def test_nobody_gets_anything_while_away(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    desk.write(update(Person).where(Person.name == "Ada").values(absent_from=desk.now()))
    page, form = asked(visitor, desk, [desk.at_stage("adjudication")], "Ada")
    assert "Ada is away and is given nothing." in page
    assert "visit" not in form


def test_ticks_are_offered_to_whoever_may_assign(panel: Panel, visitor: Visitor) -> None:
    panel.desk.open()
    assert 'id="ticks"' in visitor.get("/disputes/").text
    assert 'id="ticks"' not in panel.visitor("Tom").get("/disputes/").text
    assert panel.visitor("Tom").post("/assign_several/", {"person": "1"}).status_code == 403


@pytest.mark.parametrize("query", ["", "number=nothing", "number=%00", "all=1"])
def test_nothing_ticked_leads_back_to_the_list(visitor: Visitor, query: str) -> None:
    assert visitor.get(f"/assign_several/?{query}").status_code == 302


def test_hostile_ids_find_nothing(panel: Panel, visitor: Visitor) -> None:
    one = number(panel.desk, panel.desk.open())
    assert visitor.get(f"/assign_several/?number={one}&person=x").status_code == 404
    page = visitor.get(f"/assign_several/?number={one}&person=999").text
    assert "cannot be given disputes" in page
    bad = {"person": "999", "number": one, "visit": "999", "click": "x"}
    assert visitor.post("/assign_several/", bad).status_code == 200


@pytest.mark.postgres
def test_two_supervisors_at_once_give_nobody_too_much(any_desk: Desk) -> None:
    from concurrent.futures import ThreadPoolExecutor

    desk = any_desk
    desk.write(update(Person).where(Person.name == "Ada").values(capacity=3))
    visits = [desk.visit(desk.at_stage("adjudication")) for _ in range(8)]

    def give(visit_id: int) -> Any:
        args = (visit_id, desk.people["Ada"], desk.who("Sun Wei"))
        return desk.db.transact(assign_several.assign_one, *args)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(give, visits))
    assert sum(isinstance(one, Applied) for one in answers) == 3
    assert {one.key for one in answers if isinstance(one, Refused)} == {"holds_enough"}


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_all_shown_are_assigned_by_keyboard_on_a_phone(
    panel: Panel, address: str, browser: Browser, script: bool
) -> None:
    disputes = [panel.desk.at_stage("adjudication") for _ in range(2)]
    page = visit(browser, viewport={"width": 390, "height": 800}, java_script_enabled=script)
    sign_in(page, panel, address)
    page.goto(f"{address}/panel/disputes/")
    if script:
        page.get_by_label("Tick all shown").focus()
        page.keyboard.press("Space")
        expect(page.get_by_role("checkbox", checked=True)).to_have_count(3)
        page.get_by_role("button", name="Assign the ticked ones").press("Enter")
    else:
        page.get_by_role("button", name="Assign all shown").press("Enter")
    page.get_by_label("Assign to").select_option(label="Ada · holds 0")
    page.get_by_role("button", name="Show what would happen").press("Enter")
    page.get_by_role("button", name="Assign 2 to Ada").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("2 assigned to Ada.")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert {holder(panel.desk, one) for one in disputes} == {panel.desk.people["Ada"]}
    assert page.troubles == []  # type: ignore[attr-defined]


def test_nothing_ticked_leads_back_to_the_list_as_it_was_narrowed(
    panel: Panel, visitor: Visitor
) -> None:
    panel.desk.open()
    page = visitor.get("/disputes/?state=open&stage=intake").text
    assert '<input type="hidden" name="back" value="state=open&amp;stage=intake">' in page
    answer = visitor.get("/assign_several/?back=state%3Dopen%26stage%3Dintake")
    assert answer.location == "/panel/disputes/?state=open&stage=intake"
    assert "Tick" in visitor.client.get(answer.location).text
    odd = visitor.get("/assign_several/?back=%0d%0aX: y//elsewhere.example/&amp;=")
    assert odd.location.startswith("/panel/disputes/")
    assert "X" not in odd.headers
