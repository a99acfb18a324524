"""Editing the draft through its pages: what arrives, what is refused, what is kept as typed."""

from typing import Any

import pytest
from sqlalchemy import select

from admin.draft.kinds import PAGES
from core.desk import draft, draft_edit, draft_rows
from core.desk.draft_rows import Owner
from core.tables import (
    DraftCondition,
    DraftDecision,
    DraftEffect,
    DraftField,
    DraftLimit,
    DraftOption,
    DraftOptionSet,
    DraftReason,
    DraftRoute,
    DraftServiceLevel,
    DraftStage,
    DraftWorkflow,
)
from core.workflow.model import Document
from tests.panel import Panel, Visitor, read_form

NEW_OPTION = {
    "label_zh": "换货",
    "label_en": "Exchange",
    "parent": "",
    "meaning": "",
    "share_kind": "",
    "of": "goods",
}


@pytest.fixture
def visitor(panel: Panel) -> Visitor:
    """A supervisor at the panel."""
    visitor = panel.visitor("Sun Wei")
    visitor.post("/language", {"locale": "en"})
    return visitor


def document(panel: Panel) -> Document:
    """The draft as a document."""
    return panel.desk.db.read(draft.document)


def version(panel: Panel) -> int:
    """The draft's version."""
    return panel.desk.db.read(draft.version)


def one(panel: Panel, table: Any, *where: Any) -> Any:
    """The row that fits."""
    return panel.desk.rows(select(table).where(*where))[0]


def set_id(panel: Panel, key: str) -> int:
    """An option set's id."""
    return int(one(panel, DraftOptionSet, DraftOptionSet.key == key).id)


def stage_id(panel: Panel, key: str) -> int:
    """A stage's id."""
    return int(one(panel, DraftStage, DraftStage.key == key).id)


def decision_id(panel: Panel, key: str) -> int:
    """A decision's id."""
    return int(one(panel, DraftDecision, DraftDecision.key == key).id)


def test_added_option_stands_at_the_end_of_its_set_and_counts_a_version(
    panel: Panel, visitor: Visitor
) -> None:
    before = version(panel)
    answer = visitor.post(f"/options/new/?option_set={set_id(panel, 'remedy')}", NEW_OPTION)
    assert answer.status_code == 302
    assert answer.location.startswith(f"/panel/option_sets/edit/?id={set_id(panel, 'remedy')}#")
    option = document(panel).set_by_key["remedy"].options[-1]
    assert (option.key, option.label.zh_CN, option.label.en) == ("exchange", "换货", "Exchange")
    assert version(panel) == before + 1


def test_every_row_of_the_draft_saves_unchanged_as_it_is_shown(
    panel: Panel, visitor: Visitor
) -> None:
    """Opening any form and pressing save changes nothing: no field loses or invents anything."""
    before = document(panel)
    tables = {kind: found.table for kind, found in draft_rows.KINDS.items()}
    pages = {page.kind: page.endpoint for page in PAGES}
    assert pages.keys() == tables.keys()
    saved = 0
    for kind, endpoint in pages.items():
        for (row_id,) in panel.desk.rows(select(tables[kind].id)):
            path = f"/{endpoint}/edit/?id={row_id}"
            form = visitor.form(path)
            answer = visitor.client.post(f"/panel{path}", data=form)
            assert answer.status_code == 302, (kind, row_id, form)
            saved += 1
    assert saved > 250
    assert document(panel) == before


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Exchange", "exchange"),
        ("Refund only", "refund_only_2"),
        ("换货", "option"),
        ("9", "option"),
    ],
)
def test_key_is_made_from_the_english_label(
    panel: Panel, visitor: Visitor, label: str, key: str
) -> None:
    form = NEW_OPTION | {"label_en": label}
    visitor.post(f"/options/new/?option_set={set_id(panel, 'remedy')}", form)
    assert document(panel).set_by_key["remedy"].options[-1].key == key


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


