"""From a change to the next card: problems, differences, publishing, rolling back, text."""

import io
from typing import Any

import pytest
from sqlalchemy import func, select

from core.desk import documents, draft, draft_edit, draft_load, draft_order, views
from core.desk.answers import Refused, Stale
from core.desk.documents import NotPublishable
from core.desk.draft_rows import Owner
from core.tables import Document as DocumentRow
from core.tables import DraftOption, DraftOptionSet, DraftStage
from core.workflow.model import Document
from core.workflow.text import from_toml, to_toml
from tests.factories import VAULT, Desk
from tests.panel import Panel, Visitor

OPTION = {
    "label_zh": "换货",
    "label_en": "Exchange",
    "parent": "",
    "meaning": "",
    "share_kind": "",
    "of": "goods",
}
LONG_TIME = b"""format = 1
[[workflows]]
key = 'w'
label = { zh_CN = 'a', en = 'a' }
start = 's'
first = 's'
preferred_minutes = 99999999999999999999
"""


HOLLOW = b"""format = 1
[[workflows]]
key = 'w'
label = { zh_CN = 'a', en = 'a' }
start = 's'
first = 's'
stages = [{ key = 's', kind = 'work', label = { zh_CN = 'a', en = 'a' }, decisions = [
  { key = 'd', label = { zh_CN = 'a', en = 'a' }, routes = [], confirm = { zh_CN = '', en = '' } },
] }]
"""


def add_option(panel: Panel, visitor: Visitor, key: str = "remedy") -> None:
    """The supervisor adds an option to a set."""
    sets = panel.desk.rows(select(DraftOptionSet.id).where(DraftOptionSet.key == key))
    assert visitor.post(f"/options/new/?option_set={sets[0][0]}", OPTION).status_code == 302


def publish(visitor: Visitor, note: str = "") -> Any:
    """The supervisor publishes what the page shows."""
    return visitor.post("/publish/", {**visitor.form("/publish/"), "note": note})


def choices(panel: Panel, dispute: int, field: str) -> list[str]:
    """What the card of a dispute offers in a field."""
    visit = panel.desk.visit(dispute)
    view = panel.desk.db.read(views.card_view, visit, VAULT)
    assert view is not None
    asked = next(f for f in view.fields if f.key == field)
    return list(view.document.leaves_by_set[asked.options])


def test_added_option_is_on_the_next_card_and_not_on_the_open_one(
    panel: Panel, visitor: Visitor
) -> None:
    before = panel.desk.at_stage("verification")
    add_option(panel, visitor)
    assert "exchange" not in choices(panel, before, "remedy")
    assert publish(visitor, "exchange was missing").status_code == 302
    after = panel.desk.at_stage("verification")
    assert "exchange" in choices(panel, after, "remedy")  # by the same process, without restart
    assert "exchange" not in choices(panel, before, "remedy")


def test_another_process_sees_what_was_published(panel: Panel, visitor: Visitor) -> None:
    from core.db import Database

    other = Database(panel.desk.db.url)
    earlier = other.read(lambda c, now: documents.active_id(c))
    add_option(panel, visitor)
    publish(visitor)
    assert other.read(lambda c, now: documents.active_id(c)) != earlier
    assert "exchange" in other.read(lambda c, now: documents.active(c)).leaves_by_set["remedy"]
    other.close()


def test_publish_page_says_in_words_what_changed(panel: Panel, visitor: Visitor) -> None:
    assert "says what is published already" in visitor.get("/publish/").text
    add_option(panel, visitor)
    row = panel.desk.rows(select(DraftOption).where(DraftOption.key == "settled"))[0]
    path = f"/options/edit/?id={row.id}"
    visitor.post(path, {**visitor.form(path), "label_en": "Agreed"})
    visitor.post("/retiring/", {**visitor.form(f"/retiring/?id={row.id}"), "act": "retire"})
    visitor.post("/options/move/", {"id": str(row.id), "direction": "down"})
    text = visitor.get("/publish/").text
    assert "Option “Exchange” (exchange) in Remedy is new." in text
    assert "Option “Agreed” (settled) in State: label from “Settled” to “Agreed”" in text
    assert "is retired" in text
    assert f'<a href="/panel{path}">Option “Agreed”' in text
    assert "The options of State stand in another order." in text


