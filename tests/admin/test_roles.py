"""Roles in the panel: rows in both languages that a supervisor edits."""

from sqlalchemy import select

from core.tables import Person, Role
from tests.panel import Panel, Visitor

PAGE = "/roles/edit/?id=lead"
NIGHT = {"key": "night", "label_zh": "夜班", "label_en": "Night shift", "rights": ["see", "decide"]}


def test_role_is_added_and_given_to_somebody(panel: Panel, visitor: Visitor) -> None:
    assert visitor.post("/roles/new/", NIGHT).status_code == 302
    assert "Night shift" in visitor.get("/roles/").text
    path = f"/people/edit/?id={panel.desk.people['Tim']}"
    form = {**visitor.form(path), "roles": ["night"]}
    assert visitor.post(path, form).status_code == 302
    assert panel.desk.rows(select(Person.roles).where(Person.name == "Tim")) == [(["night"],)]
    panel.desk.take(panel.desk.open(), "Tim")
    visitor.post("/language", {"locale": "zh_CN"})
    text = visitor.get("/roles/").text
    assert "夜班" in text
    assert "Tim" in text


def test_role_without_a_label_in_each_language_is_refused_beside_the_field(
    panel: Panel, visitor: Visitor
) -> None:
    for wrong in ({"label_zh": ""}, {"label_en": " "}, {"key": "Night shift"}, {"rights": ["fly"]}):
        answer = visitor.post("/roles/new/", {**NIGHT, **wrong})
        assert answer.status_code == 200
        assert 'class="error"' in answer.text
    assert len(panel.desk.rows(select(Role.key))) == 6


def test_change_of_a_role_is_told_among_the_changes(visitor: Visitor) -> None:
    form = {**visitor.form(PAGE), "rights": ["see"]}
    assert visitor.post(PAGE, form).status_code == 302
    text = visitor.get("/changes/?kind=role").text
    assert "Role “lead” was changed" in text
    assert "See disputes and queues" in text


def test_refusal_names_the_rights_that_are_not_one_s_own(panel: Panel) -> None:
    olga = panel.visitor("Olga")
    form = {**olga.form(PAGE), "rights": ["see", "shape"]}
    answer = olga.post(PAGE, form)
    assert answer.status_code == 200
    assert "Nobody gives away what they do not hold themselves: Shape the desk" in answer.text


def test_stale_save_of_a_role_is_refused(panel: Panel, visitor: Visitor) -> None:
    mine = {**visitor.form(PAGE), "label_en": "Mine"}
    visitor.post(PAGE, {**visitor.form(PAGE), "label_en": "Theirs"})
    refused = visitor.post(PAGE, mine)
    assert "Saved meanwhile: Theirs" in refused.text
    assert panel.desk.rows(select(Role.label_en).where(Role.key == "lead")) == [("Theirs",)]
