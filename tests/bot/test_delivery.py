"""Messages arrive, whatever Slack does: late, once each, and cards end up right."""

import datetime as dt
from typing import Any

from sqlalchemy import select, update

from bot.context import client
from bot.delivery import LANES, carry, deliver, unpaced
from core.desk import delivery, documents, holding
from core.migrate import standard
from core.tables import Card, Channel, Outbox
from core.workflow.model import Label, Mark, ServiceLevel
from tests.bot.office import Office
from tests.bot.walls import Wall, all_messages, assert_one_right_card_each, states
from tests.core.workflow.edits import add
from tests.factories import SOUND, TRIAGED
from tests.waiting import eventually


def test_hour_without_slack_loses_nothing_and_ends_with_each_card_right(
    virtual: Office, wall: Wall
) -> None:
    desk = virtual.desk
    before = [desk.at_stage("triage"), desk.open()]
    virtual.settle()
    with virtual.sandbox.broken("status", status=503):
        during = [desk.open(), desk.at_stage("adjudication"), desk.at_stage("evidence_review")]
        desk.must(before[0], "no_evidence", TRIAGED)
        for _ in range(60):
            wall.pass_time(minutes=1)
            deliver(virtual.bot, paced=False, per_lane=10, most=100)
            desk.sweep()
    desk.must(before[0], "rule_buyer", SOUND)
    for _ in range(30):
        wall.pass_time(minutes=1)
        virtual.settle()
    assert set(states(virtual)) == {"sent", "superseded"}
    assert_one_right_card_each(virtual)
    assert {desk.stage(d) for d in (*before, *during)} == {
        "verification",
        "intake",
        "adjudication",
        "evidence_review",
    }


def test_lost_answer_is_looked_up_before_anything_is_sent_again(
    virtual: Office, wall: Wall
) -> None:
    virtual.desk.open()
    with virtual.sandbox.broken("reset", method="chat.postMessage", accepted=True, times=1):
        virtual.settle()
    assert states(virtual) == {"unknown": 1}
    wall.pass_time(minutes=5)
    virtual.settle()
    assert states(virtual) == {"sent": 1}
    assert len(all_messages(virtual.sandbox)) == 1


def test_look_that_fails_is_no_proof_that_nothing_arrived(virtual: Office, wall: Wall) -> None:
    virtual.desk.open()
    with virtual.sandbox.broken("reset", method="chat.postMessage", accepted=True, times=1):
        virtual.settle()
    for fault in ({"kind": "status", "status": 503}, {"kind": "error", "error": "internal_error"}):
        with virtual.sandbox.broken(**fault, method="conversations.history"):
            wall.pass_time(minutes=5)
            virtual.settle()
            assert states(virtual) == {"unknown": 1}
    wall.pass_time(minutes=5)
    virtual.settle()
    assert states(virtual) == {"sent": 1}
    assert len(all_messages(virtual.sandbox)) == 1


def test_message_whose_lease_is_nearly_over_is_left_to_whoever_gets_it_next(
    virtual: Office, wall: Wall
) -> None:
    bot = virtual.bot
    virtual.desk.open()
    (slow,) = bot.database.transact_wall(delivery.lease, LANES, unpaced)
    wall.pass_time(seconds=45)
    carry(bot, client(bot.token, bot.base_url), slow)
    assert all_messages(virtual.sandbox) == []
    wall.pass_time(seconds=20)
    virtual.settle()
    carry(bot, client(bot.token, bot.base_url), slow)
    assert len(all_messages(virtual.sandbox)) == 1


def test_uncertain_message_that_has_to_wait_stays_uncertain(virtual: Office, wall: Wall) -> None:
    desk = virtual.desk
    desk.open()
    with virtual.sandbox.broken("reset", method="chat.postMessage", accepted=True, times=1):
        virtual.settle()
    places = desk.rows(select(Channel.key, Channel.slack_id))
    desk.write(update(Channel).values(slack_id=""))
    wall.pass_time(minutes=5)
    virtual.settle()
    for row in places:
        desk.write(update(Channel).where(Channel.key == row.key).values(slack_id=row.slack_id))
    wall.pass_time(minutes=5)
    virtual.settle()
    assert states(virtual) == {"sent": 1}
    assert len(all_messages(virtual.sandbox)) == 1


