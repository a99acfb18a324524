"""The workspace file: who and what a sandbox starts with.

One JSON object. Every list may be left out, and so may every field that shows a default here::

    {
      "team": {"id": "T0REDRESS", "name": "Redress", "domain": "redress"},
      "people": [
        {"id": "U1", "name": "li", "real_name": "Li Na", "tz": "Asia/Shanghai",
         "locale": "zh-CN", "email": "li@example.com", "is_admin": false}
      ],
      "channels": [
        {"id": "C1", "name": "intake", "private": false, "members": ["U1", "UBOT"],
         "topic": "", "purpose": "", "archived": false}
      ],
      "usergroups": [{"id": "S1", "handle": "agents", "name": "Agents", "users": ["U1"]}],
      "apps": [
        {"id": "A1", "name": "Redress", "bot_user_id": "UBOT", "bot_id": "BBOT",
         "bot_token": "xoxb-...", "app_token": "xapp-...", "signing_secret": "...",
         "scopes": ["chat:write", "commands"],
         "interactivity": {"url": "http://...", "options_url": "http://..."},
         "commands": [{"name": "/dispute", "url": "http://...", "description": "",
                       "usage_hint": "new | NUMBER | next"}],
         "shortcuts": [{"name": "Open a dispute", "callback_id": "open", "kind": "message",
                        "description": ""}],
         "events": {"url": "http://...", "subscribed": ["app_home_opened", "message.channels"]}}
      ]
    }

An address that is left out is the one given as `app_url` (``--app-url``). An app without "scopes"
is not held to any; one with a list answers ``missing_scope`` outside it. Ids must be unique, and
members must be people or bot users. A member of a channel is whoever stands in "members"; apps
join nothing by themselves.
"""

import json
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.ids import new_id, short_id
from sandbox.state.model import App, Channel, Command, Json, Person, Shortcut, Workspace


class BadWorkspaceError(ValueError):
    """The workspace file says something that cannot be; the message names the place."""


def load(
    source: Json | str | Path, *, app_url: str | None = None, public_url: str = ""
) -> Workspace:
    """Read a workspace from a file's path or from the object itself.

    `app_url` stands in for every address that an app leaves out; `public_url` is where the sandbox
    can be reached, without a slash at the end. Raises BadWorkspaceError with the mistake's place.
    """
    data = source if isinstance(source, dict) else _read(Path(source))
    team = data.get("team") or {}
    workspace = Workspace(
        team={
            "id": team.get("id", "T0SANDBOX"),
            "name": team.get("name", "Sandbox"),
            "domain": team.get("domain", "sandbox"),
            "edit_window_minutes": team.get("edit_window_minutes"),
        },
        public_url=public_url,
    )
    for at, fields in enumerate(_list(data, "people")):
        add_person(workspace, fields, f"people[{at}]")
    for at, fields in enumerate(_list(data, "apps")):
        add_app(workspace, fields, f"apps[{at}]", app_url)
    for at, fields in enumerate(_list(data, "channels")):
        add_channel(workspace, fields, f"channels[{at}]")
    for at, fields in enumerate(_list(data, "usergroups")):
        users = [
            str(_need(workspace.people, user, f"usergroups[{at}].users"))
            for user in _list(fields, "users")
        ]
        workspace.usergroups.append(
            {
                "id": _text(fields, "id", f"usergroups[{at}]"),
                "handle": fields.get("handle", ""),
                "name": fields.get("name", ""),
                "users": users,
            }
        )
    return workspace


