"""Who the bot is, asked once and never waited for; answers that find no room."""

import logging
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from bot import context
from bot.context import MOST_WAITING, SAID_EVERY, Bot
from tests.factories import VAULT, Desk
from tests.serving import served
from tests.waiting import PATIENCE, eventually

WHO = b'{"ok": true, "team_id": "T1", "user_id": "U1", "bot_id": "B1", "url": "https://a.example/"}'
REFUSED = b'{"ok": false, "error": "internal_error"}'


class Slack:
    """A Slack that says who the bot is, once the test lets it."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.body = WHO
        self.asked = 0

    def __call__(self, _environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answers auth.test, the only method that is called."""
        self.asked += 1
        assert self.open.wait(PATIENCE)
        head = [("Content-Type", "application/json"), ("Content-Length", str(len(self.body)))]
        start("200 OK", head)
        return [self.body]


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def bot(desk: Desk, slack: Slack) -> Iterator[Bot]:
    """A bot whose Slack the test holds in hand."""
    with served(slack) as url:
        made = Bot(desk.db, VAULT, "xoxb-1", f"{url}/")
        yield made
        slack.open.set()
        made.close()


def fill(bot: Bot, slack: Slack) -> None:
    """As many answers as there is room for, which wait for Slack."""
    for _ in range(MOST_WAITING):
        assert bot.later(lambda _: slack.open.wait(PATIENCE))


def test_slack_is_asked_who_the_bot_is_once_however_many_press(bot: Bot, slack: Slack) -> None:
    assert [bot.known() for _ in range(50)] == [{}] * 50  # nobody waits for the answer
    slack.open.set()
    eventually(bot.known)
    assert bot.known()["user_id"] == "U1"
    assert slack.asked == 1


def test_who_the_bot_is_is_asked_again_where_slack_did_not_say(bot: Bot, slack: Slack) -> None:
    slack.body = REFUSED
    slack.open.set()
    bot.known()
    eventually(lambda: slack.asked == 1 and not bot._asking.locked())
    slack.body = WHO
    eventually(bot.known)
    assert slack.asked == 2


def test_question_that_finds_no_room_is_asked_later(bot: Bot, slack: Slack) -> None:
    fill(bot, slack)
    assert bot.known() == {}
    slack.open.set()
    eventually(bot.known)  # each time it is asked anew, unless somebody is asking
    assert slack.asked == 1


class Clock:
    """A clock in hand, in place of the module's."""

    now = 5.0  # seconds: a machine that has just started

    def monotonic(self) -> float:
        """Seconds since the machine started."""
        return self.now


def test_answers_without_room_are_told_now_and_then_with_their_number(
    bot: Bot, slack: Slack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    monkeypatch.setattr(context, "time", clock)
    caplog.set_level(logging.WARNING, "redress.bot")
    fill(bot, slack)
    assert not any(bot.later(lambda _: None) for _ in range(30))
    clock.now += SAID_EVERY + 1
    assert not any(bot.later(lambda _: None) for _ in range(30))
    said = [record.getMessage().partition("; ")[2] for record in caplog.records]
    assert said == ["1 dropped since start", "31 dropped since start"]
