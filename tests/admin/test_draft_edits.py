"""Editing the draft through its pages: what is typed arrives, and nothing else moves."""

from typing import Any

import pytest
from sqlalchemy import select

from admin.draft.kinds import PAGES
from core.desk import draft_rows
from core.tables import (
    Change,
    DraftCondition,
    DraftDecision,
    DraftEffect,
    DraftField,
    DraftLimit,
    DraftOption,
    DraftRoute,
    DraftServiceLevel,
    DraftStage,
    DraftWorkflow,
)
from tests.admin.drafts import (
    NEW_OPTION,
    decision_id,
    decision_of,
    document,
    one,
    set_id,
    stage_id,
    version,
)
from tests.panel import Panel, Visitor


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


def test_note_says_in_the_reader_s_language_that_agents_wait_for_publishing(
    panel: Panel, visitor: Visitor
) -> None:
    visitor.post("/language", {"locale": "zh_CN"})
    where = f"/option_sets/edit/?id={set_id(panel, 'remedy')}"
    visitor.post(f"/options/new/?option_set={set_id(panel, 'remedy')}", NEW_OPTION)
    text = visitor.get(where).text
    assert "已保存到草稿，发布后才对客服生效。" in text
    assert "successfully" not in text


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


def test_published_option_is_retired_and_a_fresh_one_removed(
    panel: Panel, visitor: Visitor
) -> None:
    row = one(panel, DraftOption, DraftOption.key == "late")
    path = f"/options/edit/?id={row.id}"
    form = visitor.form(path)
    visitor.post("/options/delete/", {"id": str(row.id), "read": form["read"]})
    assert "Retire it instead" in visitor.get(path).text
    page = f"/retiring/?id={row.id}"
    visitor.post("/retiring/", {**visitor.form(page), "act": "retire"})
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
    groups = decision_of(panel, "triage", "no_evidence").when
    assert [len(g.conditions) for g in groups] == [1, 1]
    assert groups[1].conditions[0].values == ("counterfeit", "unsafe")
    joined = f"/conditions/new/?decision={decision}&fact=left.rounds&group=0"
    visitor.post(
        joined, {"operator": "above", "count": "0", "match": "any", "reason": "not_settled"}
    )
    groups = decision_of(panel, "triage", "no_evidence").when
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
    condition = decision_of(panel, "triage", "no_evidence").when[-1].conditions[0]
    assert (condition.values, condition.currency) == ((10_050,), "CNY")


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


def test_saving_an_option_anew_leaves_alone_what_nobody_touched(
    panel: Panel, visitor: Visitor
) -> None:
    half = one(panel, DraftOption, DraftOption.key == "half")
    path = f"/options/edit/?id={half.id}"
    visitor.post(path, visitor.form(path) | {"label_en": "One half"})
    assert one(panel, DraftOption, DraftOption.id == half.id).share == half.share
    [told] = panel.desk.rows(select(Change.before, Change.after))
    assert tuple(told) == ({"label_en": half.label_en}, {"label_en": "One half"})


@pytest.mark.parametrize(
    ("endpoint", "table", "changes"),
    [
        ("workflows", DraftWorkflow, {"preferred_minutes": "90", "escalation": "triage"}),
        ("stages", DraftStage, {"hold_minutes": "20", "channel": "adjudication"}),
        ("service_levels", DraftServiceLevel, {"minutes": "30", "calendar": "service_days"}),
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


def test_draft_may_be_half_finished(panel: Panel, visitor: Visitor) -> None:
    assert visitor.post("/option_sets/new/", {"meaning": ""}).status_code == 302
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
    group = decision_of(panel, "verification", "deduct_online").when[rows[0].group_number]
    assert (group.reason, group.match, len(group.conditions)) == ("owes", "all", 2)
