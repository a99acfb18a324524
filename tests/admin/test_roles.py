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


def remove(visitor: Visitor, key: str, version: str = "1") -> str:
    """Somebody presses the removal of a role; what the next page says."""
    answer = visitor.post("/roles/delete/", {"id": key, "read": version})
    assert answer.status_code == 303
    return visitor.get(answer.headers["Location"].split("/panel", 1)[1]).text


def test_role_that_nobody_has_is_removed_and_the_removal_is_told(
    panel: Panel, visitor: Visitor
) -> None:
    visitor.post("/roles/new/", NIGHT)
    assert "goes at once; nobody may have it" in visitor.get("/roles/edit/?id=night").text
    assert "Removed" in remove(visitor, "night")
    assert "night" not in {row.key for row in panel.desk.rows(select(Role.key))}
    text = visitor.get("/changes/?kind=role").text
    assert "Role “night” was removed" in text
    assert visitor.post("/roles/delete/", {"id": "night", "read": "1"}).status_code == 404


def test_role_that_somebody_has_stays_and_names_them(panel: Panel, visitor: Visitor) -> None:
    assert "Somebody has this role: Sun Wei" in remove(visitor, "supervisor")
    assert len(panel.desk.rows(select(Role.key))) == 6


def test_role_that_changed_since_it_was_read_is_not_removed(visitor: Visitor) -> None:
    visitor.post("/roles/new/", NIGHT)
    path = "/roles/edit/?id=night"
    visitor.post(path, {**visitor.form(path), "rights": ["see", "open"]})
    assert "Nothing was removed" in remove(visitor, "night")
    assert "Night shift" in visitor.get("/roles/").text
