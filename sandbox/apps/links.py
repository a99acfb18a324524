"""The sockets of apps in Socket Mode: who is connected, and envelopes on their way.

Each payload goes to one socket of its app, in turns. A socket is told ten seconds ahead that it
will be closed, then that it is time; the app opens another meanwhile.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sandbox.api.wire import dump
from sandbox.apps.outgoing import Outgoing
from sandbox.state.model import App, Json

MOST = 10
SECONDS_OPEN = 3_600.0
SECONDS_WARNED = 10.0
REASONS = ("warning", "refresh_requested", "link_disabled", "too_many_websockets")


@dataclass(eq=False, slots=True)
class Link:
    """One connected socket; `texts` are sent in order, None ends it."""

    app_id: str
    texts: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)
    waiting: dict[str, asyncio.Future[bytes]] = field(default_factory=dict)


@dataclass(slots=True)
class Links:
    """The connected sockets of every app; the one in front is the next to be used."""

    by_app: dict[str, list[Link]] = field(default_factory=dict)

    def of(self, app: App) -> list[Link]:
        """The sockets of an app."""
        return self.by_app.get(app.id, [])


def hello(links: Links, link: Link) -> Json:
    """What a socket hears first."""
    return {
        "type": "hello",
        "num_connections": len(links.by_app.get(link.app_id, ())),
        "debug_info": {
            "host": "applink-sandbox",
            "build_number": 1,
            "approximate_connection_time": int(SECONDS_OPEN),
        },
        "connection_info": {"app_id": link.app_id},
    }


def tell_to_leave(link: Link, reason: str) -> None:
    """Send a disconnect; all but a warning end the socket."""
    message = {
        "type": "disconnect",
        "reason": reason,
        "debug_info": {"host": "applink-sandbox"},
    }
    link.texts.put_nowait(dump(message).decode())
    if reason != "warning":
        link.texts.put_nowait(None)


def add(links: Links, link: Link) -> None:
    """A socket is connected."""
    links.by_app.setdefault(link.app_id, []).append(link)


def remove(links: Links, link: Link) -> None:
    """A socket is gone, and with it whatever waited for its word."""
    if link in links.by_app.get(link.app_id, ()):
        links.by_app[link.app_id].remove(link)
    for future in link.waiting.values():
        if not future.done():
            future.set_exception(ConnectionError("the socket is gone"))


async def through(links: Links, app: App, out: Outgoing) -> bytes:
    """Send an envelope through one socket and wait for the acknowledgement's payload as JSON.

    Raises ConnectionError when the socket goes meanwhile.
    """
    own = links.by_app[app.id]
    link = own.pop(0)
    own.append(link)
    envelope_id = str(uuid4())
    future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    link.waiting[envelope_id] = future
    link.texts.put_nowait(dump(out.envelope(envelope_id)).decode())
    try:
        return await future
    finally:
        link.waiting.pop(envelope_id, None)


def heard(link: Link, text: str) -> None:
    """What an app sends back: an acknowledgement with or without a payload; all else is nothing."""
    try:
        given: Any = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(given, dict) or not isinstance(given.get("envelope_id"), str):
        return
    future = link.waiting.get(given["envelope_id"])
    if future is not None and not future.done():
        payload = given.get("payload")
        future.set_result(b"" if payload in (None, {}) else dump(payload))
