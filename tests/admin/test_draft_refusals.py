"""What the draft's pages refuse: stale saves, foreign ids, what was never offered, scripts."""

from typing import Any

import pytest
from sqlalchemy import select

from core.desk import draft_edit
from core.desk.draft_rows import Owner
from core.tables import (
    DraftOption,
    DraftReason,
    DraftServiceLevel,
    DraftStage,
    DraftWorkflow,
)
from tests.admin.drafts import (
    NEW_OPTION,
    decision_id,
    document,
    one,
    set_id,
    stage_id,
    version,
)
from tests.panel import Panel, Visitor, read_form


@pytest.mark.parametrize("key", ["refund_only", "Ümlaut", "a b", "9x", "x" * 61, "a/b"])
def test_key_that_is_taken_or_none_is_refused_beside_its_field(
    panel: Panel, visitor: Visitor, key: str
) -> None:
    path = f"/options/new/?option_set={set_id(panel, 'remedy')}"
    before = document(panel)
    answer = visitor.post(path, NEW_OPTION | {"key": key, "label_zh": "保留我"})
    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    assert "保留我" in answer.text
    assert document(panel) == before


def test_nothing_but_the_form_s_own_fields_is_saved(panel: Panel, visitor: Visitor) -> None:
    row = one(panel, DraftOption, DraftOption.key == "refund_only")
    path = f"/options/edit/?id={row.id}"
    extra = {"key": "hacked", "set_id": "1", "position": "99", "id": "1", "version": "7"}
    answer = visitor.post(path, {**visitor.form(path), "label_en": "Refund", **extra})
    assert answer.status_code == 302
    after = one(panel, DraftOption, DraftOption.id == row.id)
    assert (after.key, after.set_id, after.position) == (row.key, row.set_id, row.position)
    assert after.label_en == "Refund"


def test_stale_save_is_refused_keeps_what_was_typed_and_shows_what_is_saved(
    panel: Panel, visitor: Visitor
) -> None:
    row = one(panel, DraftReason, DraftReason.key == "not_settled")
    path = f"/reasons/edit/?id={row.id}"
    mine = {**visitor.form(path), "label_en": "My words"}
    other = panel.visitor("Sun Wei")
    other.post(path, {**other.form(path), "label_en": "Their words"})
    before = version(panel)
    refused = visitor.post(path, mine)
    assert refused.status_code == 200
    assert "Somebody saved this while you were editing" in refused.text
    assert 'value="My words"' in refused.text
    assert "Saved meanwhile: Their words" in refused.text
    assert one(panel, DraftReason, DraftReason.id == row.id).label_en == "Their words"
    assert version(panel) == before
    again = visitor.post(path, read_form(refused.text))  # now knowingly
    assert again.status_code == 302
    assert one(panel, DraftReason, DraftReason.id == row.id).label_en == "My words"


def test_edits_of_different_rows_do_not_hinder_each_other(panel: Panel, visitor: Visitor) -> None:
    first, second = (r.id for r in panel.desk.rows(select(DraftReason.id).limit(2)))
    forms = {i: visitor.form(f"/reasons/edit/?id={i}") for i in (first, second)}
    for i, form in forms.items():
        answer = visitor.post(f"/reasons/edit/?id={i}", {**form, "label_en": f"reason {i}"})
        assert answer.status_code == 302


def test_row_that_was_removed_is_not_saved_and_what_was_typed_stays(
    panel: Panel, visitor: Visitor
) -> None:
    row = one(panel, DraftReason, DraftReason.key == "not_settled")
    path = f"/reasons/edit/?id={row.id}"
    form = visitor.form(path)
    gone = visitor.post("/reasons/delete/", {"id": str(row.id), "read": form["read"]})
    assert gone.status_code == 302
    answer = visitor.post(path, form | {"label_en": "Not agreed at all"})
    assert "Not agreed at all" in answer.text
    assert panel.desk.rows(select(DraftReason.id).where(DraftReason.id == row.id)) == []


def test_removal_of_what_changed_meanwhile_is_refused(panel: Panel, visitor: Visitor) -> None:
    row = one(panel, DraftReason, DraftReason.key == "not_settled")
    path = f"/reasons/edit/?id={row.id}"
    old = visitor.form(path)["read"]
    visitor.post(path, {**visitor.form(path), "label_en": "Newer"})
    visitor.post("/reasons/delete/", {"id": str(row.id), "read": old})
    assert one(panel, DraftReason, DraftReason.id == row.id).label_en == "Newer"


