"""The table of methods: name to (facts, handler).

A method is added by writing its handler, a function from a Call to the answer's fields, in the file
of its noun and naming it in that file's HANDLERS; what Slack documents of it stands in methods.json
or more.toml (see `facts`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.api import (
    apps,
    assistants,
    bookmarks,
    calls,
    changing,
    chat,
    conversations,
    history,
    installing,
    membership,
    people,
    profiles,
    reactions,
    remote_files,
    scheduling,
    searching,
    team,
    unfurling,
    usergroups,
    views,
)
from sandbox.api import facts as known
from sandbox.api import files as file_methods
from sandbox.api.call import Call
from sandbox.state.model import Json

Handler = Callable[[Call], Json]
_NOUNS = (
    apps, assistants, bookmarks, calls, changing, chat, conversations, file_methods, history,
    installing,
    membership, people, profiles, reactions, remote_files, scheduling, searching, team, unfurling,
    usergroups, views,
)  # fmt: skip
_KINDS = frozenset({"channels", "groups", "im", "mpim"})


@dataclass(frozen=True, slots=True)
class Method:
    """One method: what is known of it, and what it does.

    `by_kind` says that the scope it needs depends on the kind of channel, which its handler looks
    at.
    """

    facts: Json
    handler: Handler
    takes_json: bool
    per_minute: int | None
    errors: frozenset[str]
    by_kind: bool
    needs_token: bool


def _method(name: str, handler: Handler) -> Method:
    facts = known.FACTS[name]
    scopes = {scope for listed in facts["scope"].values() for scope in listed}
    return Method(
        facts,
        handler,
        facts["json_body"] is not False,
        known.per_minute(name),
        known.errors(name),
        by_kind=len(scopes) > 1 and {s.partition(":")[0] for s in scopes} <= _KINDS,
        needs_token="token" in facts["required"],
    )


METHODS = {
    name: _method(name, handler) for noun in _NOUNS for name, handler in noun.HANDLERS.items()
}
