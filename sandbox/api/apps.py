"""apps.*: sockets, manifests, and who let an app in."""

from sandbox.api import arguments, pages
from sandbox.api.call import Call
from sandbox.api.errors import RefusedError
from sandbox.ids import short_id
from sandbox.manifest.making import app_from, apply
from sandbox.manifest.reading import BadManifestError, read_manifest
from sandbox.state import tokens
from sandbox.state.grants import authorizations
from sandbox.state.model import App, Json


def connections_open(call: Call) -> Json:
    """apps.connections.open: the address of one socket, good once."""
    scopes = call.token.scopes
    if scopes is not None and "connections:write" not in scopes:
        provided = ",".join(sorted(scopes))
        raise RefusedError("missing_scope", needed="connections:write", provided=provided)
    if call.app.socket_mode is False:
        raise RefusedError("forbidden_team")
    ticket = short_id(40)
    call.workspace.tickets[ticket] = call.app.id
    address = call.workspace.public_url.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={call.app.id}"}


def authorizations_list(call: Call) -> Json:
    """apps.event.authorizations.list: everybody for whom the app sees an event."""
    if not (arguments.text(call.args, "event_context") or "").startswith("4-"):
        raise RefusedError("invalid_event_context")
    part, cursor = pages.page(authorizations(call.workspace, call.app), "auth", call.args)
    return {"authorizations": part, "response_metadata": {"next_cursor": cursor}}


def validate(call: Call) -> Json:
    """apps.manifest.validate."""
    _manifest(call)
    return {"errors": []}


def create(call: Call) -> Json:
    """apps.manifest.create: the new app, not installed yet."""
    _manifest(call)
    app = app_from(call.args["manifest"])
    call.workspace.apps[app.id] = app
    url = call.workspace.public_url
    return {
        "app_id": app.id,
        "credentials": {
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "verification_token": app.verification_token,
            "signing_secret": app.signing_secret,
        },
        "oauth_authorize_url": f"{url}/oauth/v2/authorize?client_id={app.client_id}",
    }


def update(call: Call) -> Json:
    """apps.manifest.update."""
    app = _app(call)
    manifest = _manifest(call)
    before = set(app.wanted) | set(app.wanted_of_users)
    apply(app, manifest)
    changed = before != set(app.wanted) | set(app.wanted_of_users)
    return {"app_id": app.id, "permissions_updated": changed}


def export(call: Call) -> Json:
    """apps.manifest.export."""
    app = _app(call)
    if app.manifest is None:
        raise RefusedError("failed_export")
    return {"manifest": app.manifest}


def delete(call: Call) -> Json:
    """apps.manifest.delete: the app is gone for everybody."""
    app = _app(call)
    tokens.uninstall(call.workspace, app)
    tokens.forget(call.workspace, app)
    return {}


def uninstall(call: Call) -> Json:
    """apps.uninstall: by the app itself, with its client's secret."""
    if arguments.text(call.args, "client_id") != call.app.client_id:
        raise RefusedError("client_id_token_mismatch")
    if arguments.text(call.args, "client_secret") != call.app.client_secret:
        raise RefusedError("bad_client_secret")
    tokens.uninstall(call.workspace, call.app)
    return {}


def _manifest(call: Call) -> Json:
    try:
        return read_manifest(call.args.get("manifest"))
    except BadManifestError as error:
        raise RefusedError("invalid_manifest", errors=error.errors) from error


def _app(call: Call) -> App:
    app = call.workspace.apps.get(arguments.required(call.args, "app_id"))
    if app is None:
        raise RefusedError("invalid_app_id")
    return app


HANDLERS = {
    "apps.connections.open": connections_open,
    "apps.event.authorizations.list": authorizations_list,
    "apps.manifest.validate": validate,
    "apps.manifest.create": create,
    "apps.manifest.update": update,
    "apps.manifest.export": export,
    "apps.manifest.delete": delete,
    "apps.uninstall": uninstall,
}
