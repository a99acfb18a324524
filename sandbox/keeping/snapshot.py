"""A snapshot: the whole workspace as one JSON document, and putting it back."""

import dataclasses
from typing import Any

from sandbox.keeping.plain import plain, revived
from sandbox.state.feed import tell
from sandbox.state.model import Channel, Json, Log, Workspace

VERSION = 1
# What stays as it is when a workspace is put back: who listens, and where it is reached.
_STAYS = frozenset({"feed", "public_url"})
NAMES = tuple(f.name for f in dataclasses.fields(Workspace) if f.name not in _STAYS)


class BadSnapshotError(ValueError):
    """A document that is no snapshot; the message says why."""


def take(workspace: Workspace) -> Json:
    """Everything there is, files included."""
    parts = {name: plain(getattr(workspace, name)) for name in NAMES}
    return {"version": VERSION, "parts": parts}


def put_back(workspace: Workspace, snapshot: Any) -> None:
    """Make the workspace what it was; pages start over. Raises BadSnapshotError."""
    if not isinstance(snapshot, dict) or snapshot.get("version") != VERSION:
        raise BadSnapshotError(f"a snapshot of version {VERSION} is wanted")
    given = snapshot.get("parts")
    if not isinstance(given, dict) or set(given) != set(NAMES):
        raise BadSnapshotError("the snapshot is not whole")
    try:
        parts = {name: revived(value) for name, value in given.items()}
        channels = list(parts["channels"].values())
        for channel in channels:
            relink(channel)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BadSnapshotError(f"unreadable: {error!r}") from error
    for name, value in parts.items():
        setattr(workspace, name, value)
    workspace.feed.recent.clear()
    tell(workspace, "reset", {})


def relink(channel: Channel) -> None:
    """Let pins and broadcast replies hold the very messages of the log again, as they did."""
    by_ts = channel.log.by_ts
    for pin in channel.pins:
        pin["message"] = by_ts.get(pin["message"]["ts"], pin["message"])
    for message in by_ts.values():
        if "root" in message:
            message["root"] = by_ts.get(message["thread_ts"], message["root"])


def log_of(messages: list[Json]) -> Log:
    """A channel's log out of its messages, oldest first."""
    log = Log()
    for message in messages:
        ts, parent = message["ts"], message.get("thread_ts")
        log.by_ts[ts] = message
        if parent is not None and parent != ts:
            log.threads.setdefault(parent, []).append(ts)
        if parent in (None, ts) or message.get("subtype") == "thread_broadcast":
            log.order.append(ts)
    return log
