"""One call of a method: who calls, with which arguments, on which workspace."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.api.arguments import Arguments
from sandbox.api.errors import RefusedError
from sandbox.state.model import App, Json, Person, Token, Workspace


@dataclass(slots=True)
class Call:
    """What a handler gets. `facts` is what is known of the method; `warnings` go into the answer.

    `uploads` are files of a multipart body, `basic` the client's id and secret where the call came
    with HTTP Basic.
    """

    workspace: Workspace
    method: str
    args: Arguments
    facts: Json
    bearer: Token | None
    warnings: list[str] = field(default_factory=list)
    uploads: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    basic: tuple[str, str] | None = None

    @property
    def token(self) -> Token:
        """The token; only for methods that cannot be called without one."""
        if self.bearer is None:
            raise RefusedError("not_authed")
        return self.bearer

    @property
    def app(self) -> App:
        """The calling app."""
        return self.workspace.apps[self.token.app_id]

    @property
    def actor_id(self) -> str:
        """Who acts: the app's bot user, or the person whose token it is."""
        return self.token.person_id

    @property
    def actor(self) -> Person:
        """The same as a member of the workspace."""
        return self.workspace.people[self.token.person_id]

    @property
    def scopes(self) -> frozenset[str] | None:
        """What the token may do; None where nothing is checked."""
        return scopes_of(self.workspace, self.token)

    def may(self, scope: str) -> bool:
        """Whether the token holds a scope."""
        scopes = self.scopes
        return scopes is None or scope in scopes


def scopes_of(workspace: Workspace, token: Token) -> frozenset[str] | None:
    """A token's own scopes, or those of its app's bot."""
    if token.kind == "bot":
        return workspace.apps[token.app_id].scopes
    return token.scopes


def needs_scope(call: Call, *accepted: str) -> None:
    """Refuse with ``missing_scope`` unless the token holds one of `accepted`."""
    scopes = call.scopes
    if scopes is None or not accepted or not scopes.isdisjoint(accepted):
        return
    raise RefusedError("missing_scope", needed=accepted[0], provided=",".join(sorted(scopes)))


_SCOPE_PREFIX = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


def needs_channel_scope(call: Call, kind: str, right: str) -> None:
    """Refuse unless the token holds, say, ``groups:history`` for a private channel."""
    accepted = [f"{_SCOPE_PREFIX[kind]}:{right}"]
    if right == "write" and kind == "public":
        accepted = ["channels:manage", "channels:write"]
    elif right in {"write.topic", "write.invites"}:
        broad = {"public": ["channels:manage", "channels:write"]}
        accepted += broad.get(kind, [f"{_SCOPE_PREFIX[kind]}:write"])
    needs_scope(call, *accepted)


def accepted_scopes(facts: Json, kind: str) -> list[str]:
    """The scopes of which a token of this kind needs one; empty where none is needed."""
    scopes: dict[str, Any] = facts["scope"]
    names = {"bot": "bot", "user": "user", "config": "configuration"}
    return list(scopes.get(names.get(kind, ""), ()))