def test_line_that_waits_for_its_card_does_not_starve_the_lane(virtual: Office, wall: Wall) -> None:
    desk, dispute = virtual.desk, virtual.desk.at_stage("adjudication")
    visit = desk.visit(dispute)
    card = (Outbox.kind == "card") & (Outbox.visit_id == visit)
    desk.hold(dispute, "Ada")  # told in the thread of the card
    desk.write(update(Outbox).where(card).values(not_before=wall.now + dt.timedelta(minutes=5)))
    others = [desk.at_stage("adjudication") for _ in range(10)]
    for _ in range(60):  # one slow pass every two seconds
        wall.pass_time(seconds=2)
        deliver(virtual.bot)
    assert all(virtual.card(other) for other in others)


def test_request_that_never_arrived_is_sent_again(virtual: Office, wall: Wall) -> None:
    virtual.desk.open()
    with virtual.sandbox.broken("reset", method="chat.postMessage", times=1):
        virtual.settle()
    wall.pass_time(minutes=5)
    virtual.settle()
    assert len(all_messages(virtual.sandbox)) == 1


def test_redraws_of_one_card_are_merged(at_work: Office) -> None:
    desk = at_work.desk
    dispute = desk.at_stage("triage")
    at_work.settle()
    visit = desk.visit(dispute)
    for _ in range(3):
        desk.take(dispute)
        desk.db.transact(holding.release, visit, desk.who("Tom"))
    before = at_work.sandbox.traffic()[-1]["n"]
    at_work.settle()
    updates = [e for e in at_work.sandbox.traffic(since=before) if e["what"] == "chat.update"]
    assert len(updates) == 1
    rows = at_work.desk.rows(select(Outbox.state).where(Outbox.kind == "redraw"))
    assert {r.state for r in rows} <= {"sent", "superseded"}


