"""views.*: modals and App Home."""

from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.content import read_view
from sandbox.api.errors import RefusedError, invalid_arguments
from sandbox.state import triggers, views
from sandbox.state.model import Json, Surface, Trigger


def open_view(call: Call) -> Json:
    """views.open: a modal for whoever caused the trigger."""
    trigger, view = _spend(call)
    return {"view": views.open_modal(call.workspace, call.app, trigger.person_id, view)}


def push(call: Call) -> Json:
    """views.push: a modal upon the one the trigger came from."""
    trigger, view = _spend(call)
    if trigger.view_id is None or trigger.view_id not in call.workspace.views:
        raise RefusedError("not_found")
    shown = views.push_modal(call.workspace, call.app, trigger.person_id, view)
    if shown is None:
        raise RefusedError("push_limit_reached")
    return {"view": shown}


def _spend(call: Call) -> tuple[Trigger, Json]:
    """The trigger and the view; a view that is refused leaves the trigger unused."""
    name = "trigger_id" if call.args.get("trigger_id") else "interactivity_pointer"
    trigger_id = arguments.text(call.args, name)
    if trigger_id is None:
        raise invalid_arguments("missing required field: trigger_id")
    view = read_view(call.args, ("modal",))
    _needs_free_name(call, view, None)
    trigger = triggers.spend_trigger(call.workspace, call.app, trigger_id)
    if isinstance(trigger, str):
        raise RefusedError(trigger)
    return trigger, view


def update(call: Call) -> Json:
    """views.update, by view_id or external_id, guarded by `hash` where it is given."""
    surface = _find(call)
    view = read_view(call.args, (surface.view["type"],))
    _needs_free_name(call, view, surface)
    _needs_hash(call, surface.view)
    return {"view": views.replace(call.workspace, call.app, surface, view)}


def publish(call: Call) -> Json:
    """views.publish: the app's Home for one person."""
    person_id = arguments.required(call.args, "user_id")
    view = read_view(call.args, ("home",))
    person = call.workspace.people.get(person_id)
    if person is None or person.app_id is not None:
        raise RefusedError("user_not_found")
    current = views.home_of(call.workspace, call.app.id, person_id)
    if current is not None:
        _needs_hash(call, current)
    return {"view": views.publish(call.workspace, call.app, person_id, view)}


def _find(call: Call) -> Surface:
    view_id = arguments.text(call.args, "view_id")
    external_id = arguments.text(call.args, "external_id")
    surface = call.workspace.views.get(view_id or "")
    if view_id is None and external_id is not None:
        surface = views.by_external_id(call.workspace, external_id)
    if surface is None or surface.app_id != call.app.id:
        raise RefusedError("not_found")
    return surface


def _needs_hash(call: Call, current: Json) -> None:
    given = arguments.text(call.args, "hash")
    if given is not None and given != current["hash"]:
        raise RefusedError("hash_conflict")


def _needs_free_name(call: Call, view: Json, own: Surface | None) -> None:
    external_id = view.get("external_id")
    if not external_id:
        return
    taken = views.by_external_id(call.workspace, external_id)
    if taken is not None and taken is not own:
        raise RefusedError("duplicate_external_id")


HANDLERS = {
    "views.open": open_view,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
