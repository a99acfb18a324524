"""One call of a method: who calls, with which arguments, on which workspace."""

from dataclasses import dataclass
from typing import Any

from sandbox.api.arguments import Arguments
from sandbox.api.errors import RefusedError
from sandbox.state.model import App, Json, Workspace


@dataclass(slots=True)
class Call:
    """What a handler gets. `facts` is the method's entry in methods.json."""

    workspace: Workspace
    method: str
    args: Arguments
    facts: Json
    caller: App | None
    on_app_token: bool = False

    @property
    def app(self) -> App:
        """The calling app; only for methods that cannot be called without a token."""
        if self.caller is None:
            raise RefusedError("not_authed")
        return self.caller


def needs_scope(call: Call, *accepted: str) -> None:
    """Refuse with ``missing_scope`` unless the app holds one of `accepted`."""
    scopes = call.app.scopes
    if scopes is None or not accepted or not scopes.isdisjoint(accepted):
        return
    raise RefusedError("missing_scope", needed=accepted[0], provided=",".join(sorted(scopes)))


_SCOPE_PREFIX = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


def needs_channel_scope(call: Call, kind: str, right: str) -> None:
    """Refuse unless the app holds, say, ``groups:history`` for a private channel."""
    accepted = [f"{_SCOPE_PREFIX[kind]}:{right}"]
    if right == "write" and kind == "public":
        accepted = ["channels:manage", "channels:write"]
    needs_scope(call, *accepted)


def accepted_scopes(facts: Json) -> list[str]:
    """The scopes of which a bot needs one for this method; empty where none is needed."""
    scopes: dict[str, Any] = facts["scope"]
    return list(scopes.get("bot", ()))
