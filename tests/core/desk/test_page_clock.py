"""A page that nobody answers, and one whose dispute goes on, ends or comes back (K5)."""

import threading

from sqlalchemy import select

import scheduler
from core.db import Database
from core.desk.answers import Applied
from core.tables import Event, Page
from tests.core.desk.called import (
    answer,
    attend,
    audited,
    happened,
    must,
    page,
    refusal,
    told,
)
from tests.core.desk.joined import merge
from tests.core.desk.on_rota import add
from tests.factories import SOUND, Desk


def test_unanswered_page_reminds_once_and_then_tells_whoever_paged(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    add(desk)
    must(page(desk, dispute, "nights"))
    assert attend(desk, minutes=4) == 0
    assert (attend(desk, minutes=1), told(desk, "page")) == (1, ["Eva", "Eva"])
    assert (attend(desk), attend(desk, minutes=4)) == (0, 0)
    assert (attend(desk, minutes=1), told(desk, "page_news")) == (1, ["Tom"])
    assert attend(desk, hours=5) == 0
    assert happened(desk, dispute) == ["paged", "page_reminded", "page_unanswered"]
    assert told(desk, "page") == ["Eva", "Eva"]
    assert desk.differences() == []


def test_auditor_notices_a_page_that_nobody_was_reminded_of(desk: Desk) -> None:
    must(page(desk, desk.at_stage("adjudication")))
    desk.pass_time(minutes=15, seconds=25)
    assert "pages" not in audited(desk)
    desk.pass_time(seconds=10)
    assert audited(desk)["pages"] == 1
    assert (attend(desk), "pages" in audited(desk)) == (1, False)


def test_somebody_named_has_longer_than_whoever_is_on_duty(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    must(page(desk, dispute))
    assert (attend(desk, minutes=14), attend(desk, minutes=1)) == (0, 1)


def test_scheduler_that_slept_reminds_first_and_gives_the_time_once_more(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    must(page(desk, dispute))
    assert attend(desk, hours=9) == 1
    assert happened(desk, dispute)[-1] == "page_reminded"
    assert (attend(desk, minutes=14), attend(desk, minutes=1)) == (0, 1)
    assert happened(desk, dispute)[-1] == "page_unanswered"


def test_late_answer_counts_as_long_as_the_dispute_goes_on(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    page_id = must(page(desk, dispute))
    attend(desk, minutes=15)
    attend(desk, minutes=15)
    must(page(desk, dispute))  # nobody answered, so they may be called again
    assert isinstance(answer(desk, page_id, "on_it"), Applied)
    assert desk.rows(select(Page.outcome).order_by(Page.id))[0].outcome == "on_it"
    assert told(desk, "page_news") == ["Tom", "Tom"]


def test_page_ends_with_its_dispute(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("verification")
    page_id = must(page(desk, dispute))
    desk.must(
        dispute, "deduct_online", {"quality": "sound", "remedy": "refund_only", "share": "full"}
    )
    desk.pay(dispute)
    assert attend(desk) == 0
    desk.must(dispute, "money_arrived")
    assert refusal(answer(desk, page_id, "on_it")) == "page_finished"
    assert (attend(desk), attend(desk)) == (1, 0)
    assert desk.rows(select(Page.outcome))[0].outcome == "over"
    assert (told(desk, "repage"), told(desk, "page_news")) == (["update"], [])
    assert desk.differences() == []


def test_page_runs_on_where_the_end_of_its_dispute_is_undone(any_desk: Desk) -> None:
    desk = any_desk
    dispute, other = (desk.at_stage("triage", buyer="b1") for _ in range(2))
    page_id = must(page(desk, dispute))
    assert attend(desk, minutes=14, seconds=30) == 0
    assert isinstance(merge(desk, dispute, other), Applied)
    assert (attend(desk), happened(desk, dispute)) == (1, ["paged", "page_over"])
    assert isinstance(desk.undo(dispute, "Sun Wei"), Applied)
    assert told(desk, "repage") == ["update", "update"]
    assert (attend(desk, seconds=29), attend(desk, seconds=1)) == (0, 1)  # as if it never ended
    assert told(desk, "page") == ["Eva", "Eva"]
    assert isinstance(answer(desk, page_id, "on_it"), Applied)
    assert desk.differences() == []


def test_undoing_the_end_of_a_dispute_calls_nobody_whose_page_ended_before(desk: Desk) -> None:
    dispute, other = (desk.at_stage("triage", buyer="b1") for _ in range(2))
    answer(desk, must(page(desk, dispute)), "on_it")
    must(page(desk, dispute, "Ada"))
    attend(desk, minutes=15)
    attend(desk, minutes=15)
    merge(desk, dispute, other)
    assert attend(desk) == 0
    desk.undo(dispute, "Sun Wei")
    outcomes = desk.rows(select(Page.outcome).order_by(Page.id))
    assert [row.outcome for row in outcomes] == ["on_it", "unanswered"]
    assert attend(desk, hours=1) == 0
    assert desk.differences() == []


def test_two_schedulers_remind_and_tell_once(postgresql: Database) -> None:
    desk = Desk(postgresql)
    dispute = desk.at_stage("adjudication")
    must(page(desk, dispute))
    for _ in range(2):
        desk.pass_time(minutes=15)
        threads = [threading.Thread(target=scheduler.tick, args=(desk.db,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert happened(desk, dispute) == ["paged", "page_reminded", "page_unanswered"]
    assert told(desk, "page") == ["Eva", "Eva"]
    assert told(desk, "page_news") == ["Tom"]


def test_page_goes_on_with_a_dispute_that_moves_on(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    page_id = must(page(desk, dispute))
    desk.must(dispute, "rule_none", SOUND)
    assert isinstance(answer(desk, page_id, "on_it"), Applied)
    events = select(Event.visit_id).where(Event.kind == "page_answered")
    assert desk.rows(events)[0].visit_id == desk.visit(dispute)
