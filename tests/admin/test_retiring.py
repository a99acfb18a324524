"""Retiring and merging options: what it would affect, what it changes, what it never changes."""

import re
from typing import Any

from core.desk import documents, draft, draft_rows, facts, quality
from core.desk.quality import Rate
from core.migrate import standard
from core.tables import DraftOption
from core.workflow.model import Condition, Route
from core.workflow.problems import problems
from tests.admin import drafts
from tests.core.workflow.edits import look, put
from tests.panel import Panel, Visitor

DAMAGED = Condition("reason", "in", ("damaged",))


def option(panel: Panel, key: str) -> Any:
    return drafts.one(panel, DraftOption, DraftOption.key == key)


def retire(visitor: Visitor, row: Any, act: str, **more: str) -> Any:
    return visitor.post(
        "/retiring/", {**visitor.form(f"/retiring/?id={row.id}"), "act": act, **more}
    )


def named(panel: Panel) -> None:
    """The published document and the draft route by a reason."""
    desk = panel.desk
    active = desk.db.read(lambda c, now: documents.active(c))
    place = "workflows/dispute/stages/triage/decisions/no_evidence"
    last = look(active, place).routes[-1]
    document = put(active, place, routes=(Route("adjudication", when=(DAMAGED,)), last))
    desk.db.transact(lambda c, now: documents.publish(c, document, now=now))
    desk.db.transact(draft.replace, desk.who("Sun Wei"), desk.db.read(draft.version), document)


def test_page_says_what_retiring_would_affect_before_it_happens(
    panel: Panel, visitor: Visitor
) -> None:
    named(panel)
    for _ in range(2):
        panel.desk.at_stage("adjudication")  # chose damaged; one more may still choose it
    panel.desk.at_stage("triage")
    text = visitor.get(f"/retiring/?id={option(panel, 'damaged').id}").text
    for words in ("Triage › Reason", "offers it", "a condition names it"):
        assert words in text, words
    assert not option(panel, "damaged").retired
    assert re.findall(r"<dd>(\d+)", text) == ["2", "1"]


def test_retired_option_is_offered_no_more_and_can_be_brought_back(
    panel: Panel, visitor: Visitor
) -> None:
    row = option(panel, "damaged")
    assert retire(visitor, row, "retire").status_code == 302
    assert "damaged" not in drafts.document(panel).leaves_by_set["reason"]
    assert "damaged" in drafts.document(panel).options_by_set["reason"]
    assert problems(drafts.document(panel)) == []
    assert "Bring back" in visitor.get(f"/options/edit/?id={row.id}").text
    retire(visitor, row, "back")
    assert "damaged" in drafts.document(panel).leaves_by_set["reason"]


def test_merged_option_s_conditions_name_its_successor_too(panel: Panel, visitor: Visitor) -> None:
    named(panel)
    dispute = panel.desk.at_stage("adjudication")
    assert retire(visitor, option(panel, "damaged"), "merge", successor="faulty").status_code == 302
    document = drafts.document(panel)
    route = document.workflows[0].decisions_by_stage["triage"]["no_evidence"].routes[0]
    assert route.when == (Condition("reason", "in", ("damaged", "faulty")),)
    assert document.read_as("reason", "damaged") == "faulty"
    assert document.read_as("reason", "lost") == "lost"
    assert problems(document) == []
    visitor.post("/publish/", visitor.form("/publish/"))
    known = panel.desk.db.read(lambda c, now: facts.current(c, dispute))
    assert known["reason"] == "damaged"  # nothing that was decided changes


def test_merging_needs_a_successor_that_is_offered(panel: Panel, visitor: Visitor) -> None:
    row = option(panel, "damaged")
    for bad in ("", "damaged", "quality_problem", "<script>", "food"):
        answer = retire(visitor, row, "merge", successor=bad)
        assert answer.status_code == 422, bad
        assert "Choose the option that it is merged into" in answer.text
    assert not option(panel, "damaged").retired


def test_chosen_successor_is_not_dropped_by_retiring(panel: Panel, visitor: Visitor) -> None:
    row = option(panel, "damaged")
    answer = retire(visitor, row, "retire", successor="spoiled")
    assert answer.status_code == 422
    assert "You chose a successor: merge into it, or choose none" in answer.text
    assert re.search(r'<option value="spoiled" selected>', answer.text)
    assert not option(panel, "damaged").retired


def test_option_changed_meanwhile_is_not_retired_unseen(panel: Panel, visitor: Visitor) -> None:
    row = option(panel, "damaged")
    form = visitor.form(f"/retiring/?id={row.id}")
    path = f"/options/edit/?id={row.id}"
    visitor.post(path, {**visitor.form(path), "label_en": "Smashed"})
    answer = visitor.post("/retiring/", {**form, "act": "retire"})
    told = visitor.get(answer.location.removeprefix("/panel")).text
    assert "Somebody changed this option meanwhile" in told
    assert not option(panel, "damaged").retired


def test_trunk_is_not_retired(panel: Panel, visitor: Visitor) -> None:
    row = option(panel, "quality_problem")
    assert "keeps its place" in visitor.get(f"/retiring/?id={row.id}").text
    read = draft_rows.mark("option", row)
    visitor.post("/retiring/", {"id": str(row.id), "read": read, "act": "retire"})
    assert not option(panel, "quality_problem").retired


def test_macros_choose_the_successor(panel: Panel, visitor: Visitor) -> None:
    retire(visitor, option(panel, "lost"), "merge", successor="late")
    stages = drafts.document(panel).workflows[0].stages
    presets = [p for stage in stages for macro in stage.macros for p in macro.presets]
    assert [p.values for p in presets if p.field == "reason"] == [("late",)]


def test_figures_count_a_merged_verdict_as_its_successor_s() -> None:
    place = "option_sets/quality/options/wrong_facts"
    document = put(standard(), place, retired=True, successor="wrong_ruling")
    rates = [Rate("wrong_facts", 3, 3), Rate("wrong_ruling", 2, 2), Rate("sound", 4, 0)]
    assert quality.merged(document, rates) == [Rate("wrong_ruling", 5, 5), Rate("sound", 4, 0)]