def test_row_removed_by_another_cannot_be_saved(panel: Panel, visitor: Visitor) -> None:
    row = one(panel, DraftReason, DraftReason.key == "not_settled")
    path = f"/reasons/edit/?id={row.id}"
    form = visitor.form(path)
    gone = visitor.post("/reasons/delete/", {"id": str(row.id), "read": form["read"]})
    assert gone.status_code == 302
    assert visitor.post(path, form).status_code == 404


def test_removal_of_what_changed_meanwhile_is_refused(panel: Panel, visitor: Visitor) -> None:
    row = one(panel, DraftReason, DraftReason.key == "not_settled")
    path = f"/reasons/edit/?id={row.id}"
    old = visitor.form(path)["read"]
    visitor.post(path, {**visitor.form(path), "label_en": "Newer"})
    visitor.post("/reasons/delete/", {"id": str(row.id), "read": old})
    assert one(panel, DraftReason, DraftReason.id == row.id).label_en == "Newer"


def test_published_option_is_retired_and_a_fresh_one_removed(
    panel: Panel, visitor: Visitor
) -> None:
    row = one(panel, DraftOption, DraftOption.key == "late")
    path = f"/options/edit/?id={row.id}"
    form = visitor.form(path)
    visitor.post("/options/delete/", {"id": str(row.id), "read": form["read"]})
    assert "Retire it instead" in visitor.get(path).text
    visitor.post(path, {**form, "retired": "y"})
    assert one(panel, DraftOption, DraftOption.id == row.id).retired
    visitor.post(f"/options/new/?option_set={row.set_id}", NEW_OPTION)
    fresh = one(panel, DraftOption, DraftOption.key == "exchange")
    read = visitor.form(f"/options/edit/?id={fresh.id}")["read"]
    visitor.post("/options/delete/", {"id": str(fresh.id), "read": read})
    assert panel.desk.rows(select(DraftOption).where(DraftOption.id == fresh.id)) == []


def test_removed_stage_takes_with_it_what_belongs_to_it(panel: Panel, visitor: Visitor) -> None:
    stage = stage_id(panel, "triage")
    read = visitor.form(f"/stages/edit/?id={stage}")["read"]
    visitor.post("/stages/delete/", {"id": str(stage), "read": read})
    kept = {i for (i,) in panel.desk.rows(select(DraftDecision.id))}
    assert "triage" not in document(panel).workflows[0].stage_by_key
    for table in (DraftEffect, DraftRoute):
        assert {i for (i,) in panel.desk.rows(select(table.decision_id))} <= kept
    assert panel.desk.rows(select(DraftField.id).where(DraftField.stage_id == stage)) == []


def test_moving_changes_the_order_among_siblings_only(panel: Panel, visitor: Visitor) -> None:
    before = [o.key for o in document(panel).set_by_key["state"].options]
    row = one(panel, DraftOption, DraftOption.key == "unsettled")
    for direction, order in (("up", [1, 0, 2, 3]), ("up", [1, 0, 2, 3]), ("down", [0, 1, 2, 3])):
        visitor.post("/options/move/", {"id": str(row.id), "direction": direction})
        after = [o.key for o in document(panel).set_by_key["state"].options]
        assert after == [before[i] for i in order]
    assert [s.key for s in document(panel).option_sets][2] == "state"


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


def test_condition_is_built_from_pickers_and_joins_its_group(
    panel: Panel, visitor: Visitor
) -> None:
    decision = decision_id(panel, "no_evidence")
    asked = visitor.get(f"/conditions/new/?decision={decision}")
    assert '<option value="state">State</option>' in asked.text
    path = f"/conditions/new/?decision={decision}&fact=reason"
    assert "Suspected counterfeit" in visitor.get(path).text
    form = {"operator": "not_in", "chosen": ["counterfeit", "unsafe"], "match": "all"}
    visitor.post(path, form | {"reason": "use_settled"})
    groups = _decision(panel, "triage", "no_evidence").when
    assert [len(g.conditions) for g in groups] == [1, 1]
    assert groups[1].conditions[0].values == ("counterfeit", "unsafe")
    joined = f"/conditions/new/?decision={decision}&fact=left.rounds&group=0"
    visitor.post(
        joined, {"operator": "above", "count": "0", "match": "any", "reason": "not_settled"}
    )
    groups = _decision(panel, "triage", "no_evidence").when
    assert [(len(g.conditions), g.match, g.reason) for g in groups] == [
        (2, "any", "not_settled"),
        (1, "all", "use_settled"),
    ]


