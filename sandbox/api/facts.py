"""What is known of each method: rate tier, bodies, scopes, arguments and documented errors.

methods.json is from slack-ruby/slack-api-ref (MIT); more.toml adds methods in the same terms, after
Slack's method reference.
"""

import json
import tomllib
from importlib.resources import files
from typing import Any, Final

from sandbox.api.errors import COMMON
from sandbox.state.model import Json

_HERE = files("sandbox.api")


def _load() -> tuple[dict[str, Json], dict[str, Any]]:
    known: Json = json.loads(_HERE.joinpath("methods.json").read_text(encoding="utf-8"))
    facts: dict[str, Json] = known["methods"]
    more = tomllib.loads(_HERE.joinpath("more.toml").read_text(encoding="utf-8"))
    for name, found in more.items():
        args: list[str] = found.get("args", [])
        scope = {kind: found[kind] for kind in ("bot", "user", "configuration") if kind in found}
        facts[name] = {
            "tier": found.get("tier"),
            "json_body": bool(found.get("json")),
            "scope": scope,
            "args": [arg.removesuffix("!") for arg in args],
            "required": [
                *([] if found.get("open") else ["token"]),
                *(arg.removesuffix("!") for arg in args if arg.endswith("!")),
            ],
            "errors": found.get("errors", []),
        }
    return facts, known["tiers"]


_LOADED: Final = _load()
FACTS: Final[dict[str, Json]] = _LOADED[0]
_TIERS: Final[dict[str, Any]] = _LOADED[1]

# Missing arguments for which a method has an error of its own.
_OWN_ERRORS: Final = {
    "conversations.create": {"name": "invalid_name_required"},
    "conversations.rename": {"name": "invalid_name_required"},
    "conversations.invite": {"users": "no_user"},
    "conversations.kick": {"user": "user_not_found"},
    "reactions.add": {"timestamp": "no_item_specified", "channel": "no_item_specified"},
    "search.messages": {"query": "no_query"},
    "usergroups.create": {"name": "missing_subteam_name"},
    "usergroups.users.update": {"users": "no_users_provided"},
    "chat.meMessage": {"text": "no_text"},
}
# Required by the reference, and yet calls without them mean something.
_NOT_REALLY: Final = {("conversations.setTopic", "topic"), ("conversations.setPurpose", "purpose")}


def per_minute(name: str) -> int | None:
    """How many calls a minute a method's tier allows; None where it has no plain number."""
    tier = _TIERS.get(FACTS[name]["tier"])
    return tier if isinstance(tier, int) else None


def errors(name: str) -> frozenset[str]:
    """Every error that this method may answer."""
    return COMMON | frozenset(FACTS[name]["errors"])


def missing(name: str, args: Json) -> tuple[str, list[str]]:
    """The error for required arguments that were left out, and which; both empty when none was."""
    own = _OWN_ERRORS.get(name, {})
    absent = [
        arg
        for arg in FACTS[name]["required"]
        if arg != "token" and args.get(arg) is None and (name, arg) not in _NOT_REALLY
    ]
    if not absent:
        return "", []
    code = next((own[arg] for arg in absent if arg in own), "invalid_arguments")
    return code, absent
