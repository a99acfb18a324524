"""From a manifest to an app, and a change of manifest to a changed app."""

from typing import Any

from sandbox.ids import new_id
from sandbox.manifest.reading import read_manifest
from sandbox.state import tokens
from sandbox.state.model import App, Command, Json, Shortcut


def app_from(given: Any, app_id: str | None = None, app_url: str | None = None) -> App:
    """A new app out of a manifest, with fresh credentials and nothing installed.

    `app_url` stands in for every address of the manifest: those are of production. Raises
    BadManifestError.
    """
    manifest = read_manifest(given)
    app = App(app_id or new_id("A"), "", "", "", "", "", frozenset(), installed=False)
    tokens.new_credentials(app)
    apply(app, manifest, app_url)
    return app


def apply(app: App, manifest: Json, app_url: str | None = None) -> None:
    """Make `app` what the manifest says; tokens and granted scopes stay as they are."""
    features, settings = manifest.get("features") or {}, manifest.get("settings") or {}
    oauth = manifest.get("oauth_config") or {}
    interactivity = settings.get("interactivity") or {}
    events = settings.get("event_subscriptions") or {}
    name = manifest["display_information"]["name"]
    app.name = (features.get("bot_user") or {}).get("display_name") or name
    app.manifest = manifest
    app.interactivity_url = app_url or interactivity.get("request_url")
    options_url = interactivity.get("message_menu_options_url")
    app.options_url = app_url or options_url or interactivity.get("request_url")
    app.events_url = app_url or events.get("request_url")
    app.subscribed = frozenset(events.get("bot_events") or ())
    app.subscribed_for_users = frozenset(events.get("user_events") or ())
    app.redirect_urls = list(oauth.get("redirect_urls") or ())
    scopes = oauth.get("scopes") or {}
    app.wanted = [*(scopes.get("bot") or ()), *(scopes.get("bot_optional") or ())]
    app.wanted_of_users = [*(scopes.get("user") or ()), *(scopes.get("user_optional") or ())]
    app.socket_mode = bool(settings.get("socket_mode_enabled"))
    app.rotation = bool(settings.get("token_rotation_enabled"))
    app.pkce = bool(oauth.get("pkce_enabled"))
    app.unfurl_domains = list(features.get("unfurl_domains") or ())
    app.commands = {
        c["command"]: Command(
            c["command"], app_url or c.get("url"), c["description"], c.get("usage_hint", "")
        )
        for c in features.get("slash_commands") or ()
    }
    app.shortcuts = {
        s["callback_id"]: Shortcut(s["name"], s["callback_id"], s["type"], s["description"])
        for s in features.get("shortcuts") or ()
    }
