"""Somebody is called to a dispute at once, and whoever called hears what came of it (K5)."""

import threading

from sqlalchemy import select, text

from core.db import Database
from core.desk import page_views
from core.desk.answers import Answer, Applied, Refused
from core.tables import Page, Paged
from tests.core.desk.called import (
    SECRET,
    answer,
    attend,
    crew,
    happened,
    must,
    page,
    refusal,
    told,
)
from tests.factories import TRIAGED, VAULT, Desk


def test_whoever_is_paged_is_told_and_their_answer_reaches_whoever_paged(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    page_id = must(page(desk, dispute))
    assert told(desk, "page") == ["Eva"]
    assert isinstance(answer(desk, page_id, "on_it"), Applied)
    assert (told(desk, "page_news"), told(desk, "repage")) == (["Tom"], ["update"])
    assert happened(desk, dispute) == ["paged", "page_answered"]
    row = desk.rows(select(Page))[0]
    assert (row.outcome, row.attend_at, row.closed_at) == (
        "on_it",
        None,
        desk.rows(select(Paged.answered_at))[0].answered_at,
    )
    assert attend(desk, hours=1) == 0
    assert desk.differences() == []


def test_remark_is_sealed_and_stands_in_no_record_and_no_message(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    page_id = must(page(desk, dispute, remark=SECRET))
    read = desk.db.read(lambda c, now: page_views.page_view(c, page_id, VAULT))
    assert read.remark is not None
    assert read.remark.for_members() == SECRET
    assert SECRET.encode() not in desk.rows(select(Page.remark))[0].remark.box
    kept = desk.rows(text("SELECT data FROM events")) + desk.rows(text("SELECT data FROM outbox"))
    assert "fridge" not in str(kept)


def test_remark_that_names_a_contact_or_is_too_long_is_refused(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    assert refusal(page(desk, dispute, remark="Ring 138 0013 8000")) == "page_contact"
    assert refusal(page(desk, dispute, remark="a" * 201)) == "page_unreadable"
    assert refusal(page(desk, dispute, reason="because")) == "unknown_preset"
    assert told(desk, "page") == []


def test_first_of_those_on_duty_who_is_on_it_ends_the_call_for_the_others(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    crew(desk, "Eva", "Ada", "Tom")
    page_id = must(page(desk, dispute, "crew"))
    assert sorted(told(desk, "page")) == ["Ada", "Eva"]  # and not whoever pages
    assert isinstance(answer(desk, page_id, "cannot", "Ada"), Applied)
    assert isinstance(answer(desk, page_id, "on_it", "Eva"), Applied)
    assert refusal(answer(desk, page_id, "on_it", "Ada")) == "page_answered"
    assert desk.rows(select(Page.outcome))[0].outcome == "on_it"
    assert told(desk, "page_news") == ["Tom", "Tom"]


def test_second_who_is_on_it_is_told_who_was_first(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    crew(desk, "Eva", "Ada")
    page_id = must(page(desk, dispute, "crew"))
    answer(desk, page_id, "on_it", "Eva")
    late = answer(desk, page_id, "on_it", "Ada")
    assert refusal(late) == "page_taken"
    assert late.params["who"] == "Eva"


def test_page_ends_where_everybody_cannot(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    crew(desk, "Eva", "Ada")
    page_id = must(page(desk, dispute, "crew"))
    answer(desk, page_id, "cannot", "Eva")
    assert desk.rows(select(Page.closed_at))[0].closed_at is None
    answer(desk, page_id, "cannot", "Ada")
    assert desk.rows(select(Page.outcome))[0].outcome == "cannot"
    assert attend(desk, hours=1) == 0


def test_nobody_is_paged_twice_while_an_answer_is_awaited(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    other = desk.at_stage("adjudication")
    page_id = must(page(desk, dispute))
    assert refusal(page(desk, dispute, by="Ada")) == "page_open"
    must(page(desk, other))
    crew(desk, "Eva", "Vera")
    must(page(desk, dispute, "crew"))
    assert told(desk, "page")[-1] == "Vera"  # Eva's answer to the first one is awaited still
    answer(desk, page_id, "cannot")
    must(page(desk, dispute))


def test_same_click_pages_and_answers_once(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    first, second = (page(desk, dispute, click="one") for _ in range(2))
    assert first == second
    assert told(desk, "page") == ["Eva"]
    answers = [answer(desk, must(first), "on_it", click="two") for _ in range(2)]
    assert answers[0] == answers[1]
    assert told(desk, "page_news") == ["Tom"]


def test_two_answers_at_once_have_one_taker(postgresql: Database) -> None:
    desk = Desk(postgresql)
    dispute = desk.at_stage("adjudication")
    crew(desk, "Eva", "Ada", "Vera")
    page_id = must(page(desk, dispute, "crew"))
    found: list[Answer] = []
    threads = [
        threading.Thread(target=lambda who=who: found.append(answer(desk, page_id, "on_it", who)))
        for who in ("Eva", "Ada", "Vera")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, Applied) for one in found) == 1
    assert {refusal(one) for one in found if isinstance(one, Refused)} == {"page_taken"}


def test_paging_leaves_a_decision_to_be_undone(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.must(dispute, "no_evidence", TRIAGED)
    must(page(desk, dispute))
    assert isinstance(desk.undo(dispute), Applied)
