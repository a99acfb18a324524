"""Assignment rules in the panel: a plain table with pickers; capacity and absence on the person."""

from typing import Any

from sqlalchemy import select

from core.desk import documents, draft
from core.tables import DraftAssignment, DraftWorkflow, Person
from tests.core.desk.on_rota import add, info
from tests.core.desk.ruled import away, holder, publish, rule
from tests.panel import Panel, Visitor

RULE = {
    "label_zh": "食品组",
    "label_en": "Food team",
    "stage": "intake",
    "strategy": "round_robin",
    "team": "",
    "rota": "",
    "people": ["U0002"],
    "key": "",
}


def workflow_id(panel: Panel) -> int:
    return int(panel.desk.rows(select(DraftWorkflow.id))[0].id)


def add_rule(panel: Panel, visitor: Visitor, **changes: Any) -> int:
    """Adds a rule through its page and gives its id."""
    answer = visitor.post(f"/assignments/new/?workflow={workflow_id(panel)}", {**RULE, **changes})
    assert answer.status_code == 302, answer.text
    return int(panel.desk.rows(select(DraftAssignment.id).order_by(DraftAssignment.id))[-1].id)


def test_rule_made_by_pickers_gives_disputes_once_it_is_published(
    panel: Panel, visitor: Visitor
) -> None:
    rule_id = add_rule(panel, visitor)
    page = visitor.get(f"/assignments/edit/?id={rule_id}").text
    for words in ("By turns", "Tang Li", "Intake", "For which disputes"):
        assert words in page
    condition = {"operator": "in", "chosen": ["buyer_timeout"]}
    added = visitor.post(f"/conditions/new/?assignment={rule_id}&fact=entered", condition)
    assert added.status_code == 302, added.text
    flow = visitor.get(f"/workflows/edit/?id={workflow_id(panel)}").text
    assert "Food team" in flow
    assert "By turns · Tom" in flow
    visitor.post("/publish/", visitor.form("/publish/"))
    active = panel.desk.db.read(lambda c, now: documents.active(c))
    (made,) = active.workflows[0].assignments
    assert (made.key, made.stage, made.people) == ("food_team", "intake", ("U0002",))
    dispute = panel.desk.open(entered="buyer_timeout")
    assert holder(panel.desk, dispute) == "Tom"
    assert panel.desk.stage(panel.desk.open()) == "intake"


def test_rule_gives_only_to_whoever_is_on_duty(panel: Panel, visitor: Visitor) -> None:
    add(panel.desk, info(panel.desk, "Tom", "Tang Li"))
    rule_id = add_rule(panel, visitor, people=[], rota="nights")
    assert '<option selected value="nights">Nights' in (
        visitor.get(f"/assignments/edit/?id={rule_id}").text
    )
    flow = visitor.get(f"/workflows/edit/?id={workflow_id(panel)}").text
    assert "By turns · on duty at Nights" in flow
    visitor.post("/publish/", visitor.form("/publish/"))
    assert holder(panel.desk, panel.desk.open()) == "Tang Li"


def test_mistaken_rule_is_listed_with_the_way_to_it(panel: Panel, visitor: Visitor) -> None:
    rule_id = add_rule(panel, visitor, strategy="named", people=[])
    text = visitor.get("/problems/").text
    assert "names nobody" in text
    assert f"/panel/assignments/edit/?id={rule_id}" in text


def test_rules_come_back_into_the_draft_as_they_were_published(panel: Panel) -> None:
    desk = panel.desk
    add(desk)
    publish(
        desk, rule("intake", people=("U0002",), rota="nights"), rule("adjudication", "first_come")
    )
    active = desk.db.read(lambda c, now: documents.active(c))
    desk.db.transact(draft.replace, desk.who("Sun Wei"), desk.db.read(draft.version), active)
    assert desk.db.read(draft.document) == active


def test_dispute_s_story_says_who_was_given_it_by_which_rule(
    panel: Panel, visitor: Visitor
) -> None:
    publish(panel.desk, rule("intake", people=("U0002",)))
    number = panel.desk.at(panel.desk.open()).row.number
    text = visitor.get(f"/disputes/{number}/").text
    assert "Assigned to Tom by the rule “Rule intake_round_robin” (By turns)" in text


def test_supervisor_sets_capacity_and_absence_in_their_own_time_zone(
    panel: Panel, visitor: Visitor
) -> None:
    tom = panel.desk.people["Tom"]
    page = f"/people/edit/?id={tom}"
    form = visitor.form(page) | {"capacity": "3", "absent_from": "2030-05-01T08:00"}
    assert visitor.post(page, form).status_code == 302
    row = panel.desk.rows(select(Person).where(Person.id == tom))[0]
    assert row.capacity == 3
    assert row.absent_from.isoformat() == "2030-05-01T00:00:00+00:00"
    assert row.absent_until is None
    assert visitor.form(page)["absent_from"] == "2030-05-01T08:00"
    form = visitor.form(page) | {"absent_until": "2030-04-01T08:00"}
    assert "must end after it begins" in visitor.post(page, form).text


def test_people_list_says_who_is_away(panel: Panel, visitor: Visitor) -> None:
    away(panel.desk, "Tom")
    assert ">away<" in visitor.get("/people/").text