def test_draft_with_problems_is_published_by_no_path(panel: Panel, visitor: Visitor) -> None:
    stage = panel.desk.rows(select(DraftStage.id).where(DraftStage.key == "adjudication"))[0][0]
    form = visitor.form("/publish/") if 'class="sheet"' in visitor.get("/publish/").text else {}
    visitor.post("/stages/delete/", {"id": stage, "read": _read(visitor, stage)})
    before = panel.desk.rows(select(func.count()).select_from(DocumentRow))
    page = visitor.get("/publish/")
    assert 'name="version"' not in page.text
    assert "There is no such stage to lead to" in page.text
    version = panel.desk.db.read(draft.version)
    answer = visitor.post("/publish/", {**form, "version": str(version)})
    assert "The draft has problems" in visitor.client.get(answer.location).text
    with pytest.raises(NotPublishable):
        panel.desk.db.transact(draft.publish, panel.desk.who("Sun Wei"), version)
    with pytest.raises(NotPublishable):
        panel.desk.db.transact(documents.publish, panel.desk.db.read(draft.document))
    assert panel.desk.rows(select(func.count()).select_from(DocumentRow)) == before


def _read(visitor: Visitor, stage: int) -> str:
    return str(visitor.form(f"/stages/edit/?id={stage}")["read"])


def test_each_problem_leads_to_the_page_where_it_is_mended(panel: Panel, visitor: Visitor) -> None:
    row = panel.desk.rows(select(DraftOption).where(DraftOption.key == "settled"))[0]
    path = f"/options/edit/?id={row.id}"
    visitor.post(path, {**visitor.form(path), "label_zh": ""})
    text = visitor.get("/problems/").text
    assert "The label lacks Chinese or English" in text
    assert f'href="/panel{path}"' in text
    visitor.post(path, {**visitor.form(path), "label_zh": "已协商一致"})
    assert "The draft has no problems" in visitor.get("/problems/").text


def test_what_somebody_else_changed_is_not_published_unseen(panel: Panel, visitor: Visitor) -> None:
    add_option(panel, visitor)
    shown = visitor.form("/publish/")
    add_option(panel, panel.visitor("Sun Wei"), "state")
    before = panel.desk.rows(select(func.count()).select_from(DocumentRow))
    answer = visitor.post("/publish/", shown)
    assert "Somebody changed the draft since you looked" in visitor.client.get(answer.location).text
    assert panel.desk.rows(select(func.count()).select_from(DocumentRow)) == before


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_made_up_version_publishes_nothing(panel: Panel, visitor: Visitor, version: str) -> None:
    add_option(panel, visitor)
    before = panel.desk.rows(select(func.count()).select_from(DocumentRow))
    assert visitor.post("/publish/", {"version": version}).status_code == 302
    assert panel.desk.rows(select(func.count()).select_from(DocumentRow)) == before


def test_publishing_the_same_twice_is_harmless(panel: Panel, visitor: Visitor) -> None:
    add_option(panel, visitor)
    form = visitor.form("/publish/")
    assert visitor.post("/publish/", form).status_code == 302
    active = panel.desk.db.read(lambda c, now: documents.active_id(c))
    visitor.post("/publish/", form)
    version = panel.desk.db.read(draft.version)
    again = panel.desk.db.transact(draft.publish, panel.desk.who("Sun Wei"), version)
    assert again == active
    assert len(panel.desk.rows(select(DocumentRow.id))) == 2


@pytest.mark.parametrize("name", ["Tom", "Olga", "Tim"])
def test_only_a_supervisor_edits_and_publishes(panel: Panel, name: str) -> None:
    desk = panel.desk
    version = desk.db.read(draft.version)
    document = desk.db.read(draft.document)
    for use_case, args in (
        (draft.publish, (version,)),
        (draft.replace, (version, document)),
        (draft_edit.add, ("reason", None, {})),
        (draft_edit.change, ("reason", 1, "", {})),
        (draft_edit.remove, ("reason", 1, "")),
        (draft_order.move, ("reason", 1, True)),
    ):
        answer = desk.db.transact(use_case, desk.who(name), *args)
        assert isinstance(answer, Refused)
        assert answer.key == "no_right"
    assert desk.db.read(draft.version) == version


def test_document_survives_the_draft_unchanged(any_desk: Desk) -> None:
    document = any_desk.db.read(lambda c, now: documents.active(c))
    any_desk.db.transact(draft_load.load, document)
    assert any_desk.db.read(draft.document) == document


def test_edits_work_on_each_kind_of_database(any_desk: Desk) -> None:
    desk, who = any_desk, any_desk.who("Sun Wei")
    (set_id,) = desk.rows(select(DraftOptionSet.id).where(DraftOptionSet.key == "state"))[0]
    owner = Owner("option_set", set_id)
    labels = {"label_zh": "其他", "label_en": "Other"}
    added = desk.db.transact(draft_edit.add, who, "option", owner, labels)
    assert isinstance(added, int)
    assert desk.db.transact(draft_order.move, who, "option", added, True) is None
    with pytest.raises(Stale):
        desk.db.transact(draft_edit.change, who, "option", added, "old", {"label_en": "X"})
    keys = [o.key for o in desk.db.read(draft.document).set_by_key["state"].options]
    assert keys[-2:] == ["other", "merchant_timeout"]
    version = desk.db.read(draft.version)
    assert isinstance(desk.db.transact(draft.publish, who, version), int)


