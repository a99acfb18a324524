"""The table of methods: name to (facts, handler).

The facts (rate tier, whether a JSON body is read, scopes, required arguments, documented errors)
come from methods.json: slack-ruby/slack-api-ref, MIT. A method is added by writing its handler, a
function from a Call to the answer's fields, in the file of its noun and naming it in that file's
HANDLERS.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from sandbox.api import chat, conversations, history, reactions, team, users, views
from sandbox.api import files as file_methods
from sandbox.api.call import Call
from sandbox.state.model import Json

Handler = Callable[[Call], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """One method: what is known of it, and what it does."""

    facts: Json
    handler: Handler
    takes_json: bool
    per_minute: int | None


def _load() -> dict[str, Method]:
    text = files("sandbox.api").joinpath("methods.json").read_text(encoding="utf-8")
    known = json.loads(text)
    tiers = known["tiers"]
    nouns = (chat, conversations, history, users, views, reactions, team, file_methods)
    methods = {}
    for noun in nouns:
        for name, handler in noun.HANDLERS.items():
            facts = known["methods"][name]
            tier = tiers.get(facts["tier"])
            methods[name] = Method(
                facts,
                handler,
                facts["json_body"] is not False,
                tier if isinstance(tier, int) else None,
            )
    return methods


METHODS = _load()
