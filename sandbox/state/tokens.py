"""Tokens: issued, looked up, ended."""

from sandbox import clock
from sandbox.ids import digits, new_id, short_id
from sandbox.state.feed import tell
from sandbox.state.model import App, Json, Token, Workspace

PREFIXES = {"bot": "xoxb", "user": "xoxp", "app": "xapp", "config": "xoxe.xoxp"}
ROTATING_SECONDS = 43_200


def issue(
    workspace: Workspace,
    kind: str,
    app: App,
    person_id: str,
    scopes: frozenset[str] | None = None,
    value: str | None = None,
) -> Token:
    """A new token of this kind; one that rotates ends after twelve hours and can be refreshed."""
    rotating = app.rotation and kind in {"bot", "user"}
    text = value or _text(kind, app, rotating=rotating)
    token = Token(text, kind, app.id, person_id, scopes)
    if rotating and value is None:
        token.expires_at = clock.now(workspace.clock) + ROTATING_SECONDS
        token.refresh = f"xoxe-1-{short_id(48)}"
    workspace.tokens[text] = token
    return token


def _text(kind: str, app: App, *, rotating: bool) -> str:
    if kind == "app":
        return f"xapp-1-{app.id}-{digits(13)}-{short_id(40)}"
    prefix = f"xoxe.{PREFIXES[kind]}-1" if rotating else PREFIXES[kind]
    return f"{prefix}-{digits(12)}-{digits(12)}-{short_id(24)}"


def issue_configuration(workspace: Workspace, person_id: str, value: str | None = None) -> Token:
    """A person's configuration token, with which apps are made out of manifests."""
    scopes = frozenset({"app_configurations:write", "app_configurations:read"})
    text = value or f"xoxe.xoxp-1-{short_id(60)}"
    token = Token(text, "config", "", person_id, scopes, refresh=f"xoxe-1-{short_id(60)}")
    if value is None:
        token.expires_at = clock.now(workspace.clock) + ROTATING_SECONDS
    workspace.tokens[text] = token
    return token


def refusal(workspace: Workspace, token: Token) -> str | None:
    """The error with which a token is refused, or None while it is good."""
    if token.ended:
        return token.ended
    if token.expires_at is not None and clock.now(workspace.clock) > token.expires_at:
        return "token_expired"
    person = workspace.people.get(token.person_id)
    if person is not None and person.deleted:
        return "account_inactive"
    return None


def of_app(workspace: Workspace, app: App, kind: str) -> list[Token]:
    """The app's good tokens of this kind, oldest first."""
    return [t for t in workspace.tokens.values() if t.app_id == app.id and t.kind == kind
            and refusal(workspace, t) is None]  # fmt: skip


def revoke(workspace: Workspace, token: Token) -> None:
    """End a token; the app hears of it (tokens_revoked)."""
    if token.ended:
        return
    token.ended = "token_revoked"
    kind = "oauth" if token.kind == "user" else "bot"
    revoked: Json = {"oauth": [], "bot": []}
    revoked[kind].append(token.person_id)
    tell(workspace, "tokens_revoked", {"app": token.app_id, "tokens": revoked}, person_id="")


def uninstall(workspace: Workspace, app: App) -> None:
    """Take an app out: all its tokens end, and it hears of that last (app_uninstalled)."""
    for token in workspace.tokens.values():
        if token.app_id == app.id and token.kind in {"bot", "user"} and not token.ended:
            token.ended = "account_inactive"
    app.installed = False
    tell(workspace, "app_uninstalled", {"app": app.id}, person_id="")


def forget(workspace: Workspace, app: App) -> None:
    """Take an app away altogether; what its bot said stays."""
    workspace.apps.pop(app.id, None)
    bot = workspace.people.get(app.bot_user_id)
    if bot is not None:
        bot.deleted = True
    gone = [value for value, token in workspace.tokens.items() if token.app_id == app.id]
    for value in gone:
        del workspace.tokens[value]


def refresh(workspace: Workspace, app: App, secret: str) -> Token | None:
    """Trade a refresh token for a new token; the old one ends now."""
    for old in list(workspace.tokens.values()):
        if old.app_id == app.id and old.refresh and old.refresh == secret and not old.ended:
            new = issue(workspace, old.kind, app, old.person_id, old.scopes)
            old.ended = "token_expired"
            return new
    return None


def new_credentials(app: App) -> None:
    """Give an app the ids and secrets it has none of yet."""
    app.client_id = app.client_id or f"{digits(12)}.{digits(13)}"
    app.client_secret = app.client_secret or short_id(32)
    app.signing_secret = app.signing_secret or short_id(32)
    app.verification_token = app.verification_token or short_id(24)
    app.bot_user_id = app.bot_user_id or new_id("U")
    app.bot_id = app.bot_id or new_id("B")
