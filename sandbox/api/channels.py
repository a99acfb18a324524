"""Finding a channel as a method's ``channel`` argument names it, and what a caller may do there."""

from sandbox.api.call import Call
from sandbox.api.errors import RefusedError
from sandbox.state import conversations
from sandbox.state.model import Channel, Json


def find_channel(call: Call, name: str | None) -> Channel:
    """The channel a caller names by id, by ``#name`` or, for direct messages, by a person's id.

    Private channels and direct messages that the caller is not in do not exist for it. Refuses
    with ``channel_not_found``.
    """
    workspace = call.workspace
    channel = workspace.channels.get(name or "")
    if channel is None and name:
        person = workspace.people.get(name)
        if person is not None and (person.app_id is None or person.id == call.actor_id):
            return conversations.direct(workspace, [call.actor_id, person.id])
        channel = conversations.by_name(workspace, name.removeprefix("#"))
    if channel is None or not visible(channel, call.actor_id):
        raise RefusedError("channel_not_found")
    return channel


def visible(channel: Channel, actor_id: str) -> bool:
    """Whether a caller can know of this channel at all."""
    return channel.kind == "public" or actor_id in channel.members


def needs_membership(call: Call, channel: Channel) -> None:
    """Refuse with ``not_in_channel`` unless the caller is a member."""
    if call.actor_id not in channel.members:
        raise RefusedError("not_in_channel")


def needs_open(channel: Channel) -> None:
    """Refuse with ``is_archived`` where nothing may be written any more."""
    if channel.archived:
        raise RefusedError("is_archived")


def find_message(channel: Channel, ts: str | None, code: str = "message_not_found") -> Json:
    """A message by its timestamp; refuses with `code`."""
    message = channel.log.by_ts.get(ts or "")
    if message is None or message.get("subtype") == "tombstone":
        raise RefusedError(code)
    return message
