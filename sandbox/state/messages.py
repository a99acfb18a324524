"""Messages: kept by timestamp, paged by cursor, the same speed at fifty and at fifty thousand."""

from bisect import bisect_left, bisect_right

from sandbox import clock
from sandbox.state.feed import tell
from sandbox.state.model import Channel, Json, Log, Workspace

EPHEMERALS_KEPT = 200


def post(workspace: Workspace, channel: Channel, message: Json, *, broadcast: bool = False) -> Json:
    """Append `message` (Slack's JSON without ts) to the channel and return it with its ts.

    With ``thread_ts`` it is a reply; `broadcast` shows the reply in the channel too.
    """
    log = channel.log
    ts = message["ts"] = clock.next_ts(workspace.clock)
    log.by_ts[ts] = message
    parent_ts = message.get("thread_ts")
    if parent_ts is None:
        log.order.append(ts)
    else:
        _append_reply(log, parent_ts, message)
        _tell_parent(workspace, channel, parent_ts)
        if broadcast:
            message["subtype"] = "thread_broadcast"
            message["root"] = log.by_ts[parent_ts]
            log.order.append(ts)
    tell(workspace, "message", {"channel": channel.id, "message": message}, channel.id)
    return message


def _tell_parent(workspace: Workspace, channel: Channel, parent_ts: str) -> None:
    """Let pages redraw the count of replies; for apps this is no event."""
    parent = channel.log.by_ts.get(parent_ts)
    if parent is not None:
        tell(workspace, "parent", {"channel": channel.id, "message": parent}, channel.id)


def _append_reply(log: Log, parent_ts: str, message: Json) -> None:
    replies = log.threads.setdefault(parent_ts, [])
    replies.append(message["ts"])
    parent = log.by_ts[parent_ts]
    author = message.get("user") or message.get("bot_id")
    users = parent.setdefault("reply_users", [])
    if author not in users:
        users.append(author)
    parent.update(
        thread_ts=parent_ts,
        reply_count=len(replies),
        reply_users_count=len(users),
        latest_reply=message["ts"],
        is_locked=False,
        subscribed=False,
    )


def edit(
    workspace: Workspace, channel: Channel, message: Json, fields: Json, editor: str | None
) -> Json:
    """Put `fields` into the message (None removes one); `editor` marks it as edited."""
    before = dict(message)
    for name, value in fields.items():
        if value is None:
            message.pop(name, None)
        else:
            message[name] = value
    if editor is not None:
        message["edited"] = {"user": editor, "ts": f"{int(clock.now(workspace.clock))}.000000"}
    body = {"channel": channel.id, "message": message, "previous_message": before}
    tell(workspace, "message_changed", body, channel.id)
    return message


def delete(workspace: Workspace, channel: Channel, message: Json) -> None:
    """Remove a message; a parent with replies stays as a tombstone, as in Slack."""
    log, ts = channel.log, message["ts"]
    body = {"channel": channel.id, "ts": ts, "previous_message": dict(message)}
    if log.threads.get(ts):
        body["message"] = message
        for name in ("blocks", "attachments", "files", "metadata", "edited", "reactions"):
            message.pop(name, None)
        message.update(subtype="tombstone", text="This message was deleted.", hidden=True)
    else:
        del log.by_ts[ts]
        log.threads.pop(ts, None)
        _drop(log.order, ts)
        _forget_reply(log, message)
        _tell_parent(workspace, channel, message.get("thread_ts") or ts)
    channel.pins = [pin for pin in channel.pins if pin["message"]["ts"] != ts]
    tell(workspace, "message_deleted", body, channel.id)


def _forget_reply(log: Log, message: Json) -> None:
    parent_ts = message.get("thread_ts")
    if parent_ts is None or parent_ts not in log.threads:
        return
    replies = log.threads[parent_ts]
    _drop(replies, message["ts"])
    parent = log.by_ts.get(parent_ts)
    if parent is None:
        return
    if replies:
        users = list(dict.fromkeys(log.by_ts[ts].get("user") for ts in replies))
        parent.update(
            reply_count=len(replies),
            reply_users=users,
            reply_users_count=len(users),
            latest_reply=replies[-1],
        )
    else:
        del log.threads[parent_ts]
        for name in ("thread_ts", "reply_count", "reply_users", "reply_users_count"):
            parent.pop(name, None)
        for name in ("latest_reply", "is_locked", "subscribed"):
            parent.pop(name, None)


def _drop(order: list[str], ts: str) -> None:
    at = bisect_left(order, ts)
    if at < len(order) and order[at] == ts:
        del order[at]


def window(
    order: list[str], *, oldest: str | None, latest: str | None, inclusive: bool
) -> tuple[int, int]:
    """The slice [start, end) of `order` between two timestamps; both ends excluded by default."""
    start, end = 0, len(order)
    if oldest is not None:
        start = (bisect_left if inclusive else bisect_right)(order, oldest)
    if latest is not None:
        end = (bisect_right if inclusive else bisect_left)(order, latest)
    return start, max(start, end)


def unread_count(channel: Channel, person_id: str) -> int:
    """How many messages the channel shows after what this person last read."""
    mark = channel.read.get(person_id)
    order = channel.log.order
    return len(order) - (bisect_right(order, mark) if mark else 0)


def mark_read(workspace: Workspace, channel: Channel, person_id: str, ts: str) -> None:
    """Remember that this person has read the channel up to `ts`."""
    channel.read[person_id] = ts
    tell(workspace, "read", {"channel": channel.id, "ts": ts}, channel.id, person_id)


def post_ephemeral(workspace: Workspace, channel: Channel, person_id: str, message: Json) -> Json:
    """Show `message` to one person only. It is in no history and is forgotten before long."""
    ts = message["ts"] = clock.next_ts(workspace.clock)
    message["is_ephemeral"] = True
    shown = workspace.ephemerals.setdefault(person_id, {})
    shown[ts] = {"channel": channel.id, "message": message}
    while len(shown) > EPHEMERALS_KEPT:
        del shown[next(iter(shown))]
    tell(workspace, "ephemeral", {"channel": channel.id, "message": message}, channel.id, person_id)
    return message


def edit_ephemeral(
    workspace: Workspace, person_id: str, ts: str, fields: Json | None
) -> Json | None:
    """Change an ephemeral message its reader still has, or remove it (`fields` None)."""
    shown = workspace.ephemerals.get(person_id, {})
    kept = shown.get(ts)
    if kept is None:
        return None
    channel_id = kept["channel"]
    if fields is None:
        del shown[ts]
        body: Json = {"channel": channel_id, "ts": ts}
        tell(workspace, "ephemeral_deleted", body, channel_id, person_id)
        return None
    message: Json = kept["message"]
    message.update(fields)
    body = {"channel": channel_id, "message": message}
    tell(workspace, "ephemeral_changed", body, channel_id, person_id)
    return message