def test_loading_a_document_rolls_the_desk_back(panel: Panel, visitor: Visitor) -> None:
    first = panel.desk.db.read(lambda c, now: documents.active(c))
    add_option(panel, visitor)
    publish(visitor)
    version = panel.desk.db.read(draft.version)
    answer = visitor.post("/documents/load", {"id": "1", "version": str(version)})
    assert answer.location == "/panel/publish/"
    assert "is removed" in visitor.get("/publish/").text
    publish(visitor, "back again")
    assert panel.desk.db.read(lambda c, now: documents.active(c)) == first
    assert len(panel.desk.rows(select(DocumentRow.id))) == 2  # the same content is stored once


def test_loading_does_not_overwrite_what_somebody_changed(panel: Panel, visitor: Visitor) -> None:
    version = panel.desk.db.read(draft.version)
    add_option(panel, panel.visitor("Sun Wei"))
    visitor.post("/documents/load", {"id": "1", "version": str(version)})
    assert "exchange" in panel.desk.db.read(draft.document).leaves_by_set["remedy"]


def upload(panel: Panel, visitor: Visitor, content: bytes, version: int | None = None) -> Any:
    """The supervisor uploads a file."""
    if version is None:
        version = panel.desk.db.read(draft.version)
    form = {"version": str(version), "file": (io.BytesIO(content), "draft.toml")}
    return visitor.post("/documents/import", form, content_type="multipart/form-data")


def test_downloaded_draft_uploads_again_as_it_was(panel: Panel, visitor: Visitor) -> None:
    add_option(panel, visitor)
    before = panel.desk.db.read(draft.document)
    answer = visitor.get("/documents/draft.toml")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert from_toml(answer.text) == before
    visitor.post("/documents/load", {"id": "1", "version": panel.desk.db.read(draft.version)})
    assert upload(panel, visitor, answer.data).location == "/panel/publish/"
    assert panel.desk.db.read(draft.document) == before


def test_published_document_can_be_downloaded(panel: Panel, visitor: Visitor) -> None:
    active: Document = panel.desk.db.read(lambda c, now: documents.active(c))
    assert visitor.get("/documents/1.toml").text == to_toml(active)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"format = 1\nworkflows = 3", "workflows"),
        (b"format = 7", "format"),
        (b"format = ", "not TOML"),
        (b"", "format"),
        (b"\xff\xfe\x00", "not a text file in UTF-8"),
        (b"format = 1\nsecret_field = 1", "secret_field"),
        (b"format = 1\nreasons = [{ key = 'a', label = { zh_CN = 'a' } }]", "reasons[a].label.en"),
        (b"format = 1\nx = " + b"[" * 100_000, "nested too deeply"),
        (b"format = 1\nx = " + b"9" * 5_000, "not TOML"),
        (LONG_TIME, "workflows[w].preferred_minutes"),
        (HOLLOW, "workflows[w].stages[s].decisions[d].confirm"),
    ],
)
def test_wrong_file_is_refused_with_its_place(
    panel: Panel, visitor: Visitor, content: bytes, told: str
) -> None:
    before = panel.desk.db.read(draft.document)
    answer = upload(panel, visitor, content)
    assert answer.status_code == 422
    assert told in answer.text.replace("&#39;", "'")
    assert "The draft is unchanged" in answer.text
    assert panel.desk.db.read(draft.document) == before


def test_file_with_problems_becomes_a_draft_that_cannot_be_published(
    panel: Panel, visitor: Visitor
) -> None:
    assert upload(panel, visitor, b"format = 1").status_code == 302
    assert "There is no workflow" in visitor.get("/problems/").text
    for path in ("/", "/option_sets/", "/workflows/", "/reasons/", "/publish/"):
        assert visitor.get(path).status_code == 200


def test_upload_does_not_overwrite_what_somebody_changed(panel: Panel, visitor: Visitor) -> None:
    old = panel.desk.db.read(draft.version)
    text = visitor.get("/documents/draft.toml").data
    add_option(panel, panel.visitor("Sun Wei"))
    upload(panel, visitor, text, old)
    assert "exchange" in panel.desk.db.read(draft.document).leaves_by_set["remedy"]
