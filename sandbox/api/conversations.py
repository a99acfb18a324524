"""conversations.*: which there are, and who is in them."""

import re

from sandbox import clock
from sandbox.api import arguments, pages
from sandbox.api.call import Call, needs_channel_scope
from sandbox.api.channels import find_channel, needs_membership, needs_open, visible
from sandbox.api.errors import RefusedError
from sandbox.api.shapes import channel_shape
from sandbox.ids import new_id
from sandbox.state import conversations
from sandbox.state.model import Channel, Json, Person

_KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
_NAME = re.compile(r"[^\W_A-Z][^\WA-Z]*(?:[-_][^\WA-Z]*)*")


def list_all(call: Call) -> Json:
    """conversations.list: all that the app can see, of the types asked for."""
    wanted = arguments.names(call.args, "types") or ["public_channel"]
    if not set(wanted) <= set(_KINDS):
        raise RefusedError("invalid_types")
    kinds = {_KINDS[name] for name in wanted}
    for kind in sorted(kinds):
        needs_channel_scope(call, kind, "read")
    skip_archived = arguments.flag(call.args, "exclude_archived")
    found = [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and visible(channel, call.app)
        and not (skip_archived and channel.archived)
    ]
    part, cursor = pages.page(found, "channel", call.args)
    shapes = [
        {**channel_shape(call.workspace, channel, call.app), "num_members": len(channel.members)}
        for channel in part
    ]
    return {"channels": shapes, "response_metadata": {"next_cursor": cursor}}


def info(call: Call) -> Json:
    """conversations.info."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    needs_channel_scope(call, channel.kind, "read")
    shape = channel_shape(call.workspace, channel, call.app)
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


def open_direct(call: Call) -> Json:
    """conversations.open: a direct conversation with up to eight people, or resume one."""
    workspace = call.workspace
    channel_id = arguments.text(call.args, "channel")
    if channel_id is not None:
        channel = find_channel(call, channel_id)
        return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
    people = arguments.names(call.args, "users")
    if not people:
        raise RefusedError("users_list_not_supplied")
    if len(people) > 8:
        raise RefusedError("too_many_users")
    for person_id in people:
        _person(call, person_id)
    needs_channel_scope(call, "im" if len(people) == 1 else "mpim", "write")
    before = len(workspace.channels)
    channel = conversations.direct(workspace, [call.app.bot_user_id, *people])
    found = len(workspace.channels) == before
    shape = {"id": channel.id}
    if arguments.flag(call.args, "return_im"):
        shape = channel_shape(workspace, channel, call.app)
    return {"no_op": found, "already_open": found, "channel": shape}


def join(call: Call) -> Json:
    """conversations.join: public channels only."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    if channel.kind != "public":
        raise RefusedError("method_not_supported_for_channel_type")
    needs_open(channel)
    bot = call.workspace.people[call.app.bot_user_id]
    answer: Json = {}
    if bot.id in channel.members:
        answer["warning"] = "already_in_channel"
        answer["response_metadata"] = {"warnings": ["already_in_channel"]}
    else:
        conversations.join(call.workspace, channel, bot, inviter=None)
    answer["channel"] = channel_shape(call.workspace, channel, call.app)
    return answer


def create(call: Call) -> Json:
    """conversations.create: the app's bot becomes its first member."""
    workspace = call.workspace
    name = arguments.text(call.args, "name")
    if name is None:
        raise RefusedError("invalid_name_required")
    if len(name) > 80:
        raise RefusedError("invalid_name_maxlength")
    if not _NAME.fullmatch(name):
        raise RefusedError("invalid_name_specials")
    if conversations.by_name(workspace, name) is not None:
        raise RefusedError("name_taken")
    channel = Channel(
        id=new_id("C"),
        name=name,
        kind="private" if arguments.flag(call.args, "is_private") else "public",
        creator=call.app.bot_user_id,
        created=int(clock.now(workspace.clock)),
        members={call.app.bot_user_id: None},
        topic={"value": "", "creator": "", "last_set": 0},
        purpose={"value": "", "creator": "", "last_set": 0},
    )
    workspace.channels[channel.id] = channel
    conversations.changed(workspace, channel)
    return {"channel": channel_shape(workspace, channel, call.app)}


def invite(call: Call) -> Json:
    """conversations.invite."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    needs_membership(call, channel)
    needs_open(channel)
    people = [_person(call, who) for who in arguments.names(call.args, "users")]
    if not people:
        raise RefusedError("no_user")
    if any(person.id == call.app.bot_user_id for person in people):
        raise RefusedError("cant_invite_self")
    if all(person.id in channel.members for person in people):
        raise RefusedError("already_in_channel")
    for person in people:
        if person.id not in channel.members:
            conversations.join(call.workspace, channel, person, inviter=call.app.bot_user_id)
    return {"channel": channel_shape(call.workspace, channel, call.app)}


def _person(call: Call, person_id: str) -> Person:
    person = call.workspace.people.get(person_id)
    if person is None:
        raise RefusedError("user_not_found")
    return person


def set_topic(call: Call) -> Json:
    """conversations.setTopic."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    needs_membership(call, channel)
    needs_open(channel)
    topic = arguments.text(call.args, "topic") or ""
    if len(topic) > 250:
        raise RefusedError("too_long")
    moment = int(clock.now(call.workspace.clock))
    channel.topic = {"value": topic, "creator": call.app.bot_user_id, "last_set": moment}
    conversations.changed(call.workspace, channel)
    return {"channel": channel_shape(call.workspace, channel, call.app)}


def archive(call: Call) -> Json:
    """conversations.archive."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    needs_membership(call, channel)
    if channel.archived:
        raise RefusedError("already_archived")
    channel.archived = True
    conversations.changed(call.workspace, channel)
    return {}


HANDLERS = {
    "conversations.list": list_all,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.open": open_direct,
    "conversations.join": join,
    "conversations.create": create,
    "conversations.invite": invite,
    "conversations.setTopic": set_topic,
    "conversations.archive": archive,
}
