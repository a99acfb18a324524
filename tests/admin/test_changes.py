"""Who changed what of the desk, when, from what to what (S7)."""

import datetime as dt
import re

import pytest
from sqlalchemy import select, update

from core.tables import Change, DraftOption, DraftStage
from tests.admin.drafts import NEW_OPTION, decision_id, one, set_id, stage_id
from tests.panel import Panel, Visitor


def told(visitor: Visitor, query: str = "") -> str:
    page = visitor.get(f"/changes/{query}").text
    return re.sub(r"\\s+", " ", re.sub(r"<[^>]+>", " ", page))


def recorded(panel: Panel) -> list[Change]:
    return panel.desk.rows(select(Change).order_by(Change.id))


def test_edit_of_the_draft_says_who_and_from_what_to_what(panel: Panel, visitor: Visitor) -> None:
    half = one(panel, DraftOption, DraftOption.key == "half")
    path = f"/options/edit/?id={half.id}"
    visitor.post(path, visitor.form(path) | {"label_en": "One half", "percent": "55"})
    text = told(visitor)
    assert "Sun Wei" in text
    assert "Option “Share › One half” was changed" in re.sub("Refund share", "Share", text)
    assert "Half of the goods → One half" in text
    assert "50 % of the goods → 55 % of the goods" in text


def test_every_kind_of_edit_leaves_one_line(panel: Panel, visitor: Visitor) -> None:
    where = set_id(panel, "remedy")
    visitor.post(f"/options/new/?option_set={where}", {**NEW_OPTION, "key": "exchange"})
    option = one(panel, DraftOption, DraftOption.key == "exchange")
    visitor.post("/options/move/", {"id": str(option.id), "direction": "up"})
    path = f"/options/edit/?id={option.id}"
    form = visitor.form(path)
    visitor.post(path, form | {"label_en": "Swap"})
    form = visitor.form(path)
    visitor.post("/options/delete/", {"id": str(option.id), "read": form["read"]})
    assert [row.what for row in recorded(panel)] == ["added", "moved", "changed", "removed"]
    assert {row.person_id for row in recorded(panel)} == {panel.desk.people["Sun Wei"]}


def test_save_that_changes_nothing_leaves_no_line(panel: Panel, visitor: Visitor) -> None:
    stage = one(panel, DraftStage, DraftStage.key == "triage")
    path = f"/stages/edit/?id={stage.id}"
    visitor.post(path, visitor.form(path))
    assert recorded(panel) == []
    assert "No such change so far." in told(visitor)


def test_refused_and_rehearsed_edits_leave_no_line(panel: Panel, visitor: Visitor) -> None:
    stage = one(panel, DraftStage, DraftStage.key == "triage")
    path = f"/stages/edit/?id={stage.id}"
    form = visitor.form(path) | {"label_en": "First look"}
    visitor.post(path, form | {"read": "0" * 64})
    visitor.post(f"/stages/card/?id={stage.id}", form)
    assert recorded(panel) == []


def test_people_channels_and_publishing_are_told_too(panel: Panel, visitor: Visitor) -> None:
    tom = panel.desk.people["Tom"]
    path = f"/people/edit/?id={tom}"
    visitor.post(path, visitor.form(path) | {"team": "Mornings"})
    half = one(panel, DraftOption, DraftOption.key == "half")
    path = f"/options/edit/?id={half.id}"
    visitor.post(path, visitor.form(path) | {"label_en": "One half"})
    visitor.post("/publish/", visitor.form("/publish/") | {"note": "plainer words"})
    text = told(visitor)
    assert "Person “Tom” was changed" in text
    assert "– → Mornings" in text
    assert "Draft was published" in text
    assert "plainer words" in text
    assert "Mornings" not in told(visitor, "?kind=option")
    assert "One half" not in told(visitor, f"?person={tom}")


def test_older_changes_are_on_the_next_page(panel: Panel, visitor: Visitor) -> None:
    half = one(panel, DraftOption, DraftOption.key == "half")
    path = f"/options/edit/?id={half.id}"
    for number in range(51):
        visitor.post(path, visitor.form(path) | {"label_en": f"Half {number}."})
    assert "Half of the goods → Half 0." not in told(visitor)
    page = visitor.get("/changes/").text
    older = re.search(r'href="/panel(/changes/\?[^"]*beneath=\d+[^"]*)"', page)
    assert older is not None
    text = visitor.get(older[1].replace("&amp;", "&")).text
    assert "Half of the goods → Half 0." in text


