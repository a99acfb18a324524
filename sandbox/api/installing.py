"""oauth.v2.*, openid.connect.* and tooling.tokens.rotate: from a code to tokens."""

import secrets

from sandbox import clock
from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.errors import RefusedError
from sandbox.identity import openid
from sandbox.state import grants, tokens, webhooks
from sandbox.state.model import App, Grant, Json, Token


def access(call: Call) -> Json:
    """oauth.v2.access: tokens for a code, or new ones for a refresh token."""
    app = _client(call)
    kind = arguments.text(call.args, "grant_type") or "authorization_code"
    if kind == "refresh_token":
        token = _refreshed(call, app)
        if token.kind == "bot":
            return _answer(call, app, "", token, None, [])
        return {"app_id": app.id, **_token(call, token), **_team(call)}
    if kind != "authorization_code":
        raise RefusedError("invalid_grant_type")
    grant = _grant(call, app)
    bot, person = grants.install(call.workspace, app, grant)
    return _answer(call, app, grant.person_id, bot, person, grant.scopes, grant.channel_id)


def _answer(
    call: Call, app: App, person_id: str, bot: Token | None, person: Token | None,
    asked: list[str], channel_id: str = "",
) -> Json:  # fmt: skip
    answer: Json = {"app_id": app.id, **_team(call)}
    if bot is not None:
        answer.update(_token(call, bot), bot_user_id=app.bot_user_id)
    if person_id:
        answer["authed_user"] = {"id": person_id, **(_token(call, person) if person else {})}
    if "incoming-webhook" in asked and channel_id:
        answer["incoming_webhook"] = webhooks.add(call.workspace, app, channel_id)
    return answer


def _team(call: Call) -> Json:
    team = call.workspace.team
    return {
        "team": {"id": team["id"], "name": team["name"]},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _token(call: Call, token: Token) -> Json:
    """A token as OAuth answers with it."""
    scopes = call.workspace.apps[token.app_id].scopes if token.kind == "bot" else token.scopes
    shown: Json = {
        "scope": ",".join(sorted(scopes or ())),
        "token_type": token.kind,
        "access_token": token.value,
    }
    if token.expires_at is not None:
        left = int(token.expires_at - clock.now(call.workspace.clock))
        shown.update(refresh_token=token.refresh, expires_in=left)
    return shown


def _client(call: Call) -> App:
    """The app whose client this is, by HTTP Basic or by arguments; its secret is needed."""
    client_id, secret = call.basic or (
        arguments.text(call.args, "client_id") or "",
        arguments.text(call.args, "client_secret") or "",
    )
    for app in call.workspace.apps.values():
        if app.client_id and app.client_id == client_id:
            if secrets.compare_digest(
                app.client_secret.encode(), secret.encode("utf-8", "replace")
            ):
                return app
            if app.pkce and not secret and call.args.get("code_verifier"):
                return app
            raise RefusedError("bad_client_secret")
    raise RefusedError("invalid_client_id")


def _grant(call: Call, app: App) -> Grant:
    found = grants.redeem(
        call.workspace,
        app,
        arguments.text(call.args, "code") or "",
        arguments.text(call.args, "redirect_uri"),
        arguments.text(call.args, "code_verifier"),
    )
    if isinstance(found, str):
        raise RefusedError(found)
    return found


def _refreshed(call: Call, app: App) -> Token:
    secret = arguments.text(call.args, "refresh_token")
    token = tokens.refresh(call.workspace, app, secret) if secret else None
    if token is None:
        raise RefusedError("invalid_refresh_token")
    return token


def exchange(call: Call) -> Json:
    """oauth.v2.exchange: a lasting token for one that rotates."""
    app = _client(call)
    if call.app.id != app.id:
        raise RefusedError("token_not_found")
    if call.token.expires_at is not None:
        raise RefusedError("token_already_exchanged")
    app.rotation = True
    fresh = tokens.issue(call.workspace, call.token.kind, app, call.actor_id, call.token.scopes)
    call.token.ended = "token_revoked"
    return {"app_id": app.id, **_token(call, fresh), **_team(call)}


def openid_token(call: Call) -> Json:
    """openid.connect.token: the id_token that says who signed in."""
    app = _client(call)
    kind = arguments.text(call.args, "grant_type") or "authorization_code"
    if kind == "refresh_token":
        token, nonce = _refreshed(call, app), ""
    elif kind == "authorization_code":
        grant = _grant(call, app)
        nonce = grant.nonce
        wanted = grant.user_scopes or grant.scopes
        token = grants.person_token(call.workspace, app, grant.person_id, wanted)
    else:
        raise RefusedError("invalid_grant_type")
    answer: Json = {
        "access_token": token.value,
        "token_type": "Bearer",
        "id_token": openid.id_token(call.workspace, app, token, nonce),
    }
    if token.expires_at is not None:
        answer["refresh_token"] = token.refresh
        answer["expires_in"] = int(token.expires_at - clock.now(call.workspace.clock))
    return answer


def user_info(call: Call) -> Json:
    """openid.connect.userInfo: the claims of whose token it is."""
    return openid.claims_of(call.workspace, call.actor, call.scopes or frozenset())


def rotate(call: Call) -> Json:
    """tooling.tokens.rotate: a new configuration token."""
    secret = arguments.text(call.args, "refresh_token")
    for old in list(call.workspace.tokens.values()):
        if old.kind == "config" and old.refresh == secret and not old.ended:
            return _rotated(call, old)
    raise RefusedError("invalid_refresh_token")


def _rotated(call: Call, old: Token) -> Json:
    new = tokens.issue_configuration(call.workspace, old.person_id)
    old.ended = "token_expired"
    moment = int(clock.now(call.workspace.clock))
    return {
        "token": new.value,
        "refresh_token": new.refresh,
        "team_id": call.workspace.team["id"],
        "user_id": new.person_id,
        "iat": moment,
        "exp": moment + tokens.ROTATING_SECONDS,
    }


HANDLERS = {
    "oauth.v2.access": access,
    "oauth.v2.exchange": exchange,
    "openid.connect.token": openid_token,
    "openid.connect.userInfo": user_info,
    "tooling.tokens.rotate": rotate,
}
