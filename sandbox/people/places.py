"""Where a person acts: a message, an ephemeral, a modal or an app's Home."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from blockkit.walk import elements, message_elements
from sandbox.people.choices import state_of
from sandbox.people.errors import CannotActError
from sandbox.state import inputs, views
from sandbox.state.feed import may_read
from sandbox.state.inputs import FIELDS
from sandbox.state.model import App, Channel, Json, Person, Workspace


@dataclass(slots=True)
class Place:
    """A message or view with what can be acted on in it; `key` names its inputs."""

    app: App
    key: str
    pairs: list[tuple[Json, Json]]
    channel: Channel | None = None
    message: Json | None = None
    view: Json | None = None


def find_channel(workspace: Workspace, person: Person, channel_id: Any) -> Channel:
    """A channel this person may read, by id or ``#name``; raises CannotActError."""
    channel = workspace.channels.get(str(channel_id))
    if channel is None:
        wanted = str(channel_id).removeprefix("#")
        channel = next((c for c in workspace.channels.values() if c.name == wanted), None)
    if channel is None or not may_read(channel, person.id):
        raise CannotActError("no_such_channel", f"{person.name} sees no channel {channel_id!r}")
    return channel


def find_place(workspace: Workspace, person: Person, act: Json) -> Place:
    """The place an act names: channel and ts, view_id, home (an app's id), or the modal in front.

    Raises CannotActError where this person sees nothing of that kind.
    """
    if act.get("ts"):
        return _message_place(workspace, person, act)
    if act.get("home"):
        view = views.home_of(workspace, str(act["home"]), person.id)
        if view is None:
            raise CannotActError(
                "no_such_view", f"{person.name} has no Home of {act['home']!r} yet"
            )
        return _view_place(workspace, view)
    if act.get("view_id"):
        surface = workspace.views.get(str(act["view_id"]))
        if surface is None or surface.person_id != person.id:
            raise CannotActError("no_such_view", f"{person.name} sees no view {act['view_id']!r}")
        return _view_place(workspace, surface.view)
    front = views.top(workspace, person.id)
    if front is None:
        raise CannotActError("no_such_view", f"{person.name} has no modal open")
    return _view_place(workspace, front.view)


def _message_place(workspace: Workspace, person: Person, act: Json) -> Place:
    channel, message = find_message(workspace, person, act.get("channel"), act["ts"])
    app = workspace.apps.get(message.get("app_id") or "")
    if app is None:
        raise CannotActError("no_such_element", "the message is from no app")
    key = message_key(channel, message["ts"])
    return Place(app, key, list(message_elements(message)), channel, message)


def find_message(
    workspace: Workspace, person: Person, channel_id: Any, ts: Any
) -> tuple[Channel, Json]:
    """A message that this person sees, their own ephemerals included; raises CannotActError."""
    channel = find_channel(workspace, person, channel_id)
    message = channel.log.by_ts.get(str(ts))
    if message is None:
        kept = workspace.ephemerals.get(person.id, {}).get(str(ts))
        message = kept["message"] if kept and kept["channel"] == channel.id else None
    if message is None:
        raise CannotActError("no_such_message", f"{person.name} sees no message {ts!r} there")
    return channel, message


def _view_place(workspace: Workspace, view: Json) -> Place:
    app = workspace.apps[view["app_id"]]
    return Place(app, view["id"], list(elements(view["blocks"])), view=view)


def message_key(channel: Channel, ts: str) -> str:
    """What a message's inputs are kept under."""
    return f"{channel.id}:{ts}"


def find_element(place: Place, action_id: Any, block_id: Any = None) -> tuple[Json, Json]:
    """The element of this action_id, and block_id where several share it; or CannotActError."""
    for block, element in place.pairs:
        if element.get("action_id") == action_id and block_id in (None, block["block_id"]):
            return block, element
    offered = ", ".join(sorted({str(element.get("action_id")) for _, element in place.pairs}))
    raise CannotActError(
        "no_such_element", f"no {action_id!r} there; it offers {offered or 'nothing'}"
    )


def put_state(workspace: Workspace, person: Person, place: Place, state: Json | None) -> None:
    """Put values into elements without telling the app.

    `state` is ``{block_id: {action_id: value}}``, or ``{action_id: value}`` where that is clear.
    """
    if state is not None and not isinstance(state, dict):
        raise CannotActError("bad_value", "state is an object of values by action_id or block_id")
    for name, given in (state or {}).items():
        own = {pair[1].get("action_id") for pair in place.pairs if pair[0]["block_id"] == name}
        if own and isinstance(given, dict) and own.issuperset(given):
            for action_id, value in given.items():
                _put(workspace, person, place, find_element(place, action_id, name), value)
        else:
            _put(workspace, person, place, find_element(place, name), given)


def _put(
    workspace: Workspace, person: Person, place: Place, pair: tuple[Json, Json], value: Any
) -> None:
    block, element = pair
    if element["type"] not in FIELDS:
        raise CannotActError("no_such_element", f"{element['action_id']!r} holds no value")
    state = state_of(workspace, element, value)
    inputs.put(workspace, person.id, place.key, block["block_id"], element["action_id"], state)


def values(workspace: Workspace, person: Person, place: Place) -> Json:
    """``state.values`` as this person left them."""
    return inputs.values(workspace, person.id, place.key, _stateful(place.pairs))


def _stateful(pairs: Iterable[tuple[Json, Json]]) -> Iterable[tuple[Json, Json]]:
    return (pair for pair in pairs if pair[1]["type"] in FIELDS)


def thread_of(message: Json) -> str | None:
    """The thread in which an answer to a message appears: a reply's own.

    What answers a message of the channel stays in the channel, though others may have replied to
    it: a thread that is closed would hide it.
    """
    parent = message.get("thread_ts")
    return parent if parent != message["ts"] else None
