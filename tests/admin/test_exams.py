"""Exams in the panel: what takes one, recorded for somebody else, withdrawn again (X2)."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from core.desk.held import RIGHTS
from core.tables import Exam, Person
from tests.factories import REFUND
from tests.panel import Panel, Visitor


def exam(panel: Panel, name: str = "Vera", **changes: str) -> dict[str, str]:
    """The form of a passed exam."""
    person = str(panel.desk.people[name])
    return {"person": person, "action": "refund", "name": "Refund rules", **changes}


def lock(visitor: Visitor, action: str = "refund", needed: str = "y", version: str = "0") -> None:
    """Asks for an exam, or for none."""
    form = {"action": action, "needs_exam": needed, "version": version}
    assert visitor.post("/exams/lock", form).status_code == 303


def test_money_opens_to_whoever_has_passed(panel: Panel, visitor: Visitor) -> None:
    owed = panel.desk.at_stage("verification")
    lock(visitor)
    refused = panel.desk.choose(owed, "deduct_online", REFUND)
    assert getattr(refused, "key", "") == "needs_exam"
    assert visitor.post("/exams/", exam(panel)).status_code == 303
    text = visitor.get("/exams/").text
    assert "Refund rules" in text
    assert "takes an exam" in text
    panel.desk.must(owed, "deduct_online", REFUND)


def test_withdrawn_exam_stays_on_the_page_and_counts_no_more(
    panel: Panel, visitor: Visitor
) -> None:
    lock(visitor)
    visitor.post("/exams/", exam(panel))
    [found] = re.findall(r'name="id" value="(\d+)"', visitor.get("/exams/").text)
    assert visitor.post("/exams/withdraw", {"id": found}).status_code == 303
    assert "withdrawn by Sun Wei" in visitor.get("/exams/").text
    owed = panel.desk.at_stage("adjudication")
    panel.desk.must(owed, "rule_merchant", {"quality": "sound"})
    panel.desk.funds(owed)
    assert getattr(panel.desk.choose(owed, "deduct_online", REFUND), "key", "") == "needs_exam"


@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"name": "x" * 81},
        {"action": "fly"},
        {"person": "999"},
        {"person": "1 OR 1=1"},
        {"passed_at": "2999-01-01T00:00"},
        {"until": "2001-01-01T00:00"},
        {"until": "soon"},
    ],
)
def test_wrong_exam_is_refused_beside_the_field(
    panel: Panel, visitor: Visitor, change: dict[str, str]
) -> None:
    answer = visitor.post("/exams/", {**exam(panel), **change})
    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    assert panel.desk.rows(select(Exam.id)) == []


def test_nobody_is_offered_themselves(panel: Panel, visitor: Visitor) -> None:
    answer = visitor.post("/exams/", exam(panel, "Sun Wei"))
    assert 'class="error"' in answer.text
    assert panel.desk.rows(select(Exam.id)) == []


def test_whom_a_lock_would_shut_out_is_told_before_it_does(panel: Panel, visitor: Visitor) -> None:
    page = visitor.get("/exams/").text
    assert 'href="/panel/exams/lock?action=refund"' in page
    asked = visitor.get("/exams/lock?action=refund").text
    able = panel.desk.rows(select(Person.name, RIGHTS).where(Person.active))
    shut = {row.name for row in able if "decide" in row.rights}
    assert f"could no longer: {len(shut)}. Nobody has passed." in asked
    assert all(name in asked for name in shut)
    owed = panel.desk.at_stage("verification")
    panel.desk.must(owed, "deduct_online", REFUND)  # looking locks nothing
    visitor.post("/exams/", exam(panel))
    asked = visitor.get("/exams/lock?action=refund").text
    assert f"could no longer: {len(shut) - 1}. Passed: 1." in asked
    visitor.post("/exams/lock", {**visitor.form("/exams/lock?action=refund")})
    assert "takes an exam" in visitor.get("/exams/").text
    assert visitor.get("/exams/lock?action=fly").status_code == 404


def test_nobody_s_exam_is_recorded_by_not_choosing_whose(panel: Panel, visitor: Visitor) -> None:
    form = visitor.form("/exams/")
    assert form["person"] == ""
    answer = visitor.post("/exams/", {**form, "name": "Refund rules"})
    assert "This is needed." in answer.text
    assert panel.desk.rows(select(Exam.id)) == []


def test_stale_or_odd_lock_changes_nothing(visitor: Visitor) -> None:
    lock(visitor)
    lock(visitor, needed="", version="0")
    assert "takes an exam" in visitor.get("/exams/").text
    assert visitor.post("/exams/lock", {"action": "fly", "version": "0"}).status_code == 404
    assert visitor.post("/exams/withdraw", {"id": "x"}).status_code == 404
    visitor.post("/exams/withdraw", {"id": "77"})
    assert "There is no such exam" in visitor.get("/exams/").text


def test_exam_s_end_is_in_the_reader_s_own_zone(panel: Panel, visitor: Visitor) -> None:
    visitor.post("/exams/", exam(panel, until="2999-01-01T08:00"))
    [(until,)] = panel.desk.rows(select(Exam.until))
    assert until == dt.datetime(2999, 1, 1, tzinfo=dt.UTC)  # Sun Wei is in Shanghai
