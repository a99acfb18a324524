"""Alerts that people can act on: who is told alone, who is on it, what comes next (G5, K6, K24)."""

import datetime as dt
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import select, update

from bot.delivery import deliver
from core.desk import acknowledging, documents, facts
from core.migrate import standard
from core.tables import Channel, Deadline, Escalation, Outbox, Person
from core.workflow import model as m
from tests.bot.office import TOKEN, Office
from tests.bot.sights import last_ephemeral
from tests.core.workflow.edits import add, put

LABEL = m.Label("阶梯", "Ladder")


def follow(office: Office, *levels: m.LadderLevel) -> None:
    """Adjudication follows a ladder of these levels."""
    document = add(standard(), "ladders", m.Ladder("own", LABEL, levels))
    document = put(document, "workflows/dispute/service_levels/ruling", ladder="own")
    office.desk.db.transact(documents.publish, document)


def tells(hears: str, whom: str = "", at: int = 0) -> m.LadderLevel:
    """A level that tells somebody so many minutes after the end."""
    return m.LadderLevel(f"l{at}{hears}", at=at, hears=hears, whom=whom)


CHANNEL = tells("channel", "escalation")
SUPERVISORS = tells("supervisors", at=60)


def late(office: Office) -> int:
    """A dispute at adjudication whose day is over."""
    dispute = office.desk.at_stage("adjudication")
    office.settle()
    office.desk.pass_time(days=1)
    office.desk.sweep()
    office.settle()
    return dispute


def place(office: Office, key: str) -> str:
    """Slack's id of a channel."""
    found = office.desk.rows(select(Channel.slack_id).where(Channel.key == key))
    return str(found[0].slack_id)


def alone(office: Office, name: str) -> list[Any]:
    """What somebody was told alone, oldest first."""
    row = office.desk.rows(select(Person.dm).where(Person.name == name))[0]
    return office.sandbox.messages(row.dm) if row.dm else []


