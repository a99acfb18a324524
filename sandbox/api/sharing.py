"""Sharing files into channels, and who sees them."""

from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.channels import find_channel, find_message, needs_membership, needs_open
from sandbox.api.channels import visible as channel_visible
from sandbox.api.chat import authored
from sandbox.api.content import read_message
from sandbox.state import messages
from sandbox.state.feed import tell
from sandbox.state.files import shape
from sandbox.state.model import Channel, Json

_LISTS = {"public": "channels", "private": "groups"}


def share(call: Call, target: str, entries: list[Json]) -> None:
    """Post a message with these files, as the comment, blocks and thread of the call say."""
    channel = find_channel(call, target)
    needs_membership(call, channel)
    needs_open(channel)
    blocks = call.args.get("blocks")
    content: Json = {"text": arguments.text(call.args, "initial_comment") or ""}
    if blocks:
        content = read_message({"blocks": blocks})
        content.setdefault("text", "")
    content["files"] = [shape(entry) for entry in entries]
    message = authored(call.app, call.actor, call.workspace.team["id"], content)
    message.update(subtype="file_share", upload=True)
    thread_ts = arguments.text(call.args, "thread_ts")
    if thread_ts:
        parent = find_message(channel, thread_ts, "channel_not_found")
        message["thread_ts"] = parent.get("thread_ts") or parent["ts"]
    messages.post(call.workspace, channel, message)
    for entry in entries:
        shared_in(entry, channel, message["ts"])
        body = {"channel": channel.id, "file": entry["id"], "user": call.actor_id}
        tell(call.workspace, "file_shared", body, channel.id)


def shared_in(entry: Json, channel: Channel, ts: str) -> None:
    """Remember where a file can be seen."""
    listed = entry[_LISTS.get(channel.kind, "ims")]
    if channel.id not in listed:
        listed.append(channel.id)
    entry["is_public"] = entry["is_public"] or channel.kind == "public"
    kind = "public" if channel.kind == "public" else "private"
    shares = entry.setdefault("shares", {}).setdefault(kind, {}).setdefault(channel.id, [])
    shares.append({"ts": ts, "channel_name": channel.name})


def places(entry: Json) -> list[str]:
    """The ids of the channels a file was shared in."""
    return [*entry["channels"], *entry["groups"], *entry["ims"]]


def visible(call: Call, entry: Json) -> bool:
    """Whether the caller may see a file: their own, or shared where they are."""
    if entry["user"] == call.actor_id:
        return True
    channels = call.workspace.channels
    return any(channel_visible(channels[c], call.actor_id) for c in places(entry) if c in channels)
