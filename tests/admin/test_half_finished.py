"""Half-finished drafts and hostile words: every page of the draft opens, and nothing runs."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from admin.draft.kinds import PAGES
from core.desk import draft
from core.desk.draft_rows import KINDS
from core.tables import DraftOption, DraftWorkflow, DraftWorkflowRule
from core.workflow.problems import problems
from tests.admin import drafts
from tests.panel import Panel, Visitor

SCRIPT = "<script>alert(1)</script>\"'{x}"
RULE: dict[str, Any] = {"label_zh": "", "label_en": "", "workflow": "dispute", "key": ""}


def begun(panel: Panel, visitor: Visitor) -> None:
    """A fresh workflow with nothing in it, a stage that decides nothing, rules without words."""
    flow = {"label_zh": "", "label_en": SCRIPT, "start": "", "first": "", "escalation": ""}
    numbers = {"preferred_minutes": "60", "undo_seconds": "60"}
    assert visitor.post("/workflows/new/", {**flow, **numbers, "key": "fresh"}).status_code == 302
    row = drafts.one(panel, DraftWorkflow, DraftWorkflow.key == "fresh")
    stage = {"label_zh": "", "label_en": SCRIPT, "stage_kind": "work", "channel": ""}
    visitor.post(f"/stages/new/?workflow={row.id}", {**stage, "hold_minutes": "15", "key": "s"})
    own = drafts.stage_id(panel, "s")
    words = {"label_zh": "", "label_en": SCRIPT, "by": "agent", "style": "", "meaning": ""}
    visitor.post(f"/decisions/new/?stage={own}", {**words, "key": "d"})
    visitor.post("/workflow_rules/new/", RULE | {"workflow": "fresh", "key": "r"})
    rule = drafts.one(panel, DraftWorkflowRule, DraftWorkflowRule.key == "r")
    condition = {"operator": "in", "typed": SCRIPT}
    added = visitor.post(f"/conditions/new/?workflow_rule={rule.id}&fact=source", condition)
    assert added.status_code == 302, added.text


def pages(panel: Panel, visitor: Visitor) -> list[str]:
    """Every page of every row of the draft, the lists, and each table in the tester."""
    found = [f"/{page.endpoint}/" for page in PAGES if page.top]
    found += ["/problems/", "/publish/", "/documents/", "/tester/", "/backtest/"]
    for page in PAGES:
        ids = panel.desk.rows(select(KINDS[page.kind].table.id).order_by(KINDS[page.kind].table.id))
        found += [f"/{page.endpoint}/edit/?id={i}" for (i,) in (*ids[:2], *ids[-2:])]
    names = re.findall(r'<option value="([\w/]+)"', visitor.get("/tester/").text)
    assert "routes/fresh/s/d" in names
    return [*found, *(f"/tester/?table={n}" for n in names if n.startswith(("routes/f", "work")))]


def test_every_page_of_a_half_finished_draft_opens_and_no_label_runs(
    panel: Panel, visitor: Visitor
) -> None:
    begun(panel, visitor)
    assert problems(panel.desk.db.read(draft.document))
    for path in pages(panel, visitor):
        answer = visitor.get(path)
        assert answer.status_code in (200, 302), path
        assert "<script>alert" not in answer.text, path


def test_publishing_a_half_finished_draft_is_refused_and_loses_nothing(
    panel: Panel, visitor: Visitor
) -> None:
    begun(panel, visitor)
    before = drafts.document(panel)
    form = {"version": str(drafts.version(panel)), "note": ""}
    visitor.post("/publish/", form)
    assert drafts.document(panel) == before
    assert "fresh" in before.workflow_by_key


@pytest.mark.parametrize(
    "path",
    [
        "/retiring/?id=999999",
        "/retiring/?id=1%20OR%201",
        "/retiring/",
        "/workflow_rules/edit/?id=-1",
        "/conditions/new/?workflow_rule=999999&fact=source",
    ],
)
def test_foreign_and_hostile_ids_are_not_found(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_tester_takes_anything_in_its_address(visitor: Visitor) -> None:
    visitor.post("/workflow_rules/new/", RULE | {"key": "r"})
    for more in (
        "table=workflow_rules&dispute=%00",
        f"table=workflow_rules&dispute={'9' * 500}",
        "table=workflow_rules&fact.category=<script>alert(1)</script>",
        "table=" + "x" * 2000,
        "table=routes/dispute/verification/deduct_online&fact.amount=abc",
    ):
        answer = visitor.get(f"/tester/?{more}")
        assert answer.status_code == 200, more
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"workflow": "attic"}, "workflow"),
        ({"key": "a b"}, "key"),
        ({"label_en": "x" * 151}, "label_en"),
    ],
)
def test_rule_that_cannot_stand_is_refused_beside_its_field_and_keeps_what_was_typed(
    panel: Panel, visitor: Visitor, change: dict[str, str], told: str
) -> None:
    typed = RULE | {"label_zh": "保留我"} | change
    answer = visitor.post("/workflow_rules/new/", typed)
    assert answer.status_code == 200
    assert "保留我" in answer.text
    assert f'id="{told}-error"' in answer.text
    assert panel.desk.rows(select(DraftWorkflowRule.id)) == []


def test_condition_without_values_is_refused_beside_them(panel: Panel, visitor: Visitor) -> None:
    visitor.post("/workflow_rules/new/", RULE | {"key": "r"})
    rule = drafts.one(panel, DraftWorkflowRule, DraftWorkflowRule.key == "r")
    path = f"/conditions/new/?workflow_rule={rule.id}&fact=category"
    answer = visitor.post(path, {"operator": "in"})
    assert answer.status_code == 200
    assert 'id="chosen-error"' in answer.text


def test_option_kept_by_scripts_only_in_words_is_shown_as_words(
    panel: Panel, visitor: Visitor
) -> None:
    row = drafts.one(panel, DraftOption, DraftOption.key == "late")
    path = f"/options/edit/?id={row.id}"
    visitor.post(path, {**visitor.form(path), "label_en": SCRIPT[:75]})
    for page in (f"/retiring/?id={row.id}", f"/option_sets/edit/?id={row.set_id}"):
        text = visitor.get(page).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text
