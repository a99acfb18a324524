"""conversations.*: coming in, going out, and direct conversations."""

from sandbox.api import arguments
from sandbox.api.call import Call, needs_channel_scope
from sandbox.api.channels import find_channel, needs_membership, needs_open
from sandbox.api.errors import RefusedError
from sandbox.api.shapes import channel_shape
from sandbox.state import conversations
from sandbox.state.model import Channel, Json, Person

_DIRECT = ("im", "mpim")


def open_direct(call: Call) -> Json:
    """conversations.open: a direct conversation with up to eight people, or resume one."""
    workspace = call.workspace
    channel_id = arguments.text(call.args, "channel")
    if channel_id is not None:
        channel = find_channel(call, channel_id)
        if channel.kind not in _DIRECT:
            raise RefusedError("method_not_supported_for_channel_type")
        return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
    people = list(dict.fromkeys(arguments.names(call.args, "users")))
    if not people:
        raise RefusedError("users_list_not_supplied")
    if len(people) > 8:
        raise RefusedError("too_many_users")
    for person_id in people:
        if _person(call, person_id).deleted:
            raise RefusedError("user_disabled")
    needs_channel_scope(call, "im" if len(people) == 1 else "mpim", "write")
    before = len(workspace.channels)
    channel = conversations.direct(workspace, [call.actor_id, *people])
    found = len(workspace.channels) == before
    shape = {"id": channel.id}
    if arguments.flag(call.args, "return_im"):
        shape = channel_shape(workspace, channel, call.actor_id)
    return {"no_op": found, "already_open": found, "channel": shape}


def close_direct(call: Call) -> Json:
    """conversations.close: out of the sidebar; what was said stays."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    if channel.kind not in _DIRECT:
        raise RefusedError("method_not_supported_for_channel_type")
    return {"no_op": True, "already_closed": True}


def join(call: Call) -> Json:
    """conversations.join: public channels only."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    if channel.kind != "public":
        raise RefusedError("method_not_supported_for_channel_type")
    needs_open(channel)
    if call.actor_id in channel.members:
        call.warnings.append("already_in_channel")
    else:
        conversations.join(call.workspace, channel, call.actor, inviter=None)
    return {"channel": channel_shape(call.workspace, channel, call.actor_id)}


def leave(call: Call) -> Json:
    """conversations.leave; whoever is not in it has nothing to leave, and is told so."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    _needs_channel(call, channel, "write")
    if call.actor_id not in channel.members:
        return {"not_in_channel": True}
    needs_open(channel)
    if channel.name == "general":
        raise RefusedError("cant_leave_general")
    if channel.kind == "private" and len(channel.members) == 1:
        raise RefusedError("last_member")
    conversations.leave(call.workspace, channel, call.actor_id)
    return {}


def invite(call: Call) -> Json:
    """conversations.invite: all of them, or with ``force`` those that can be."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    _needs_channel(call, channel, "write.invites")
    needs_membership(call, channel)
    needs_open(channel)
    given = arguments.names(call.args, "users")
    if not given:
        raise RefusedError("no_user")
    problems = {who: code for who in given if (code := _not_invitable(call, channel, who))}
    if problems and not arguments.flag(call.args, "force"):
        details = [{"user": who, "ok": False, "error": code} for who, code in problems.items()]
        raise RefusedError(next(iter(problems.values())), errors=details)
    for person_id in given:
        if person_id not in problems:
            person = call.workspace.people[person_id]
            conversations.join(call.workspace, channel, person, inviter=call.actor_id)
    return {"channel": channel_shape(call.workspace, channel, call.actor_id)}


def _not_invitable(call: Call, channel: Channel, person_id: str) -> str | None:
    person = call.workspace.people.get(person_id)
    if person is None or person.deleted:
        return "user_not_found"
    if person.id == call.actor_id:
        return "cant_invite_self"
    return "already_in_channel" if person.id in channel.members else None


def kick(call: Call) -> Json:
    """conversations.kick."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    _needs_channel(call, channel, "write")
    needs_membership(call, channel)
    person = _person(call, arguments.text(call.args, "user") or "")
    if person.id == call.actor_id:
        raise RefusedError("cant_kick_self")
    if channel.name == "general":
        raise RefusedError("cant_kick_from_general")
    if person.id not in channel.members:
        raise RefusedError("not_in_channel")
    conversations.leave(call.workspace, channel, person.id)
    return {"errors": {}}


def _needs_channel(call: Call, channel: Channel, right: str) -> None:
    if channel.kind in _DIRECT:
        raise RefusedError("method_not_supported_for_channel_type")
    needs_channel_scope(call, channel.kind, right)


def _person(call: Call, person_id: str) -> Person:
    person = call.workspace.people.get(person_id)
    if person is None:
        raise RefusedError("user_not_found")
    return person


HANDLERS = {
    "conversations.open": open_direct,
    "conversations.close": close_direct,
    "conversations.join": join,
    "conversations.leave": leave,
    "conversations.invite": invite,
    "conversations.kick": kick,
}
