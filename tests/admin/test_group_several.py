"""Several ticked disputes said to come from one incident, in the panel (D9)."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from core.desk import incidents
from core.tables import Dispute, Incident
from tests.admin.window import sign_in, visit
from tests.factories import Desk
from tests.panel import Panel, Visitor


def number(desk: Desk, dispute: int) -> str:
    return str(desk.at(dispute).row.number)


def form(desk: Desk, disputes: list[int], **more: object) -> dict[str, object]:
    """What the page's form sends."""
    return {
        "number": [number(desk, one) for one in disputes],
        "visit": [str(desk.visit(one)) for one in disputes],
        **more,
    }


def named(desk: Desk) -> dict[int, str]:
    """The incident of each dispute that names one."""
    rows = desk.rows(
        select(Dispute.id, Incident.title).join(Incident, Incident.id == Dispute.incident_id)
    )
    return {row.id: row.title for row in rows}


def test_ticked_disputes_become_one_incident_once(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    one, other, apart = (desk.open() for _ in range(3))
    sent = form(desk, [one, other], incident="new", title="  One  lot spoiled ", click="x")
    first = visitor.post("/group_several/", sent)
    again = visitor.post("/group_several/", sent)
    assert first.location == again.location == f"/panel/disputes/{number(desk, one)}/#belongs"
    assert named(desk) == {one: "One lot spoiled", other: "One lot spoiled"}
    assert (
        "2 disputes stand under “One lot spoiled” now."
        in visitor.get(f"/disputes/{number(desk, one)}/").text
    )
    assert len(desk.rows(select(Incident.id))) == 1
    assert apart not in named(desk)
    assert desk.differences() == []


def test_a_known_incident_is_joined_and_another_one_left(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    one, other = desk.open(), desk.open()
    for dispute, title in ((one, "Warehouse flood"), (other, "Recall")):
        desk.db.transact(incidents.group, desk.who("Sun Wei"), [desk.visit(dispute)], title=title)
    flood = desk.rows(select(Incident.id).where(Incident.title == "Warehouse flood"))[0].id
    page = visitor.get(f"/group_several/?number={number(desk, other)}").text
    assert "leaves</span> Recall" in page
    assert f'<option value="{flood}">Warehouse flood</option>' in page
    visitor.post("/group_several/", form(desk, [other], incident=str(flood)))
    assert named(desk) == {one: "Warehouse flood", other: "Warehouse flood"}


@pytest.mark.parametrize("title", ["", "   ", "x" * 81, "a\x00b"])
def test_a_name_that_is_none_is_refused_beside_the_field(
    panel: Panel, visitor: Visitor, title: str
) -> None:
    desk = panel.desk
    one = desk.open()
    answer = visitor.post("/group_several/", form(desk, [one], title=title, back="state=open"))
    page = visitor.client.get(answer.location.partition("#")[0]).text
    assert 'id="group-refused"' in page
    assert "at most 80 characters" in page
    assert f'value="{title}"' in page or title == "a\x00b"
    assert "state=open" in page
    assert named(desk) == {}


def test_a_script_in_the_name_stays_a_text(panel: Panel, visitor: Visitor) -> None:
    one = panel.desk.open()
    visitor.post("/group_several/", form(panel.desk, [one], title="<script>alert(1)</script>"))
    page = visitor.get(f"/disputes/{number(panel.desk, one)}/").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_it_is_offered_to_whoever_may_group(panel: Panel, visitor: Visitor) -> None:
    panel.desk.open()
    assert "/group_several/" in visitor.get("/disputes/").text
    assert "/group_several/" not in panel.visitor("Tom").get("/disputes/").text
    assert panel.visitor("Tom").post("/group_several/", {"title": "x"}).status_code == 403


@pytest.mark.parametrize("query", ["", "number=nothing", "number=%00"])
def test_nothing_ticked_leads_back_to_the_list(visitor: Visitor, query: str) -> None:
    answer = visitor.get(f"/group_several/?{query}&back={quote('state=open')}")
    assert answer.location == "/panel/disputes/?state=open"


def test_hostile_ids_find_nothing(panel: Panel, visitor: Visitor) -> None:
    one = panel.desk.open()
    for odd in ({"visit": "999"}, {"visit": "x"}, {"incident": "x"}, {}):
        sent = {"title": "x", **odd}
        assert visitor.post("/group_several/", sent).status_code == 404
    unknown = visitor.post("/group_several/", form(panel.desk, [one], incident="999"))
    assert unknown.status_code == 303  # an incident that is gone: its name is asked for
    assert named(panel.desk) == {}


@pytest.mark.browser
def test_ticked_grouped_and_ruled_once_by_keyboard_on_a_phone(
    panel: Panel, address: str, browser: Browser
) -> None:
    disputes = [panel.desk.at_stage("adjudication") for _ in range(2)]
    page = visit(browser, viewport={"width": 390, "height": 800})
    sign_in(page, panel, address)
    page.goto(f"{address}/panel/disputes/")
    page.get_by_label("Tick all shown").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Group the ticked ones").press("Enter")
    page.get_by_label("Name of the new incident").fill("One lot")
    page.get_by_label("Name of the new incident").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("2 disputes stand under “One lot”")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("link", name="Decide together").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert set(named(panel.desk)) == set(disputes)
    assert page.troubles == []  # type: ignore[attr-defined]
