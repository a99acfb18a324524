"""The start page: what each role needs first (issue: a home per role)."""

import re

from sqlalchemy import update

from core.desk.numbers import shown
from core.tables import Person
from tests.panel import Panel, Visitor


def start(panel: Panel, name: str) -> str:
    """The start page as somebody reads it, in English."""
    visitor = panel.visitor(name)
    visitor.post("/language", {"locale": "en"})
    return words(visitor)


def words(visitor: Visitor) -> str:
    """What stands in the page's main part."""
    main = visitor.get("/").text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_supervisor_sees_what_fitted_nothing_and_whom_it_waits_for(
    panel: Panel, visitor: Visitor
) -> None:
    assert "No option fits: your answer is waited for" not in words(visitor)
    dispute = panel.desk.at_stage("triage")
    panel.desk.park(dispute, chosen={"category": "food"})
    seen = words(visitor)
    assert "No option fits: your answer is waited for 1" in seen
    assert shown(str(panel.desk.at(dispute).row.number)) in seen
    assert re.search(r"[1-9]\d* times “No option fits” in 7 days", seen)
    panel.desk.hand_back(dispute)
    assert "your answer is waited for" not in words(visitor)
    panel.desk.pass_time(days=8)
    assert "0 times “No option fits” in 7 days" in words(panel.visitor("Sun Wei")) or (
        "0 times “No option fits” in 7 days" in start(panel, "Sun Wei")
    )


def test_supervisor_sees_what_is_overdue_and_who_is_away(panel: Panel, visitor: Visitor) -> None:
    panel.desk.open()
    assert "1 open 0 overdue 0 away now" in words(visitor)
    until = panel.desk.now().replace(year=2090)
    panel.desk.write(
        update(Person).where(Person.id == panel.desk.people["Tom"]).values(absent_until=until)
    )
    panel.desk.pass_time(minutes=90)
    assert "1 open 1 overdue 1 away now" in start(panel, "Sun Wei")


def test_agent_sees_what_they_hold_and_which_stage_is_theirs(panel: Panel) -> None:
    assert "You hold 0 You hold nothing" in start(panel, "Tom")
    dispute = panel.desk.at_stage("triage")
    seen = start(panel, "Tom")
    assert f"You hold 1 {shown(str(panel.desk.at(dispute).row.number))} Triage" in seen
    assert "your stage Triage" in seen
    assert "away now" not in seen
    assert "changes not published" not in seen


def test_trainee_is_told_what_they_can_do_and_an_operator_what_is_well(panel: Panel) -> None:
    assert "decide nothing yet" in start(panel, "Tim")
    assert "Everything is delivered" in start(panel, "Olga")
    assert "decide nothing yet" not in start(panel, "Olga")
