"""chat.*: posting, updating, deleting messages."""

from typing import Any

from sandbox import clock
from sandbox.api import arguments, media
from sandbox.api.call import Call
from sandbox.api.channels import find_channel, find_message, needs_membership, needs_open
from sandbox.api.content import read_message
from sandbox.api.errors import RefusedError
from sandbox.state import messages
from sandbox.state.model import App, Channel, Json, Person


def post_message(call: Call) -> Json:
    """chat.postMessage."""
    args = call.args
    channel = find_channel(call, arguments.required(args, "channel"))
    needs_place(call, channel)
    content = read_message(args)
    message = authored(call.app, call.actor, call.workspace.team["id"], content)
    client_msg_id = arguments.text(args, "client_msg_id")
    if client_msg_id:
        message["client_msg_id"] = client_msg_id
    thread_ts = thread_of(channel, args)
    if thread_ts:
        message["thread_ts"] = thread_ts
    dress(message, args)
    broadcast = bool(thread_ts) and arguments.flag(args, "reply_broadcast")
    messages.post(call.workspace, channel, message, broadcast=broadcast)
    shown = message
    if "http" in message["text"]:
        shown = dict(message)  # Slack answers before it looks at links
        media.unfurl(call.workspace, channel, message, args)
    return {"channel": channel.id, "ts": message["ts"], "message": shown}


def authored(app: App, author: Person, team_id: str, content: Json) -> Json:
    """A message as an app wrote it for its bot or for a person, without its timestamp."""
    return {
        "user": author.id,
        "type": "message",
        "ts": "",
        "bot_id": app.bot_id,
        "app_id": app.id,
        "text": content.get("text", ""),
        "team": team_id,
        "bot_profile": app.profile,
        **content,
    }


def needs_place(call: Call, channel: Channel) -> None:
    """Refuse where the caller may not post: not a member, or archived."""
    anywhere = call.scopes is not None and call.may("chat:write.public")
    if not (channel.kind == "public" and anywhere):
        needs_membership(call, channel)
    needs_open(channel)


def thread_of(channel: Channel, args: arguments.Arguments) -> str | None:
    """The timestamp of the thread's parent, also when a reply of it was named."""
    ts = arguments.text(args, "thread_ts")
    if ts is None:
        return None
    parent = channel.log.by_ts.get(ts)
    if parent is None:
        raise RefusedError("thread_not_found" if _looks_like_ts(ts) else "invalid_thread_ts")
    return parent.get("thread_ts") or ts


def _looks_like_ts(ts: str) -> bool:
    whole, _, part = ts.partition(".")
    return whole.isdigit() and part.isdigit()


def dress(message: Json, args: arguments.Arguments) -> None:
    """Another name or picture for this one message (chat:write.customize)."""
    username = arguments.text(args, "username")
    if username:
        message["username"] = username
        message["subtype"] = "bot_message"
    icons: Json = {}
    if args.get("icon_emoji"):
        icons["emoji"] = args["icon_emoji"]
    if args.get("icon_url"):
        icons["image_64"] = args["icon_url"]
    if icons:
        message["icons"] = icons


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral."""
    args = call.args
    person_id = arguments.required(args, "user")
    channel = find_channel(call, arguments.required(args, "channel"))
    needs_membership(call, channel)
    needs_open(channel)
    if person_id not in channel.members:
        raise RefusedError("user_not_in_channel")
    message = authored(call.app, call.actor, call.workspace.team["id"], read_message(args))
    thread_ts = thread_of(channel, args)
    if thread_ts:
        message["thread_ts"] = thread_ts
    dress(message, args)
    messages.post_ephemeral(call.workspace, channel, person_id, message)
    return {"message_ts": message["ts"]}


def update(call: Call) -> Json:
    """chat.update: own messages only; text without blocks takes the blocks away."""
    args = call.args
    channel = find_channel(call, arguments.required(args, "channel"))
    message = find_message(channel, arguments.required(args, "ts"))
    _needs_own(call, message)
    needs_open(channel)
    content = read_message(args, update=True)
    fields = updated_fields(content)
    messages.edit(call.workspace, channel, message, fields, editor=call.actor_id)
    return {
        "channel": channel.id,
        "ts": message["ts"],
        "text": message["text"],
        "message": message,
    }


def updated_fields(content: Json) -> Json:
    """What an update puts into a message: what is left out goes, but metadata stays."""
    fields: Json = {"blocks": None, "attachments": None, **content}
    for name in ("blocks", "attachments"):
        fields[name] = fields[name] or None
    return fields


def _needs_own(call: Call, message: Json) -> None:
    if not _own(call, message):
        raise RefusedError("cant_update_message")
    minutes: Any = call.workspace.team.get("edit_window_minutes")
    if minutes is not None:
        age = clock.now(call.workspace.clock) - float(message["ts"])
        if age > minutes * 60:
            raise RefusedError("edit_window_closed")


def _own(call: Call, message: Json) -> bool:
    """Whether the caller wrote it; a person's token also reaches what they typed themselves."""
    return bool(message.get("user") == call.actor_id)


def me_message(call: Call) -> Json:
    """chat.meMessage: what somebody does, in the third person."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    needs_place(call, channel)
    content: Json = {"text": arguments.required(call.args, "text"), "subtype": "me_message"}
    message = authored(call.app, call.actor, call.workspace.team["id"], content)
    messages.post(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message["ts"]}


def delete(call: Call) -> Json:
    """chat.delete: own messages only."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    message = find_message(channel, arguments.required(call.args, "ts"))
    if not _own(call, message):
        raise RefusedError("cant_delete_message")
    messages.delete(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message["ts"]}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink: a link that opens the sandbox's own page at the message."""
    channel = find_channel(call, arguments.required(call.args, "channel"))
    message = find_message(channel, arguments.required(call.args, "message_ts"))
    return {
        "channel": channel.id,
        "permalink": permalink(call.workspace.public_url, channel.id, message),
    }


def permalink(public_url: str, channel_id: str, message: Json) -> str:
    """The address of a message: ``…/archives/C1/p1700000000000100`` and, in threads, the parent."""
    ts, parent = message["ts"], message.get("thread_ts")
    link = f"{public_url}/archives/{channel_id}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={parent}&cid={channel_id}" if parent and parent != ts else link


HANDLERS = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.meMessage": me_message,
    "chat.getPermalink": get_permalink,
}
