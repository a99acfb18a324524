"""reactions.* and pins.*: small marks on messages."""

import re

from sandbox import clock
from sandbox.api import arguments, pages
from sandbox.api.call import Call
from sandbox.api.channels import find_channel, find_message, needs_membership, needs_open, visible
from sandbox.api.errors import RefusedError
from sandbox.state import marks
from sandbox.state.model import Channel, Json

_NAME = re.compile(r"[\w+'-]+(::skin-tone-[2-6])?")


def _item(call: Call) -> tuple[Channel, Json]:
    if not call.args.get("channel") or not call.args.get("timestamp"):
        raise RefusedError("no_item_specified")
    channel = find_channel(call, arguments.text(call.args, "channel"))
    ts = arguments.required(call.args, "timestamp")
    if not re.fullmatch(r"\d+\.\d+", ts):
        raise RefusedError("bad_timestamp")
    return channel, find_message(channel, ts)


def add(call: Call) -> Json:
    """reactions.add."""
    name = (arguments.text(call.args, "name") or "").strip(":")
    if not _NAME.fullmatch(name):
        raise RefusedError("invalid_name")
    channel, message = _item(call)
    needs_open(channel)
    if not marks.react(call.workspace, channel, message, name, call.actor_id):
        raise RefusedError("already_reacted")
    return {}


def remove(call: Call) -> Json:
    """reactions.remove."""
    name = (arguments.text(call.args, "name") or "").strip(":")
    channel, message = _item(call)
    if not marks.unreact(call.workspace, channel, message, name, call.actor_id):
        raise RefusedError("no_reaction")
    return {}


def get(call: Call) -> Json:
    """reactions.get."""
    channel, message = _item(call)
    return {"type": "message", "channel": channel.id, "message": message}


def list_own(call: Call) -> Json:
    """reactions.list: what somebody has reacted to, newest first."""
    person_id = arguments.text(call.args, "user") or call.actor_id
    if person_id not in call.workspace.people:
        raise RefusedError("user_not_found")
    found: list[Json] = [
        {"type": "message", "channel": channel.id, "message": message}
        for channel in call.workspace.channels.values()
        if visible(channel, call.actor_id)
        for message in channel.log.by_ts.values()
        if any(person_id in reaction["users"] for reaction in message.get("reactions", ()))
    ]
    found.sort(key=lambda item: str(item["message"]["ts"]), reverse=True)
    part, cursor = pages.page(found, "item", call.args)
    return {"items": part, "response_metadata": {"next_cursor": cursor}}


def add_pin(call: Call) -> Json:
    """pins.add."""
    channel, message = _item(call)
    needs_membership(call, channel)
    moment = int(clock.now(call.workspace.clock))
    if not marks.pin(call.workspace, channel, message, call.actor_id, moment):
        raise RefusedError("already_pinned")
    return {}


def remove_pin(call: Call) -> Json:
    """pins.remove."""
    channel, message = _item(call)
    if not marks.unpin(call.workspace, channel, message, call.actor_id):
        raise RefusedError("no_pin")
    return {}


def list_pins(call: Call) -> Json:
    """pins.list."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    return {"items": channel.pins}


HANDLERS = {
    "reactions.add": add,
    "reactions.remove": remove,
    "reactions.get": get,
    "reactions.list": list_own,
    "pins.add": add_pin,
    "pins.remove": remove_pin,
    "pins.list": list_pins,
}
