"""Grades: how urgent a dispute is, what follows from it, and what another grade changes (G2)."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from core.desk import correct, documents, draft, orders
from core.desk.intake import BadIntake, OrderInfo
from core.migrate import standard
from core.tables import Deadline, Dispute, Event, Fact, Outbox
from core.workflow import model as m
from core.workflow.difference import differences
from core.workflow.problems import problems
from core.workflow.text import from_toml, to_toml
from core.workflow.weighty import weighs
from tests.core.workflow.edits import add, put
from tests.factories import SOUND, TRIAGED, Desk

LABEL = m.Label("承诺", "A promise")
LEVELS = "workflows/dispute/service_levels"
UNSAFE = {**TRIAGED, "reason": "unsafe"}


def promised(desk: Desk, *levels: m.ServiceLevel) -> None:
    """Publishes the standard document with these levels beside its own."""
    desk.db.transact(documents.publish, add(standard(), LEVELS, *levels))


def level(key: str, grade: str, **more: Any) -> m.ServiceLevel:
    """A promise to disputes of one grade, from their opening on."""
    when = (m.Condition("grade", "in", (grade,)),)
    return m.ServiceLevel(key, LABEL, 600, **{"starts": (m.Mark("opened"),), "when": when, **more})


def running(desk: Desk, key: str) -> list[tuple[bool, bool]]:
    """Of each running of a promise, oldest first: whether it goes on, whether it was given up."""
    rows = desk.rows(
        select(Deadline.stopped_at, Deadline.superseded)
        .where(Deadline.service_level == key)
        .order_by(Deadline.id)
    )
    return [(row.stopped_at is None, row.superseded) for row in rows]


def grade(desk: Desk, dispute: int) -> tuple[Any, str]:
    """The grade as the fact says it, and as lists read it."""
    (row,) = desk.rows(select(Dispute.grade).where(Dispute.id == dispute))
    return desk.at(dispute).facts.get("grade"), row.grade


def test_dispute_has_the_grade_of_the_first_rule_that_fits_from_its_first_moment_on(
    any_desk: Desk,
) -> None:
    desk = any_desk
    urgent = desk.open(facts={"reason": "unsafe"})
    rotten = desk.open(facts={"category": "food", "reason": "spoiled"})
    stale = desk.open(facts={"category": "books", "reason": "spoiled"})
    greedy = desk.open(facts={"claim": "excessive"})
    crowd = desk.open(facts={"impact": "many_people", "claim": "within_rules"})
    usual = desk.open()
    grades = [grade(desk, one) for one in (urgent, rotten, stale, greedy, crowd, usual)]
    assert grades == [("A", "A"), ("A", "A"), ("B", "B"), ("C", "C"), ("A", "A"), ("B", "B")]
    assert desk.differences() == []


def test_decision_that_says_what_it_is_about_grades_it_anew_and_undo_takes_that_back(
    any_desk: Desk,
) -> None:
    desk = any_desk
    dispute = desk.at_stage("triage")
    desk.must(dispute, "no_evidence", UNSAFE)
    assert grade(desk, dispute) == ("A", "A")
    told = desk.rows(select(Event.data).where(Event.kind == "regraded"))
    assert [(row.data["from"], row.data["to"]) for row in told] == [("B", "A")]
    desk.undo(dispute)
    assert grade(desk, dispute) == ("B", "B")
    assert desk.differences() == []


def test_grade_that_stays_is_stored_once(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.must(dispute, "no_evidence", TRIAGED)
    desk.must(dispute, "rule_merchant", SOUND)
    grades = select(Fact.text).where(Fact.dispute_id == dispute, Fact.key == "grade")
    assert desk.rows(grades) == [("B",)]
    assert desk.rows(select(Event.id).where(Event.kind == "regraded")) == []


def test_another_grade_gives_up_what_was_promised_and_promises_what_is_due_now(
    any_desk: Desk,
) -> None:
    desk = any_desk
    promised(desk, level("ordinary", "B"), level("urgent", "A"))
    dispute = desk.at_stage("triage")
    desk.pass_time(hours=1)
    assert (running(desk, "ordinary"), running(desk, "urgent")) == ([(True, False)], [])
    desk.must(dispute, "no_evidence", UNSAFE)
    assert running(desk, "ordinary") == [(False, True)]
    assert running(desk, "urgent") == [(True, False)]
    (fresh,) = desk.rows(select(Deadline).where(Deadline.service_level == "urgent"))
    (told,) = desk.rows(select(Event).where(Event.kind == "regraded"))
    assert fresh.started_at == told.at  # nobody could have kept it before
    assert told.data["superseded"] == ["ordinary"]
    assert told.data["started"] == ["contact_urgent", "urgent"]  # the standard's own, and ours
    lines = select(Outbox.id).where(Outbox.dedupe == f"line:{told.id}")
    assert len(desk.rows(lines)) == 1
    assert desk.differences() == []


def test_undo_lets_the_old_promise_go_on_as_if_nothing_had_been_decided(any_desk: Desk) -> None:
    desk = any_desk
    promised(desk, level("ordinary", "B"), level("urgent", "A"))
    dispute = desk.at_stage("triage")
    (before,) = desk.rows(select(Deadline).where(Deadline.service_level == "ordinary"))
    desk.must(dispute, "no_evidence", UNSAFE)
    desk.undo(dispute)
    (after,) = desk.rows(select(Deadline).where(Deadline.service_level == "ordinary"))
    assert (after.due_at, after.next_at, after.stopped_at) == (
        before.due_at,
        before.next_at,
        None,
    )
    assert (running(desk, "ordinary"), running(desk, "urgent")) == ([(True, False)], [])
    assert desk.differences() == []


def test_what_had_stopped_already_does_not_start_by_another_grade(desk: Desk) -> None:
    left = (m.Mark("left", "intake"),)
    promised(desk, level("done", "A", stops=left), level("due", "A", starts=left))
    dispute = desk.at_stage("triage")
    desk.must(dispute, "no_evidence", UNSAFE)
    assert (running(desk, "done"), running(desk, "due")) == ([], [(True, False)])


def test_promise_that_the_same_decision_keeps_is_kept_and_not_given_up(desk: Desk) -> None:
    promised(desk, level("triage_soon", "B", stops=(m.Mark("left", "triage"),)))
    dispute = desk.at_stage("triage")
    desk.must(dispute, "no_evidence", UNSAFE)
    assert running(desk, "triage_soon") == [(False, False)]


def test_correction_grades_anew_and_times_the_visit_anew(any_desk: Desk) -> None:
    desk = any_desk
    urgent = level("rule_soon", "A", stage="adjudication", starts=())
    levels = (urgent, *standard().workflows[0].service_levels)
    first = put(standard(), "workflows/dispute", service_levels=levels)
    desk.db.transact(documents.publish, first)
    dispute = desk.at_stage("adjudication")
    who = desk.who("Sun Wei")
    fix = (correct.correct_fact, dispute, "reason", "unsafe", "wrong_click", who)
    desk.db.transact(*fix, click=desk.click())
    assert grade(desk, dispute) == ("A", "A")
    assert (running(desk, "ruling"), running(desk, "rule_soon")) == (
        [(False, True)],
        [(True, False)],
    )
    assert desk.differences() == []
    desk.must(dispute, "rule_buyer", SOUND)
    assert running(desk, "rule_soon") == [(False, False)]


def test_what_was_paid_may_grade_as_soon_as_the_order_is_known(any_desk: Desk) -> None:
    desk = any_desk
    dear = m.Condition("paid", "at_least", (100_000,), "CNY")
    rules = (m.GradeRule("dear", LABEL, "A", (dear,)), m.GradeRule("rest", LABEL, "B"))
    desk.db.transact(documents.publish, replace(standard(), grade_rules=rules))
    dispute = desk.open(order=None)
    assert grade(desk, dispute) == ("B", "B")
    desk.db.transact(orders.order_known, dispute, OrderInfo("CNY", 150_000))
    assert grade(desk, dispute) == ("A", "A")
    assert grade(desk, desk.open(order=OrderInfo("CNY", 150_000))) == ("A", "A")
    assert grade(desk, desk.open(order=OrderInfo("BRL", 150_000))) == ("B", "B")
    assert desk.differences() == []


def test_rules_may_ask_who_the_buyer_and_the_merchant_are(any_desk: Desk) -> None:
    desk = any_desk
    known = desk.open(buyer="b1", buyer_tags=("high_value",), merchant_standing="poor")
    assert desk.at(known).facts["buyer_tag"] == ("high_value",)
    assert desk.at(known).facts["standing"] == "poor"
    again = desk.open(buyer="b1")  # what the source said before is still known
    assert desk.at(again).facts["buyer_tag"] == ("high_value",)
    assert desk.at(again).facts["standing"] == "poor"
    better = desk.open(merchant_standing="good")
    assert desk.at(better).facts["standing"] == "good"
    assert desk.differences() == []
    with pytest.raises(BadIntake):
        desk.open(merchant_standing="splendid")


def test_language_way_in_and_hour_are_known_of_every_dispute(desk: Desk) -> None:
    facts = desk.at(desk.open(locale="pt-BR", channel="hotline")).facts
    assert (facts["language"], facts["channel"], facts["source"]) == ("pt", "hotline", "shop")
    assert 0 <= int(facts["hour"]) <= 23
    assert facts["paid"] == 20_000


def test_grade_rules_survive_text_and_draft_and_weigh_as_routing(desk: Desk) -> None:
    before = standard()
    rule = m.GradeRule("late_buyer", LABEL, "C", (m.Condition("language", "in", ("pt",)),))
    document = replace(before, grade_rules=(rule, *before.grade_rules))
    assert from_toml(to_toml(document)) == document
    desk.db.transact(draft.replace, desk.who("Sun Wei"), desk.db.read(draft.version), document)
    assert desk.db.read(draft.document) == document
    (told,) = differences(before, document)
    assert (told.what, told.kind) == ("added", "grade_rule")
    assert weighs(told, before, document)


def test_grade_rules_that_give_no_grade_or_ask_for_one_are_problems() -> None:
    rule = m.GradeRule("odd", LABEL, "Z", (m.Condition("grade", "in", ("A",)),))
    rules = standard().grade_rules
    found = problems(replace(standard(), grade_rules=(rule, *rules)))
    assert {one.key for one in found} == {"unknown_grade", "not_known_yet"}
    open_ended = m.GradeRule("late", LABEL, "B", (m.Condition("language", "in", ("pt",)),))
    keys = {one.key for one in problems(add(standard(), "grade_rules", open_ended))}
    assert keys == {"rule_never_hit", "last_grade_conditional"}
