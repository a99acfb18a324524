"""Disputes that belong together are linked, by who may, and shown at both (K2, I4)."""

import threading
from typing import Any

import pytest
from sqlalchemy import select

from core.desk import linking
from core.desk.answers import Answer, Applied
from core.tables import Event, Link, Outbox
from tests.core.desk.joined import key, link, number
from tests.factories import Desk


def test_link_is_shown_at_both_and_decides_nothing(any_desk: Desk) -> None:
    desk = any_desk
    one, other = desk.at_stage("triage"), desk.at_stage("adjudication")
    stages = [desk.stage(one), desk.stage(other)]
    assert isinstance(link(desk, one, other), Applied)
    for here, there in ((one, other), (other, one)):
        (found,) = desk.db.read(lambda c, now, here=here: linking.of_dispute(c, here))
        assert (found.number, found.relation) == (number(desk, there), "same_parcel")
        redrawn = select(Outbox.id).where(
            Outbox.kind == "redraw", Outbox.visit_id == desk.visit(here)
        )
        assert len(desk.rows(redrawn)) >= 1
    assert [desk.stage(one), desk.stage(other)] == stages
    assert desk.differences() == []


def test_link_is_taken_back_and_both_records_keep_it(any_desk: Desk) -> None:
    desk = any_desk
    one, other = desk.open(), desk.open()
    link(desk, other, one)
    answer = desk.db.transact(linking.unlink, one, number(desk, other), desk.who("Sun Wei"))
    assert isinstance(answer, Applied)
    assert desk.db.read(lambda c, now: linking.of_dispute(c, one)) == ()
    for dispute in (one, other):
        kinds = desk.rows(
            select(Event.kind).where(Event.dispute_id == dispute, Event.kind.like("%linked"))
        )
        assert sorted(kinds) == [("linked",), ("unlinked",)]
    assert key(desk.db.transact(linking.unlink, one, number(desk, other), desk.who("Sun Wei"))) == (
        "not_linked"
    )
    assert isinstance(link(desk, one, other, "follows"), Applied)  # another relation, another time
    assert desk.differences() == []


def test_link_is_refused_with_its_reason(desk: Desk) -> None:
    one, other = desk.open(), desk.open()
    assert key(link(desk, one, one)) == "same_dispute"
    assert key(link(desk, one, other, "made_up")) == "unknown_preset"
    assert key(link(desk, one, other, name="Tom")) == "no_right"
    link(desk, one, other)
    assert key(link(desk, other, one, "follows")) == "linked_already"
    args = (one, "AAAAAAAAA", "follows", desk.who("Sun Wei"))
    assert key(desk.db.transact(linking.link, *args)) == "unknown_dispute"


def test_double_submit_links_once(desk: Desk) -> None:
    one, other = desk.open(), desk.open()
    first, second = (link(desk, one, other, click="same") for _ in range(2))
    assert first == second
    assert len(desk.rows(select(Link.id))) == 1


@pytest.mark.postgres
def test_two_people_who_link_at_once_make_one_link(postgresql: Any) -> None:
    desk = Desk(postgresql)
    one, other = desk.open(), desk.open()
    answers: list[Answer] = []
    pairs = ((one, other), (other, one))
    threads = [
        threading.Thread(target=lambda p=p: answers.append(link(desk, *p))) for p in pairs * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key(answer) for answer in answers) == ["", *["linked_already"] * 5]
    assert len(desk.rows(select(Link.id))) == 1
    assert desk.differences() == []
