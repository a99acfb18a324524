"""The tester: which row of a table a dispute hits and why, and what no dispute can hit (A1)."""

import re
from dataclasses import replace

from sqlalchemy import update

from core.desk import documents, draft
from core.tables import Person
from core.workflow.model import Condition, Label, WorkflowRule
from tests.core.desk import on_rota
from tests.core.desk.ruled import publish, rule
from tests.factories import Desk
from tests.panel import Panel, Visitor

FOOD = Condition("category", "in", ("food",))
DIGITAL = Condition("category", "in", ("digital",))


def choosing(desk: Desk, *rules: WorkflowRule) -> None:
    """Publishes rules that choose a workflow, and puts them into the draft."""
    active = desk.db.read(lambda c, now: documents.active(c))
    document = replace(active, workflow_rules=rules)
    desk.db.transact(lambda c, now: documents.publish(c, document, now=now))
    desk.db.transact(draft.replace, desk.who("Sun Wei"), desk.db.read(draft.version), document)


def chooses(key: str, *conditions: Condition) -> WorkflowRule:
    return WorkflowRule(key, Label(key, key), "dispute", conditions)


def outcomes(text: str) -> list[str]:
    """What was said of each row, in the order of the page."""
    return re.findall(r'<li class="(hit|missed)">', text)


def times(text: str) -> list[int]:
    """How often each row was hit of late."""
    return [int(n) for n in re.findall(r'class="times"[^>]*>(\d+)<', text)]


def test_dispute_is_put_to_every_row_and_each_condition_says_why(
    panel: Panel, visitor: Visitor
) -> None:
    choosing(panel.desk, chooses("food", FOOD), chooses("phones", DIGITAL), chooses("rest"))
    number = panel.desk.at(panel.desk.open(facts={"category": "digital"})).row.number
    text = visitor.get(f"/tester/?table=workflow_rules&dispute={number}").text
    assert outcomes(text) == ["missed", "hit", "missed"]
    assert "It is: Phones and digital" in text
    assert "fits, but a row above was hit" in text
    assert "In the draft and as published" in text


def test_counts_of_late_stand_beside_the_rows(panel: Panel, visitor: Visitor) -> None:
    choosing(panel.desk, chooses("food", FOOD), chooses("phones", DIGITAL), chooses("rest"))
    for category in ("food", "food", "books"):
        panel.desk.open(facts={"category": category})
    text = visitor.get("/tester/?table=workflow_rules").text
    assert times(text) == [2, 0, 1]
    assert text.count("Not hit once by these disputes.") == 1
    panel.desk.pass_time(days=91)
    assert times(visitor.get("/tester/?table=workflow_rules").text) == [0, 0, 0]


def test_values_picked_by_hand_stand_in_the_place_of_the_dispute_s(
    panel: Panel, visitor: Visitor
) -> None:
    choosing(panel.desk, chooses("food", FOOD), chooses("phones", DIGITAL), chooses("rest"))
    number = panel.desk.at(panel.desk.open(facts={"category": "digital"})).row.number
    where = f"/tester/?table=workflow_rules&dispute={number}&fact.category="
    assert outcomes(visitor.get(where + "food").text)[0] == "hit"
    assert outcomes(visitor.get(where + "?").text) == ["missed", "missed", "hit"]


def test_row_that_nothing_can_hit_says_what_shadows_it(panel: Panel, visitor: Visitor) -> None:
    both = Condition("category", "in", ("food", "digital"))
    choosing(panel.desk, chooses("both", both), chooses("food", FOOD), chooses("rest"))
    text = visitor.get("/tester/?table=workflow_rules").text
    assert "row 1 has taken already" in text
    assert "row 1 has taken already" in visitor.get("/workflow_rules/").text


def test_draft_and_published_are_told_apart_where_they_differ(
    panel: Panel, visitor: Visitor
) -> None:
    publish(panel.desk, rule("intake", people=("U0002",)))
    text = visitor.get("/tester/?table=assignments/dispute/triage").text
    assert "As published" in text
    assert "This table does not exist here." in text


def test_routes_of_a_decision_are_counted_as_they_were_taken(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    dispute = desk.at_stage("adjudication")
    text = visitor.get("/tester/?table=routes/dispute/triage/no_evidence").text
    assert desk.stage(dispute) == "adjudication"
    assert sum(times(text)) == 1


def test_unknown_dispute_and_bad_amount_are_told_beside_the_field(
    panel: Panel, visitor: Visitor
) -> None:
    choosing(panel.desk, chooses("rest"))
    text = visitor.get("/tester/?table=workflow_rules&dispute=<b>NOPE</b>").text
    assert "No dispute has this number" in text
    assert "&lt;b&gt;NOPE" in text
    assert "<b>NOPE" not in text
    assert "no such table any more" in visitor.get("/tester/?table=routes/x/y/z").text


def test_wrong_number_is_answered_with_no_result(panel: Panel, visitor: Visitor) -> None:
    choosing(panel.desk, chooses("food", FOOD), chooses("rest"))
    text = visitor.get("/tester/?table=workflow_rules&dispute=AAAA-AAAA-A").text
    assert 'id="dispute-error"' in text
    assert 'value="AAAA-AAAA-A"' in text
    assert outcomes(text) == []
    assert "Nothing was tried" in text
    assert len(outcomes(visitor.get("/tester/?table=workflow_rules").text)) == 2


def test_rule_with_a_rota_says_who_is_on_duty_now(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    on_rota.add(desk, on_rota.info(desk, "Tom", "Tang Li"))  # since yesterday: today the second
    publish(desk, rule("intake", rota="nights"), rule("adjudication"))
    active = desk.db.read(lambda c, now: documents.active(c))
    desk.db.transact(draft.replace, desk.who("Sun Wei"), desk.db.read(draft.version), active)
    where = "/tester/?table=assignments/dispute/"
    assert "On duty now at Nights: Tang Li" in visitor.get(where + "triage").text
    assert "On duty now" not in visitor.get(where + "adjudication").text
    for name in ("Tom", "Tang Li"):
        gone = update(Person).where(Person.id == desk.people[name])
        desk.write(gone.values(active=False))
    assert "Nobody is on duty now at Nights: a dispute would wait" in (
        visitor.get(where + "triage").text
    )
    visitor.post("/language", {"locale": "zh_CN"})
    assert "夜班现在无人当班" in visitor.get(where + "triage").text