def test_condition_on_money_names_its_currency(panel: Panel, visitor: Visitor) -> None:
    decision = decision_id(panel, "no_evidence")
    path = f"/conditions/new/?decision={decision}&fact=amount"
    form = {"operator": "at_least", "match": "all", "reason": "use_settled", "amount": "100.50"}
    for currency in ("", "XXQ", "C"):
        assert 'class="error"' in visitor.post(path, form | {"currency": currency}).text
    for amount in ("-1", "1.005", "1e3", "٣", "", "1,000", "9" * 30):
        refused = visitor.post(path, form | {"amount": amount, "currency": "CNY"})
        assert 'class="error"' in refused.text
    visitor.post(path, form | {"currency": "cny"})
    condition = _decision(panel, "triage", "no_evidence").when[-1].conditions[0]
    assert (condition.values, condition.currency) == ((10_050,), "CNY")


def _decision(panel: Panel, stage: str, key: str) -> Any:
    return document(panel).workflows[0].decisions_by_stage[stage][key]


def test_preset_amounts_are_saved_exactly(panel: Panel, visitor: Visitor) -> None:
    path = f"/options/new/?option_set={set_id(panel, 'goodwill')}"
    steps = NEW_OPTION | {"share_kind": "steps", "steps": "CNY 12.50\nJPY 300"}
    visitor.post(path, steps)
    share = document(panel).set_by_key["goodwill"].options[-1].share
    assert share is not None
    assert [(s.currency, s.minor) for s in share.steps] == [("CNY", 1_250), ("JPY", 300)]
    for typed in ("", "CNY", "CNY x", "XXQ 5", "CNY 1\nCNY 2", "JPY 1.5", "CNY 0", "CNY -3"):
        assert 'class="error"' in visitor.post(path, steps | {"steps": typed}).text
    visitor.post(path, NEW_OPTION | {"share_kind": "percent", "percent": "7", "of": "paid"})
    share = document(panel).set_by_key["goodwill"].options[-1].share
    assert share is not None
    assert (share.percent, share.of) == (7, "paid")
    for typed in ("", "0", "101", "x", "9" * 40):
        form = NEW_OPTION | {"share_kind": "percent", "percent": typed}
        assert 'class="error"' in visitor.post(path, form).text


@pytest.mark.parametrize(
    ("endpoint", "table", "changes"),
    [
        ("workflows", DraftWorkflow, {"preferred_minutes": "90", "escalation": "triage"}),
        ("stages", DraftStage, {"hold_minutes": "20", "channel": "adjudication"}),
        ("service_levels", DraftServiceLevel, {"minutes": "30", "warn_percent": "50"}),
        ("limits", DraftLimit, {"maximum": "5"}),
        ("fields", DraftField, {"label_en": "Kind of goods"}),
        ("decisions", DraftDecision, {"confirm_en": "Sure?", "confirm_zh": "确定？"}),
    ],
)
def test_settings_reach_the_draft(
    panel: Panel, visitor: Visitor, endpoint: str, table: Any, changes: dict[str, str]
) -> None:
    row = panel.desk.rows(select(table).order_by(table.id).limit(1))[0]
    path = f"/{endpoint}/edit/?id={row.id}"
    before = version(panel)
    assert visitor.post(path, {**visitor.form(path), **changes}).status_code == 302
    after = one(panel, table, table.id == row.id)._mapping
    assert {name: str(after[name]) for name in changes} == changes
    assert version(panel) == before + 1


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


