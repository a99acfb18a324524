"""What somebody typed about a row that another removed meanwhile is kept, to be added anew (S3)."""

from typing import Any

import pytest
from sqlalchemy import select, update

from core.tables import DraftCondition, DraftOption, DraftReason, Person, Role
from tests.admin import drafts
from tests.panel import Panel, Visitor, read_form


def rows(panel: Panel, table: Any) -> int:
    """How many rows the draft has of a kind."""
    return len(panel.desk.rows(select(table.id)))


def send_form(visitor: Visitor, html: str, **typed: str) -> Any:
    """Sends the page's form to where it says."""
    sheet = html[html.index('class="sheet"') :].partition(">")[0]
    there = sheet.partition('action="')[2].partition('"')[0].replace("&amp;", "&")
    return visitor.post(there.removeprefix("/panel"), {**read_form(html), **typed})


def second(panel: Panel) -> Visitor:
    """Another supervisor."""
    panel.desk.write(update(Person).where(Person.name == "Olga").values(roles=["supervisor"]))
    return panel.visitor("Olga")


def removed(panel: Panel, path: str, delete: str) -> None:
    """The other supervisor removes what a page is about."""
    other = second(panel)
    text = other.get(path).text
    form = text[text.index('class="removal"') :]
    data = read_form('class="sheet"' + form)
    assert other.post(delete, data).status_code == 302


def test_removed_option_is_added_anew_with_what_was_typed(panel: Panel, visitor: Visitor) -> None:
    owner = drafts.set_id(panel, "reason")
    visitor.post(f"/options/new/?option_set={owner}", {**drafts.NEW_OPTION, "key": "swap"})
    option = drafts.one(panel, DraftOption, DraftOption.key == "swap")
    path = f"/options/edit/?id={option.id}"
    mine = {**visitor.form(path), "label_en": "Exchange at once"}
    removed(panel, path, "/options/delete/")
    before = rows(panel, DraftOption)
    answer = visitor.post(path, mine)
    assert answer.status_code == 200
    assert "Olga removed this at" in answer.text
    assert "Exchange at once" in answer.text
    assert rows(panel, DraftOption) == before
    assert send_form(visitor, answer.text).status_code == 302
    again = drafts.one(panel, DraftOption, DraftOption.key == "swap")
    assert (again.label_en, again.set_id) == ("Exchange at once", owner)


def test_removed_condition_keeps_its_fact_and_its_owner(panel: Panel, visitor: Visitor) -> None:
    found = drafts.one(panel, DraftCondition, DraftCondition.decision_id.is_not(None))
    path = f"/conditions/edit/?id={found.id}"
    mine = visitor.form(path)
    removed(panel, path, "/conditions/delete/")
    answer = visitor.post(path, mine)
    assert "Olga removed this at" in answer.text
    assert send_form(visitor, answer.text).status_code == 302
    latest = panel.desk.rows(select(DraftCondition).order_by(DraftCondition.id.desc()))[0]
    assert (latest.fact, latest.decision_id) == (found.fact, found.decision_id)


def test_removed_reason_belongs_to_nothing_and_is_added_anew(
    panel: Panel, visitor: Visitor
) -> None:
    visitor.post("/reasons/new/", {"key": "rainy", "label_zh": "下雨", "label_en": "It rains"})
    reason = drafts.one(panel, DraftReason, DraftReason.key == "rainy")
    path = f"/reasons/edit/?id={reason.id}"
    mine = {**visitor.form(path), "label_en": "It pours"}
    removed(panel, path, "/reasons/delete/")
    answer = visitor.post(path, mine)
    assert send_form(visitor, answer.text).status_code == 302
    assert drafts.one(panel, DraftReason, DraftReason.key == "rainy").label_en == "It pours"


def test_removed_role_is_added_anew_under_its_key(panel: Panel, visitor: Visitor) -> None:
    night = {"key": "night", "label_zh": "夜班", "label_en": "Night", "rights": ["see"]}
    visitor.post("/roles/new/", night)
    path = "/roles/edit/?id=night"
    mine = {**visitor.form(path), "label_en": "Night shift"}
    second(panel).post("/roles/delete/", {"id": "night", "read": "1"})
    answer = visitor.post(path, mine)
    assert "Olga removed this at" in answer.text
    assert send_form(visitor, answer.text).status_code == 302
    assert panel.desk.rows(select(Role.label_en).where(Role.key == "night")) == [("Night shift",)]


@pytest.mark.parametrize(
    "carried", ["", "stage-1", "option_set-999999", "option_set-x", "option_set-1 OR 1=1", "-"]
)
def test_form_that_names_no_owner_is_not_found(visitor: Visitor, carried: str) -> None:
    typed = {**drafts.NEW_OPTION, "was_of": carried}
    assert visitor.post("/options/edit/?id=999999", typed).status_code == 404


def test_row_that_never_was_is_not_found_when_it_is_opened(visitor: Visitor) -> None:
    for path in ("/options/edit/?id=999999", "/roles/edit/?id=nobody"):
        assert visitor.get(path).status_code == 404
