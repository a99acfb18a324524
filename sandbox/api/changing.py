"""conversations.*: channels that come, go, and change their names and topics."""

import re

from sandbox import clock
from sandbox.api import arguments
from sandbox.api.call import Call, needs_channel_scope
from sandbox.api.channels import find_channel, needs_membership, needs_open
from sandbox.api.errors import RefusedError
from sandbox.api.shapes import channel_shape
from sandbox.ids import new_id
from sandbox.state import conversations, messages
from sandbox.state.model import Channel, Json

_CHARACTERS = re.compile(r"[^\WA-Z]|[-_]")
LONGEST_NAME = 80
LONGEST_TOPIC = 250


def create(call: Call) -> Json:
    """conversations.create: the caller becomes its first member."""
    workspace = call.workspace
    kind = "private" if arguments.flag(call.args, "is_private") else "public"
    needs_channel_scope(call, kind, "write")
    name = _free_name(call)
    channel = Channel(
        id=new_id("C"),
        name=name,
        kind=kind,
        creator=call.actor_id,
        created=int(clock.now(workspace.clock)),
        members={call.actor_id: None},
        topic={"value": "", "creator": "", "last_set": 0},
        purpose={"value": "", "creator": "", "last_set": 0},
    )
    conversations.open_channel(workspace, channel, call.actor_id)
    return {"channel": channel_shape(workspace, channel, call.actor_id)}


def _free_name(call: Call) -> str:
    """The name in the arguments, if a channel may be called that."""
    name = (arguments.text(call.args, "name") or "").strip().removeprefix("#")
    if not name:
        raise RefusedError("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise RefusedError("invalid_name_maxlength")
    if not all(_CHARACTERS.fullmatch(character) for character in name):
        raise RefusedError("invalid_name_specials")
    if not any(character.isalnum() for character in name):
        raise RefusedError("invalid_name_punctuation")
    if conversations.by_name(call.workspace, name) is not None:
        raise RefusedError("name_taken")
    return name


def rename(call: Call) -> Json:
    """conversations.rename."""
    channel = _changeable(call, "write")
    if call.scopes is not None and channel.creator != call.actor_id and not call.actor.is_admin:
        raise RefusedError("not_authorized")
    name = _free_name(call)
    channel.previous_names.insert(0, channel.name)
    channel.name = name
    conversations.changed(call.workspace, channel, "renamed", call.actor_id)
    return {"channel": channel_shape(call.workspace, channel, call.actor_id)}


def archive(call: Call) -> Json:
    """conversations.archive."""
    channel = _channel(call, "write")
    needs_membership(call, channel)
    if channel.name == "general":
        raise RefusedError("cant_archive_general")
    if channel.archived:
        raise RefusedError("already_archived")
    channel.archived = True
    conversations.changed(call.workspace, channel, "archived", call.actor_id)
    return {}


def unarchive(call: Call) -> Json:
    """conversations.unarchive."""
    channel = _channel(call, "write")
    if not channel.archived:
        raise RefusedError("not_archived")
    channel.archived = False
    channel.members.setdefault(call.actor_id, None)
    conversations.changed(call.workspace, channel, "unarchived", call.actor_id)
    return {}


def set_topic(call: Call) -> Json:
    """conversations.setTopic."""
    channel = _changeable(call, "write.topic")
    channel.topic = _said(call, "topic")
    conversations.changed(call.workspace, channel)
    return {"channel": channel_shape(call.workspace, channel, call.actor_id)}


def set_purpose(call: Call) -> Json:
    """conversations.setPurpose."""
    channel = _changeable(call, "write.topic")
    channel.purpose = _said(call, "purpose")
    conversations.changed(call.workspace, channel)
    return {"purpose": channel.purpose["value"]}


def mark(call: Call) -> Json:
    """conversations.mark: how far the caller has read."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    needs_channel_scope(call, channel.kind, "write")
    needs_membership(call, channel)
    ts = arguments.required(call.args, "ts")
    if not re.fullmatch(r"\d{1,10}\.\d{1,6}", ts):
        raise RefusedError("invalid_timestamp")
    messages.mark_read(call.workspace, channel, call.actor_id, ts)
    return {}


def _said(call: Call, name: str) -> Json:
    value = arguments.text(call.args, name) or ""
    if len(value) > LONGEST_TOPIC:
        raise RefusedError("too_long")
    moment = int(clock.now(call.workspace.clock))
    return {"value": value, "creator": call.actor_id, "last_set": moment}


def _changeable(call: Call, right: str) -> Channel:
    """A channel that the caller is in, and that is open."""
    channel = _channel(call, right)
    needs_membership(call, channel)
    needs_open(channel)
    return channel


def _channel(call: Call, right: str) -> Channel:
    channel = find_channel(call, arguments.required(call.args, "channel"))
    if channel.kind == "im" or (channel.kind == "mpim" and right == "write"):
        raise RefusedError("method_not_supported_for_channel_type")
    needs_channel_scope(call, channel.kind, right)
    return channel


HANDLERS = {
    "conversations.create": create,
    "conversations.rename": rename,
    "conversations.archive": archive,
    "conversations.unarchive": unarchive,
    "conversations.setTopic": set_topic,
    "conversations.setPurpose": set_purpose,
    "conversations.mark": mark,
}
