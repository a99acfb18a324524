"""From a change in the workspace to the events that apps get for it: name, event, channel."""

from collections.abc import Callable

from sandbox.apps import team_events
from sandbox.apps.message_events import changed, deleted, posted
from sandbox.state.model import Change, Channel, Json, Workspace

Shaped = list[tuple[str, Json]]
_KINDS = {"public": "channel", "private": "group"}
_HAPPENED = {
    "created": "created",
    "renamed": "rename",
    "archived": "archive",
    "unarchived": "unarchive",
}


def events_of(workspace: Workspace, change: Change) -> Shaped:
    """Every event a change means, by the name that apps subscribe to."""
    channel = workspace.channels.get(change.channel_id or str(change.body.get("channel", "")))
    if channel is not None and change.kind in _IN_CHANNELS:
        return _IN_CHANNELS[change.kind](channel, change.body)
    return team_events.events_of(workspace, change)


def _membership(kind: str) -> Callable[[Channel, Json], Shaped]:
    def shaped(channel: Channel, body: Json) -> Shaped:
        event = {
            "type": kind,
            "user": body["user"],
            "channel": channel.id,
            "channel_type": "C" if channel.kind == "public" else "G",
        }
        if body.get("inviter"):
            event["inviter"] = body["inviter"]
        return [(kind, event)]

    return shaped


def _reaction(kind: str) -> Callable[[Channel, Json], Shaped]:
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


def _pin(kind: str) -> Callable[[Channel, Json], Shaped]:
    def shaped(channel: Channel, body: Json) -> Shaped:
        item = {"type": "message", "channel": channel.id, "message": body["message"]}
        event = {
            "type": kind,
            "user": body["user"],
            "channel_id": channel.id,
            "item": item,
            "has_pins": bool(channel.pins),
            "pin_count": len(channel.pins),
        }
        return [(kind, event)]

    return shaped


def _channel(channel: Channel, body: Json) -> Shaped:
    what, kind = body.get("what"), _KINDS.get(channel.kind)
    if what not in _HAPPENED or kind is None or (kind == "group" and what == "created"):
        return []
    name = f"{kind}_{_HAPPENED[what]}"
    event: Json = {"type": name, "channel": channel.id}
    if what in {"created", "renamed"}:
        event["channel"] = {"id": channel.id, "name": channel.name, "created": channel.created}
        if what == "created":
            event["channel"].update(creator=channel.creator, is_channel=True)
    else:
        event["user"] = body["user"]
    return [(name, event)]


def _file_shared(channel: Channel, body: Json) -> Shaped:
    event = {
        "type": "file_shared",
        "file_id": body["file"],
        "user_id": body["user"],
        "file": {"id": body["file"]},
        "channel_id": channel.id,
    }
    return [("file_shared", event)]


_IN_CHANNELS: dict[str, Callable[[Channel, Json], Shaped]] = {
    "message": posted,
    "message_changed": changed,
    "message_deleted": deleted,
    "joined": _membership("member_joined_channel"),
    "left": _membership("member_left_channel"),
    "reaction_added": _reaction("reaction_added"),
    "reaction_removed": _reaction("reaction_removed"),
    "pin_added": _pin("pin_added"),
    "pin_removed": _pin("pin_removed"),
    "channel": _channel,
    "file_shared": _file_shared,
}