def add_person(workspace: Workspace, fields: Json, place: str = "person") -> Person:
    """Let a person join; `fields` as in the workspace file, "id" made up where left out."""
    person_id = fields.get("id") or new_id("U")
    _new(workspace.people, person_id, place)
    name = _text(fields, "name", place)
    zone = fields.get("tz", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadWorkspaceError(f"{place}.tz: {zone!r} is no time zone") from error
    person = Person(
        id=person_id,
        name=name,
        real_name=fields.get("real_name", name),
        tz=zone,
        locale=fields.get("locale", "en-US"),
        email=fields.get("email"),
        is_admin=bool(fields.get("is_admin", False)),
        deleted=bool(fields.get("deleted", False)),
    )
    workspace.people[person_id] = person
    return person


def add_channel(workspace: Workspace, fields: Json, place: str = "channel") -> Channel:
    """Open a channel; `fields` as in the workspace file, "id" made up where left out."""
    channel_id = fields.get("id") or new_id("C")
    _new(workspace.channels, channel_id, place)
    members = [_need(workspace.people, who, f"{place}.members") for who in _list(fields, "members")]
    creator = fields.get("creator") or (members[0] if members else "USLACKBOT")
    channel = Channel(
        id=channel_id,
        name=_text(fields, "name", place),
        kind="private" if fields.get("private") else "public",
        creator=creator,
        created=int(time.time()),
        members=dict.fromkeys(members),
        topic={"value": fields.get("topic", ""), "creator": "", "last_set": 0},
        purpose={"value": fields.get("purpose", ""), "creator": "", "last_set": 0},
        archived=bool(fields.get("archived", False)),
    )
    workspace.channels[channel_id] = channel
    return channel


def add_app(
    workspace: Workspace, fields: Json, place: str = "app", app_url: str | None = None
) -> App:
    """Install an app; its bot user becomes a member of the workspace."""
    app_id = _text(fields, "id", place)
    _new(workspace.apps, app_id, place)
    name = _text(fields, "name", place)
    interactivity, events = fields.get("interactivity") or {}, fields.get("events") or {}
    app = App(
        id=app_id,
        name=name,
        bot_user_id=fields.get("bot_user_id") or new_id("U"),
        bot_id=fields.get("bot_id") or new_id("B"),
        bot_token=_text(fields, "bot_token", place),
        app_token=fields.get("app_token", ""),
        signing_secret=_text(fields, "signing_secret", place),
        verification_token=fields.get("verification_token") or short_id(24),
        scopes=None if fields.get("scopes") is None else frozenset(fields["scopes"]),
        interactivity_url=interactivity.get("url") or app_url,
        options_url=interactivity.get("options_url") or interactivity.get("url") or app_url,
        events_url=events.get("url") or app_url,
        subscribed=frozenset(_list(events, "subscribed")),
    )
    for at, command in enumerate(_list(fields, "commands")):
        command_name = _text(command, "name", f"{place}.commands[{at}]")
        if not command_name.startswith("/"):
            raise BadWorkspaceError(f"{place}.commands[{at}].name: must begin with a slash")
        app.commands[command_name] = Command(
            command_name,
            command.get("url") or app_url,
            command.get("description", ""),
            command.get("usage_hint", ""),
        )
    for at, shortcut in enumerate(_list(fields, "shortcuts")):
        where = f"{place}.shortcuts[{at}]"
        kind = shortcut.get("kind", "global")
        if kind not in {"global", "message"}:
            raise BadWorkspaceError(f"{where}.kind: 'global' or 'message', not {kind!r}")
        callback_id = _text(shortcut, "callback_id", where)
        app.shortcuts[callback_id] = Shortcut(
            _text(shortcut, "name", where), callback_id, kind, shortcut.get("description", "")
        )
    _install(workspace, app, place)
    return app


def _install(workspace: Workspace, app: App, place: str) -> None:
    _new(workspace.people, app.bot_user_id, f"{place}.bot_user_id")
    workspace.people[app.bot_user_id] = Person(
        id=app.bot_user_id,
        name=app.name.lower().replace(" ", "_"),
        real_name=app.name,
        app_id=app.id,
    )
    app.profile = {
        "id": app.bot_id,
        "app_id": app.id,
        "user_id": app.bot_user_id,
        "name": app.name,
        "icons": {},
        "deleted": False,
        "updated": int(time.time()),
        "team_id": workspace.team["id"],
    }
    workspace.apps[app.id] = app
    for token in (app.bot_token, app.app_token):
        if token in workspace.tokens:
            raise BadWorkspaceError(f"{place}: a token that another app has already")
        if token:
            workspace.tokens[token] = app


def _read(path: Path) -> Json:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise BadWorkspaceError(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise BadWorkspaceError(f"{path}: one JSON object is wanted")
    return data


def _list(fields: Json, name: str) -> list[Any]:
    value = fields.get(name) or []
    if not isinstance(value, list):
        raise BadWorkspaceError(f"{name}: a list is wanted")
    return value


def _text(fields: Json, name: str, place: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise BadWorkspaceError(f"{place}.{name}: a text is wanted")
    return value


def _new(known: dict[str, Any], key: str, place: str) -> None:
    if key in known:
        raise BadWorkspaceError(f"{place}.id: {key!r} is taken")


def _need(known: dict[str, Any], key: str, place: str) -> str:
    if key not in known:
        raise BadWorkspaceError(f"{place}: nobody has the id {key!r}")
    return key
