"""bookmarks.*: links at the top of a channel."""

import re

from sandbox import clock
from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.channels import find_channel, needs_membership
from sandbox.api.errors import RefusedError
from sandbox.ids import new_id
from sandbox.state import conversations
from sandbox.state.model import Channel, Json

_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_EMOJI = re.compile(r":[\w+'-]+:")
MOST = 100


def add(call: Call) -> Json:
    """bookmarks.add: of type ``link``."""
    channel = _channel(call)
    if arguments.text(call.args, "type") != "link":
        raise RefusedError("invalid_bookmark_type")
    if len(channel.bookmarks) >= MOST:
        raise RefusedError("too_many_bookmarks")
    moment = int(clock.now(call.workspace.clock))
    bookmark: Json = {
        "id": new_id("Bk"),
        "channel_id": channel.id,
        "title": arguments.required(call.args, "title"),
        "link": _link(call),
        "emoji": _emoji(call),
        "icon_url": None,
        "type": "link",
        "entity_id": None,
        "date_created": moment,
        "date_updated": 0,
        "rank": f"{len(channel.bookmarks):04d}",
        "last_updated_by_user_id": call.actor_id,
        "last_updated_by_team_id": call.workspace.team["id"],
        "shortcut_id": None,
        "app_id": call.app.id,
        "app_action_id": None,
    }
    channel.bookmarks.append(bookmark)
    conversations.changed(call.workspace, channel)
    return {"bookmark": bookmark}


def edit(call: Call) -> Json:
    """bookmarks.edit."""
    channel = _channel(call)
    bookmark = _find(call, channel)
    title = arguments.text(call.args, "title")
    if title is not None:
        bookmark["title"] = title
    if call.args.get("link"):
        bookmark["link"] = _link(call)
    if "emoji" in call.args:
        bookmark["emoji"] = _emoji(call)
    bookmark["date_updated"] = int(clock.now(call.workspace.clock))
    bookmark["last_updated_by_user_id"] = call.actor_id
    conversations.changed(call.workspace, channel)
    return {"bookmark": bookmark}


def remove(call: Call) -> Json:
    """bookmarks.remove."""
    channel = _channel(call)
    channel.bookmarks.remove(_find(call, channel))
    conversations.changed(call.workspace, channel)
    return {}


def list_all(call: Call) -> Json:
    """bookmarks.list."""
    return {"bookmarks": _channel(call).bookmarks}


def _channel(call: Call) -> Channel:
    channel = find_channel(call, arguments.text(call.args, "channel_id"))
    needs_membership(call, channel)
    return channel


def _find(call: Call, channel: Channel) -> Json:
    wanted = arguments.required(call.args, "bookmark_id")
    for bookmark in channel.bookmarks:
        if bookmark["id"] == wanted:
            return bookmark
    raise RefusedError("not_found")


def _link(call: Call) -> str:
    link = arguments.text(call.args, "link") or ""
    if not _LINK.fullmatch(link):
        raise RefusedError("invalid_link")
    return link


def _emoji(call: Call) -> str | None:
    emoji = arguments.text(call.args, "emoji")
    if emoji is not None and not _EMOJI.fullmatch(emoji):
        raise RefusedError("invalid_emoji")
    return emoji


HANDLERS = {
    "bookmarks.add": add,
    "bookmarks.edit": edit,
    "bookmarks.remove": remove,
    "bookmarks.list": list_all,
}
