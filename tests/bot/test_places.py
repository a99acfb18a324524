"""A channel shows its most urgent cards up to a number; after an outage one digest comes first."""

import datetime as dt
import threading

import pytest
from sqlalchemy import Connection, delete, select, update

from bot.delivery import deliver
from core.db import Database
from core.desk import places, roster
from core.desk.numbers import shown
from core.desk.outbox import CARD
from core.tables import Card, Channel, Outbox, Visit
from tests.bot.office import Office
from tests.bot.walls import Wall
from tests.factories import Desk


def allow(desk: Desk, most: int) -> None:
    """Every channel shows so many cards."""
    desk.write(update(Channel).values(most_cards=most))


def live(desk: Desk) -> set[int]:
    """The disputes whose open visit has a card in Slack."""
    statement = select(Visit.dispute_id).join(Card, Card.visit_id == Visit.id)
    return {row.dispute_id for row in desk.rows(statement.where(Visit.left_at.is_(None)))}


def test_channel_shows_so_many_cards_and_the_most_urgent_waiting_one_comes_up(
    at_work: Office,
) -> None:
    desk = at_work.desk
    allow(desk, 2)
    every = []
    for _ in range(5):
        every.append(desk.open())
        desk.pass_time(seconds=30)
    at_work.settle()
    assert live(desk) == set(every[:2])
    desk.must(every[1], "decline", {"not_accepted_reason": "duplicate"}, "Tom")
    at_work.settle()
    assert live(desk) == {every[0], every[2]}
    desk.take(every[0], "Tom")
    at_work.settle()
    assert live(desk) == {every[0], every[2], every[3]}  # the first one stands at triage now


def test_what_is_held_comes_up_at_once(at_work: Office) -> None:
    desk = at_work.desk
    allow(desk, 1)
    first, second = desk.at_stage("adjudication"), desk.at_stage("adjudication")
    at_work.settle()
    assert live(desk) == {first}
    desk.assign(second, "Ada")
    at_work.settle()
    assert live(desk) == {first, second}
    assert "Ada is working on it" in at_work.card(second)["text"]


def test_what_is_overdue_comes_up_with_its_alert(at_work: Office) -> None:
    desk = at_work.desk
    allow(desk, 1)
    first, second = desk.at_stage("adjudication"), desk.at_stage("adjudication")
    at_work.settle()
    desk.pass_time(hours=25)
    desk.sweep()
    at_work.settle()
    assert live(desk) == {first, second}
    at_work.settle()
    rows = desk.rows(select(Outbox.state).where(Outbox.kind == "card", Outbox.state == "waiting"))
    assert rows == []


def test_raised_number_lets_waiting_cards_come_up(at_work: Office) -> None:
    desk = at_work.desk
    allow(desk, 1)
    every = {desk.open() for _ in range(3)}
    at_work.settle()
    row = desk.rows(select(Channel).where(Channel.key == "intake"))[0]
    desk.write(update(Channel).where(Channel.key == "intake").values(version=1))
    info = roster.ChannelInfo(row.slack_id, row.name, row.locale, 3)
    supervisor = desk.who("Sun Wei")
    assert desk.db.transact(roster.change_channel, supervisor, "intake", 1, info) is None
    at_work.settle()
    assert live(desk) == every


def test_after_an_outage_one_digest_comes_and_then_the_most_urgent_cards(
    virtual: Office, wall: Wall
) -> None:
    desk = virtual.desk
    allow(desk, 3)
    every = [desk.open() for _ in range(30)]
    gone = every[:5]
    for dispute in gone:
        desk.must(dispute, "decline", {"not_accepted_reason": "duplicate"}, "Tom")
    wall.pass_time(hours=8)
    while deliver(virtual.bot, paced=False):
        pass
    intake = desk.rows(select(Channel.slack_id).where(Channel.key == "intake"))[0].slack_id
    messages = virtual.sandbox.messages(intake)
    digests = [m for m in messages if "could not be delivered" in m["text"]]
    assert len(digests) == 1
    assert "Waiting here now: 25, of which overdue: 25" in digests[0]["text"]
    assert shown(str(desk.at(every[6]).row.number)) in str(digests[0]["blocks"])
    assert len(messages) == 4  # the digest and three cards
    assert live(desk) == set(every[5:8])
    assert {
        row.state for row in desk.rows(select(Outbox.state).where(Outbox.lane != "market"))
    } <= {
        "sent",
        "superseded",
    }


def test_few_late_messages_are_told_one_by_one(virtual: Office, wall: Wall) -> None:
    desk = virtual.desk
    every = {desk.open() for _ in range(5)}
    wall.now += dt.timedelta(hours=8)
    virtual.settle()
    assert live(desk) == every
    assert desk.rows(select(Outbox.id).where(Outbox.kind == "digest")) == []


@pytest.mark.postgres
def test_two_who_find_the_same_place_free_post_the_card_once(postgresql: Database) -> None:
    """Both have read who waits before either has written."""
    desk = Desk(postgresql)
    waiting = desk.open()
    desk.write(delete(Outbox))  # it found its channel full before
    second_is_through = threading.Event()

    def first(connection: Connection, *, now: dt.datetime) -> None:
        places.come_up(connection, "intake", now=now)
        other.start()
        second_is_through.wait(1)  # it goes on behind this one's row, once that is committed

    def second() -> None:
        desk.db.transact(places.come_up, "intake")
        second_is_through.set()

    other = threading.Thread(target=second)
    desk.db.transact(first)
    other.join()
    cards = desk.rows(select(Outbox.visit_id).where(Outbox.kind == CARD))
    assert [row.visit_id for row in cards] == [desk.visit(waiting)]
