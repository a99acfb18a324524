"""The consent page: which app asks for what, who says yes, and back to the app with a code.

Plain pages from the server, in both languages. What a page was drawn for is kept under a ticket
that its form carries, so that no other page can say yes in somebody's place.
"""

import json
import re
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.identity import pages
from sandbox.ids import short_id
from sandbox.running import Running
from sandbox.state import grants
from sandbox.state.grants import IDENTITY_SCOPES
from sandbox.state.model import App, Grant, Json, Workspace

_SCOPE = re.compile(r"[a-z][a-z_.-]*(:[a-z_.]+)*")
_TICKET = "consent "


class BadAskingError(Exception):
    """An address that Slack would answer with a page of complaint; `key` names the sentence."""

    def __init__(self, key: str, **parameters: str) -> None:
        super().__init__(key)
        self.key = key
        self.parameters = parameters


def _asking(workspace: Workspace, query: Json, *, sign_in: bool) -> tuple[App, Json]:
    """What an address asks for; raises BadAskingError."""
    wanted = query.get("client_id", "")
    app = next((a for a in workspace.apps.values() if wanted and a.client_id == wanted), None)
    if app is None:
        raise BadAskingError("invalid_client_id")
    scopes = _names(query.get("scope"))
    user_scopes = _names(query.get("user_scope"))
    if sign_in:
        if query.get("response_type") != "code":
            raise BadAskingError("bad_response_type")
        if "openid" not in scopes or not set(scopes) <= IDENTITY_SCOPES:
            raise BadAskingError("invalid_scope", scope=", ".join(scopes) or "–")
        scopes, user_scopes = [], scopes
    elif not scopes and not user_scopes:
        scopes, user_scopes = app.wanted, app.wanted_of_users
    odd = [scope for scope in (*scopes, *user_scopes) if not _SCOPE.fullmatch(scope)]
    if odd or not (scopes or user_scopes):
        raise BadAskingError("invalid_scope", scope=", ".join(odd) or "–")
    if query.get("team") not in {None, "", workspace.team["id"]}:
        raise BadAskingError("other_team")
    return app, {
        "app": app.id,
        "scopes": scopes,
        "user_scopes": user_scopes,
        "redirect_uri": _redirect(app, query.get("redirect_uri")),
        "asked_redirect": bool(query.get("redirect_uri")),
        "state": query.get("state", ""),
        "nonce": query.get("nonce", ""),
        "challenge": query.get("code_challenge", ""),
        "challenge_method": query.get("code_challenge_method", ""),
    }


def _names(given: str | None) -> list[str]:
    return list(dict.fromkeys(re.findall(r"[^\s,]+", given or "")))


def _redirect(app: App, given: str | None) -> str:
    """Where to go back to: one of the app's own addresses, or below one of them."""
    if not app.redirect_urls:
        raise BadAskingError("no_redirect")
    if not given:
        return app.redirect_urls[0]
    own = any(given == url or given.startswith(url.rstrip("/") + "/") for url in app.redirect_urls)
    if not own or ".." in given or urlsplit(given).fragment:
        raise BadAskingError("bad_redirect_uri", uri=given)
    return given


def _draw(running: Running, request: Request, *, sign_in: bool) -> Response:
    workspace, language = running.workspace, pages.language_of(request)
    query = dict(request.query_params)
    try:
        app, asked = _asking(workspace, query, sign_in=sign_in)
    except BadAskingError as error:
        return pages.complaint(language, error.key, **error.parameters)
    ticket = short_id(40)
    workspace.tickets[_TICKET + ticket] = json.dumps(asked)
    return pages.consent(
        workspace, app, asked, ticket=ticket, language=language, chosen=query.get("as", "")
    )


async def _decide(running: Running, request: Request) -> Response:
    """The form's answer: back to the app with a code, or with ``access_denied``."""
    workspace, language = running.workspace, pages.language_of(request)
    form = {name: str(value) for name, value in (await request.form()).items()}
    kept = workspace.tickets.pop(_TICKET + form.get("ticket", ""), None)
    if kept is None:
        return pages.complaint(language, "dead_ticket")
    asked: Json = json.loads(kept)
    if form.get("decision") != "allow":
        return _back(asked, error="access_denied")
    person = workspace.people.get(form.get("person", ""))
    if person is None or person.app_id is not None or person.deleted:
        return pages.complaint(language, "no_person")
    channel = form.get("channel", "")
    if "incoming-webhook" in asked["scopes"] and channel not in workspace.channels:
        return pages.complaint(language, "no_channel")
    fields = {k: v for k, v in asked.items() if k not in {"app", "state"}}
    grant = Grant(app_id=asked["app"], person_id=person.id, channel_id=channel, **fields)
    return _back(asked, code=grants.agree(workspace, grant))


def _back(asked: Json, **fields: str) -> Response:
    uri = asked["redirect_uri"]
    query = urlencode({**fields, "state": asked["state"]})
    joint = "&" if urlsplit(uri).query else "?"
    return RedirectResponse(f"{uri}{joint}{query}", 302, headers={"cache-control": "no-store"})


def routes(running: Running) -> list[Route]:
    """The pages' routes."""

    async def install(request: Request) -> Response:
        return _draw(running, request, sign_in=False)

    async def sign_in(request: Request) -> Response:
        return _draw(running, request, sign_in=True)

    async def decide(request: Request) -> Response:
        return await _decide(running, request)

    return [
        Route("/oauth/v2/authorize", install, methods=["GET"]),
        Route("/openid/connect/authorize", sign_in, methods=["GET"]),
        Route("/oauth/consent", decide, methods=["POST"]),
    ]
