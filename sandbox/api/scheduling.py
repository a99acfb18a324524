"""chat.scheduleMessage and its kin: messages kept until their moment has come.

The clock decides: `sandbox.people` and apps see a scheduled message once it is posted.
"""

from sandbox import clock
from sandbox.api import arguments, pages
from sandbox.api.call import Call
from sandbox.api.channels import find_channel
from sandbox.api.chat import authored, needs_place, thread_of
from sandbox.api.content import read_message
from sandbox.api.errors import RefusedError
from sandbox.ids import new_id
from sandbox.state import messages
from sandbox.state.model import Json, Workspace

FARTHEST = 120 * 86_400
CLOSING = 60  # seconds before its time a message can no longer be taken back


def schedule(call: Call) -> Json:
    """chat.scheduleMessage."""
    args = call.args
    post_at = arguments.number(args, "post_at", 0, "invalid_time")
    moment = clock.now(call.workspace.clock)
    if post_at <= moment:
        raise RefusedError("time_in_past" if post_at > 0 else "invalid_time")
    if post_at > moment + FARTHEST:
        raise RefusedError("time_too_far")
    channel = find_channel(call, arguments.required(args, "channel"))
    needs_place(call, channel)
    message = authored(call.app, call.actor, call.workspace.team["id"], read_message(args))
    thread_ts = thread_of(channel, args)
    if thread_ts:
        message["thread_ts"] = thread_ts
    entry: Json = {
        "id": new_id("Q"),
        "channel_id": channel.id,
        "post_at": post_at,
        "date_created": int(moment),
        "message": message,
        "app": call.app.id,
        "broadcast": bool(thread_ts) and arguments.flag(args, "reply_broadcast"),
    }
    call.workspace.scheduled[entry["id"]] = entry
    return {
        "scheduled_message_id": entry["id"],
        "channel": channel.id,
        "post_at": post_at,
        "message": {name: value for name, value in message.items() if name != "ts"},
    }


def unschedule(call: Call) -> Json:
    """chat.deleteScheduledMessage."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    wanted = arguments.required(call.args, "scheduled_message_id")
    entry = call.workspace.scheduled.get(wanted)
    late = clock.now(call.workspace.clock) + CLOSING
    mine = entry is not None and (entry["app"], entry["channel_id"]) == (call.app.id, channel.id)
    if entry is None or not mine or entry["post_at"] <= late:
        raise RefusedError("invalid_scheduled_message_id")
    del call.workspace.scheduled[wanted]
    return {}


def list_scheduled(call: Call) -> Json:
    """chat.scheduledMessages.list: the app's own, soonest first."""
    wanted = arguments.text(call.args, "channel")
    channel_id = None if wanted is None else find_channel(call, wanted).id
    oldest = arguments.number(call.args, "oldest", 0)
    latest = arguments.number(call.args, "latest", 2**62)
    found = [
        {
            "id": entry["id"],
            "channel_id": entry["channel_id"],
            "post_at": entry["post_at"],
            "date_created": entry["date_created"],
            "text": entry["message"]["text"],
        }
        for entry in call.workspace.scheduled.values()
        if entry["app"] == call.app.id
        and channel_id in {None, entry["channel_id"]}
        and oldest <= entry["post_at"] <= latest
    ]
    found.sort(key=lambda entry: (entry["post_at"], entry["id"]))
    part, cursor = pages.page(found, "scheduled", call.args)
    return {"scheduled_messages": part, "response_metadata": {"next_cursor": cursor}}


def post_due(workspace: Workspace) -> float | None:
    """Post whatever is due; returns the seconds until the next, None where nothing waits."""
    moment = clock.now(workspace.clock)
    due = sorted(
        (e for e in workspace.scheduled.values() if e["post_at"] <= moment),
        key=lambda entry: (entry["post_at"], entry["id"]),
    )
    for entry in due:
        del workspace.scheduled[entry["id"]]
        channel = workspace.channels[entry["channel_id"]]
        message = entry["message"]
        if message.get("thread_ts") not in channel.log.by_ts:
            message.pop("thread_ts", None)
        if not channel.archived:
            broadcast = entry["broadcast"] and "thread_ts" in message
            messages.post(workspace, channel, message, broadcast=broadcast)
    waiting = [entry["post_at"] for entry in workspace.scheduled.values()]
    return min(waiting) - moment if waiting else None


HANDLERS = {
    "chat.scheduleMessage": schedule,
    "chat.deleteScheduledMessage": unschedule,
    "chat.scheduledMessages.list": list_scheduled,
}
