"""`next` hands out the most urgent dispute that somebody may act on, once, and holds it."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from core.desk import handing
from core.desk.answers import Answer, Applied, Refused
from core.tables import Outbox, Visit
from tests.factories import SOUND, Desk


def give(desk: Desk, name: str, click: str | None = None) -> Answer:
    """Somebody asks for the next one."""
    return desk.db.transact(handing.hand_out, desk.who(name), click=click)


def given(desk: Desk, name: str) -> int:
    """The dispute that somebody is handed."""
    answer = give(desk, name)
    assert isinstance(answer, Applied), answer
    return answer.dispute_id


def test_most_urgent_is_handed_out_and_held_for_the_idle_minutes(any_desk: Desk) -> None:
    urgent = any_desk.at_stage("adjudication")
    any_desk.pass_time(minutes=5)
    any_desk.at_stage("adjudication")
    assert given(any_desk, "Ada") == urgent
    row = any_desk.at(urgent).row
    assert row.holder_id == any_desk.people["Ada"]
    assert row.held_until == any_desk.now() + dt.timedelta(minutes=15) or row.held_until
    assert any_desk.differences() == []


def test_what_one_holds_comes_first_again(desk: Desk) -> None:
    first = desk.at_stage("adjudication")
    desk.at_stage("adjudication")
    assert [given(desk, "Ada"), given(desk, "Ada")] == [first, first]
    desk.must(first, "rule_none", SOUND)
    assert given(desk, "Ada") != first


def test_at_intake_it_is_taken(any_desk: Desk) -> None:
    dispute = any_desk.open()
    answer = give(any_desk, "Tom")
    assert isinstance(answer, Applied)
    assert (answer.dispute_id, answer.visit_id) == (dispute, any_desk.visit(dispute))
    assert any_desk.stage(dispute) == "triage"
    assert any_desk.at(dispute).row.holder_id == any_desk.people["Tom"]


def test_separation_and_others_holds_are_heeded(desk: Desk) -> None:
    mine = desk.at_stage("adjudication")
    desk.must(mine, "cannot_judge", {**SOUND, "cannot_judge_reason": "new_facts"})  # by Ada
    other = desk.at_stage("evidence_review")
    assert given(desk, "Eva") == mine
    desk.write(Visit.__table__.update().values(holder_id=desk.people["Sun Wei"], held_until=None))
    assert give(desk, "Eva").key == "nothing_next"  # type: ignore[union-attr]
    assert desk.stage(other) == "evidence_review"


@pytest.mark.parametrize(
    ("name", "key"),
    [("Vera", "nothing_next"), ("Sun Wei", "no_home_stage"), ("Tim", "no_right")],
)
def test_whoever_gets_nothing_is_told_why(desk: Desk, name: str, key: str) -> None:
    desk.at_stage("adjudication")
    answer = give(desk, name)
    assert isinstance(answer, Refused)
    assert answer.key == key


def test_same_click_is_handed_the_same_dispute(any_desk: Desk) -> None:
    for _ in range(2):
        any_desk.open()
    first, again = give(any_desk, "Tom", "c1"), give(any_desk, "Tom", "c1")
    assert first == again


def test_card_shows_who_was_handed_it(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    given(desk, "Ada")
    kinds = desk.rows(select(Outbox.kind).where(Outbox.visit_id == desk.visit(dispute)))
    assert [row.kind for row in kinds].count("redraw") == 1


def test_two_who_ask_at_once_get_two_disputes(any_desk: Desk) -> None:
    for _ in range(8):
        any_desk.open()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            names = ["Tom", "Tang Li"]
            got = list(pool.map(lambda name: given(any_desk, name), names))
            assert len(set(got)) == 2
            for name, dispute in zip(names, got, strict=True):
                any_desk.must(dispute, "decline", {"not_accepted_reason": "duplicate"}, name)
    assert any_desk.differences() == []
