"""The requests that Slack sends to apps when people act, key by key as Slack shapes them."""

from typing import Any

from sandbox import clock
from sandbox.state.inputs import FIELDS
from sandbox.state.model import App, Channel, Json, Person, Workspace

# What Slack repeats of an element in the action it reports.
_REPEATED = ("text", "value", "style", "confirm", "placeholder", "url", "timezone")


def action(block: Json, element: Json, state: Json | None, ts: str) -> Json:
    """One entry of ``actions``: the element acted on and what was chosen in it."""
    kind = element["type"]
    found: Json = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": ts,
    }
    for name in _REPEATED:
        if name in element and not (name == "value" and kind in FIELDS):
            found[name] = element[name]
    if kind in FIELDS:
        initial = FIELDS[kind][1]
        if initial in element:
            found[initial] = element[initial]
    return {**found, **{k: v for k, v in (state or {}).items() if k != "type"}}


def block_actions(
    workspace: Workspace,
    app: App,
    person: Person,
    trigger_id: str,
    actions: list[Json],
    surface: Json,
) -> Json:
    """A block_actions payload; `surface` holds container, state and channel or view."""
    return {
        "type": "block_actions",
        "user": user(workspace, person),
        "api_app_id": app.id,
        "token": app.verification_token,
        "container": surface["container"],
        "trigger_id": trigger_id,
        "team": team(workspace),
        "enterprise": None,
        "is_enterprise_install": False,
        **{k: v for k, v in surface.items() if k != "container"},
        "actions": actions,
    }


def message_surface(
    channel: Channel, message: Json, values: Json, response_url: str, *, for_actions: bool = True
) -> Json:
    """What an interaction in a message says of where it happened."""
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": bool(message.get("is_ephemeral")),
    }
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    surface: Json = {"container": container, "channel": channel_ref(channel)}
    if not message.get("is_ephemeral"):
        surface["message"] = message
    if for_actions:
        surface["state"] = {"values": values}
        surface["response_url"] = response_url
    return surface


def view_surface(view: Json, values: Json) -> Json:
    """The same for a modal or Home."""
    shown = {**view, "state": {"values": values}}
    return {"container": {"type": "view", "view_id": view["id"]}, "view": shown}


def block_suggestion(
    workspace: Workspace, app: App, person: Person, block: Json, element: Json, query: str,
    surface: Json,
) -> Json:  # fmt: skip
    """A request for the options of an external select."""
    return {
        "type": "block_suggestion",
        "user": user(workspace, person),
        "container": surface["container"],
        "api_app_id": app.id,
        "token": app.verification_token,
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": query,
        "team": team(workspace),
        "enterprise": None,
        "is_enterprise_install": False,
        **{k: v for k, v in surface.items() if k in {"channel", "message", "view"}},
    }


def view_event(
    workspace: Workspace, app: App, person: Person, kind: str, view: Json, **extra: Any
) -> Json:
    """A view_submission or view_closed payload."""
    return {
        "type": kind,
        "team": team(workspace),
        "user": user(workspace, person),
        "api_app_id": app.id,
        "token": app.verification_token,
        "view": view,
        "is_enterprise_install": False,
        "enterprise": None,
        **extra,
    }


def shortcut(
    workspace: Workspace, app: App, person: Person, callback_id: str, trigger_id: str
) -> Json:
    """A global shortcut."""
    return {
        "type": "shortcut",
        "token": app.verification_token,
        "action_ts": _moment(workspace),
        "team": team(workspace),
        "user": user(workspace, person),
        "is_enterprise_install": False,
        "enterprise": None,
        "callback_id": callback_id,
        "trigger_id": trigger_id,
    }


def message_action(
    workspace: Workspace, app: App, person: Person, callback_id: str, trigger_id: str,
    channel: Channel, message: Json, response_url: str,
) -> Json:  # fmt: skip
    """A message shortcut."""
    return {
        **shortcut(workspace, app, person, callback_id, trigger_id),
        "type": "message_action",
        "channel": channel_ref(channel),
        "message_ts": message["ts"],
        "message": message,
        "response_url": response_url,
    }


def command(
    workspace: Workspace, app: App, person: Person, channel: Channel, name: str, text: str,
    trigger_id: str, response_url: str,
) -> Json:  # fmt: skip
    """A slash command's form fields."""
    return {
        "token": app.verification_token,
        "team_id": workspace.team["id"],
        "team_domain": workspace.team["domain"],
        "channel_id": channel.id,
        "channel_name": channel_ref(channel)["name"],
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def user(workspace: Workspace, person: Person) -> Json:
    """The acting person."""
    return {
        "id": person.id,
        "username": person.name,
        "name": person.name,
        "team_id": workspace.team["id"],
    }


def team(workspace: Workspace) -> Json:
    """The workspace."""
    return {"id": workspace.team["id"], "domain": workspace.team["domain"]}


def channel_ref(channel: Channel) -> Json:
    """A channel's id and name; direct messages and private channels go by what they are."""
    names = {"im": "directmessage", "private": "privategroup"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}


def _moment(workspace: Workspace) -> str:
    return f"{clock.now(workspace.clock):.6f}"