def test_card_deleted_by_a_person_is_posted_again_once(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("verification")
    at_work.settle()
    card = at_work.card(dispute)
    slack = client(at_work.bot.token, at_work.bot.base_url)
    slack.chat_delete(channel=card["channel"], ts=card["ts"])
    desk.funds(dispute, held=0)
    desk.db.transact(lambda c, now: c.execute(update(Card).values(shown="")))
    at_work.settle()
    again = at_work.card(dispute)
    assert again["ts"] != card["ts"]


def test_card_posted_again_is_linked_again(virtual: Office, wall: Wall) -> None:
    desk, dispute = virtual.desk, virtual.desk.at_stage("triage")
    virtual.settle()
    desk.must(dispute, "no_evidence", TRIAGED)
    card = (Outbox.kind == "card") & (Outbox.visit_id == desk.visit(dispute))
    desk.write(update(Outbox).where(card).values(not_before=wall.now + dt.timedelta(minutes=5)))
    virtual.settle()  # the card before it is drawn, and has nothing to link to yet
    wall.pass_time(minutes=6)
    virtual.settle()
    first = virtual.card(dispute)
    slack = client(virtual.bot.token, virtual.bot.base_url)
    slack.chat_delete(channel=first["channel"], ts=first["ts"])
    desk.assign(dispute, "Ada")  # drawn again, and found missing
    virtual.settle()
    assert virtual.card(dispute)["ts"] != first["ts"]
    assert set(states(virtual)) == {"sent", "superseded"}


def test_bot_joins_a_channel_that_it_was_not_in(virtual: Office, wall: Wall) -> None:
    virtual.desk.open()
    channel = virtual.desk.rows(select(Channel.slack_id).where(Channel.key == "intake"))[0]
    virtual.sandbox.change_channel(channel.slack_id, leave=["UBOT"])
    virtual.settle()
    wall.pass_time(seconds=1)
    virtual.settle()
    assert states(virtual) == {"sent": 1}


def test_unknown_refusal_parks_the_message_with_its_reason(at_work: Office) -> None:
    at_work.desk.open()
    with at_work.sandbox.broken("error", method="chat.postMessage", error="message_limit_exceeded"):
        at_work.settle()
    rows = at_work.desk.rows(select(Outbox.state, Outbox.reason).where(Outbox.kind == "card"))
    assert rows == [("parked", "message_limit_exceeded")]


def test_pace_spaces_out_what_is_sent_and_not_what_lost_its_point(
    virtual: Office, wall: Wall
) -> None:
    for _ in range(5):
        virtual.desk.at_stage("triage")  # whose intake cards nobody has to see any more
    virtual.desk.open()
    virtual.desk.open()
    for _ in range(20):
        deliver(virtual.bot)
    intake = virtual.desk.rows(select(Channel.slack_id).where(Channel.key == "intake"))[0].slack_id
    assert len(virtual.sandbox.messages(intake)) == 1
    wall.pass_time(seconds=1.1)
    deliver(virtual.bot)
    assert len(virtual.sandbox.messages(intake)) == 2


def test_cards_redrawn_by_response_url_do_not_wait_for_the_pace_of_updates(
    virtual: Office, wall: Wall
) -> None:
    first, second = virtual.desk.open(), virtual.desk.open()
    virtual.settle()
    visits = [virtual.desk.visit(dispute) for dispute in (first, second)]
    for dispute in (first, second):
        virtual.press(dispute, "take")
    wall.pass_time(seconds=5)
    for _ in range(10):
        deliver(virtual.bot)
    assert [len(virtual.message(visit)["blocks"]) for visit in visits] == [1, 1]


def test_card_links_to_one_that_follows_late_by_the_press_s_own_address(
    virtual: Office, wall: Wall
) -> None:
    desk, dispute = virtual.desk, virtual.desk.at_stage("triage")
    virtual.settle()
    virtual.bot.identity()  # who it is: addresses of messages are built from that
    before = desk.visit(dispute)
    virtual.press(dispute, "decide.no_evidence", TRIAGED)
    card = (Outbox.kind == "card") & (Outbox.visit_id == desk.visit(dispute))
    desk.write(update(Outbox).where(card).values(not_before=wall.now + dt.timedelta(minutes=5)))
    virtual.settle()
    assert "archives" not in str(virtual.message(before)["blocks"])
    wall.pass_time(minutes=6)
    virtual.settle()
    place = virtual.card(dispute)
    link = f"/archives/{place['channel']}/p{place['ts'].replace('.', '')}"
    assert link in str(virtual.message(before)["blocks"])
    assert [e for e in virtual.sandbox.traffic(limit=2_000) if e["what"] == "chat.update"] == []


def test_escalation_is_alerted_with_take_over_and_open(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    desk.pass_time(hours=19)
    desk.sweep()
    at_work.settle()
    assert any("due" in text for text in at_work.thread(desk.visit(dispute)))
    desk.pass_time(hours=6)
    desk.sweep()
    desk.sweep()
    at_work.settle()
    channel = desk.rows(select(Channel.slack_id).where(Channel.key == "escalation"))[0].slack_id
    alerts = at_work.sandbox.messages(channel)
    assert len(alerts) == 1
    assert "Overdue" in alerts[0]["text"]
    at_work.person("Sun Wei").click(channel, alerts[0]["ts"], "take_over")
    assert desk.at(dispute).row.holder_id == desk.people["Sun Wei"]
    answered = told(at_work, channel, "Sun Wei has taken it")
    assert [block["type"] for block in answered["blocks"]] == ["section", "context"]


def told(office: Office, channel: str, text: str) -> dict[str, Any]:
    """The message of a channel that says this, as soon as it does."""

    def saying() -> list[dict[str, Any]]:
        return [m for m in office.sandbox.messages(channel) if text in m["text"]]

    return dict(eventually(saying, text)[0])


def test_warning_of_what_stands_still_by_now_is_not_told(at_work: Office) -> None:
    desk = at_work.desk
    paused = ServiceLevel(
        "plan", Label("方案", "Plan"), 60, starts=(Mark("opened"),), pauses=True, ladder="desk"
    )
    levels = "workflows/dispute/service_levels"
    desk.db.transact(documents.publish, add(standard(), levels, paused))
    dispute = desk.at_stage("triage")
    at_work.settle()
    asked_at = desk.visit(dispute)
    desk.pass_time(minutes=50)
    assert desk.sweep().warned == 1
    desk.must(dispute, "request_both", TRIAGED)
    at_work.settle()
    assert not any("Plan" in text for text in at_work.thread(asked_at))
    ended = select(Outbox.reason).where(Outbox.state == "superseded")
    assert "what it tells of stands still meanwhile" in [row.reason for row in desk.rows(ended)]