def test_draft_may_be_half_finished(panel: Panel, visitor: Visitor) -> None:
    assert visitor.post("/option_sets/new/").status_code == 302
    workflow = panel.desk.rows(select(DraftWorkflow.id))[0][0]
    blank = {"label_zh": "", "label_en": ""}
    form = blank | {"stage_kind": "work", "hold_minutes": "15", "channel": ""}
    visitor.post(f"/stages/new/?workflow={workflow}", form)
    stage = panel.desk.rows(select(DraftStage.id).order_by(DraftStage.id.desc()).limit(1))[0][0]
    by = blank | {"by": "agent", "style": "", "meaning": ""}
    visitor.post(f"/decisions/new/?stage={stage}", by)
    visitor.post("/workflows/new/", {"label_en": "Second", "preferred_minutes": "5"})
    for path in ("/", "/option_sets/", "/workflows/", f"/stages/edit/?id={stage}", "/problems/"):
        assert visitor.get(path).status_code == 200, path
    assert "The label lacks Chinese or English" in visitor.get("/problems/").text


def test_choice_that_exists_no_more_is_kept_and_named(panel: Panel, visitor: Visitor) -> None:
    field = one(panel, DraftField, DraftField.key == "goodwill")
    options = set_id(panel, "goodwill")
    read = visitor.form(f"/option_sets/edit/?id={options}")["read"]
    visitor.post("/option_sets/delete/", {"id": str(options), "read": read})
    path = f"/fields/edit/?id={field.id}"
    assert "goodwill (does not exist)" in visitor.get(path).text
    visitor.post(path, {**visitor.form(path), "label_en": "Goodwill of ours"})
    after = one(panel, DraftField, DraftField.id == field.id)
    assert (after.options, after.label_en) == ("goodwill", "Goodwill of ours")


def test_pages_of_another_s_row_lead_back_to_its_owner(panel: Panel, visitor: Visitor) -> None:
    assert visitor.get("/options/").location == "/panel/option_sets/"
    assert visitor.get("/conditions/").location == "/panel/workflows/"
    route = panel.desk.rows(select(DraftRoute).limit(1))[0]
    text = visitor.get(f"/routes/edit/?id={route.id}").text
    assert f"/panel/decisions/edit/?id={route.decision_id}" in text


def test_flask_admin_s_own_words_are_chinese_too(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    path = "/reasons/edit/?id=1"
    visitor.post(path, visitor.form(path))
    text = visitor.get("/reasons/").text
    assert "successfully" not in text
    assert 'class="note good"' in text
    row = panel.desk.rows(select(DraftServiceLevel).limit(1))[0]
    path = f"/service_levels/edit/?id={row.id}"
    refused = visitor.post(path, {**visitor.form(path), "minutes": "x"}).text
    assert "Not a valid" not in refused
    assert "Failed" not in refused


def test_conditions_of_a_group_are_edited_together(panel: Panel, visitor: Visitor) -> None:
    rows = panel.desk.rows(
        select(DraftCondition).where(
            DraftCondition.decision_id == decision_id(panel, "deduct_online"),
            DraftCondition.reason == "owes_nothing",
        )
    )
    assert len(rows) == 2
    path = f"/conditions/edit/?id={rows[0].id}"
    visitor.post(path, {**visitor.form(path), "reason": "owes", "match": "all"})
    group = _decision(panel, "verification", "deduct_online").when[rows[0].group_number]
    assert (group.reason, group.match, len(group.conditions)) == ("owes", "all", 2)


def test_owner_of_the_wrong_kind_is_a_bug_and_never_a_row(panel: Panel) -> None:
    desk = panel.desk
    with pytest.raises(LookupError):
        desk.db.transact(draft_edit.add, desk.who("Sun Wei"), "option", Owner("stage", 1), {})
    with pytest.raises(ValueError, match="position"):
        desk.db.transact(draft_edit.add, desk.who("Sun Wei"), "reason", None, {"position": 3})
