"""Views: the stack of modals on a person's screen, and each app's Home for each person."""

from sandbox import clock
from sandbox.ids import new_id, short_id
from sandbox.state import inputs
from sandbox.state.feed import tell
from sandbox.state.model import App, Json, Surface, Workspace

STACK_LIMIT = 3


def open_modal(workspace: Workspace, app: App, person_id: str, view: Json) -> Json:
    """Put a modal in front of a person, in place of whatever stack was there."""
    clear(workspace, person_id)
    return _show(workspace, app, person_id, view)


def push_modal(workspace: Workspace, app: App, person_id: str, view: Json) -> Json | None:
    """Put a modal upon the person's stack; None when three are there already."""
    if len(workspace.stacks.get(person_id, ())) >= STACK_LIMIT:
        return None
    return _show(workspace, app, person_id, view)


def _show(workspace: Workspace, app: App, person_id: str, view: Json) -> Json:
    stack = workspace.stacks.setdefault(person_id, [])
    shown = _complete(workspace, app, view, new_id("V"))
    shown["previous_view_id"] = stack[-1] if stack else None
    shown["root_view_id"] = stack[0] if stack else shown["id"]
    workspace.views[shown["id"]] = Surface(shown, app.id, person_id)
    stack.append(shown["id"])
    _tell_modals(workspace, person_id)
    return shown


def replace(workspace: Workspace, app: App, surface: Surface, view: Json) -> Json:
    """Update a view in place: what was typed stays where block and action ids stay."""
    old = surface.view
    shown = _complete(workspace, app, view, old["id"])
    shown["previous_view_id"] = old["previous_view_id"]
    shown["root_view_id"] = old["root_view_id"]
    surface.view = shown
    inputs.keep_known(workspace, surface.person_id, shown["id"], shown["blocks"])
    if shown["type"] == "home":
        _tell_home(workspace, surface)
    else:
        _tell_modals(workspace, surface.person_id)
    return shown


def publish(workspace: Workspace, app: App, person_id: str, view: Json) -> Json:
    """Make `view` the app's Home for this person."""
    known = workspace.homes.get((app.id, person_id))
    if known is not None:
        return replace(workspace, app, workspace.views[known], view)
    shown = _complete(workspace, app, view, new_id("V"))
    surface = Surface(shown, app.id, person_id)
    workspace.views[shown["id"]] = surface
    workspace.homes[app.id, person_id] = shown["id"]
    _tell_home(workspace, surface)
    return shown


def home_of(workspace: Workspace, app_id: str, person_id: str) -> Json | None:
    """The app's Home as this person sees it, or None before it was published."""
    view_id = workspace.homes.get((app_id, person_id))
    return None if view_id is None else workspace.views[view_id].view


def top(workspace: Workspace, person_id: str) -> Surface | None:
    """The modal in front, if any."""
    stack = workspace.stacks.get(person_id)
    return workspace.views[stack[-1]] if stack else None


def close(workspace: Workspace, surface: Surface) -> None:
    """Take one modal away and come back to the one beneath."""
    stack = workspace.stacks.get(surface.person_id, [])
    view_id = surface.view["id"]
    if view_id in stack:
        stack.remove(view_id)
        _forget(workspace, surface)
        _tell_modals(workspace, surface.person_id)


def clear(workspace: Workspace, person_id: str) -> None:
    """Take all of a person's modals away."""
    stack = workspace.stacks.pop(person_id, [])
    for view_id in stack:
        _forget(workspace, workspace.views[view_id])
    if stack:
        _tell_modals(workspace, person_id)


def by_external_id(workspace: Workspace, external_id: str) -> Surface | None:
    """The open view an app named with this external_id."""
    for surface in workspace.views.values():
        if surface.view["external_id"] == external_id:
            return surface
    return None


def _forget(workspace: Workspace, surface: Surface) -> None:
    workspace.views.pop(surface.view["id"], None)
    workspace.inputs.pop((surface.person_id, surface.view["id"]), None)


def _complete(workspace: Workspace, app: App, view: Json, view_id: str) -> Json:
    team_id = workspace.team["id"]
    moment = clock.now(workspace.clock)
    return {
        "id": view_id,
        "team_id": team_id,
        "type": view["type"],
        "blocks": view["blocks"],
        "private_metadata": view.get("private_metadata") or "",
        "callback_id": view.get("callback_id") or "",
        "state": {"values": {}},
        "hash": f"{int(moment)}.{short_id(8)}",
        "title": view.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(view.get("clear_on_close")),
        "notify_on_close": bool(view.get("notify_on_close")),
        "close": view.get("close"),
        "submit": view.get("submit"),
        "previous_view_id": None,
        "root_view_id": view_id,
        "app_id": app.id,
        "external_id": view.get("external_id") or "",
        "app_installed_team_id": team_id,
        "bot_id": app.bot_id,
    }


def _tell_modals(workspace: Workspace, person_id: str) -> None:
    stack = [workspace.views[v].view for v in workspace.stacks.get(person_id, ())]
    tell(workspace, "modals", {"modals": stack}, person_id=person_id)


def _tell_home(workspace: Workspace, surface: Surface) -> None:
    body = {"app": surface.app_id, "view": surface.view}
    tell(workspace, "home", body, person_id=surface.person_id)
