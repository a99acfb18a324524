"""Option use is what agents chose: each visit once, nothing undone, and where none fitted (M3)."""

from collections import Counter

from sqlalchemy import select, text

from core.desk import documents, option_use
from core.desk.answers import Refused
from core.desk.option_use import DECISION, ENOUGH, FieldUse, Use, Used
from core.tables import Event, Visit
from tests.core.desk.planned import plan, statements
from tests.core.workflow.edits import put
from tests.factories import SOUND, TRIAGED, Desk


def seen(desk: Desk, days: int = 28) -> dict[tuple[str, str], FieldUse]:
    found = desk.db.read(
        lambda c, now: option_use.option_use(
            c,
            desk.who("Sun Wei"),
            documents.active(c),
            documents.active(c).workflows[0],
            days,
            now=now,
        )
    )
    assert isinstance(found, Used)
    return {(one.stage, one.field): one for one in found.fields}


def times(one: FieldUse) -> dict[str, int]:
    return {use.key: use.times for use in one.uses if use.times}


def test_each_choice_counts_once_at_its_stage(any_desk: Desk) -> None:
    for reason in ("damaged", "damaged", "wrong_item"):
        dispute = any_desk.at_stage("triage")
        any_desk.must(dispute, "no_evidence", {**TRIAGED, "reason": reason})
    any_desk.must(dispute, "rule_merchant", SOUND)
    found = seen(any_desk)
    assert times(found["triage", "reason"]) == {"damaged": 2, "wrong_item": 1}
    assert found["triage", "reason"].answers == 3
    assert times(found["triage", DECISION]) == {"no_evidence": 3}
    assert times(found["adjudication", DECISION]) == {"rule_merchant": 1}
    assert times(found["adjudication", "quality"]) == {"sound": 1}


def test_only_facts_of_the_latest_visits_are_read(desk: Desk) -> None:
    for _ in range(5):
        desk.must(desk.at_stage("triage"), "no_evidence", TRIAGED)
    desk.write(text("ANALYZE"))
    with statements(desk.db, "facts") as ran:
        seen(desk)
    for one in ran:
        assert "SEARCH facts" in plan(desk.db, one), plan(desk.db, one)


def test_several_choices_of_one_field_are_one_answer(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.must(dispute, "no_evidence", {**TRIAGED, "given_buyer": ["photos", "chat"]})
    given = seen(desk)["triage", "given_buyer"]
    assert (times(given), given.answers) == ({"photos": 1, "chat": 1}, 1)


def test_merged_option_counts_as_what_it_was_merged_into_each_visit_once(any_desk: Desk) -> None:
    desk = any_desk
    for given in (["photos", "chat"], ["chat"], ["video"]):
        chosen = {**TRIAGED, "given_buyer": given, "category": "digital"}
        desk.must(desk.at_stage("triage"), "no_evidence", chosen)
    document = desk.db.read(lambda c, now: documents.active(c))
    field = document.workflows[0].stage_by_key["triage"].field_by_key["given_buyer"]
    for place, into in (
        (f"{field.options}/options/chat", "photos"),
        ("category/options/digital", "appliance"),
    ):
        document = put(document, f"option_sets/{place}", retired=True, successor=into)
    answer = desk.db.read(
        lambda c, now: option_use.option_use(
            c, desk.who("Sun Wei"), document, document.workflows[0], 28, now=now
        )
    )
    assert isinstance(answer, Used)
    found = {(one.stage, one.field): one for one in answer.fields}
    given_buyer = found["triage", "given_buyer"]
    assert (times(given_buyer), given_buyer.answers) == ({"photos": 2, "video": 1}, 3)
    assert times(found["triage", "category"]) == {"appliance": 3}


def test_what_was_undone_or_is_older_is_not_counted(desk: Desk) -> None:
    desk.must(desk.at_stage("triage"), "no_evidence", TRIAGED)
    desk.pass_time(days=8)
    undone = desk.at_stage("triage")
    desk.must(undone, "no_evidence", TRIAGED)
    desk.undo(undone)
    assert seen(desk, 7)["triage", DECISION].answers == 0
    assert seen(desk, 28)["triage", "reason"].answers == 1


def test_decisions_counted_are_those_of_the_record(desk: Desk) -> None:
    for stage in ("verification", "evidence_review", "finished", "adjudication"):
        desk.at_stage(stage)
    told = Counter(
        row.stage
        for row in desk.rows(
            select(Visit.stage)
            .join(Event, Event.visit_id == Visit.id)
            .where(Event.kind == "moved", Visit.kind == "work", Event.by == "agent")
        )
    )
    found = seen(desk)
    assert {stage: found[stage, DECISION].answers for stage in told} == dict(told)


def test_where_no_option_fitted_is_counted_by_field(desk: Desk) -> None:
    desk.park(desk.at_stage("triage"), chosen={"category": "food"})
    found = seen(desk)
    assert found["triage", "reason"].no_fit == 1
    assert found["triage", "category"].no_fit == 0


def test_never_and_too_often_need_occasion_enough() -> None:
    uses = [Use("a", 20, True), Use("b", 9, True), Use("c", 0, True), Use("d", 0, False)]
    few = FieldUse("s", "f", "set", ENOUGH - 1, 0, uses)
    enough = FieldUse("s", "f", "set", ENOUGH, 0, uses)
    assert [few.unused(use) or few.overused(use) for use in uses] == [False] * 4
    assert [enough.overused(use) for use in uses] == [True, False, False, False]
    assert [enough.unused(use) for use in uses] == [False, False, True, False]
    pair = FieldUse("s", "f", "set", ENOUGH, 0, [Use("yes", 29, True), Use("no", 1, True)])
    assert not pair.overused(pair.uses[0])  # one of two is often more than half


def test_option_use_is_for_whoever_edits_the_draft(desk: Desk) -> None:
    answer = desk.db.read(
        lambda c, now: option_use.option_use(
            c, desk.who("Tom"), documents.active(c), documents.active(c).workflows[0], 7, now=now
        )
    )
    assert isinstance(answer, Refused)
