"""Pictures behind the links of a message: Slack adds them by itself, unless it is told not to."""

import re
from typing import Any

from sandbox.api.arguments import flag
from sandbox.state import messages
from sandbox.state.model import Channel, Json, Workspace

_PICTURE = re.compile(
    r"<?(https?://[^\s<>|]+\.(?:png|jpe?g|gif|webp))(?:\|[^<>]*)?>?", re.IGNORECASE
)
MOST = 5


def unfurl(workspace: Workspace, channel: Channel, message: Json, args: dict[str, Any]) -> None:
    """Show the pictures a message links to beneath it; nothing is fetched here."""
    if not flag(args, "unfurl_media", default=True):
        return
    urls = list(dict.fromkeys(_PICTURE.findall(message.get("text", ""))))[:MOST]
    if not urls:
        return
    own = list(message.get("attachments", ()))
    shown = [
        {
            "id": at,
            "fallback": "image",
            "from_url": url,
            "original_url": url,
            "image_url": url,
            "image_width": 0,
            "image_height": 0,
            "image_bytes": 0,
        }
        for at, url in enumerate(urls, len(own) + 1)
    ]
    messages.edit(workspace, channel, message, {"attachments": [*own, *shown]}, editor=None)
