"""Service levels in the panel: added, edited, for some disputes, refused beside a field (G8)."""

from typing import Any

import pytest

from core.tables import DraftServiceLevel, DraftWorkflow
from core.workflow.model import Condition, Mark, ServiceLevel
from tests.admin.drafts import document, one, stage_id, version
from tests.admin.said import refusals, texts
from tests.panel import Panel, Visitor, read_form

PLAN = {
    "label_zh": "给出方案",
    "label_en": "Give a plan",
    "minutes": "120",
    "calendar": "service_days",
    "stage": "",
    "starts": ["opened:", "decided:liability"],
    "stops": ["left:adjudication", "contacted:"],
    "pauses": "y",
    "ladder": "desk",
}


def adding(panel: Panel) -> str:
    """Where a service level of the standard workflow is added."""
    return f"/service_levels/new/?workflow={one(panel, DraftWorkflow).id}"


def saved(panel: Panel, key: str = "give_a_plan") -> ServiceLevel:
    """The service level as the draft says it."""
    levels = document(panel).workflows[0].service_levels
    return next(level for level in levels if level.key == key)


def editing(panel: Panel, key: str = "give_a_plan") -> str:
    """Where a service level is edited."""
    return (
        f"/service_levels/edit/?id={one(panel, DraftServiceLevel, DraftServiceLevel.key == key).id}"
    )


def add(panel: Panel, visitor: Visitor, **changes: Any) -> None:
    answer = visitor.post(adding(panel), {**PLAN, **changes})
    assert answer.status_code == 302, texts(answer.text)


def test_service_level_of_the_dispute_is_added_as_its_starts_and_stops_are_ticked(
    panel: Panel, visitor: Visitor
) -> None:
    page = texts(visitor.get(adding(panel)).text)
    for words in ("the dispute comes in", "“Adjudication” is left", "the buyer was reached"):
        assert words in page
    add(panel, visitor)
    level = saved(panel)
    assert level.starts == (Mark("opened"), Mark("decided", "liability"))
    assert level.stops == (Mark("left", "adjudication"), Mark("contacted"))
    assert (level.minutes, level.calendar, level.ladder) == (120, "service_days", "desk")
    assert (level.stage, level.pauses) == ("", True)
    assert level.label.zh_CN == "给出方案"


def test_service_level_is_edited_as_it_is_shown(panel: Panel, visitor: Visitor) -> None:
    add(panel, visitor)
    before, page = saved(panel), editing(panel)
    assert visitor.post(page, visitor.form(page)).status_code == 302
    assert saved(panel) == before
    changes = {"starts": ["entered:evidence_review"], "stops": [], "ladder": "", "pauses": ""}
    form = {name: value for name, value in visitor.form(page).items() if name != "pauses"}
    visitor.post(page, {**form, **changes, "minutes": "90"})
    level = saved(panel)
    assert (level.starts, level.stops, level.ladder) == (
        (Mark("entered", "evidence_review"),),
        (),
        "",
    )
    assert (level.minutes, level.pauses) == (90, False)


def test_service_level_of_a_stage_begins_with_its_visits(panel: Panel, visitor: Visitor) -> None:
    add(panel, visitor, stage="triage", starts=[], stops=[], pauses="")
    level = saved(panel)
    assert (level.stage, level.starts, level.stops) == ("triage", (), ())


def test_stop_ticked_for_a_stage_is_a_problem_that_says_what_to_clear(
    panel: Panel, visitor: Visitor
) -> None:
    add(panel, visitor, stage="triage", starts=[], pauses="")
    assert saved(panel).stops
    assert (
        "A time limit that runs with a stage begins and ends with each visit there. Clear its"
        " “Starts when”, “Stops when” and “Stands still while the dispute is hidden”,"
        " or let it run with the whole dispute."
    ) in texts(visitor.get("/publish/").text)
    visitor.post("/language", {"locale": "zh_CN"})
    page = texts(visitor.get("/publish/").text)
    assert "请清空其“起点”“终点”和“纠纷单隐藏期间暂停”，或改为随整个纠纷单计时。" in page
    assert "给出方案" in page


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"starts": []}, "starts", "Choose what starts it, or a stage that it runs with."),
        ({"stage": "triage"}, "starts", "choose no start, or no stage"),
        ({"starts": ["entered:nowhere"]}, "starts", "entered:nowhere"),
        ({"starts": ["ended:"]}, "starts", "ended:"),
        ({"stops": ["decided:whim"]}, "stops", "decided:whim"),
        ({"stops": ["entered:intake"]}, "stops", "entered:intake"),
        ({"minutes": "0"}, "minutes", "between 1 and 5256000"),
        ({"minutes": "soon"}, "minutes", "Not a valid integer value"),
        ({"minutes": ""}, "minutes", "required"),
        ({"calendar": "lunar"}, "calendar", "Not a valid choice"),
        ({"ladder": "rope"}, "ladder", "Not a valid choice"),
        ({"stage": "finished", "starts": []}, "stage", "Not a valid choice"),
        ({"label_en": "x" * 151}, "label_en", "150"),
        ({"key": "Plan!"}, "key", "Plan!"),
        ({"key": "respond"}, "key", "respond"),
    ],
)
def test_service_level_that_is_none_is_refused_beside_its_field_and_stays_typed(
    panel: Panel, visitor: Visitor, typed: dict[str, Any], field: str, told: str
) -> None:
    before = version(panel)
    answer = visitor.post(adding(panel), {**PLAN, **typed})
    assert answer.status_code == 200
    found = refusals(answer.text)
    assert found.keys() == {field}
    assert told in found[field]
    kept = read_form(answer.text)
    assert (kept["label_zh"], kept["pauses"]) == ("给出方案", ["y"])
    assert kept["minutes"] == typed.get("minutes", "120")
    assert version(panel) == before


