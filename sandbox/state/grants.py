"""Installing: what a person agrees to, and the tokens that come of it."""

import base64
import hashlib

from sandbox import clock
from sandbox.ids import short_id
from sandbox.state import tokens
from sandbox.state.members import join_workspace
from sandbox.state.model import App, Grant, Json, Token, Workspace

CODE_SECONDS = 600.0
# The scopes of Sign in with Slack: who somebody is, and nothing else.
IDENTITY_SCOPES = frozenset({"openid", "email", "profile"})


def agree(workspace: Workspace, grant: Grant) -> str:
    """Keep what a person agreed to; returns the code that stands for it."""
    parts = (workspace.team["id"], grant.app_id, short_id(40))
    code = ".".join(parts)
    grant.expires_at = clock.now(workspace.clock) + CODE_SECONDS
    workspace.grants[code] = grant
    return code


def redeem(
    workspace: Workspace, app: App, code: str, redirect_uri: str | None, verifier: str | None
) -> Grant | str:
    """Use a code up. Returns the grant, or Slack's error code; a code spoilt once stays spoilt."""
    grant = workspace.grants.get(code)
    if grant is None or grant.app_id != app.id or grant.used:
        return "invalid_code"
    if clock.now(workspace.clock) > grant.expires_at:
        return "invalid_code"
    if redirect_uri != (grant.redirect_uri or None) and (redirect_uri or grant.asked_redirect):
        return "bad_redirect_uri"
    grant.used = True
    if grant.challenge and not _verified(grant, verifier or ""):
        return "invalid_code_verifier"
    return grant


def _verified(grant: Grant, verifier: str) -> bool:
    if grant.challenge_method == "plain":
        return verifier == grant.challenge
    digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == grant.challenge


def install(workspace: Workspace, app: App, grant: Grant) -> tuple[Token | None, Token | None]:
    """The tokens a grant gives: the bot's, the person's. Scopes add up, as in Slack."""
    bot = person = None
    if grant.scopes:
        if not app.installed:
            join_workspace(workspace, app)
            app.scopes = frozenset()
        app.scopes = frozenset(grant.scopes) | (app.scopes or frozenset())
        known = [] if app.rotation else tokens.of_app(workspace, app, "bot")
        bot = known[0] if known else tokens.issue(workspace, "bot", app, app.bot_user_id)
    if grant.user_scopes:
        person = person_token(workspace, app, grant.person_id, grant.user_scopes)
    return bot, person


def person_token(workspace: Workspace, app: App, person_id: str, scopes: list[str]) -> Token:
    """A person's token for an app, with these scopes beside those it had."""
    for token in tokens.of_app(workspace, app, "user"):
        if token.person_id == person_id and not app.rotation:
            if token.scopes is not None:
                token.scopes |= frozenset(scopes)
            return token
    return tokens.issue(workspace, "user", app, person_id, frozenset(scopes))


def authorizations(workspace: Workspace, app: App) -> list[Json]:
    """For whom an app sees events: its bot, and the people who let it in for themselves."""
    team_id = workspace.team["id"]
    holders = [(app.bot_user_id, True)] if app.installed else []
    people = [t for t in tokens.of_app(workspace, app, "user") if not _only_identity(t)]
    holders += [(token.person_id, False) for token in people]
    return [
        {
            "enterprise_id": None,
            "team_id": team_id,
            "user_id": user_id,
            "is_bot": is_bot,
            "is_enterprise_install": False,
        }
        for user_id, is_bot in dict.fromkeys(holders)
    ]


def _only_identity(token: Token) -> bool:
    return token.scopes is not None and token.scopes <= IDENTITY_SCOPES
