"""An office whose Slack limps: what stands where, and what waits for what."""

import json
import logging
from typing import Any

from sqlalchemy import select

from core.tables import Card, Channel, Outage, Outbox, Visit
from tests.bot.office import Office
from tests.bot.walls import Wall, all_messages, states

__all__ = ["Wall", "all_messages", "states"]
Json = dict[str, Any]


def channel(office: Office, key: str) -> str:
    """A channel's id in Slack."""
    return str(office.desk.rows(select(Channel.slack_id).where(Channel.key == key))[0].slack_id)


def cards_of(office: Office, visit: int) -> list[tuple[str, str]]:
    """Where copies of a visit's card stand, in any channel, by their metadata."""
    posts = select(Outbox.id).where(Outbox.kind == "card", Outbox.visit_id == visit)
    wanted = {row.id for row in office.desk.rows(posts)}
    return [
        (place["id"], message["ts"])
        for place in office.sandbox.state()["channels"]
        for message in place["messages"]
        if message.get("metadata", {}).get("event_payload", {}).get("outbox") in wanted
    ]


def believed(office: Office, visit: int) -> list[tuple[str, str]]:
    """Where the desk believes a visit's card to be."""
    rows = office.desk.rows(select(Card.channel, Card.ts).where(Card.visit_id == visit))
    return [(row.channel, row.ts) for row in rows]


def texts(office: Office, key: str) -> list[str]:
    """What is said in a channel, without what is said in threads."""
    said = office.sandbox.messages(channel(office, key))
    return [str(m["text"]) for m in said if m.get("thread_ts") in (None, m["ts"])]


def told(office: Office, key: str, words: str) -> int:
    """How many messages of a channel say this."""
    return sum(words in text for text in texts(office, key))


def calls(office: Office, method: str) -> list[Json]:
    """The calls of a method, oldest first."""
    return [call for call in office.sandbox.traffic(limit=2_000) if call["what"] == method]


def posts_to(office: Office, key: str) -> int:
    """How often somebody tried to post into a channel."""
    place = channel(office, key)
    posts = calls(office, "chat.postMessage")
    return sum(json.loads(call["request"])["channel"] == place for call in posts)


def pass_minutes(office: Office, wall: Wall, minutes: int) -> None:
    """Lets delivery work on for so long, minute by minute."""
    for _ in range(minutes):
        wall.pass_time(minutes=1)
        office.settle()


def outages(office: Office) -> dict[str, bool]:
    """The outages the desk knows, and whether each lasts."""
    return {
        row.key: row.ended_at is None
        for row in office.desk.rows(select(Outage.key, Outage.ended_at))
    }


def open_visits(office: Office) -> list[int]:
    """The visits that are open and have a channel."""
    statement = select(Visit.id).where(Visit.left_at.is_(None), Visit.channel != "")
    return [row.id for row in office.desk.rows(statement)]


def errors(caplog: Any) -> list[str]:
    """What delivery logged as an error."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.ERROR and record.name == "redress.delivery"
    ]
