"""conversations.history and conversations.replies: what was said."""

import re

from sandbox.api import arguments, pages
from sandbox.api.call import Call, needs_channel_scope
from sandbox.api.channels import find_channel, needs_membership
from sandbox.api.errors import RefusedError
from sandbox.state import messages
from sandbox.state.model import Channel, Json


def history(call: Call) -> Json:
    """conversations.history: newest first, by cursor, between two timestamps."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    needs_channel_scope(call, channel.kind, "history")
    needs_membership(call, channel)
    order = channel.log.order
    start, end = _window(call, order)
    value = pages.read_cursor("next_ts", arguments.text(call.args, "cursor"))
    if value is not None:
        _, end = messages.window(order, oldest=None, latest=_dotted(value), inclusive=True)
    limit = pages.limit_of(call.args, 100, 999)
    first = max(start, end - limit)
    found = [_shown(call, channel, ts) for ts in reversed(order[first:end])]
    answer: Json = {
        "messages": found,
        "has_more": first > start,
        "pin_count": len(channel.pins),
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    if first > start:
        cursor = pages.cursor_of("next_ts", order[first - 1].replace(".", ""))
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def replies(call: Call) -> Json:
    """conversations.replies: the parent, then its replies, oldest first."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    needs_channel_scope(call, channel.kind, "history")
    needs_membership(call, channel)
    ts = arguments.required(call.args, "ts")
    named = channel.log.by_ts.get(ts)
    if named is None:
        raise RefusedError("thread_not_found")
    parent_ts = named.get("thread_ts") or ts
    order = channel.log.threads.get(parent_ts, [])
    start, end = _window(call, order)
    value = pages.read_cursor("next_ts", arguments.text(call.args, "cursor"))
    if value is not None:
        start, _ = messages.window(order, oldest=_dotted(value), latest=None, inclusive=True)
    last = min(end, start + pages.limit_of(call.args, 1000))
    shown = [parent_ts, *order[start:last]]
    answer: Json = {
        "messages": [_shown(call, channel, reply) for reply in shown],
        "has_more": last < end,
    }
    if last < end:
        cursor = pages.cursor_of("next_ts", order[last].replace(".", ""))
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def _window(call: Call, order: list[str]) -> tuple[int, int]:
    ends: dict[str, str | None] = {}
    for name in ("oldest", "latest"):
        value = arguments.text(call.args, name)
        if value in {None, "0"}:
            ends[name] = None
        elif value is not None and re.fullmatch(r"\d{1,10}(\.\d*)?", value):
            whole, _, part = value.partition(".")
            ends[name] = f"{whole:0>10}.{part[:6]:0<6}"
        elif value != "now":
            raise RefusedError(f"invalid_ts_{name}")
    return messages.window(
        order,
        oldest=ends.get("oldest"),
        latest=ends.get("latest"),
        inclusive=arguments.flag(call.args, "inclusive"),
    )


def _dotted(value: str) -> str:
    """``1512085861000543`` in a cursor is the timestamp ``1512085861.000543``."""
    return f"{value[:-6]}.{value[-6:]}"


def _shown(call: Call, channel: Channel, ts: str) -> Json:
    """A message as history gives it: metadata only where it was asked for."""
    message = channel.log.by_ts[ts]
    if "metadata" not in message or arguments.flag(call.args, "include_all_metadata"):
        return message
    return {name: value for name, value in message.items() if name != "metadata"}


HANDLERS = {"conversations.history": history, "conversations.replies": replies}
