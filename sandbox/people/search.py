"""Searching messages: what this person may read, newest first."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any

from sandbox.state.feed import may_read
from sandbox.state.model import Channel, Json, Person, Workspace

MOST = 50
_BREATH = 500  # messages looked at before others get their turn
# What people read of a block, and what holds such texts in turn.
_TEXTS = ("text", "title", "label", "hint", "description", "alt_text", "placeholder", "url")
_HOLDERS = (
    "blocks",
    "attachments",
    "elements",
    "fields",
    "accessory",
    "element",
    "rows",
    "options",
)


@dataclass(slots=True)
class Wanted:
    """A search: every word must be there; ``in:`` and ``from:`` narrow it by channel and author."""

    words: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)


def understood(query: str) -> Wanted:
    """What a typed search asks for, such as ``glue in:#desk from:@li``."""
    wanted = Wanted()
    for word in query.casefold().split():
        name, _, rest = word.partition(":")
        if name == "in" and rest:
            wanted.channels.append(rest.lstrip("#"))
        elif name == "from" and rest:
            wanted.people.append(rest.lstrip("@"))
        else:
            wanted.words.append(word)
    return wanted


def shown_text(part: Any) -> Iterator[str]:
    """Every text that a message, block or element shows."""
    if isinstance(part, list):
        for inner in part:
            yield from shown_text(inner)
    elif isinstance(part, dict):
        for name in _TEXTS:
            value = part.get(name)
            if isinstance(value, str):
                yield value
            elif value is not None:
                yield from shown_text(value)
        for name in _HOLDERS:
            yield from shown_text(part.get(name))
        for file in part.get("files", ()):
            yield str(file.get("name", ""))


async def search(workspace: Workspace, person: Person, query: str, limit: int = MOST) -> Json:
    """The newest messages that fit, at most `limit` a channel and in all, with their channels.

    A long search lets others have their turn between a few hundred messages.
    """
    wanted = understood(query)
    limit = max(1, min(limit, MOST))
    if not (wanted.words or wanted.people):
        return {"matches": [], "query": query}
    found: list[tuple[str, str, Json]] = []
    for channel in list(workspace.channels.values()):
        if not may_read(channel, person.id) or not _named(channel, wanted):
            continue
        fits = _fitting(workspace, wanted)
        found += [(m["ts"], channel.id, m) for m in await _in_channel(channel, fits, limit)]
    newest = nlargest(limit, found, key=lambda one: one[0])
    return {"matches": [{"channel": c, "message": m} for _, c, m in newest], "query": query}


def _named(channel: Channel, wanted: Wanted) -> bool:
    return not wanted.channels or channel.name.casefold() in wanted.channels


def _fitting(workspace: Workspace, wanted: Wanted) -> Callable[[Json], bool]:
    authors = {
        person.id
        for person in workspace.people.values()
        if {person.name.casefold(), person.real_name.casefold(), person.id.casefold()}
        & set(wanted.people)
    }

    def fits(message: Json) -> bool:
        if wanted.people and message.get("user") not in authors:
            return False
        text = "\n".join(shown_text(message)).casefold()
        return all(word in text for word in wanted.words)

    return fits


async def _in_channel(channel: Channel, fits: Callable[[Json], bool], limit: int) -> list[Json]:
    found: list[Json] = []
    for n, message in enumerate(reversed(list(channel.log.by_ts.values()))):
        if n % _BREATH == _BREATH - 1:
            await asyncio.sleep(0)
        if message.get("subtype") != "tombstone" and fits(message):
            found.append(message)
            if len(found) == limit:
                break
    return found