def actions(message: Any) -> list[str]:
    """What can be pressed on a message."""
    return [
        element["action_id"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def test_alert_says_what_is_late_who_holds_it_what_comes_next_and_what_to_press(
    at_work: Office,
) -> None:
    follow(at_work, CHANNEL, SUPERVISORS)
    late(at_work)
    told = at_work.sandbox.messages(place(at_work, "escalation"))[-1]
    words = str(told["blocks"])
    assert "Overdue: dispute" in words
    assert "“Rule” was due <!date^" in words
    assert "{ago}" in words  # by how much, which Slack keeps counting
    assert "the supervisors are told" in words
    assert actions(told) == ["take_over", "open", "alert.on_it", "alert.noise"]


def test_who_is_on_it_stands_on_the_alert_and_nobody_else_is_told_until_then(
    at_work: Office,
) -> None:
    follow(at_work, CHANNEL, SUPERVISORS)
    dispute = late(at_work)
    channel = place(at_work, "escalation")
    ts = at_work.sandbox.messages(channel)[-1]["ts"]
    at_work.desk.pass_time(minutes=50)
    at_work.person("Ada").click(channel, ts, "alert.on_it")
    at_work.settle()
    (told,) = [one for one in at_work.sandbox.messages(channel) if one["ts"] == ts]
    assert "Ada is on it until <!date^" in str(told["blocks"])
    assert actions(told) == ["take_over", "open", "alert.noise"]
    assert any(
        "Ada is on “Rule” until" in text for text in at_work.thread(at_work.desk.visit(dispute))
    )
    at_work.desk.pass_time(minutes=20)
    at_work.desk.sweep()
    at_work.settle()
    assert alone(at_work, "Sun Wei") == []
    at_work.desk.pass_time(minutes=6)
    at_work.desk.db.transact(acknowledging.attend)
    at_work.settle()
    (reminder,) = alone(at_work, "Ada")
    assert "You said that you are on it" in str(reminder["blocks"])
    assert "alert.on_it" in actions(reminder)
    at_work.desk.pass_time(minutes=5)
    at_work.desk.db.transact(acknowledging.attend)
    at_work.desk.sweep()
    at_work.settle()
    (told,) = [one for one in at_work.sandbox.messages(channel) if one["ts"] == ts]
    assert "Ada is on it" not in str(told["blocks"])
    assert "alert.on_it" in actions(told)
    (heard,) = alone(at_work, "Sun Wei")
    assert "超时" in heard["text"]  # in her own language


def test_second_who_presses_is_told_who_was_first(at_work: Office) -> None:
    follow(at_work, CHANNEL)
    late(at_work)
    channel = place(at_work, "escalation")
    ts = at_work.sandbox.messages(channel)[-1]["ts"]
    at_work.person("Ada").click(channel, ts, "alert.on_it")
    at_work.person("Eva").click(channel, ts, "alert.on_it")
    assert "Ada is on it already" in last_ephemeral(at_work, "Eva")


def test_noise_is_one_choice_and_stands_on_the_alert(at_work: Office) -> None:
    follow(at_work, CHANNEL)
    late(at_work)
    channel = place(at_work, "escalation")
    told = at_work.sandbox.messages(channel)[-1]
    deadline = at_work.desk.rows(select(Escalation.deadline_id).where(Escalation.level == 1))[0][0]
    value = f"{deadline}:1:limit_too_tight"
    at_work.person("Ada").click(channel, told["ts"], "alert.noise", value)
    at_work.settle()
    (now,) = [one for one in at_work.sandbox.messages(channel) if one["ts"] == told["ts"]]
    assert "Ada: this was noise (The time limit is too tight)" in str(now["blocks"])
    assert "alert.noise" not in actions(now)
    said = at_work.desk.rows(select(Escalation.noise).where(Escalation.noise.is_not(None)))
    assert [row.noise for row in said] == ["limit_too_tight"]


def test_channel_is_told_instead_and_why_where_nobody_meant_is_there(at_work: Office) -> None:
    follow(at_work, tells("holder"))
    late(at_work)
    told = at_work.sandbox.messages(place(at_work, "escalation"))[-1]
    assert "Meant for: Whoever holds it" in str(told["blocks"])


def test_reader_who_left_before_it_came_is_replaced_by_the_channel(at_work: Office) -> None:
    follow(at_work, tells("person", "U0005"))
    desk = at_work.desk
    desk.at_stage("adjudication")
    at_work.settle()
    desk.pass_time(days=1)
    desk.sweep()
    desk.write(update(Person).where(Person.name == "Vera").values(active=False))
    at_work.settle()
    told = at_work.sandbox.messages(place(at_work, "escalation"))[-1]
    assert "Meant for: A person" in str(told["blocks"])


@pytest.mark.parametrize(("grade", "waits"), [("C", True), ("B", False), (None, False)])
def test_only_the_least_urgent_alerts_respect_quiet_hours(
    at_work: Office, grade: str | None, waits: bool
) -> None:
    desk = at_work.desk
    follow(at_work, tells("supervisors"))
    local = desk.now() + dt.timedelta(hours=8)  # in Shanghai
    quiet = {
        "quiet_from": f"{local - dt.timedelta(hours=1):%H:%M}",
        "quiet_to": f"{local + dt.timedelta(hours=2):%H:%M}",
    }
    desk.write(update(Person).where(Person.name == "Sun Wei").values(**quiet))
    dispute = desk.at_stage("adjudication")
    if grade:
        event = desk.rows(select(Deadline.id))[0][0]
        desk.db.transact(
            lambda c, now: facts.append(c, dispute, desk.visit(dispute), event, {"grade": grade})
        )
    at_work.settle()
    desk.pass_time(days=1)
    desk.sweep()
    at_work.settle()
    assert bool(alone(at_work, "Sun Wei")) is not waits
    desk.pass_time(hours=3)
    at_work.settle()
    assert len(alone(at_work, "Sun Wei")) == 1


def test_many_alerts_for_one_person_come_in_one_message(at_work: Office) -> None:
    desk = at_work.desk
    follow(at_work, tells("supervisors"))
    for _ in range(12):
        desk.at_stage("adjudication")
    at_work.settle()
    desk.pass_time(days=1)
    desk.sweep()
    while deliver(at_work.bot, paced=False):  # a lane at a time, as workers do
        pass
    (told,) = alone(at_work, "Sun Wei")
    assert "有 12 项时限需要你处理" in told["text"]
    states = desk.rows(select(Outbox.state).where(Outbox.kind == "alert"))
    assert sorted(row.state for row in states) == ["sent", *["superseded"] * 11]
    dispute = desk.rows(select(Deadline.dispute_id).where(Deadline.service_level == "ruling"))[0][0]
    deadline = desk.rows(
        select(Deadline.id).where(
            Deadline.dispute_id == dispute, Deadline.service_level == "ruling"
        )
    )[0][0]
    desk.db.transact(acknowledging.acknowledge, deadline, desk.who("Ada"))
    at_work.settle()
    (still,) = alone(at_work, "Sun Wei")
    assert still["text"] == told["text"]  # one of them never takes the others' place


def test_alert_deleted_in_slack_is_drawn_no_more_and_troubles_nobody(at_work: Office) -> None:
    follow(at_work, CHANNEL)
    dispute = late(at_work)
    channel = place(at_work, "escalation")
    ts = at_work.sandbox.messages(channel)[-1]["ts"]
    cards = len(at_work.sandbox.messages(place(at_work, "adjudication")))
    WebClient(TOKEN, base_url=at_work.bot.base_url).chat_delete(channel=channel, ts=ts)
    at_work.desk.db.transact(
        acknowledging.acknowledge,
        at_work.desk.rows(
            select(Deadline.id).where(
                Deadline.dispute_id == dispute, Deadline.service_level == "ruling"
            )
        )[0][0],
        at_work.desk.who("Ada"),
    )
    at_work.settle()
    row = at_work.desk.rows(select(Outbox.state).where(Outbox.kind == "realert"))[0]
    assert row.state == "superseded"
    after = at_work.sandbox.messages(place(at_work, "adjudication"))
    assert len([one for one in after if "thread_ts" not in one]) <= cards
