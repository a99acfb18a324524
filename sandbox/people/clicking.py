"""Acting on an element: clicking a button, choosing from a menu, loading a menu's options."""

from typing import Any

from sandbox import clock
from sandbox.apps import payloads
from sandbox.apps.deliver import deliver
from sandbox.apps.outgoing import INTERACTIVE, Answer, Outgoing
from sandbox.people import places
from sandbox.people.choices import offered, option, state_of
from sandbox.people.errors import CannotActError
from sandbox.people.outcome import outcome
from sandbox.people.places import Place
from sandbox.running import Running
from sandbox.state import inputs, triggers
from sandbox.state.inputs import FIELDS
from sandbox.state.model import Json, Person


async def click(running: Running, person: Person, act: Json) -> Json:
    """Act on one element and tell the app (block_actions).

    `act`: where (``channel`` and ``ts``, ``view_id``, ``home``, or nothing for the modal in front),
    ``action_id`` and, where several elements share it, ``block_id``; ``value`` for anything but a
    button, as `state_of` takes it; ``state`` for what was put into other elements before, without a
    request for each.
    """
    workspace = running.workspace
    began = workspace.feed.n
    place = places.find_place(workspace, person, act)
    block, element = places.find_element(place, act.get("action_id"), act.get("block_id"))
    places.put_state(workspace, person, place, act.get("state"))
    state = _chosen(running, person, place, block, element, act)
    answer = await _tell(running, person, place, block, element, state)
    return outcome(workspace, person, began, answer)


def _chosen(
    running: Running, person: Person, place: Place, block: Json, element: Json, act: Json
) -> Json | None:
    """What the click put into the element itself, remembered where the element holds a value."""
    kind = element["type"]
    if kind == "overflow":
        return {"selected_option": option(element, act.get("value"))}
    if kind not in FIELDS:
        return None
    if "value" not in act:
        typed = places.values(running.workspace, person, place)
        current: Json = typed[block["block_id"]][element["action_id"]]
        return current
    state = state_of(running.workspace, element, act["value"])
    inputs.put(
        running.workspace, person.id, place.key, block["block_id"], element["action_id"], state
    )
    return state


async def _tell(
    running: Running, person: Person, place: Place, block: Json, element: Json, state: Json | None
) -> Answer | None:
    if block["type"] == "input" and not block.get("dispatch_action"):
        return None
    workspace, app = running.workspace, place.app
    view_id = place.view["id"] if place.view and place.view["type"] == "modal" else None
    trigger_id = triggers.issue_trigger(workspace, app, person.id, view_id)
    typed = places.values(workspace, person, place)
    moment = f"{clock.now(workspace.clock):.6f}"
    payload = payloads.block_actions(
        workspace,
        app,
        person,
        trigger_id,
        [payloads.action(block, element, state, moment)],
        _surface(running, person, place, typed),
    )
    out = Outgoing("block_actions", INTERACTIVE, payload, app.interactivity_url, may_answer=False)
    return await deliver(running, app, out)


def _surface(running: Running, person: Person, place: Place, typed: Json) -> Json:
    if place.view is not None:
        return payloads.view_surface(place.view, typed)
    if place.channel is None or place.message is None:
        raise LookupError(place.key)
    response_url = triggers.issue_reply(
        running.workspace,
        place.app,
        person.id,
        place.channel.id,
        place.message["ts"],
        places.thread_of(place.message),
    )
    return payloads.message_surface(place.channel, place.message, typed, response_url)


async def put(running: Running, person: Person, act: Json) -> Json:
    """Put values into elements without telling any app; `act` as for `click`, with ``state``."""
    place = places.find_place(running.workspace, person, act)
    places.put_state(running.workspace, person, place, act.get("state"))
    return outcome(running.workspace, person, running.workspace.feed.n)


async def load_options(running: Running, person: Person, act: Json) -> Json:
    """The options of an external select for what was typed (``query``), as the app gives them."""
    workspace = running.workspace
    began = workspace.feed.n
    place = places.find_place(workspace, person, act)
    block, element = places.find_element(place, act.get("action_id"), act.get("block_id"))
    if "external" not in element["type"]:
        raise CannotActError("no_such_element", f"{element['action_id']!r} lists its own options")
    surface = (
        payloads.view_surface(place.view, places.values(workspace, person, place))
        if place.view is not None
        else payloads.message_surface(
            *_message(place), values={}, response_url="", for_actions=False
        )
    )
    payload = payloads.block_suggestion(
        workspace, place.app, person, block, element, str(act.get("query", "")), surface
    )
    out = Outgoing("block_suggestion", INTERACTIVE, payload, place.app.options_url)
    answer = await deliver(running, place.app, out)
    found = offered(answer.json() if answer.ok else None)
    if found is None:
        shown = outcome(workspace, person, began, answer, options=[])
        return {**shown, "ok": False, "failure": answer.failure or "invalid_answer"}
    return outcome(workspace, person, began, answer, **found)


def _message(place: Place) -> tuple[Any, Any]:
    return place.channel, place.message
