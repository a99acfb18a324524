"""Submitting and closing modals, and doing what the app answers."""

from typing import Any

from sandbox.api.content import check_view, fill_ids
from sandbox.api.errors import RefusedError
from sandbox.apps import payloads
from sandbox.apps.deliver import deliver
from sandbox.apps.outgoing import INTERACTIVE, Answer, Outgoing
from sandbox.people import places
from sandbox.people.checks import field_errors
from sandbox.people.errors import CannotActError
from sandbox.people.outcome import outcome
from sandbox.people.words import say
from sandbox.running import Running
from sandbox.state import triggers, views
from sandbox.state.model import App, Json, Person, Surface


async def submit(running: Running, person: Person, act: Json) -> Json:
    """Submit the modal in front (or ``view_id``), after putting ``state`` into it.

    What is missing or malformed comes back as ``errors`` by block_id, without a request; otherwise
    the app gets a view_submission and its answer is done: errors, update, push, clear or close.
    """
    workspace = running.workspace
    began = workspace.feed.n
    surface, place = _front(running, person, act)
    view = surface.view
    if view["submit"] is None and not any(b["type"] == "input" for b in view["blocks"]):
        raise CannotActError("no_such_element", "the modal has no submit button")
    places.put_state(workspace, person, place, act.get("state"))
    typed = places.values(workspace, person, place)
    errors = field_errors(person, view, typed)
    if errors:
        return {**outcome(workspace, person, began), "ok": False, "errors": errors}
    payload = payloads.view_event(
        workspace,
        place.app,
        person,
        "view_submission",
        {**view, "state": {"values": typed}},
        trigger_id=triggers.issue_trigger(workspace, place.app, person.id, view["id"]),
        response_urls=_response_urls(running, person, place, typed),
    )
    answer = await _send(running, place.app, payload, "view_submission")
    given = _understood(answer, view)
    if given is None:
        note = say(person, "trouble")
        return {
            **outcome(workspace, person, began, answer, note),
            "failure": answer.failure or "invalid_answer",
        }
    return _done(running, person, surface, began, answer, given)


def _front(running: Running, person: Person, act: Json) -> tuple[Surface, places.Place]:
    place = places.find_place(running.workspace, person, {"view_id": act.get("view_id")})
    front = views.top(running.workspace, person.id)
    if front is None or place.view is None or front.view["id"] != place.view["id"]:
        raise CannotActError("no_such_view", f"{person.name} has another modal in front")
    return front, place


def _response_urls(
    running: Running, person: Person, place: places.Place, typed: Json
) -> list[Json]:
    """A response_url for each conversation chosen in a select that asks for one."""
    found = []
    for block, element in place.pairs:
        if not element.get("response_url_enabled"):
            continue
        block_id, action_id = block["block_id"], element["action_id"]
        state = typed[block_id][action_id]
        channel_id = state.get("selected_conversation") or state.get("selected_channel")
        if channel_id:
            url = triggers.issue_reply(running.workspace, place.app, person.id, channel_id)
            found.append(
                {
                    "block_id": block_id,
                    "action_id": action_id,
                    "channel_id": channel_id,
                    "response_url": url,
                }
            )
    return found


async def _send(running: Running, app: App, payload: Json, what: str) -> Answer:
    return await deliver(running, app, Outgoing(what, INTERACTIVE, payload, app.interactivity_url))


def _understood(answer: Answer, view: Json) -> Json | None:
    """The app's answer when Slack can do it; None for anything it could not."""
    given = answer.json() if answer.ok else None
    if given is None:
        return None
    action = given.get("response_action")
    if action in (None, "clear"):
        return given
    if action == "errors":
        errors = given.get("errors")
        blocks = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        known = isinstance(errors, dict) and bool(errors) and set(errors) <= blocks
        return given if known else None
    if action in ("update", "push"):
        try:
            check_view(given.get("view"), ("modal",))
        except RefusedError:
            return None
        return given
    return None


def _done(
    running: Running, person: Person, surface: Surface, began: int, answer: Answer, given: Json
) -> Json:
    workspace, action = running.workspace, given.get("response_action")
    app = workspace.apps[surface.app_id]
    extra: dict[str, Any] = {}
    if action is None:
        views.close(workspace, surface)
    elif action == "clear":
        views.clear(workspace, person.id)
    elif action == "errors":
        extra = {"errors": given["errors"], "ok": False}
    else:
        fill_ids(given["view"]["blocks"])
        if action == "update":
            views.replace(workspace, app, surface, given["view"])
        elif views.push_modal(workspace, app, person.id, given["view"]) is None:
            extra = {
                "warning": say(person, "trouble"),
                "failure": "push_limit_reached",
                "ok": False,
            }
    return {**outcome(workspace, person, began, answer), **extra}


async def close(running: Running, person: Person, act: Json) -> Json:
    """Close the modal in front, or with ``all`` the whole stack; the app hears where it asked."""
    workspace = running.workspace
    began = workspace.feed.n
    surface, place = _front(running, person, act)
    view = surface.view
    typed = places.values(workspace, person, place)
    cleared = bool(act.get("all") or view["clear_on_close"])
    if cleared:
        views.clear(workspace, person.id)
    else:
        views.close(workspace, surface)
    answer = None
    if view["notify_on_close"]:
        payload = payloads.view_event(
            workspace,
            place.app,
            person,
            "view_closed",
            {**view, "state": {"values": typed}},
            is_cleared=cleared,
            response_urls=[],
        )
        answer = await _send(running, place.app, payload, "view_closed")
    return outcome(workspace, person, began, answer)
