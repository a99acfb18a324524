"""A dispute is assigned and released from its page, by whom that is for."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from core.tables import Click, Event, Visit
from tests.panel import Panel, Visitor, number


def act(visitor: Visitor, what: str, number: str, **form: Any) -> str:
    """Presses assign or release on a dispute's page; returns what the next page says."""
    page = visitor.get(f"/disputes/{number}/").text
    visit = re.search(r'name="visit" value="(\d+)"', page)
    form.setdefault("visit", visit[1] if visit else "1")
    answer = visitor.post(f"/disputes/{number}/{what}", form)
    return visitor.client.get(answer.location).text if answer.location else answer.text


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
