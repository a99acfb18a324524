"""The events of messages: posted, changed, deleted, and what stands in them."""

import re
from urllib.parse import urlsplit

from sandbox.state.model import Channel, Json

Shaped = list[tuple[str, Json]]
_SUFFIX = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
_TYPE = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_LINK = re.compile(r"https?://[^\s<>|]+")


def posted(channel: Channel, body: Json) -> Shaped:
    """A message, its mentions of people (as ``app_mention USER``), its links and its metadata."""
    message = body["message"]
    ts = message["ts"]
    shown = {k: v for k, v in message.items() if k != "metadata"}
    event = {**shown, **_where(channel), "event_ts": ts}
    found: Shaped = [(f"message.{_SUFFIX[channel.kind]}", event)]
    text = message.get("text", "")
    if channel.kind != "im":
        found += [
            (f"app_mention {user}", _mention(channel, shown))
            for user in dict.fromkeys(_MENTION.findall(text))
        ]
    links = list(dict.fromkeys(_LINK.findall(text)))
    if links and "app_id" not in message:
        found.append(("link_shared", _links(channel, message, links)))
    if "metadata" in message:
        found.append(("message_metadata_posted", _metadata(channel, message, "posted")))
    return found


def _where(channel: Channel) -> Json:
    return {"channel": channel.id, "channel_type": _TYPE[channel.kind]}


def _mention(channel: Channel, message: Json) -> Json:
    event = {**message, "type": "app_mention", "channel": channel.id, "event_ts": message["ts"]}
    event.pop("subtype", None)
    return event


def _links(channel: Channel, message: Json, links: list[str]) -> Json:
    return {
        "type": "link_shared",
        "user": message.get("user"),
        "channel": channel.id,
        "message_ts": message["ts"],
        "thread_ts": message.get("thread_ts"),
        "links": [{"url": url, "domain": urlsplit(url).hostname or ""} for url in links],
        "source": "conversations_history",
        "unfurl_id": f"{channel.id}-{message['ts']}",
        "is_bot_user_member": True,
        "event_ts": message["ts"],
    }


def _metadata(channel: Channel, message: Json, what: str) -> Json:
    return {
        "type": f"message_metadata_{what}",
        "app_id": message.get("app_id"),
        "bot_id": message.get("bot_id"),
        "user_id": message.get("user"),
        "team_id": message.get("team"),
        "channel_id": channel.id,
        "metadata": message["metadata"],
        "message_ts": message["ts"],
        "event_ts": message["ts"],
    }


def changed(channel: Channel, body: Json) -> Shaped:
    """message_changed."""
    message = body["message"]
    ts = message.get("edited", message)["ts"]
    event = {
        "type": "message",
        "subtype": "message_changed",
        "message": message,
        "previous_message": body["previous_message"],
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        **_where(channel),
    }
    found: Shaped = [(f"message.{_SUFFIX[channel.kind]}", event)]
    before = body["previous_message"].get("metadata")
    if "metadata" in message and message["metadata"] != before:
        found.append(("message_metadata_updated", _metadata(channel, message, "updated")))
    return found


def deleted(channel: Channel, body: Json) -> Shaped:
    """message_deleted."""
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": body["previous_message"],
        "hidden": True,
        "deleted_ts": body["ts"],
        "ts": body["ts"],
        "event_ts": body["ts"],
        **_where(channel),
    }
    return [(f"message.{_SUFFIX[channel.kind]}", event)]
