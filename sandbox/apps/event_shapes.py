"""From a change in the workspace to the events that an app gets for it."""

from typing import Any

from sandbox.state.model import App, Change, Channel, Json, Workspace

_SUFFIX = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
_TYPE = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}


def events_of(workspace: Workspace, app: App, change: Change) -> list[Json]:
    """The events this app gets for a change: subscribed, and in a channel its bot is in."""
    channel = workspace.channels.get(change.channel_id or "")
    if channel is None or app.bot_user_id not in channel.members:
        return []
    shaper = _SHAPERS.get(change.kind)
    found = shaper(channel, change.body) if shaper else []
    if change.kind == "message" and f"<@{app.bot_user_id}>" in change.body["message"]["text"]:
        found.append(("app_mention", _mention(channel, change.body["message"])))
    return [event for name, event in found if name in app.subscribed]


Shaped = list[tuple[str, Json]]


def _message(channel: Channel, body: Json) -> Shaped:
    message = body["message"]
    event = {**message, **_where(channel), "event_ts": message["ts"]}
    return [(f"message.{_SUFFIX[channel.kind]}", event)]


def _where(channel: Channel) -> Json:
    return {"channel": channel.id, "channel_type": _TYPE[channel.kind]}


def _changed(channel: Channel, body: Json) -> Shaped:
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
    return [(f"message.{_SUFFIX[channel.kind]}", event)]


def _deleted(channel: Channel, body: Json) -> Shaped:
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


def _mention(channel: Channel, message: Json) -> Json:
    event = {**message, "type": "app_mention", "channel": channel.id, "event_ts": message["ts"]}
    event.pop("subtype", None)
    return event


def _joined(channel: Channel, body: Json) -> Shaped:
    event = {
        "type": "member_joined_channel",
        "user": body["user"],
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "public" else "G",
    }
    if body.get("inviter"):
        event["inviter"] = body["inviter"]
    return [("member_joined_channel", event)]


def _reaction(kind: str) -> Any:
    def shaped(channel: Channel, body: Json) -> Shaped:
        message = body["message"]
        item = {"type": "message", "channel": channel.id, "ts": message["ts"]}
        event = {
            "type": kind,
            "user": body["user"],
            "reaction": body["reaction"],
            "item_user": message.get("user"),
            "item": item,
        }
        return [(kind, event)]

    return shaped


_SHAPERS: dict[str, Any] = {
    "message": _message,
    "message_changed": _changed,
    "message_deleted": _deleted,
    "joined": _joined,
    "reaction_added": _reaction("reaction_added"),
    "reaction_removed": _reaction("reaction_removed"),
}
