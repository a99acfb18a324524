"""Faults 13, 33 and 34: a message that Slack refuses goes smaller; no text of theirs breaks one."""

import pytest
from sqlalchemy import select

from core.tables import Outbox
from tests.bot.faults.scene import Wall, pass_minutes, states
from tests.bot.office import Office
from tests.bot.sights import actions
from tests.factories import TRIAGED

REFUSALS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long")
NASTY = {
    "forty thousand characters": "坏了" * 20_000,
    "right to left": "\u202eabc\u202c مرحبا",
    "emoji": "👩‍👩‍👧‍👦" * 300,
    "mentions and links": "<!channel> <@U0001> <https://evil.test|click> *bold* `code`",
    "blocks in words": "}]},{'type':'actions'}",
}


@pytest.mark.parametrize("error", REFUSALS)
def test_refused_card_goes_with_its_words_and_buttons_and_can_be_decided(
    virtual: Office, wall: Wall, error: str
) -> None:
    dispute = virtual.desk.open()
    with virtual.sandbox.broken("error", method="chat.postMessage", error=error, times=1):
        virtual.settle()
    card = virtual.card(dispute)
    assert [block["type"] for block in card["blocks"]] == ["section", "actions"]
    assert "Intake" in card["blocks"][0]["text"]["text"]
    assert "take" in actions(virtual, dispute)
    virtual.press(dispute, "take")
    pass_minutes(virtual, wall, 1)
    assert virtual.desk.stage(dispute) == "triage"
    assert set(states(virtual)) <= {"sent", "superseded"}


def test_where_its_buttons_are_refused_too_the_words_go_alone(virtual: Office) -> None:
    dispute = virtual.desk.open()
    with virtual.sandbox.broken(
        "error", method="chat.postMessage", error="invalid_blocks", times=2
    ):
        virtual.settle()
    assert [block["type"] for block in virtual.card(dispute)["blocks"]] == ["section"]


def test_where_even_the_words_are_refused_it_is_parked_with_the_reason(virtual: Office) -> None:
    virtual.desk.open()
    with virtual.sandbox.broken("error", method="chat.postMessage", error="invalid_blocks"):
        virtual.settle()
    rows = virtual.desk.rows(select(Outbox.state, Outbox.reason).where(Outbox.kind == "card"))
    assert rows == [("parked", "invalid_blocks")]


def test_refused_redraw_shows_the_words_of_what_is(virtual: Office) -> None:
    desk, dispute = virtual.desk, virtual.desk.at_stage("triage")
    visit = desk.visit(dispute)
    virtual.settle()
    desk.must(dispute, "no_evidence", TRIAGED)
    with virtual.sandbox.broken("error", method="chat.update", error="msg_too_long", times=1):
        virtual.settle()
    assert "No evidence needed" in virtual.message(visit)["text"]


@pytest.mark.parametrize("text", NASTY)
def test_nothing_a_buyer_writes_breaks_a_card_or_takes_effect(
    virtual: Office, wall: Wall, text: str
) -> None:
    desk = virtual.desk
    dispute = desk.at_stage("adjudication", story=NASTY[text])
    pass_minutes(virtual, wall, 1)
    blocks = str(virtual.card(dispute)["blocks"])
    assert "header" in blocks  # the whole card, none of the smaller ones
    for effect in ("'text': '<!channel>", "<@U0001>", "<https://evil"):
        for block in virtual.card(dispute)["blocks"]:
            if block.get("text", {}).get("type") == "mrkdwn":
                assert effect not in block["text"]["text"]
    assert set(states(virtual)) <= {"sent", "superseded"}
