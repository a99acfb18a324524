"""Who asks, and whether they may: the token of a call, its kind and its scopes."""

import base64
import binascii

from starlette.types import Scope

from sandbox.api import wire
from sandbox.api.arguments import Arguments
from sandbox.api.call import Call, accepted_scopes, scopes_of
from sandbox.api.errors import RefusedError
from sandbox.api.table import Method
from sandbox.state import tokens
from sandbox.state.model import Token, Workspace

# What an app-level or a configuration token may call; bots and people may not, except here.
_OF_APPS = frozenset(
    {"apps.connections.open", "apps.event.authorizations.list", "auth.test", "api.test"}
)
_OF_CONFIGURATION = "apps.manifest."
_ONLY_APPS = frozenset({"apps.connections.open", "apps.event.authorizations.list"})


def find_token(
    workspace: Workspace, scope: Scope, args: Arguments, method: Method | None
) -> Token | None:
    """The token of a call, from its header or its arguments; None where none was sent.

    Refuses with ``not_authed``, ``invalid_auth`` or what ended the token.
    """
    given = wire.header(scope, b"authorization")
    value = given.removeprefix("Bearer ").strip() if given.startswith("Bearer ") else ""
    in_body = args.pop("token", "")
    value = value or (in_body if isinstance(in_body, str) else "")
    if not value:
        if method is not None and method.needs_token:
            raise RefusedError("not_authed")
        return None
    token = workspace.tokens.get(value)
    if token is None:
        if method is not None and not method.needs_token:
            return None
        raise RefusedError("invalid_auth")
    refusal = tokens.refusal(workspace, token)
    if refusal is not None:
        raise RefusedError(refusal)
    return token


def basic(scope: Scope) -> tuple[str, str] | None:
    """A client's id and secret out of HTTP Basic."""
    given = wire.header(scope, b"authorization")
    if not given.startswith("Basic "):
        return None
    try:
        name, _, secret = base64.b64decode(given[6:], validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return name, secret


def needs_right(call: Call, method: Method) -> None:
    """Refuse a kind of token the method does not take, and one without its scopes."""
    token = call.bearer
    if token is None:
        return
    _needs_kind(call.method, method, token)
    accepted = accepted_scopes(method.facts, token.kind)
    scopes = scopes_of(call.workspace, token)
    if scopes is None or not accepted or not scopes.isdisjoint(accepted):
        return
    needed = ",".join(accepted) if method.by_kind else accepted[0]
    raise RefusedError("missing_scope", needed=needed, provided=",".join(sorted(scopes)))


def _needs_kind(name: str, method: Method, token: Token) -> None:
    kind, scopes = token.kind, method.facts["scope"]
    if kind == "app":
        allowed = name in _OF_APPS
    elif name in _ONLY_APPS:
        allowed = False
    elif kind == "config":
        allowed = name.startswith(_OF_CONFIGURATION) or not method.needs_token
    elif "configuration" in scopes:
        allowed = False
    else:
        allowed = not scopes or kind in scopes
    if not allowed:
        raise RefusedError("not_allowed_token_type")
