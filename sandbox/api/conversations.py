"""conversations.*: which there are, what they are, and who is in them."""

from sandbox.api import arguments, pages
from sandbox.api.call import Call, needs_channel_scope
from sandbox.api.channels import find_channel, visible
from sandbox.api.errors import RefusedError
from sandbox.api.shapes import channel_shape
from sandbox.state.model import Channel, Json

_KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def list_all(call: Call) -> Json:
    """conversations.list: all that the caller can see, of the types asked for."""
    found = _of_types(call, call.actor_id)
    part, cursor = pages.page(found, "channel", call.args)
    shapes = [
        {
            **channel_shape(call.workspace, channel, call.actor_id),
            "num_members": len(channel.members),
        }
        for channel in part
    ]
    return {"channels": shapes, "response_metadata": {"next_cursor": cursor}}


def _of_types(call: Call, member_id: str, *, only_joined: bool = False) -> list[Channel]:
    wanted = arguments.names(call.args, "types") or ["public_channel"]
    if not set(wanted) <= set(_KINDS):
        raise RefusedError("invalid_types")
    kinds = {_KINDS[name] for name in wanted}
    for kind in sorted(kinds):
        needs_channel_scope(call, kind, "read")
    skip_archived = arguments.flag(call.args, "exclude_archived")
    return [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and visible(channel, call.actor_id)
        and (not only_joined or member_id in channel.members)
        and not (skip_archived and channel.archived)
    ]


def of_person(call: Call) -> Json:
    """users.conversations: those somebody is in, as far as the caller sees them."""
    person_id = arguments.text(call.args, "user") or call.actor_id
    if person_id not in call.workspace.people:
        raise RefusedError("user_not_found")
    found = _of_types(call, person_id, only_joined=True)
    part, cursor = pages.page(found, "channel", call.args)
    shapes = [channel_shape(call.workspace, channel, call.actor_id) for channel in part]
    for shape in shapes:
        shape.pop("is_member", None)
    return {"channels": shapes, "response_metadata": {"next_cursor": cursor}}


def info(call: Call) -> Json:
    """conversations.info."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    needs_channel_scope(call, channel.kind, "read")
    shape = channel_shape(call.workspace, channel, call.actor_id)
    if call.actor_id in channel.members:
        shape["last_read"] = channel.read.get(call.actor_id, "0000000000.000000")
    if arguments.flag(call.args, "include_num_members"):
        shape["num_members"] = len(channel.members)
    if arguments.flag(call.args, "include_locale"):
        shape["locale"] = "en-US"
    return {"channel": shape}


def members(call: Call) -> Json:
    """conversations.members."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    needs_channel_scope(call, channel.kind, "read")
    part, cursor = pages.page(list(channel.members), "user", call.args)
    return {"members": part, "response_metadata": {"next_cursor": cursor}}


HANDLERS = {
    "conversations.list": list_all,
    "conversations.info": info,
    "conversations.members": members,
    "users.conversations": of_person,
}
