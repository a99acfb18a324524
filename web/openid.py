"""Signing in by OpenID Connect, with the issuer the settings name: Slack, the sandbox, any other.

Who comes is known by team and subject, never by an e-mail address: those are handed on.
"""

from typing import Any

import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import (
    Blueprint,
    Flask,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
)
from flask import url_for as address_of
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests.exceptions import RequestException

from core.desk import access, people
from core.settings import Settings
from web import sessions
from web.desk import door
from web.safe import local_path

TEAM = "https://slack.com/team_id"  # the claim that names the workspace
PATIENCE = 5  # seconds for each answer of the issuer
OPEN = frozenset({"web.begin", "web.come_back"})
log = structlog.get_logger()


def offer(app: Flask, settings: Settings) -> None:
    """Makes the way in known to an application, where the settings name an issuer."""
    if not settings.sign_in_issuer:
        return
    issuer = settings.sign_in_issuer.rstrip("/")
    OAuth(app).register(
        "issuer",
        client_id=settings.sign_in_client_id,
        client_secret=settings.sign_in_client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "default_timeout": PATIENCE},
    )


def offered() -> bool:
    """Whether people can come in this way."""
    return bool(door().settings.sign_in_issuer)


def routes(blueprint: Blueprint) -> None:
    """Off to the issuer, and back."""
    blueprint.add_url_rule("/sign-in", "begin", begin, methods=["GET"])
    blueprint.add_url_rule("/signed-in", "come_back", come_back, methods=["GET"])


def begin() -> ResponseReturnValue:
    """Sends the browser to the issuer, with a state and a nonce that only it holds."""
    if not offered():
        return render_template("web/sign_in_needed.html"), 404
    back = door().settings.public_url.rstrip("/") + address_of("web.come_back")
    try:
        return _client().authorize_redirect(back)  # type: ignore[no-any-return]
    except (AuthlibBaseError, RequestException) as error:
        return _refused(error)


def come_back() -> ResponseReturnValue:
    """Takes what the issuer says of the person, and opens a session for them."""
    if not offered():
        return render_template("web/sign_in_needed.html"), 404
    found = door()
    try:
        told = _client().authorize_access_token(claims_options=_wanted(found.settings))
    except (AuthlibBaseError, JoseError, RequestException, ValueError) as error:
        return _refused(error)
    claims = told.get("userinfo") or {}
    subject, team = claims.get("sub"), claims.get(TEAM)
    if not isinstance(subject, str) or team != found.settings.sign_in_team:
        return _refused(None)
    person = found.database.read(people.by_slack_id, subject)
    if person is None or not person.active:
        return render_template("web/sign_in_unknown.html"), 403
    target = local_path(session.get("wanted")) or address_of(found.home)
    fresh = found.database.transact_wall(
        access.enter, person.id, replacing=sessions.secret(), browser=request.user_agent.string
    )
    response = make_response(redirect(target))
    sessions.remember(response, fresh)
    return response


def _client() -> Any:
    return current_app.extensions["authlib.integrations.flask_client"].issuer


def _wanted(settings: Settings) -> dict[str, Any]:
    """What the id_token must say: from this issuer, for this client, of this team."""
    return {
        "iss": {"essential": True, "values": [settings.sign_in_issuer.rstrip("/")]},
        "aud": {"essential": True, "values": [settings.sign_in_client_id]},
        TEAM: {"essential": True, "values": [settings.sign_in_team]},
    }


def _refused(error: Exception | None) -> ResponseReturnValue:
    """Why is for the log: whoever forges gets no hint."""
    log.warning("sign_in_refused", error=type(error).__name__ if error else "other team")
    return render_template("web/sign_in_refused.html"), 403
