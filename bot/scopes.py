"""The rights that the app asks of Slack: each with what it is for, and nothing besides.

manifest.yaml is made from this table, `redress doctor` names out of it what a missing scope costs,
and tests/bot/test_manifest.py holds it against every method that bot/ calls. Why each is needed
stands in words under `scope.NAME`.
"""

from dataclasses import dataclass

COMMAND = "/dispute"
HISTORY = ("conversations.history", "conversations.replies")


@dataclass(frozen=True, slots=True)
class Scope:
    """A bot scope, and the methods, events or arguments that need it."""

    name: str
    methods: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    argument: str = ""  # of a method that another scope opens
    features: tuple[str, ...] = ()  # parts of the manifest


SCOPES = (
    Scope("chat:write", ("chat.postMessage", "chat.update", "chat.delete")),
    Scope("commands", features=("slash_commands", "shortcuts")),
    Scope("channels:history", HISTORY),
    Scope("groups:history", HISTORY),
    Scope("im:history", HISTORY),
    Scope("metadata.message:read", argument="include_all_metadata"),
    Scope("channels:join", ("conversations.join",)),
    Scope("channels:read", ("conversations.info",)),
    Scope("groups:read", ("conversations.info",)),
    Scope("channels:write.topic", ("conversations.setTopic",)),
    Scope("groups:write.topic", ("conversations.setTopic",)),
    Scope("pins:write", ("pins.add",)),
    Scope("links:read", events=("link_shared",)),
    Scope("links:write", ("chat.unfurl",)),
    Scope("users:read", ("users.info",), events=("user_change",)),
    Scope("im:write", ("conversations.open",)),
)
# What is called with a bot's token, and yet needs no scope of it.
FREE = ("auth.test", "views.open", "views.push", "views.publish")
FREE_EVENTS = ("app_home_opened",)
APP_SCOPES = {"connections:write": ("apps.connections.open",)}  # of the app token


def events() -> tuple[str, ...]:
    """The events that the app hears of, in the manifest's order."""
    return (*FREE_EVENTS, *(event for scope in SCOPES for event in scope.events))
