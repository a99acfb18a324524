"""Absences: entered ahead, seen as a list, and what somebody away holds is taken care of (A2)."""

import datetime as dt
import re
from typing import Any

from sqlalchemy import select, update

from core.desk import absences
from core.desk.actor import agent
from core.tables import Change, Person
from tests.factories import Desk
from tests.panel import Panel, Visitor


def away(desk: Desk, name: str, **times: dt.datetime) -> None:
    desk.write(update(Person).where(Person.name == name).values(**times))


def listed(desk: Desk) -> list[Any]:
    found = desk.db.read(absences.absences, desk.who("Sun Wei"))
    assert isinstance(found, list)
    return found


def test_absence_entered_ahead_is_listed_and_begins_by_itself(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    tomorrow = desk.now() + dt.timedelta(days=1)
    form = {
        "person": str(desk.people["Ada"]),
        "absent_from": tomorrow.strftime("%Y-%m-%dT%H:%M"),
        "absent_until": (tomorrow + dt.timedelta(days=7)).strftime("%Y-%m-%dT%H:%M"),
    }
    answer = visitor.post("/absences/enter", form)
    assert answer.status_code == 302
    assert "Away later" in visitor.get("/absences/").text
    assert [(one.name, one.now) for one in listed(desk)] == [("Ada", False)]
    desk.pass_time(days=2)
    assert [(one.name, one.now) for one in listed(desk)] == [("Ada", True)]
    desk.pass_time(days=7)
    assert listed(desk) == []
    kept = desk.rows(select(Change.place, Change.before).order_by(Change.id.desc()))[0]
    assert kept.place == "Ada"
    assert kept.before["absent_from"] is None


def test_absence_that_is_none_is_refused_beside_its_field(panel: Panel, visitor: Visitor) -> None:
    person = str(panel.desk.people["Ada"])
    page = visitor.post("/absences/enter", {"person": person}).text
    assert "Say when the absence begins, or when it ends." in page
    backwards = {"absent_from": "2030-01-02T08:00", "absent_until": "2030-01-01T08:00"}
    page = visitor.post("/absences/enter", {"person": person, **backwards}).text
    assert "The absence must end after it begins." in page
    assert 'value="2030-01-02T08:00"' in page  # what was typed is kept
    assert visitor.post("/absences/enter", {"person": "999"}).status_code == 200
    assert listed(panel.desk) == []


def test_what_somebody_away_holds_is_released_once(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    held = desk.at_stage("triage")  # Tom took it
    given = desk.at_stage("adjudication")
    desk.assign(given, "Ada")
    away(desk, "Tom", absent_from=desk.now())
    away(desk, "Ada", absent_from=desk.now(), absent_until=desk.now() + dt.timedelta(days=2))
    page = visitor.get("/absences/").text
    assert page.count('name="visit"') == 2
    forms = re.findall(r'action="/panel/absences/release">(.*?)</form>', page)
    tom = next(one for one in forms if f'value="{desk.people["Tom"]}"' in one)
    data = dict(re.findall(r'name="(\w+)" value="([^"]*)"', tom))
    for told in ("Released: 1.", "Not released: 1."):  # the second finds nothing to do
        answer = visitor.post("/absences/release", data)
        assert told in visitor.client.get(answer.location).text
    assert desk.at(held).row.holder_id is None
    assert desk.at(given).row.holder_id == desk.people["Ada"]
    assert desk.differences() == []


def test_form_of_somebody_away_releases_nothing_of_others(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    other = desk.at_stage("triage")
    form = {"person": str(desk.people["Ada"]), "visit": str(desk.visit(other)), "click": "x"}
    visitor.post("/absences/release", form)
    assert desk.at(other).row.holder_id == desk.people["Tom"]


def test_lead_sees_who_is_away_and_enters_nothing(panel: Panel) -> None:
    desk = panel.desk
    desk.write(update(Person).where(Person.name == "Eva").values(roles=["lead"]))
    away(desk, "Tom", absent_from=desk.now())
    lead = panel.visitor("Eva")
    lead.post("/language", {"locale": "en"})
    page = lead.get("/absences/").text
    assert "Away now" in page
    assert "Enter an absence" not in page
    refused = desk.db.transact(absences.enter, agent(desk.people["Eva"]), 1, None, None)
    assert refused is not None


def test_whoever_is_back_is_given_work_again(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    away(desk, "Ada", absent_from=desk.now())
    visitor.post("/absences/back", {"person": str(desk.people["Ada"])})
    assert listed(desk) == []
