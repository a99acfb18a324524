"""Faults 8, 10 and 14: orphans are adopted, real duplicates noticed and removed, one card stays."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.context import client
from core.tables import Outbox
from tests.bot.faults.scene import (
    Wall,
    believed,
    calls,
    cards_of,
    channel,
    pass_minutes,
    states,
)
from tests.bot.office import Office
from tests.factories import TRIAGED

# Everything but reading what is said in channels.
SCOPES = ["chat:write", "commands", "channels:join", "metadata.message:read", "users:read"]


def lose_the_answer(office: Office) -> None:
    """The next message that is posted arrives, and nobody is told."""
    office.sandbox.fault("reset", method="chat.postMessage", accepted=True, times=1)


def forbid_history(office: Office) -> None:
    office.sandbox.change_app("A1", scopes=SCOPES)


def two_copies(office: Office, wall: Wall, stage: str = "triage") -> tuple[int, list[Any]]:
    """A dispute whose card stands twice, because history may not be read; and where."""
    forbid_history(office)
    dispute = office.desk.at_stage(stage)
    lose_the_answer(office)
    pass_minutes(office, wall, 3)
    copies = cards_of(office, office.desk.visit(dispute))
    assert len(copies) == 2
    return dispute, copies


def test_press_on_a_card_whose_answer_was_lost_adopts_it(virtual: Office, wall: Wall) -> None:
    desk, dispute = virtual.desk, virtual.desk.at_stage("triage")
    visit = desk.visit(dispute)
    lose_the_answer(virtual)
    virtual.settle()
    orphan = cards_of(virtual, visit)[0]
    assert believed(virtual, visit) == []
    state = {f"field.{key}": item for key, item in TRIAGED.items()}
    virtual.person("Tom").click(*orphan, "decide.no_evidence", state=state)
    assert desk.stage(dispute) == "adjudication"
    assert believed(virtual, visit) == [orphan]
    pass_minutes(virtual, wall, 5)
    assert cards_of(virtual, visit) == [orphan]
    assert len(virtual.message(visit)["blocks"]) == 1
    posts = select(Outbox.reason, Outbox.sent_as).where(Outbox.dedupe == f"card:{visit}")
    assert desk.rows(posts) == [("adopted where it was pressed", "/".join(orphan))]


def test_where_history_may_not_be_read_it_is_sent_again_after_a_minute(
    virtual: Office, wall: Wall
) -> None:
    forbid_history(virtual)
    dispute = virtual.desk.open()
    lose_the_answer(virtual)
    virtual.settle()
    for _ in range(12):
        wall.pass_time(seconds=5)
        virtual.settle()
        assert len(calls(virtual, "chat.postMessage")) == 1
    wall.pass_time(seconds=10)
    virtual.settle()
    assert len(calls(virtual, "chat.postMessage")) == 2
    assert virtual.card(dispute)


def test_of_two_copies_the_one_that_is_pressed_stays_and_the_other_goes(
    virtual: Office, wall: Wall
) -> None:
    dispute, copies = two_copies(virtual, wall, "adjudication")
    visit = virtual.desk.visit(dispute)
    assert believed(virtual, visit) == [copies[1]]
    virtual.person("Ada").click(*copies[0], "decide.rule_buyer", state={"field.quality": "sound"})
    assert virtual.desk.stage(dispute) == "verification"
    pass_minutes(virtual, wall, 3)
    assert cards_of(virtual, visit) == [copies[0]] == believed(virtual, visit)
    assert len(virtual.message(visit)["blocks"]) == 1
    assert set(states(virtual)) <= {"sent", "superseded"}


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 503},
        {"kind": "ratelimited", "retry_after": 30},
        {"kind": "error", "error": "token_revoked"},
    ],
    ids=["503", "429", "refused token"],
)
def test_copy_that_cannot_go_now_goes_later(
    virtual: Office, wall: Wall, fault: dict[str, Any]
) -> None:
    dispute, copies = two_copies(virtual, wall, "adjudication")
    visit = virtual.desk.visit(dispute)
    with virtual.sandbox.broken(**fault, method="chat.delete"):
        virtual.person("Ada").click(
            *copies[0], "decide.rule_buyer", state={"field.quality": "sound"}
        )
        pass_minutes(virtual, wall, 3)
        assert sorted(cards_of(virtual, visit)) == sorted(copies)
    pass_minutes(virtual, wall, 7)
    assert cards_of(virtual, visit) == [copies[0]] == believed(virtual, visit)
    assert set(states(virtual)) <= {"sent", "superseded"}


def test_copy_in_a_channel_that_stays_lost_is_given_up_after_a_day_with_its_reason(
    virtual: Office, wall: Wall
) -> None:
    dispute, copies = two_copies(virtual, wall, "adjudication")
    with virtual.sandbox.broken("error", method="chat.delete", error="is_archived"):
        virtual.person("Ada").click(
            *copies[0], "decide.rule_buyer", state={"field.quality": "sound"}
        )
        removal = select(Outbox.state, Outbox.reason).where(Outbox.kind == "remove")
        pass_minutes(virtual, wall, 3)
        assert virtual.desk.rows(removal) == [("waiting", "is_archived")]
        wall.pass_time(hours=25)
        pass_minutes(virtual, wall, 2)
        assert virtual.desk.rows(removal) == [("superseded", "is_archived")]
    assert virtual.desk.stage(dispute) == "verification"


def test_second_press_on_the_copy_that_goes_changes_nothing(virtual: Office, wall: Wall) -> None:
    dispute, (first, second) = two_copies(virtual, wall, "intake")
    visit = virtual.desk.visit(dispute)
    virtual.person("Tom").click(*first, "take")
    virtual.person("Tang Li").click(*second, "take")
    assert virtual.desk.at(dispute).row.holder_id == virtual.desk.people["Tom"]
    pass_minutes(virtual, wall, 3)
    assert cards_of(virtual, visit) == [first] == believed(virtual, visit)
    assert len(virtual.message(visit)["blocks"]) == 1


def test_copy_of_a_card_that_was_left_goes_when_it_is_pressed(virtual: Office, wall: Wall) -> None:
    dispute, _ = two_copies(virtual, wall)
    visit = virtual.desk.visit(dispute)
    virtual.desk.must(dispute, "no_evidence", TRIAGED)
    pass_minutes(virtual, wall, 1)
    (known,) = believed(virtual, visit)
    (copy,) = [place for place in cards_of(virtual, visit) if place != known]
    virtual.person("Tang Li").click(*copy, "decide.request_both")
    assert virtual.desk.stage(dispute) == "adjudication"
    pass_minutes(virtual, wall, 1)
    assert cards_of(virtual, visit) == [known] == believed(virtual, visit)


def test_card_is_redrawn_itself_whichever_copy_was_pressed(virtual: Office, wall: Wall) -> None:
    """A response_url redraws the message that was pressed, and no other."""
    dispute, (first, second) = two_copies(virtual, wall, "intake")
    visit = virtual.desk.visit(dispute)
    virtual.person("Tom").click(*second, "more", f"{visit}:DETAILS")  # this one stays
    assert believed(virtual, visit) == [second]
    virtual.person("Tom").click(*first, "take")
    pass_minutes(virtual, wall, 2)
    assert len(virtual.message(visit)["blocks"]) == 1


def test_alert_that_is_pressed_is_taken_for_no_card(virtual: Office, wall: Wall) -> None:
    desk, dispute = virtual.desk, virtual.desk.at_stage("adjudication")
    virtual.settle()
    before = believed(virtual, desk.visit(dispute))
    desk.pass_time(hours=25)
    desk.sweep()
    virtual.settle()
    place = channel(virtual, "escalation")
    alert = virtual.sandbox.messages(place)[-1]
    virtual.person("Sun Wei").click(place, alert["ts"], "take_over")
    pass_minutes(virtual, wall, 2)
    assert believed(virtual, desk.visit(dispute)) == before


@pytest.mark.parametrize("noticed_by", ["a redraw", "a line in its thread"])
def test_card_deleted_by_a_person_is_posted_again_once(
    virtual: Office, wall: Wall, noticed_by: str
) -> None:
    desk, dispute = virtual.desk, virtual.desk.at_stage("adjudication")
    visit = desk.visit(dispute)
    virtual.settle()
    slack = client(virtual.bot.token, virtual.bot.base_url)
    for times in (1, 2):
        for place, ts in cards_of(virtual, visit):
            slack.chat_delete(channel=place, ts=ts)
        assert cards_of(virtual, visit) == []
        if noticed_by == "a redraw":
            desk.assign(dispute, ("Ada", "Sun Wei")[times - 1])
        else:
            desk.give(dispute, external_id=f"photo-{times}")
        pass_minutes(virtual, wall, 3)
        assert len(cards_of(virtual, visit)) == (1 if times == 1 else 0)
    assert set(states(virtual)) <= {"sent", "superseded"}
