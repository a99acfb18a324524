"""The workspace file: who and what a sandbox starts with.

One JSON object. Every list may be left out, and so may every field that shows a default here::

    {
      "team": {"id": "T0REDRESS", "name": "Redress", "domain": "redress"},
      "people": [
        {"id": "U1", "name": "li", "real_name": "Li Na", "tz": "Asia/Shanghai",
         "locale": "zh-CN", "email": "li@example.com", "is_admin": false, "deleted": false,
         "profile": {"title": "Agent", "phone": ""}}
      ],
      "channels": [
        {"id": "C1", "name": "intake", "private": false, "members": ["U1", "UBOT"],
         "topic": "", "purpose": "", "archived": false}
      ],
      "usergroups": [{"id": "S1", "handle": "agents", "name": "Agents", "users": ["U1"]}],
      "apps": [
        {"id": "A1", "name": "Redress", "bot_user_id": "UBOT", "bot_id": "BBOT",
         "bot_token": "xoxb-...", "app_token": "xapp-...", "signing_secret": "...",
         "client_id": "1.2", "client_secret": "...", "redirect_urls": ["http://..."],
         "user_tokens": [{"token": "xoxp-...", "user": "U1", "scopes": ["chat:write"]}],
         "webhooks": [{"secret": "...", "channel": "C1"}],
         "scopes": ["chat:write", "commands"],
         "socket_mode": null, "rotation": false, "unfurl_domains": ["example.com"],
         "interactivity": {"url": "http://...", "options_url": "http://..."},
         "commands": [{"name": "/dispute", "url": "http://...", "description": "",
                       "usage_hint": "new | NUMBER | next"}],
         "shortcuts": [{"name": "Open a dispute", "callback_id": "open", "kind": "message",
                        "description": ""}],
         "events": {"url": "http://...", "subscribed": ["app_home_opened", "message.channels"],
                    "subscribed_for_users": []}},
        {"manifest": {"display_information": {"name": "Another"}}}
      ],
      "configuration_tokens": [{"token": "xoxe.xoxp-...", "user": "U1"}],
      "emoji": {"party": "http://..."}
    }

An address that is left out is the one given as `app_url` (``--app-url``). An app without "scopes"
is not held to any; one with a list answers ``missing_scope`` outside it. An app may be a "manifest"
(an object, or YAML or JSON text) with or without the other fields; without a "bot_token" it waits
to be installed, and `app_url` takes the place of every address of the manifest. "socket_mode" of
null means: through a socket while one is connected, else by HTTP. Ids must be unique, and members
must be people or bot users. A member of a channel is whoever stands in "members"; apps join nothing
by themselves. "edit_window_minutes" and "legacy_files_upload" (files.upload, which Slack retired)
of the team are off.
"""

import json
import time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.ids import new_id
from sandbox.reading import (
    BadWorkspaceError,
    list_in,
    need,
    optional_text,
    table_in,
    text_in,
    unused,
)
from sandbox.state import tokens
from sandbox.state.model import Channel, Json, Person, Workspace
from sandbox.workspace_apps import add_app

__all__ = ["BadWorkspaceError", "add_app", "add_channel", "add_person", "load"]


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
            "legacy_files_upload": bool(team.get("legacy_files_upload")),
        },
        public_url=public_url,
        emoji={str(name): str(url) for name, url in (data.get("emoji") or {}).items()},
    )
    for at, fields in enumerate(list_in(data, "people")):
        add_person(workspace, fields, f"people[{at}]")
    for at, fields in enumerate(list_in(data, "apps")):
        add_app(workspace, fields, f"apps[{at}]", app_url)
    for at, fields in enumerate(list_in(data, "configuration_tokens")):
        place = f"configuration_tokens[{at}]"
        owner = need(workspace.people, text_in(fields, "user", place), place)
        tokens.issue_configuration(workspace, owner, text_in(fields, "token", place))
    for at, fields in enumerate(list_in(data, "channels")):
        add_channel(workspace, fields, f"channels[{at}]")
    for at, fields in enumerate(list_in(data, "usergroups")):
        users = [
            str(need(workspace.people, user, f"usergroups[{at}].users"))
            for user in list_in(fields, "users")
        ]
        workspace.usergroups.append(
            {
                "id": text_in(fields, "id", f"usergroups[{at}]"),
                "handle": fields.get("handle", ""),
                "name": fields.get("name", ""),
                "users": users,
            }
        )
    return workspace


def add_person(workspace: Workspace, fields: Json, place: str = "person") -> Person:
    """Let a person join; `fields` as in the workspace file, "id" made up where left out."""
    fields = table_in(fields, place)
    person_id = optional_text(fields, "id", place) or new_id("U")
    unused(workspace.people, person_id, place)
    name = text_in(fields, "name", place)
    zone = optional_text(fields, "tz", place, "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadWorkspaceError(f"{place}.tz: {zone!r} is no time zone") from error
    person = Person(
        id=person_id,
        name=name,
        real_name=optional_text(fields, "real_name", place, name),
        tz=zone,
        locale=optional_text(fields, "locale", place, "en-US"),
        email=optional_text(fields, "email", place) or None,
        is_admin=bool(fields.get("is_admin", False)),
        deleted=bool(fields.get("deleted", False)),
        profile=dict(table_in(fields.get("profile") or {}, f"{place}.profile")),
    )
    workspace.people[person_id] = person
    return person


def add_channel(workspace: Workspace, fields: Json, place: str = "channel") -> Channel:
    """Open a channel; `fields` as in the workspace file, "id" made up where left out."""
    fields = table_in(fields, place)
    channel_id = optional_text(fields, "id", place) or new_id("C")
    unused(workspace.channels, channel_id, place)
    members = [
        need(workspace.people, who, f"{place}.members") for who in list_in(fields, "members")
    ]
    creator = optional_text(fields, "creator", place) or (members[0] if members else "USLACKBOT")
    channel = Channel(
        id=channel_id,
        name=text_in(fields, "name", place),
        kind="private" if fields.get("private") else "public",
        creator=creator,
        created=int(time.time()),
        members=dict.fromkeys(members),
        topic={"value": optional_text(fields, "topic", place), "creator": "", "last_set": 0},
        purpose={"value": optional_text(fields, "purpose", place), "creator": "", "last_set": 0},
        archived=bool(fields.get("archived", False)),
    )
    workspace.channels[channel_id] = channel
    return channel


def _read(path: Path) -> Json:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise BadWorkspaceError(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise BadWorkspaceError(f"{path}: one JSON object is wanted")
    return data
