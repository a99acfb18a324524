"""Who changed what of the desk, when, from what to what (S7)."""

import re

from sqlalchemy import select

from core.tables import Change, DraftOption, DraftStage
from tests.admin.drafts import NEW_OPTION, one, set_id
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
    older = re.search(r'href="/panel(/changes/\?[^"]*beneath=\d+)"', page)
    assert older is not None
    text = visitor.get(older[1].replace("&amp;", "&")).text
    assert "Half of the goods → Half 0." in text
