"""The bench: rates, faults, clock, people and channels, and the whole state."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox import clock, faults
from sandbox import workspace as filling
from sandbox.api.rates import MODES
from sandbox.control.wire import BadRequestError, body_of, endpoint
from sandbox.people import sights
from sandbox.people.errors import CannotActError
from sandbox.reading import texts_in
from sandbox.running import Running
from sandbox.state import conversations, feed
from sandbox.state.files import shape
from sandbox.state.model import Channel, Json


async def health(_running: Running, _request: Request) -> Json:
    """``GET /sandbox/health``."""
    return {"ok": True}


async def read_rates(running: Running, _request: Request) -> Json:
    """``GET /sandbox/rates``."""
    return {"mode": running.bench.rates.mode}


async def set_rates(running: Running, request: Request) -> Json:
    """``POST /sandbox/rates``: ``mode`` off, posts or all; what was counted is dropped."""
    mode = (await body_of(request)).get("mode")
    if mode not in MODES:
        raise BadRequestError(f"mode: one of {', '.join(MODES)}")
    running.bench.rates.mode = mode
    running.bench.rates.buckets.clear()
    return {"ok": True, "mode": mode}


async def read_clock(running: Running, _request: Request) -> Json:
    """``GET /sandbox/clock``."""
    held = running.workspace.clock.held_at is not None
    return {"now": clock.now(running.workspace.clock), "held": held}


async def set_clock(running: Running, request: Request) -> Json:
    """``POST /sandbox/clock``: ``hold`` true or false, ``move`` by seconds, ``at`` a moment.

    ``at`` is seconds since the epoch or ISO 8601 with its zone.
    """
    given, own = await body_of(request), running.workspace.clock
    if "hold" in given:
        (clock.hold if given["hold"] else clock.release)(own)
    if "at" in given:
        clock.move(own, _moment(given["at"]) - clock.now(own))
    if "move" in given:
        clock.move(own, _seconds(given["move"]))
    running.background.clock_moved()
    return await read_clock(running, request)


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e9:
        raise BadRequestError(f"move: seconds are wanted, not {value!r}")
    return float(value)


def _moment(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 <= value < 1e11:
            raise BadRequestError("at: no moment")
        return float(value)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise BadRequestError(f"at: {error}") from error
    if moment.tzinfo is None:
        raise BadRequestError("at: the moment needs a zone")
    return moment.timestamp()


async def read_faults(running: Running, _request: Request) -> Json:
    """``GET /sandbox/faults``: the script, with how often each struck."""
    return {
        "faults": [faults.shape(fault) for fault in running.bench.faults],
        "kinds": faults.KINDS,
        "deliveries": faults.DELIVERIES,
        "presets": faults.PRESETS,
    }


async def add_fault(running: Running, request: Request) -> Json:
    """``POST /sandbox/faults``: one fault, with the fields of `sandbox.faults.Fault`."""
    fault = faults.scripted(await body_of(request))
    running.bench.faults.append(fault)
    return {"ok": True, "fault": faults.shape(fault)}


async def clear_faults(running: Running, _request: Request) -> Json:
    """``DELETE /sandbox/faults``."""
    running.bench.faults.clear()
    return {"ok": True}


async def read_people(running: Running, _request: Request) -> Json:
    """``GET /sandbox/people``: whom one can act as."""
    people = running.workspace.people.values()
    return {"people": [sights.person_row(p) for p in people if p.app_id is None and not p.deleted]}


async def add_person(running: Running, request: Request) -> Json:
    """``POST /sandbox/people``: as in the workspace file."""
    person = filling.add_person(running.workspace, await body_of(request))
    feed.tell(running.workspace, "person", {"person": person.id})
    return {"ok": True, "id": person.id}


async def read_channels(running: Running, _request: Request) -> Json:
    """``GET /sandbox/channels``: public and private ones, by id and name."""
    channels = running.workspace.channels.values()
    rows = [{"id": c.id, "name": c.name} for c in channels if c.kind in {"public", "private"}]
    return {"channels": rows}


async def add_channel(running: Running, request: Request) -> Json:
    """``POST /sandbox/channels``: as in the workspace file."""
    channel = filling.add_channel(running.workspace, await body_of(request))
    conversations.changed(running.workspace, channel)
    return {"ok": True, "id": channel.id}


async def change_channel(running: Running, request: Request) -> Json:
    """``POST /sandbox/channels/ID``: ``archived``, ``name``, ``join`` and ``leave`` (ids)."""
    workspace = running.workspace
    channel = workspace.channels.get(request.path_params["channel"])
    if channel is None:
        raise CannotActError("no_such_channel", request.path_params["channel"])
    given = await body_of(request)
    joining, leaving = (texts_in(given, name, "channel") for name in ("join", "leave"))
    for person_id in joining:
        if person_id not in workspace.people:
            raise CannotActError("no_such_person", person_id)
    channel.archived = bool(given.get("archived", channel.archived))
    channel.name = str(given.get("name", channel.name))
    for person_id in joining:
        conversations.join(workspace, channel, workspace.people[person_id], inviter=None)
    for person_id in leaving:
        conversations.leave(workspace, channel, person_id)
    conversations.changed(workspace, channel)
    return {"ok": True}


async def read_state(running: Running, _request: Request) -> Json:
    """``GET /sandbox/state``: everything, tokens and secrets apart; for tests and recounts."""
    workspace = running.workspace
    return {
        "team": workspace.team,
        "now": clock.now(workspace.clock),
        "people": [asdict(person) for person in workspace.people.values()],
        "channels": [_whole(channel) for channel in workspace.channels.values()],
        "ephemerals": {
            person: list(kept.values()) for person, kept in workspace.ephemerals.items()
        },
        "views": [
            {"person": s.person_id, "app": s.app_id, "view": s.view}
            for s in workspace.views.values()
        ],
        "stacks": workspace.stacks,
        "files": [shape(entry) for entry in workspace.files.values()],
        "seen": workspace.feed.n,
    }


def _whole(channel: Channel) -> Json:
    log = channel.log
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "archived": channel.archived,
        "members": list(channel.members),
        "topic": channel.topic,
        "pins": [pin["message"]["ts"] for pin in channel.pins],
        "messages": [log.by_ts[ts] for ts in sorted(log.by_ts)],
    }


def routes(running: Running) -> list[Route]:
    """The routes of this file."""
    table = [
        ("GET", "health", health),
        ("GET", "rates", read_rates),
        ("POST", "rates", set_rates),
        ("GET", "clock", read_clock),
        ("POST", "clock", set_clock),
        ("GET", "faults", read_faults),
        ("POST", "faults", add_fault),
        ("DELETE", "faults", clear_faults),
        ("GET", "people", read_people),
        ("POST", "people", add_person),
        ("GET", "channels", read_channels),
        ("POST", "channels", add_channel),
        ("POST", "channels/{channel}", change_channel),
        ("GET", "state", read_state),
    ]
    return [
        Route(f"/sandbox/{path}", endpoint(running, serve), methods=[method])
        for method, path, serve in table
    ]
