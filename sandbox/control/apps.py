"""The apps, from the bench: where they listen, what they may do, and their sockets."""

from starlette.requests import Request
from starlette.routing import Route

from sandbox.apps import events, links
from sandbox.control.wire import BadRequestError, body_of, endpoint
from sandbox.manifest import installing
from sandbox.manifest.making import app_from
from sandbox.manifest.reading import BadManifestError, read_manifest
from sandbox.people.errors import CannotActError
from sandbox.reading import optional_text, texts_in
from sandbox.running import Running
from sandbox.state import tokens
from sandbox.state.model import App, Json


async def read_apps(running: Running, _request: Request) -> Json:
    """``GET /sandbox/apps``: every app with its credentials and its connected sockets."""
    return {"apps": [_row(running, app) for app in running.workspace.apps.values()]}


def _row(running: Running, app: App) -> Json:
    workspace = running.workspace
    return {
        "id": app.id,
        "name": app.name,
        "installed": app.installed,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "signing_secret": app.signing_secret,
        "bot_user_id": app.bot_user_id,
        "scopes": None if app.scopes is None else sorted(app.scopes),
        "tokens": {
            kind: [token.value for token in tokens.of_app(workspace, app, kind)]
            for kind in ("bot", "user", "app")
        },
        "install_url": f"{workspace.public_url}/oauth/v2/authorize?client_id={app.client_id}",
        "url": app.interactivity_url,
        "sockets": len(running.links.of(app)),
        "manifest": app.manifest,
    }


async def create_app(running: Running, request: Request) -> Json:
    """``POST /sandbox/apps``: an app from ``manifest`` (an object, or YAML or JSON text).

    ``url`` stands in for every address in it. The app waits to be installed; ``install`` true does
    that at once, with all the scopes it asks for.
    """
    given = await body_of(request)
    app = app_from(given.get("manifest"), app_url=optional_text(given, "url", "app") or None)
    running.workspace.apps[app.id] = app
    if given.get("install"):
        installing.install_whole(running.workspace, app)
    return {"ok": True, "app": _row(running, app)}


async def check_manifest(_running: Running, request: Request) -> Json:
    """``POST /sandbox/manifest``: what is wrong with ``manifest``, and where."""
    try:
        read_manifest((await body_of(request)).get("manifest"))
    except BadManifestError as error:
        return {"ok": False, "errors": error.errors}
    return {"ok": True, "errors": []}


async def change_app(running: Running, request: Request) -> Json:
    """``POST /sandbox/apps/ID``: ``url`` sends everything there; ``subscribed``; ``scopes``;
    ``socket_mode``.
    """
    app = _app(running, request)
    given = await body_of(request)
    if not isinstance(given.get("url"), str | None):
        raise BadRequestError("url: an address is wanted")
    subscribed, scopes = (texts_in(given, name, "app") for name in ("subscribed", "scopes"))
    if "url" in given:
        app.interactivity_url = app.options_url = app.events_url = given["url"]
        for command in app.commands.values():
            command.url = given["url"]
    if "subscribed" in given:
        app.subscribed = frozenset(subscribed)
    if "socket_mode" in given:
        app.socket_mode = None if given["socket_mode"] is None else bool(given["socket_mode"])
    if "scopes" in given:
        app.scopes = None if given["scopes"] is None else frozenset(scopes)
    return {"ok": True}


async def verify_app(running: Running, request: Request) -> Json:
    """``POST /sandbox/apps/ID/verify``: send url_verification to the app's events address."""
    return {"ok": await events.verify_url(running, _app(running, request))}


def _app(running: Running, request: Request) -> App:
    app = running.workspace.apps.get(request.path_params["app"])
    if app is None:
        raise CannotActError("no_such_app", request.path_params["app"])
    return app


async def end_sockets(running: Running, request: Request) -> Json:
    """``POST /sandbox/apps/ID/sockets``: ``reason``, such as refresh_requested, to all of them."""
    app = _app(running, request)
    reason = (await body_of(request)).get("reason", "refresh_requested")
    if reason not in links.REASONS:
        raise BadRequestError(f"reason: one of {', '.join(links.REASONS)}")
    told = list(running.links.of(app))
    for link in told:
        links.tell_to_leave(link, reason)
    return {"ok": True, "told": len(told)}


def routes(running: Running) -> list[Route]:
    """The routes of this file."""
    table = [
        ("GET", "apps", read_apps),
        ("POST", "apps", create_app),
        ("POST", "manifest", check_manifest),
        ("POST", "apps/{app}", change_app),
        ("POST", "apps/{app}/verify", verify_app),
        ("POST", "apps/{app}/sockets", end_sockets),
    ]
    return [
        Route(f"/sandbox/{path}", endpoint(running, serve), methods=[method])
        for method, path, serve in table
    ]
