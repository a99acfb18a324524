"""What Slack refuses: told on a page, on the start page, and at the sign of life."""

import datetime as dt

import pytest
from sqlalchemy import select, update
from werkzeug.test import Client

import app
from core.desk import outages, watching
from core.desk.answers import Refused
from core.desk.outages import TOKEN, channel_key
from core.tables import Channel, Outage
from tests.factories import Desk
from tests.panel import Panel, settings_for

LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def lose(desk: Desk, key: str, reason: str = "is_archived") -> None:
    """A channel is lost where it is."""
    (row,) = desk.rows(select(Channel.slack_id).where(Channel.key == key))
    desk.db.transact_wall(outages.begin, channel_key(key), reason, place=row.slack_id)


def refuse(desk: Desk, reason: str = "token_revoked") -> None:
    desk.db.transact_wall(outages.begin, TOKEN, reason)


def text_of(panel: Panel, path: str, name: str = "Sun Wei") -> str:
    visitor = panel.visitor(name)
    visitor.post("/language", {"locale": "en"})
    return visitor.get(path).text


@pytest.mark.parametrize("name", ["Sun Wei", "Olga"])
def test_refused_token_is_told_at_the_start_and_what_to_do_on_its_page(
    panel: Panel, name: str
) -> None:
    panel.desk.open()
    assert "refuses the bot token" not in text_of(panel, "/", name)
    refuse(panel.desk)
    for path in ("/", "/outages/"):
        text = text_of(panel, path, name)
        assert "Slack refuses the bot token" in text
        assert "token_revoked" in text
    assert "REDRESS_SLACK_BOT_TOKEN" in text
    assert "<dd>1</dd>" in text  # one card waits
    panel.desk.db.transact_wall(outages.end, TOKEN)
    assert "refuses the bot token" not in text_of(panel, "/", name)
    text = text_of(panel, "/outages/", name)
    assert "Slack takes everything" in text
    assert "Resumed" in text


def test_agents_are_not_troubled_with_it(panel: Panel) -> None:
    refuse(panel.desk)
    assert "refuses the bot token" not in text_of(panel, "/", "Tom")
    answer = panel.desk.db.read(watching.outages_for, panel.desk.who("Tom"))
    assert isinstance(answer, Refused)


def test_lost_channel_names_the_one_that_stands_in_and_what_waits(any_desk: Desk) -> None:
    any_desk.open()
    lose(any_desk, "intake")
    (seen,) = any_desk.db.read(watching.lasting)
    assert (seen.channel, seen.stand_in) == ("intake", "escalation")
    assert (seen.waiting, seen.more, seen.fix) == (1, False, "outage.fix.is_archived")


def test_where_the_stand_in_is_lost_or_unset_too_none_is_named(desk: Desk) -> None:
    lose(desk, "intake")
    lose(desk, "escalation")
    assert [seen.stand_in for seen in desk.db.read(watching.lasting)] == ["", ""]
    desk.db.transact_wall(outages.end, channel_key("escalation"))
    assert [seen.stand_in for seen in desk.db.read(watching.lasting)] == ["escalation"]
    desk.write(update(Channel).where(Channel.key == "escalation").values(slack_id=""))
    assert [seen.stand_in for seen in desk.db.read(watching.lasting)] == [""]


def test_token_is_told_first_and_the_longest_lost_next(desk: Desk) -> None:
    for key in ("intake", "triage"):
        lose(desk, key)
    refuse(desk)
    desk.write(update(Outage).where(Outage.key == "channel:triage").values(since=LONG_AGO))
    found = [seen.key for seen in desk.db.read(watching.lasting)]
    assert found == [TOKEN, "channel:triage", "channel:intake"]


def test_more_messages_than_are_counted_are_told_as_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MOST_COUNTED", 3)
    refuse(desk)
    told = []
    for _ in range(4):
        desk.open()  # whose card waits
        (seen,) = desk.db.read(watching.lasting)
        told.append((seen.waiting, seen.more))
    assert told == [(1, False), (2, False), (3, False), (3, True)]


@pytest.mark.parametrize(
    ("key", "reason", "fix"),
    [
        (TOKEN, "token_revoked", "outage.fix.token"),
        (TOKEN, "missing_scope", "outage.fix.scope"),
        ("channel:a", "is_archived", "outage.fix.is_archived"),
        ("channel:a", "not_set", "outage.fix.not_set"),
        ("channel:a", "restricted_action", "outage.fix.other"),
    ],
)
def test_each_reason_has_its_fix(key: str, reason: str, fix: str) -> None:
    assert watching.remedy(key, reason) == fix


def test_sign_of_life_stays_and_names_what_slack_refuses(desk: Desk) -> None:
    made = app.parts(settings_for(desk, slack_bot_token="xoxb-1"))
    client = Client(app.web(made))
    assert client.get("/healthz").text == "ok\n"
    refuse(desk)
    lose(desk, "intake")
    answer = client.get("/healthz")
    assert answer.status_code == 200  # presses are decided all the same
    lines = answer.text.splitlines()
    assert lines[0] == "ok"
    assert lines[1].startswith("outage token token_revoked since 20")
    assert lines[2].startswith("outage channel:intake is_archived since 20")
    made.bot.close()
    made.database.close()
