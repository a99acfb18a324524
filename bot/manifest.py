"""The app manifest: what creates the Slack app in one paste, with the reason for every scope.

The text is written out rather than dumped, so that it can say why; a test reads it back.
"""

from urllib.parse import urlsplit

from bot.scopes import COMMAND, SCOPES, events
from core.i18n import say

EXAMPLE = "https://desk.example.com"
SIGNED_IN = "/panel/signed-in"
ENTRANCE = "/slack/events"


class BadAddress(ValueError):
    """No address that Slack would call."""


def manifest(url: str, locale: str = "en", *, by_socket: bool = False) -> str:
    """The manifest in YAML, for a desk that people reach at `url`.

    Over Socket Mode no address has to reach the desk: with an empty `url` the manifest does
    without sign-in and links that unfurl, which need one. Raises BadAddress.
    """
    host = _host(url, by_socket=by_socket)
    entrance = "" if by_socket else url.rstrip("/") + ENTRANCE
    parts = [
        *(f"# {line}" for line in say("manifest.top", locale).splitlines()),
        "display_information:",
        "  name: Redress",
        "  description: The desk where e-commerce disputes are resolved · 电商纠纷处理台",
        '  background_color: "#1f3a5f"',
        *_features(host, entrance, locale),
        "oauth_config:",
        *(_signing_in(url, locale) if host else []),
        "  scopes:",
        "    bot:",
        *(f"      - {scope.name}  # {say(f'scope.{scope.name}', locale)}" for scope in SCOPES),
        *_settings(entrance, locale),
    ]
    return "\n".join(parts) + "\n"


def _features(host: str, entrance: str, locale: str) -> list[str]:
    return [
        "features:",
        "  app_home:",
        f"    home_tab_enabled: true  # {say('manifest.home', locale)}",
        f"    messages_tab_enabled: true  # {say('manifest.messages', locale)}",
        "    messages_tab_read_only_enabled: true",
        "  bot_user:",
        "    display_name: Redress",
        "    always_online: true",
        f"  shortcuts:  # {say('manifest.shortcuts', locale)}",
        "    - name: Open a dispute · 新建纠纷单",
        "      type: message",
        "      callback_id: open_dispute",
        "      description: Opens a dispute from this message · 由此消息新建纠纷单",
        "    - name: New dispute · 新建纠纷单",
        "      type: global",
        "      callback_id: new_dispute",
        "      description: Opens a dispute · 新建纠纷单",
        "  slash_commands:",
        f"    - command: {COMMAND}",
        *([f"      url: {entrance}"] if entrance else []),
        "      description: Disputes · 纠纷单",
        "      usage_hint: next | NUMBER | new | duty | page NUMBER",
        "      should_escape: false",
        *(_unfurling(host, locale) if host else []),
    ]


def _settings(entrance: str, locale: str) -> list[str]:
    address = [f"    request_url: {entrance}"] if entrance else []
    way = say("manifest.http" if entrance else "manifest.socket", locale)
    return [
        "settings:",
        "  event_subscriptions:",
        *address,
        "    bot_events:",
        *(f"      - {event}  # {say(f'event.{event}', locale)}" for event in events()),
        f"  interactivity:  # {say('manifest.interactivity', locale)}",
        "    is_enabled: true",
        *address,
        *([f"    message_menu_options_url: {entrance}"] if entrance else []),
        "  org_deploy_enabled: false",
        f"  socket_mode_enabled: {'false' if entrance else 'true'}  # {way}",
        "  token_rotation_enabled: false",
    ]


def _host(url: str, *, by_socket: bool) -> str:
    """The host people reach the desk at; empty where there is none. Raises BadAddress."""
    if not url and by_socket:
        return ""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or set(url) & set(" \"'#\n"):
        raise BadAddress(url)
    return parts.hostname


def _unfurling(host: str, locale: str) -> list[str]:
    return [f"  unfurl_domains:  # {say('manifest.unfurl', locale)}", f"    - {host}"]


def _signing_in(url: str, locale: str) -> list[str]:
    told = say("manifest.sign_in", locale)
    return [f"  redirect_urls:  # {told}", f"    - {url.rstrip('/')}{SIGNED_IN}"]
