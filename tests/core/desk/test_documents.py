"""Publishing: guarded by problems, immutable, and nothing half-edited reaches an agent (S3)."""

import pytest
from sqlalchemy import func, select

from core.desk import documents
from core.desk.answers import Applied, Refused
from core.desk.documents import NothingPublished, NotPublishable
from core.migrate import standard
from core.tables import ActiveDocument, Document, Visit
from core.workflow import model as m
from core.workflow.text import TextError
from tests.core.workflow.edits import drop, put
from tests.factories import SOUND, TRIAGED, Desk

FLOW = "workflows/dispute"


def publish(desk: Desk, document: m.Document) -> int:
    """Publishes a document."""
    return desk.db.transact(documents.publish, document)


def without_review() -> m.Document:
    """The standard document without evidence review; adjudication takes its place."""
    document = standard()
    for stage in document.workflows[0].stages:
        for decision in stage.decisions:
            if any(route.to == "evidence_review" for route in decision.routes):
                place = f"{FLOW}/stages/{stage.key}/decisions/{decision.key}"
                routes = tuple(
                    m.Route("adjudication", r.assignee, r.when) if r.to == "evidence_review" else r
                    for r in decision.routes
                )
                document = put(document, place, routes=routes)
    document = drop(document, f"{FLOW}/stages/adjudication/decisions/cannot_judge")
    document = drop(document, f"{FLOW}/limits/send_backs")
    document = put(document, f"{FLOW}/limits/rounds", grants="")
    document = drop(document, f"{FLOW}/service_levels/review")
    return drop(document, f"{FLOW}/stages/evidence_review")


def with_successor() -> m.Document:
    """The same, with a word on where entries to evidence review go."""
    successors = (m.Successor("evidence_review", "adjudication"),)
    return put(without_review(), FLOW, successors=successors)


def renamed(word: str) -> m.Document:
    """The standard document with another label on a stage."""
    return put(standard(), f"{FLOW}/stages/triage/label", en=word)


def test_document_with_problems_is_published_by_no_path(any_desk: Desk) -> None:
    before = any_desk.rows(select(ActiveDocument.document_id))
    with pytest.raises(NotPublishable) as error:
        publish(any_desk, put(standard(), f"{FLOW}/stages/triage/label", en=""))
    assert [p.key for p in error.value.problems] == ["label_missing"]
    assert "triage: label_missing" in str(error.value)
    assert any_desk.rows(select(ActiveDocument.document_id)) == before


def test_document_that_could_not_be_read_back_is_not_published(desk: Desk) -> None:
    with pytest.raises(TextError, match=r"label\.en: holds control characters"):
        publish(desk, renamed("a\tb"))
    assert desk.open()


def test_same_content_is_stored_once_however_often_it_is_published(any_desk: Desk) -> None:
    first = publish(any_desk, renamed("Sorting"))
    assert publish(any_desk, standard()) != first
    assert publish(any_desk, renamed("Sorting")) == first
    assert any_desk.rows(select(func.count(Document.id))) == [(2,)]
    assert any_desk.rows(select(ActiveDocument.document_id)) == [(first,)]


def test_open_visit_keeps_the_document_it_opened_with(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("triage")
    pinned = any_desk.at(dispute).row.document_id
    retired = put(standard(), "option_sets/category/options/food", retired=True)
    active = publish(any_desk, retired)
    assert any_desk.at(dispute).row.document_id == pinned
    answer = any_desk.must(dispute, "no_evidence", TRIAGED)  # food, which is retired since
    assert any_desk.at(dispute).row.document_id == active
    assert answer.stage == "adjudication"
    later = any_desk.at_stage("triage")
    refused = any_desk.choose(later, "no_evidence", TRIAGED)
    assert isinstance(refused, Refused)
    assert (refused.key, refused.fields) == ("unknown_option", ("category",))
    assert any_desk.differences() == []


def test_dropped_stage_needs_a_successor_while_a_dispute_may_enter_it(desk: Desk) -> None:
    desk.at_stage("adjudication")
    with pytest.raises(NotPublishable) as error:
        publish(desk, without_review())
    assert [(p.key, p.place) for p in error.value.problems] == [
        ("stage_dropped", ("dispute", "evidence_review"))
    ]


def test_dropped_workflow_needs_its_disputes_to_be_finished(desk: Desk) -> None:
    desk.open()
    other = put(standard(), FLOW, key="another")
    with pytest.raises(NotPublishable) as error:
        publish(desk, other)
    assert [p.key for p in error.value.problems] == ["workflow_dropped"]


def test_later_entries_to_a_dropped_stage_go_to_its_successor(any_desk: Desk) -> None:
    sent_back = any_desk.at_stage("adjudication")
    waiting = any_desk.at_stage("awaiting_evidence")
    reviewed = any_desk.at_stage("evidence_review")
    publish(any_desk, with_successor())
    any_desk.must(sent_back, "cannot_judge", {**SOUND, "cannot_judge_reason": "new_facts"})
    assert any_desk.stage(sent_back) == "adjudication"
    any_desk.done(waiting, "buyer")
    any_desk.done(waiting, "merchant")
    assert any_desk.stage(waiting) == "adjudication"
    assert any_desk.stage(reviewed) == "evidence_review"  # it ends by its own document
    any_desk.must(reviewed, "enough", SOUND)
    assert any_desk.stage(reviewed) == "adjudication"
    assert any_desk.differences() == []


def test_successor_must_stay_named_while_older_visits_may_lead_to_the_stage(desk: Desk) -> None:
    desk.at_stage("awaiting_evidence")
    publish(desk, with_successor())
    with pytest.raises(NotPublishable):
        publish(desk, without_review())


def test_dispute_that_stands_where_the_new_document_is_narrower_still_moves_on(desk: Desk) -> None:
    dispute = desk.at_stage("evidence_review")
    publish(desk, with_successor())
    assert isinstance(desk.choose(dispute, "enough", SOUND), Applied)
    assert isinstance(desk.choose(dispute, "rule_none", SOUND), Applied)


def test_publishing_changes_no_visit(any_desk: Desk) -> None:
    for stage in ("intake", "triage", "awaiting_evidence", "finished"):
        any_desk.at_stage(stage)
    statement = select(Visit).order_by(Visit.id)
    before = any_desk.rows(statement)
    publish(any_desk, with_successor())
    assert any_desk.rows(statement) == before


def test_nothing_opens_before_something_is_published(desk: Desk) -> None:
    desk.write(ActiveDocument.__table__.delete())
    with pytest.raises(NothingPublished):
        desk.open()


def test_document_of_a_transaction_that_failed_is_not_remembered(desk: Desk) -> None:
    def fails(connection, now):  # type: ignore[no-untyped-def]
        found = documents.publish(connection, renamed("First"), now=now)
        documents.load(connection, found)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        desk.db.transact(fails)
    published = publish(desk, renamed("Second"))  # SQLite gives it the same number
    loaded = desk.db.read(lambda c, now: documents.load(c, published))
    assert loaded == renamed("Second")