def test_mark_that_exists_no_more_is_kept_and_named(panel: Panel, visitor: Visitor) -> None:
    add(panel, visitor)
    stage = stage_id(panel, "adjudication")
    read = visitor.form(f"/stages/edit/?id={stage}")["read"]
    visitor.post("/stages/delete/", {"id": str(stage), "read": read})
    page, before = editing(panel), saved(panel)
    assert "left:adjudication (does not exist)" in texts(visitor.get(page).text)
    assert visitor.post(page, visitor.form(page)).status_code == 302
    assert saved(panel) == before


def test_conditions_keep_a_service_level_to_some_disputes(panel: Panel, visitor: Visitor) -> None:
    add(panel, visitor)
    row = one(panel, DraftServiceLevel, DraftServiceLevel.key == "give_a_plan")
    asked = f"/conditions/new/?service_level={row.id}"
    offered = visitor.get(asked).text
    for fact in ("grade", "standing", "category", "impact"):
        assert f'<option value="{fact}">' in offered
    assert 'value="left.rounds"' not in offered  # limits are counted for decisions only
    for fact, typed in (
        ("grade", {"operator": "in", "chosen": ["A", "B"]}),
        ("standing", {"operator": "not_in", "chosen": ["poor"]}),
    ):
        answer = visitor.post(f"{asked}&fact={fact}", typed)
        assert answer.status_code == 302, refusals(answer.text)
    assert saved(panel).when == (
        Condition("grade", "in", ("A", "B")),
        Condition("standing", "not_in", ("poor",)),
    )
    told = texts(visitor.get(editing(panel)).text)
    assert "Grade is A: urgent or B: normal" in told
    assert "Merchant's standing is not poor" in told


@pytest.mark.parametrize(
    ("fact", "typed", "field"),
    [
        ("grade", {"operator": "in", "chosen": []}, "chosen"),
        ("grade", {"operator": "in", "chosen": ["D"]}, "chosen"),
        ("standing", {"operator": "above", "chosen": ["poor"]}, "operator"),
        ("paid", {"operator": "at_least", "amount": "ten", "currency": "CNY"}, "amount"),
    ],
)
def test_condition_that_compares_with_nothing_is_refused(
    panel: Panel, visitor: Visitor, fact: str, typed: dict[str, Any], field: str
) -> None:
    add(panel, visitor)
    row = one(panel, DraftServiceLevel, DraftServiceLevel.key == "give_a_plan")
    answer = visitor.post(f"/conditions/new/?service_level={row.id}&fact={fact}", typed)
    assert refusals(answer.text).keys() == {field}
    assert saved(panel).when == ()


def test_changes_tell_marks_calendars_and_ladders_in_words(panel: Panel, visitor: Visitor) -> None:
    add(panel, visitor)
    page = editing(panel)
    changes = {"starts": ["entered:evidence_review"], "stops": ["contacted:"], "calendar": ""}
    visitor.post(page, {**visitor.form(page), **changes, "ladder": "three_levels"})
    told = texts(visitor.get("/changes/?kind=service_level").text)
    for words in (
        "Starts when: the dispute comes in, a decision means: any liability",
        "Stops when: “Adjudication” is left, the buyer was reached",
        "→ “Evidence review” begins",
        "Counted by: Service days → –",
        "Ladder: Ordinary escalation → Three-level response",
        "Stands still while the dispute is hidden: yes",
    ):
        assert words in told
