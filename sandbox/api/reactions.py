"""reactions.* and pins.*: small marks on messages."""

import re

from sandbox import clock
from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.channels import find_channel, find_message, needs_membership, needs_open
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
    if not marks.react(call.workspace, channel, message, name, call.app.bot_user_id):
        raise RefusedError("already_reacted")
    return {}


def remove(call: Call) -> Json:
    """reactions.remove."""
    name = (arguments.text(call.args, "name") or "").strip(":")
    channel, message = _item(call)
    if not marks.unreact(call.workspace, channel, message, name, call.app.bot_user_id):
        raise RefusedError("no_reaction")
    return {}


def get(call: Call) -> Json:
    """reactions.get."""
    channel, message = _item(call)
    return {"type": "message", "channel": channel.id, "message": message}


def add_pin(call: Call) -> Json:
    """pins.add."""
    channel, message = _item(call)
    needs_membership(call, channel)
    moment = int(clock.now(call.workspace.clock))
    if not marks.pin(call.workspace, channel, message, call.app.bot_user_id, moment):
        raise RefusedError("already_pinned")
    return {}


def list_pins(call: Call) -> Json:
    """pins.list."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    return {"items": channel.pins}


HANDLERS = {
    "reactions.add": add,
    "reactions.remove": remove,
    "reactions.get": get,
    "pins.add": add_pin,
    "pins.list": list_pins,
}
