"""What may stand in a manifest, after Slack's manifest reference: keys, limits, what needs what."""

from collections.abc import Iterator
from typing import Any, Final

from blockkit.checks import Check, Shape, anything, array, boolean, integer, one_of, string
from blockkit.problems import Problem, failed
from sandbox.events import SCOPES_OF_EVENTS
from sandbox.state.model import Json

_URL: Final = string(3000, 1, r"https?://\S+", "an http address")
_DISPLAY: Final = Shape(
    {
        "name": string(35, 1),
        "description": string(140),
        "long_description": string(4000),
        "background_color": string(7, 4, r"#([0-9A-Fa-f]{3}){1,2}", "a colour such as #2b2d42"),
    },
    ("name",),
)
_SHORTCUT: Final = Shape(
    {
        "name": string(24, 1),
        "type": one_of("message", "global"),
        "callback_id": string(255, 1),
        "description": string(150, 1),
    },
    ("name", "type", "callback_id", "description"),
)
_COMMAND: Final = Shape(
    {
        "command": string(32, 2, r"/\S+", "a slash and a word"),
        "url": _URL,
        "description": string(2000, 1),
        "usage_hint": string(1000),
        "should_escape": boolean,
    },
    ("command", "description"),
)
_PROMPT: Final = Shape({"title": string(least=1), "message": string(least=1)}, ("title", "message"))
_FEATURES: Final = Shape(
    {
        "app_home": Shape(
            dict.fromkeys(
                ("home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"),
                boolean,
            )
        ),
        "assistant_view": Shape(
            {"assistant_description": string(300, 1), "suggested_prompts": array(_PROMPT)},
            ("assistant_description",),
        ),
        "agent_view": anything,
        "bot_user": Shape(
            {"display_name": string(80, 1), "always_online": boolean}, ("display_name",)
        ),
        "shortcuts": array(_SHORTCUT, 10),
        "slash_commands": array(_COMMAND, 50),
        "unfurl_domains": array(string(least=1), 5),
        "rich_previews": anything,
        "search": anything,
        "workflow_steps": array(anything, 10),
    }
)
_SCOPES: Final = array(string(least=1), 255)
_OAUTH: Final = Shape(
    {
        "redirect_urls": array(_URL, 1000),
        "scopes": Shape(dict.fromkeys(("bot", "user", "bot_optional", "user_optional"), _SCOPES)),
        "pkce_enabled": boolean,
        "token_management_enabled": boolean,
    }
)
_EVENTS: Final = array(string(least=1), 100)
_SETTINGS: Final = Shape(
    {
        "allowed_ip_address_ranges": array(string(least=1), 10),
        "event_subscriptions": Shape(
            {
                "request_url": _URL,
                "bot_events": _EVENTS,
                "user_events": _EVENTS,
                "metadata_subscriptions": array(
                    Shape(
                        {"app_id": string(least=1), "event_type": string(least=1)},
                        ("app_id", "event_type"),
                    ),
                    50,
                ),
            }
        ),
        "incoming_webhooks": Shape({"incoming_webhooks_enabled": boolean}),
        "interactivity": Shape(
            {"is_enabled": boolean, "request_url": _URL, "message_menu_options_url": _URL},
            ("is_enabled",),
        ),
        **dict.fromkeys(
            ("org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled", "is_hosted",
             "is_mcp_enabled"),
            boolean,
        ),
        "function_runtime": one_of("remote", "slack"),
        "hermes_app_type": one_of("remote", "slack"),
        "siws_links": anything,
    }
)  # fmt: skip
_VERSIONS: Final[dict[str, Check]] = dict.fromkeys(
    ("major_version", "minor_version", "schema_version"), integer(0)
)
_MANIFEST: Final = Shape(
    {
        "_metadata": Shape(_VERSIONS),
        "$schema": anything,
        "display_information": _DISPLAY,
        "features": _FEATURES,
        "oauth_config": _OAUTH,
        "settings": _SETTINGS,
        "functions": anything,
        "workflows": anything,
        "datastores": anything,
        "events": anything,
        "external_auth_providers": anything,
        "types": anything,
        "metadata_events": anything,
        "outgoing_domains": array(string(least=1), 10),
        "compliance": anything,
    },
    ("display_information",),
)


def problems(manifest: Json) -> list[Json]:
    """What Slack would refuse in a manifest: messages with their places as JSON pointers."""
    found: list[Problem] = []
    _MANIFEST(manifest, "", found)
    if not found:
        found.extend(_missing(manifest))
    return [{"message": p["message"], "pointer": p["pointer"]} for p in found]


def _missing(manifest: Json) -> Iterator[Problem]:
    """What one part needs of another."""
    features, settings = manifest.get("features") or {}, manifest.get("settings") or {}
    scopes = (manifest.get("oauth_config") or {}).get("scopes") or {}
    bot, users = set(scopes.get("bot") or ()), set(scopes.get("user") or ())
    by_socket = bool(settings.get("socket_mode_enabled"))
    if bot and "bot_user" not in features:
        yield _needs("/features", "bot_user", "Bot scopes require a bot user")
    for name in ("slash_commands", "shortcuts"):
        if features.get(name) and "commands" not in bot | users:
            yield _needs(f"/features/{name}", "commands", "Requires the `commands` scope")
    for at, command in enumerate(features.get("slash_commands") or ()):
        if not by_socket and "url" not in command:
            where = f"/features/slash_commands/{at}"
            yield _needs(where, "url", "Slash command requires a Request URL or Socket Mode")
    interactivity = settings.get("interactivity") or {}
    if interactivity.get("is_enabled") and not by_socket and "request_url" not in interactivity:
        where = "/settings/interactivity"
        yield _needs(where, "request_url", "Interactivity requires a Request URL")
    yield from _missing_of_events(settings, bot, users, by_socket=by_socket)


def _missing_of_events(
    settings: Json, bot: set[str], users: set[str], *, by_socket: bool
) -> Iterator[Problem]:
    events = settings.get("event_subscriptions") or {}
    wanted = [("bot_events", bot), ("user_events", users)]
    if (
        any(events.get(name) for name, _ in wanted)
        and not by_socket
        and "request_url" not in events
    ):
        message = "Event Subscription requires either Request URL or Socket Mode Enabled"
        yield _needs("/settings/event_subscriptions", "request_url", message)
    for name, granted in wanted:
        for at, event in enumerate(events.get(name) or ()):
            where = f"/settings/event_subscriptions/{name}/{at}"
            needed = SCOPES_OF_EVENTS.get(event)
            if needed is None:
                yield failed(where, f"Event `{event}` is not supported", "enum", got=event)
            elif needed and granted.isdisjoint(needed):
                yield _needs(where, needed[0], f"Event `{event}` requires the `{needed[0]}` scope")


def _needs(pointer: str, what: Any, message: str) -> Problem:
    return failed(pointer, message, "required", expected=what)
