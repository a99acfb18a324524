"""Apps in the workspace file: credentials, addresses, commands, and whoever let them in."""

from typing import Any

from sandbox.ids import short_id
from sandbox.manifest.making import app_from
from sandbox.manifest.reading import BadManifestError
from sandbox.reading import BadWorkspaceError, list_in, need, text_in, unused
from sandbox.state import tokens
from sandbox.state.members import join_workspace
from sandbox.state.model import App, Command, Json, Shortcut, Workspace


def add_app(
    workspace: Workspace, fields: Json, place: str = "app", app_url: str | None = None
) -> App:
    """Add an app; installed, its bot user becomes a member of the workspace."""
    if "manifest" in fields:
        return _from_manifest(workspace, fields, place, app_url)
    app_id = text_in(fields, "id", place)
    unused(workspace.apps, app_id, place)
    name = text_in(fields, "name", place)
    text_in(fields, "bot_token", place)
    interactivity, events = fields.get("interactivity") or {}, fields.get("events") or {}
    app = App(
        id=app_id,
        name=name,
        bot_user_id=fields.get("bot_user_id") or "",
        bot_id=fields.get("bot_id") or "",
        signing_secret=text_in(fields, "signing_secret", place),
        verification_token=fields.get("verification_token") or short_id(24),
        scopes=None if fields.get("scopes") is None else frozenset(fields["scopes"]),
        interactivity_url=interactivity.get("url") or app_url,
        options_url=interactivity.get("options_url") or interactivity.get("url") or app_url,
        events_url=events.get("url") or app_url,
        subscribed=frozenset(list_in(events, "subscribed")),
        subscribed_for_users=frozenset(list_in(events, "subscribed_for_users")),
        client_id=fields.get("client_id", ""),
        client_secret=fields.get("client_secret", ""),
        redirect_urls=list_in(fields, "redirect_urls"),
        wanted=list_in(fields, "scopes"),
        wanted_of_users=list_in(fields, "user_scopes"),
        socket_mode=fields.get("socket_mode"),
        rotation=bool(fields.get("rotation")),
        unfurl_domains=list_in(fields, "unfurl_domains"),
    )
    _commands(app, fields, place, app_url)
    _shortcuts(app, fields, place)
    _install(workspace, app, fields, place)
    return app


def _from_manifest(workspace: Workspace, fields: Json, place: str, app_url: str | None) -> App:
    """An app out of a manifest; it is installed at once where the file gives it a bot token."""
    try:
        app = app_from(fields["manifest"], fields.get("id"), app_url)
    except BadManifestError as error:
        raise BadWorkspaceError(f"{place}.manifest{error}") from error
    unused(workspace.apps, app.id, place)
    for name in ("signing_secret", "client_id", "client_secret", "bot_user_id", "bot_id"):
        if fields.get(name):
            setattr(app, name, fields[name])
    if fields.get("bot_token"):
        app.scopes = frozenset(app.wanted)
        _install(workspace, app, fields, place)
    else:
        tokens.new_credentials(app)
        workspace.apps[app.id] = app
    return app


def _commands(app: App, fields: Json, place: str, app_url: str | None) -> None:
    for at, command in enumerate(list_in(fields, "commands")):
        where = f"{place}.commands[{at}]"
        name = text_in(command, "name", where)
        if not name.startswith("/"):
            raise BadWorkspaceError(f"{where}.name: must begin with a slash")
        url = command.get("url") or app_url
        app.commands[name] = Command(
            name, url, command.get("description", ""), command.get("usage_hint", "")
        )


def _shortcuts(app: App, fields: Json, place: str) -> None:
    for at, shortcut in enumerate(list_in(fields, "shortcuts")):
        where = f"{place}.shortcuts[{at}]"
        kind = shortcut.get("kind", "global")
        if kind not in {"global", "message"}:
            raise BadWorkspaceError(f"{where}.kind: 'global' or 'message', not {kind!r}")
        callback_id = text_in(shortcut, "callback_id", where)
        app.shortcuts[callback_id] = Shortcut(
            text_in(shortcut, "name", where), callback_id, kind, shortcut.get("description", "")
        )


def _install(workspace: Workspace, app: App, fields: Json, place: str) -> None:
    if app.bot_user_id:
        unused(workspace.people, app.bot_user_id, f"{place}.bot_user_id")
    tokens.new_credentials(app)
    join_workspace(workspace, app)
    workspace.apps[app.id] = app
    _token(workspace, app, "bot", fields["bot_token"], app.bot_user_id, None, place)
    if fields.get("app_token"):
        whole = frozenset({"connections:write", "authorizations:read"})
        _token(workspace, app, "app", fields["app_token"], app.bot_user_id, whole, place)
    for at, given in enumerate(list_in(fields, "user_tokens")):
        where = f"{place}.user_tokens[{at}]"
        person = need(workspace.people, text_in(given, "user", where), where)
        scopes = None if given.get("scopes") is None else frozenset(given["scopes"])
        _token(workspace, app, "user", text_in(given, "token", where), person, scopes, where)
    for at, given in enumerate(list_in(fields, "webhooks")):
        where = f"{place}.webhooks[{at}]"
        key = f"{app.bot_id}/{text_in(given, 'secret', where)}"
        workspace.webhooks[key] = {"app": app.id, "channel": text_in(given, "channel", where)}


def _token(
    workspace: Workspace, app: App, kind: str, value: Any, person_id: str,
    scopes: frozenset[str] | None, place: str,
) -> None:  # fmt: skip
    if not isinstance(value, str) or value in workspace.tokens:
        raise BadWorkspaceError(f"{place}: a token that another app has already")
    tokens.issue(workspace, kind, app, person_id, scopes, value)