FUNDS = {"operator": "in", "chosen": ["short"], "match": "any", "reason": "funds_short"}


def test_values_are_told_in_the_words_of_the_forms(panel: Panel, visitor: Visitor) -> None:
    path = f"/conditions/new/?decision={decision_id(panel, 'rule_buyer')}&fact=funds"
    answer = visitor.post(path, visitor.form(path) | FUNDS)
    assert answer.status_code == 302, answer.text
    text = told(visitor)
    for words in (
        "Fact: Merchant's funds",
        "Compared how: is one of",
        "Values: fall short",
        "Of this group must hold: Any one condition",
        "told where it does not hold: The merchant’s funds do not cover it",
    ):
        assert words in text.replace("&#39;", "'"), words
    visitor.post("/language", {"locale": "zh_CN"})
    chinese = told(visitor, "?kind=condition").partition("Sun Wei")[2]
    for raw in ("funds", "short", "any"):
        assert raw not in chinese


def test_kinds_documents_and_what_a_row_leads_to_are_told_in_words(
    panel: Panel, visitor: Visitor
) -> None:
    path = f"/routes/new/?decision={decision_id(panel, 'rule_buyer')}"
    visitor.post(path, visitor.form(path) | {"to": "triage", "assignee": "earlier"})
    path = f"/fields/new/?stage={stage_id(panel, 'triage')}"
    form = {"label_zh": "颜色", "label_en": "Colour", "kind": "typed", "options": ""}
    answer = visitor.post(path, visitor.form(path) | form)
    assert answer.status_code == 302, answer.text
    text = told(visitor)
    assert "Leads to: Triage" in text
    assert "Held by: Whoever held it there before" in text
    assert "typed" not in text


def test_amount_that_a_condition_compares_with_is_told_as_money(
    panel: Panel, visitor: Visitor
) -> None:
    path = f"/conditions/new/?decision={decision_id(panel, 'rule_buyer')}&fact=moved"
    form = {"operator": "above", "amount": "500", "currency": "CNY", "reason": "funds_short"}
    answer = visitor.post(path, visitor.form(path) | form)
    assert answer.status_code == 302, answer.text
    assert "Values: CN¥500.00" in told(visitor)


def test_published_document_is_told_by_its_number(panel: Panel, visitor: Visitor) -> None:
    path = f"/options/edit/?id={one(panel, DraftOption, DraftOption.key == 'half').id}"
    visitor.post(path, visitor.form(path) | {"label_en": "One half"})
    assert visitor.post("/publish/", visitor.form("/publish/")).status_code == 302
    assert "document: No. 2" in told(visitor)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?text=half", True),
        ("?text=sun+w", True),
        ("?text=nobody+wrote+this", False),
        ("?text=100%25", False),
        ("?since=2000-01-01&text=HALF", True),
        ("?until=2000-01-01", False),
        ("?since=2990-01-01", False),
        ("?since=yesterday", True),
    ],
)
def test_changes_are_found_by_day_and_by_what_they_are_called(
    panel: Panel, visitor: Visitor, query: str, found: bool
) -> None:
    path = f"/options/edit/?id={one(panel, DraftOption, DraftOption.key == 'half').id}"
    visitor.post(path, visitor.form(path) | {"label_en": "One half"})
    assert ("→ One half" in told(visitor, query)) is found
    assert ("→ One half" in visitor.get(f"/changes/export.csv{query}").text) is found


def test_text_alone_is_looked_for_in_the_last_months_only(panel: Panel, visitor: Visitor) -> None:
    path = f"/options/edit/?id={one(panel, DraftOption, DraftOption.key == 'half').id}"
    visitor.post(path, visitor.form(path) | {"label_en": "One half"})
    long_ago = panel.desk.now() - dt.timedelta(days=91)
    panel.desk.db.transact(lambda c, now: c.execute(update(Change).values(at=long_ago)))
    page = told(visitor, "?text=half")
    assert "→ One half" not in page
    assert "in the last 90 days" in page
    assert "→ One half" in told(visitor, f"?text=half&since={long_ago:%Y-%m-01}")


def test_export_heads_what_changed_by_its_own_name(visitor: Visitor) -> None:
    assert visitor.get("/changes/export.csv").text.splitlines()[0].endswith("Before and after")
