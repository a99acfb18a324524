"""The draft: rows that say exactly the document, versions that guard, publishing by right."""

import pytest
from hypothesis import assume, given, settings
from sqlalchemy import insert, update

from core.desk import documents, draft, draft_load
from core.desk.answers import Refused
from core.desk.documents import NotPublishable
from core.desk.draft import Stale
from core.migrate import standard
from core.tables import DraftOption, DraftStage
from core.workflow import model as m
from core.workflow.text import TextError, to_json
from tests.core.workflow.documents import workable
from tests.core.workflow.edits import put
from tests.core.workflow.texts import anything
from tests.factories import Desk


def read(desk: Desk) -> m.Document:
    """The document that the draft says."""
    return desk.db.read(draft.document)


def version(desk: Desk) -> int:
    """The draft's version."""
    return desk.db.read(draft.version)


def test_fresh_desk_has_the_standard_document_in_its_draft(any_desk: Desk) -> None:
    assert to_json(read(any_desk)) == to_json(standard())


@settings(max_examples=40)
@given(workable())
def test_workable_document_comes_back_from_the_draft_unchanged(
    desk: Desk, document: m.Document
) -> None:
    desk.db.transact(draft_load.load, document)
    assert to_json(read(desk)) == to_json(document)


@settings(max_examples=40)
@given(anything)
def test_any_document_with_its_groups_filled_comes_back_unchanged(
    desk: Desk, document: m.Document
) -> None:
    assume(not any(not group.conditions for group in _groups(document)))
    assume('"confirm":{"en":"","zh_CN":""}' not in to_json(document))  # as good as none
    desk.db.transact(draft_load.load, document)
    assert to_json(read(desk)) == to_json(document)


def _groups(document: m.Document) -> list[m.Group]:
    decisions = [
        d
        for w in document.workflows
        for s in (*w.stages, w)
        for d in getattr(s, "decisions", s.ends if isinstance(s, m.Workflow) else ())
    ]
    fields = [f for w in document.workflows for s in w.stages for f in s.fields]
    fields += [f for d in decisions for f in d.fields]
    return [g for row in (*decisions, *fields) for g in row.when]


def test_edited_option_reaches_the_next_card_once_it_is_published(any_desk: Desk) -> None:
    any_desk.write(
        update(DraftOption).where(DraftOption.key == "food").values(label_en="Groceries")
    )
    found = any_desk.db.transact(draft.publish, any_desk.who("Sun Wei"), version(any_desk))
    assert isinstance(found, int)
    dispute = any_desk.at_stage("triage")
    category = any_desk.at(dispute).document.options_by_set["category"]
    assert category["food"].label.en == "Groceries"


def test_draft_that_changed_since_it_was_read_is_not_published(desk: Desk) -> None:
    seen = version(desk)
    desk.db.transact(draft.touch, seen)
    with pytest.raises(Stale):
        desk.db.transact(draft.publish, desk.who("Sun Wei"), seen)


def test_save_over_a_newer_version_is_refused(desk: Desk) -> None:
    seen = version(desk)
    desk.db.transact(draft.touch, seen)
    with pytest.raises(Stale):
        desk.db.transact(draft.touch, seen)
    assert version(desk) == seen + 1


def test_draft_with_problems_is_not_published_and_stays(desk: Desk) -> None:
    desk.write(update(DraftStage).where(DraftStage.key == "triage").values(channel=""))
    seen = version(desk)
    with pytest.raises(NotPublishable):
        desk.db.transact(draft.publish, desk.who("Sun Wei"), seen)
    assert version(desk) == seen


@pytest.mark.parametrize("name", ["Tom", "Olga", "Tim"])
def test_only_supervisors_publish(desk: Desk, name: str) -> None:
    answer = desk.db.transact(draft.publish, desk.who(name), version(desk))
    assert isinstance(answer, Refused)
    assert answer.key == "no_right"


def test_loading_a_document_rolls_the_draft_back(desk: Desk) -> None:
    desk.write(update(DraftOption).where(DraftOption.key == "food").values(retired=True))
    seen = version(desk)
    desk.db.transact(draft_load.load, standard(), 1)
    assert to_json(read(desk)) == to_json(standard())
    assert version(desk) == seen + 1


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"when": (m.Group("owes_nothing", ()),)}, "when"),
        ({"confirm": m.Label("", "")}, "confirm"),
    ],
)
def test_document_that_the_rows_would_lose_something_of_is_refused_with_its_place(
    any_desk: Desk, changes: dict[str, object], place: str
) -> None:
    decision = "workflows/dispute/stages/triage/decisions/no_evidence"
    before, seen = read(any_desk), version(any_desk)
    with pytest.raises(TextError) as error:
        any_desk.db.transact(
            draft.replace, any_desk.who("Sun Wei"), seen, put(before, decision, **changes)
        )
    where = "workflows[dispute].stages[triage].decisions[no_evidence]"
    assert error.value.place == f"{where}.{place}"
    assert (read(any_desk), version(any_desk)) == (before, seen)


def test_rows_keep_the_order_that_their_positions_say(desk: Desk) -> None:
    set_id = desk.rows(DraftOption.__table__.select())[0].set_id
    row = {"set_id": set_id, "key": "first", "position": -1, "label_zh": "一", "label_en": "One"}
    more = {"parent": "", "meaning": "", "exclusive": False, "retired": False, "share": None}
    desk.write(insert(DraftOption).values(**row, **more))
    assert read(desk).option_sets[0].options[0].key == "first"


def test_two_documents_side_by_side_do_not_mix_their_rows(desk: Desk) -> None:
    first = standard()
    flows = (first.workflows[0], put(first, "workflows/dispute", key="second").workflows[0])
    both = m.Document(1, first.option_sets, first.reasons, flows)
    desk.db.transact(draft_load.load, both)
    assert to_json(read(desk)) == to_json(both)


def test_document_that_is_published_again_tells_of_its_latest_publishing(any_desk: Desk) -> None:
    desk = any_desk
    first = read(desk)
    desk.write(update(DraftOption).where(DraftOption.key == "food").values(label_en="Groceries"))
    desk.db.transact(draft.publish, desk.who("Sun Wei"), version(desk), note="groceries")
    desk.pass_time(hours=1)
    desk.db.transact(draft.replace, desk.who("Sun Wei"), version(desk), first)
    desk.db.transact(draft.publish, desk.who("Sun Wei"), version(desk), note="back again")
    rows = desk.db.read(lambda c, now: documents.published(c))
    told = [(row.id, row.publisher, row.note) for row in rows]
    assert told == [(1, "Sun Wei", "back again"), (2, "Sun Wei", "groceries")]