@pytest.mark.parametrize(
    "path",
    [
        "/options/edit/?id=999999",
        "/options/edit/?id=-1",
        "/options/edit/?id=1%20OR%201=1",
        "/options/edit/?id=9999999999999999999999999",
        "/options/edit/?id=%D9%A1",
        "/options/new/",
        "/options/new/?option_set=999999",
        "/options/new/?workflow=1",
        "/options/new/?option_set=x",
        "/stages/new/?option_set=1",
        "/conditions/new/?field=999999&fact=state",
        "/routes/new/?decision=0",
        "/people/edit/?id=999999",
        "/channels/edit/?id=nowhere",
        "/documents/999.toml",
    ],
)
def test_foreign_and_made_up_ids_are_not_found(panel: Panel, visitor: Visitor, path: str) -> None:
    before = version(panel)
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, NEW_OPTION).status_code in (404, 405)
    assert version(panel) == before


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/options/new/?option_set={remedy}", NEW_OPTION | {"parent": "not_received"}),
        ("/options/new/?option_set={remedy}", NEW_OPTION | {"meaning": "liability.merchant"}),
        ("/routes/new/?decision={no_evidence}", {"to": "intake", "assignee": "nobody"}),
        ("/routes/new/?decision={no_evidence}", {"to": "elsewhere", "assignee": "nobody"}),
        ("/routes/new/?decision={no_evidence}", {"to": "triage", "assignee": "the boss"}),
        (
            "/conditions/new/?decision={no_evidence}&fact=state",
            {"operator": "in", "chosen": ["stolen"], "match": "all", "reason": "use_settled"},
        ),
        (
            "/conditions/new/?decision={no_evidence}&fact=state",
            {"operator": "matches", "chosen": ["settled"], "match": "all", "reason": "use_settled"},
        ),
        ("/effects/new/?decision={no_evidence}&kind=pay", {"sources": ["thin air"]}),
        ("/effects/new/?decision={no_evidence}&kind=set", {"fact": "x'; --", "value": "y"}),
        ("/effects/new/?decision={no_evidence}&kind=request", {}),
    ],
)
def test_only_what_is_offered_can_be_chosen(
    panel: Panel, visitor: Visitor, path: str, form: dict[str, Any]
) -> None:
    before = document(panel)
    ids = {"remedy": set_id(panel, "remedy"), "no_evidence": decision_id(panel, "no_evidence")}
    answer = visitor.post(path.format(**ids), form)
    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    assert document(panel) == before


@pytest.mark.parametrize("minutes", ["0", "-5", "", "x", "1.5", "9" * 20, "5256001"])
def test_time_limit_that_is_none_is_refused(panel: Panel, visitor: Visitor, minutes: str) -> None:
    row = panel.desk.rows(select(DraftServiceLevel).limit(1))[0]
    path = f"/service_levels/edit/?id={row.id}"
    answer = visitor.post(path, {**visitor.form(path), "minutes": minutes})
    assert answer.status_code == 200
    assert 'class="error"' in answer.text


def test_script_in_a_label_stays_text_everywhere(panel: Panel, visitor: Visitor) -> None:
    script = "<script>alert('x')</script>{{7*7}}"
    path = f"/options/new/?option_set={set_id(panel, 'remedy')}"
    visitor.post(path, NEW_OPTION | {"label_en": script, "label_zh": script})
    workflow = panel.desk.rows(select(DraftWorkflow.id))[0][0]
    visitor.post(
        f"/stages/new/?workflow={workflow}",
        {
            "label_en": script,
            "label_zh": script,
            "stage_kind": "work",
            "channel": "triage",
            "hold_minutes": "15",
        },
    )
    stage = panel.desk.rows(select(DraftStage.id).order_by(DraftStage.id.desc()).limit(1))[0][0]
    for page in (
        f"/option_sets/edit/?id={set_id(panel, 'remedy')}",
        f"/workflows/edit/?id={workflow}",
        f"/stages/edit/?id={stage}",
        f"/stages/edit/?id={stage_id(panel, 'triage')}",
        "/publish/",
        "/problems/",
    ):
        text = visitor.get(page).text
        assert "<script>alert" not in text
        assert "script&gt;49" not in text


@pytest.mark.parametrize("text", ["a\x00b", "tab\there", "\x1b[31m", "x" * 76])
def test_unreadable_or_endless_label_is_refused(panel: Panel, visitor: Visitor, text: str) -> None:
    path = f"/options/new/?option_set={set_id(panel, 'remedy')}"
    answer = visitor.post(path, NEW_OPTION | {"label_en": text})
    assert answer.status_code == 200
    assert 'class="error"' in answer.text


@pytest.mark.parametrize(
    "label", ["👩‍👩‍👧 换货", "شحن", "换货" * 30, "Rückerstattungsantragsformular"]
)
def test_any_language_makes_a_label(panel: Panel, visitor: Visitor, label: str) -> None:
    path = f"/options/new/?option_set={set_id(panel, 'remedy')}"
    visitor.post(path, NEW_OPTION | {"label_zh": label[:75]})
    assert document(panel).set_by_key["remedy"].options[-1].label.zh_CN == label[:75]


def test_owner_of_the_wrong_kind_is_a_bug_and_never_a_row(panel: Panel) -> None:
    desk = panel.desk
    with pytest.raises(LookupError):
        desk.db.transact(draft_edit.add, desk.who("Sun Wei"), "option", Owner("stage", 1), {})
    with pytest.raises(ValueError, match="position"):
        desk.db.transact(draft_edit.add, desk.who("Sun Wei"), "reason", None, {"position": 3})
