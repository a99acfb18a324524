"""What a person sees: channels, messages with their own ephemerals, threads, modals and Homes."""

import asyncio
from bisect import bisect_left, bisect_right
from typing import Any

from sandbox.api.errors import RefusedError
from sandbox.api.pages import cursor_of, read_cursor
from sandbox.people import places
from sandbox.running import Running
from sandbox.state import feed, messages, views
from sandbox.state.model import Channel, Json, Person, Workspace

PAGE = 50


def overview(workspace: Workspace, person: Person) -> Json:
    """Everything around the messages: who, which channels, apps, commands, and what is open."""
    return {
        "team": workspace.team,
        "me": person_row(person),
        "people": [person_row(other) for other in workspace.people.values()],
        "channels": [
            channel_row(workspace, channel, person)
            for channel in workspace.channels.values()
            if feed.may_read(channel, person.id)
        ],
        "usergroups": workspace.usergroups,
        "apps": [
            app_row(workspace, app.id, person) for app in workspace.apps.values() if app.installed
        ],
        "modals": [workspace.views[v].view for v in workspace.stacks.get(person.id, ())],
        "inputs": _view_inputs(workspace, person),
        "seen": workspace.feed.n,
    }


def _view_inputs(workspace: Workspace, person: Person) -> Json:
    """What this person has put into open modals and Homes, by view."""
    homes = (views.home_of(workspace, app_id, person.id) for app_id in workspace.apps)
    shown = [*workspace.stacks.get(person.id, ()), *(home["id"] for home in homes if home)]
    typed = {v: workspace.inputs.get((person.id, v)) for v in shown}
    return {v: values for v, values in typed.items() if values}


def person_row(person: Person) -> Json:
    """A person as the page lists them."""
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "tz": person.tz,
        "locale": person.locale,
        "app": person.app_id,
        "deleted": person.deleted,
    }


def channel_row(workspace: Workspace, channel: Channel, person: Person) -> Json:
    """A channel as this person's sidebar shows it."""
    others = [p for p in channel.members if p != person.id] or [person.id]
    direct = channel.kind in {"im", "mpim"}
    named = ", ".join(workspace.people[p].real_name for p in others) if direct else channel.name
    return {
        "id": channel.id,
        "name": named,
        "kind": channel.kind,
        "archived": channel.archived,
        "topic": channel.topic.get("value", ""),
        "member": person.id in channel.members,
        "members": len(channel.members),
        "with": others if direct else [],
        "unread": messages.unread_count(channel, person.id),
        "read": channel.read.get(person.id),
    }


def app_row(workspace: Workspace, app_id: str, person: Person) -> Json:
    """An app with its commands and shortcuts, and this person's Home of it."""
    app = workspace.apps[app_id]
    return {
        "id": app.id,
        "name": app.name,
        "bot_user_id": app.bot_user_id,
        "commands": [
            {"name": c.name, "description": c.description, "usage_hint": c.usage_hint}
            for c in app.commands.values()
        ],
        "shortcuts": [
            {
                "name": s.name,
                "callback_id": s.callback_id,
                "kind": s.kind,
                "description": s.description,
            }
            for s in app.shortcuts.values()
        ],
        "home": views.home_of(workspace, app.id, person.id),
    }


def read_messages(
    workspace: Workspace,
    person: Person,
    channel_id: str,
    *,
    thread_ts: str | None = None,
    limit: int = PAGE,
    cursor: str | None = None,
    around: str | None = None,
) -> Json:
    """A page of a channel or thread: the newest, the one `around` a message, or by a cursor.

    Messages come oldest first; ``cursor`` leads to older ones, ``later`` to newer ones, each empty
    at its end. ``inputs`` holds what this person put into those that they have touched.
    """
    channel = places.find_channel(workspace, person, channel_id)
    log = channel.log
    order = log.threads.get(thread_ts, []) if thread_ts else log.order
    start, end = _span(order, max(1, min(limit, 1000)), cursor, around)
    shown = [log.by_ts[ts] for ts in order[start:end]]
    if thread_ts and start == 0 and thread_ts in log.by_ts:
        shown.insert(0, log.by_ts[thread_ts])
    earliest = order[start] if start and start < len(order) else ""
    latest = order[end] if end < len(order) else None
    shown += _own_ephemerals(workspace, person, channel, thread_ts, earliest, latest)
    shown.sort(key=lambda message: message["ts"])
    return {
        "channel": channel.id,
        "messages": shown,
        "inputs": _inputs(workspace, person, channel, shown),
        "cursor": cursor_of("before", order[start]) if earliest else "",
        "later": cursor_of("after", order[end - 1]) if latest and end else "",
        "seen": workspace.feed.n,
    }


def _span(order: list[str], limit: int, cursor: str | None, around: str | None) -> tuple[int, int]:
    """Where a page begins and ends in `order`."""
    if around is not None:
        end = min(len(order), bisect_left(order, around) + (limit + 1) // 2)
    elif not cursor:
        end = len(order)
    elif (after := _read(cursor, "after")) is not None:
        start = bisect_right(order, after)
        return start, min(len(order), start + limit)
    else:
        end = bisect_left(order, read_cursor("before", cursor) or "")
    return max(0, end - limit), end


def _read(cursor: str, kind: str) -> str | None:
    try:
        return read_cursor(kind, cursor)
    except RefusedError:
        return None


def _own_ephemerals(
    workspace: Workspace,
    person: Person,
    channel: Channel,
    thread_ts: str | None,
    earliest: str,
    latest: str | None,
) -> list[Json]:
    kept = workspace.ephemerals.get(person.id, {})
    return [
        entry["message"]
        for ts, entry in kept.items()
        if entry["channel"] == channel.id
        and entry["message"].get("thread_ts") == thread_ts
        and ts >= earliest
        and (latest is None or ts < latest)
    ]


def _inputs(workspace: Workspace, person: Person, channel: Channel, shown: list[Json]) -> Json:
    found = {}
    for message in shown:
        typed = workspace.inputs.get((person.id, places.message_key(channel, message["ts"])))
        if typed:
            found[message["ts"]] = typed
    return found


async def wait_for_news(
    running: Running, person: Person, n: int, seconds: float = 0.0, kind: str | None = None
) -> Json:
    """What this person saw since number `n`; waits up to `seconds` (60 at most) for the first.

    `kind` (message, ephemeral, modals, home ...) leaves the other kinds out.
    """
    workspace = running.workspace
    seconds = min(seconds, 60.0)
    news = _news(workspace, person, n, kind)
    if not news and seconds > 0:
        arrived = asyncio.Event()

        def listen(change: Any) -> None:
            if kind in {None, change.kind} and feed.sees(workspace, person.id, change):
                arrived.set()

        workspace.feed.listeners.append(listen)
        try:
            async with asyncio.timeout(seconds):
                await arrived.wait()
        except TimeoutError:
            pass
        finally:
            workspace.feed.listeners.remove(listen)
        news = _news(workspace, person, n, kind)
    return {"changes": news, "seen": workspace.feed.n}


def _news(workspace: Workspace, person: Person, n: int, kind: str | None) -> list[Json]:
    return [
        change_shape(change)
        for change in feed.since(workspace, person.id, n)
        if kind in {None, change.kind}
    ]


def change_shape(change: Any) -> Json:
    """A change as JSON."""
    return {"n": change.n, "kind": change.kind, **change.body}
