"""search.messages: what a person finds of what they may read."""

from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.channels import visible
from sandbox.api.chat import permalink
from sandbox.api.errors import RefusedError
from sandbox.state.model import Channel, Json


def search_messages(call: Call) -> Json:
    """search.messages: every word must be there; newest first, or oldest with ``sort_dir=asc``."""
    query = (arguments.text(call.args, "query") or "").strip()
    if not query:
        raise RefusedError("no_query")
    words = query.casefold().split()
    found = [
        _match(call, channel, message)
        for channel in call.workspace.channels.values()
        if visible(channel, call.actor_id)
        for message in channel.log.by_ts.values()
        if all(word in message.get("text", "").casefold() for word in words)
    ]
    ascending = arguments.text(call.args, "sort_dir") == "asc"
    found.sort(key=lambda match: str(match["ts"]), reverse=not ascending)
    count = min(max(1, arguments.number(call.args, "count", 20)), 100)
    page = max(1, arguments.number(call.args, "page", 1))
    pages = -(-len(found) // count)
    shown = found[(page - 1) * count : page * count]
    paging = {"count": count, "total": len(found), "page": page, "pages": pages}
    return {
        "query": query,
        "messages": {"matches": shown, "paging": paging, "total": len(found)},
    }


def _match(call: Call, channel: Channel, message: Json) -> Json:
    author = call.workspace.people.get(message.get("user", ""))
    return {
        "type": "message",
        "channel": {"id": channel.id, "name": channel.name, "is_private": channel.kind != "public"},
        "ts": message["ts"],
        "text": message.get("text", ""),
        "user": message.get("user"),
        "username": author.name if author else "",
        "team": call.workspace.team["id"],
        "iid": f"{channel.id}-{message['ts']}",
        "permalink": permalink(call.workspace.public_url, channel.id, message),
    }


HANDLERS = {"search.messages": search_messages}
