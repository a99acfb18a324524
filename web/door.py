"""A Flask application that is safe before it has a single page of its own."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, url_for
from flask_wtf.csrf import CSRFProtect

from core.db import Database
from core.settings import Settings
from web import again, errors, headers, language, openid, sessions, sign_in
from web.desk import Door, stop_reading

LARGEST_REQUEST = 2 * 1024 * 1024  # bytes; a document as TOML is some fifty thousand
MOST_FORM_PARTS = 2_000


def open_door(
    import_name: str,
    name: str,
    database: Database,
    settings: Settings,
    *,
    home: str,
    public: frozenset[str] = frozenset(),
) -> Flask:
    """An application with sign-in, sessions, CSRF, security headers, languages and error pages.

    Nobody who is not signed in reaches any page but those that signing in needs. `name` tells the
    door's cookies from those of other doors on the same host; `home` is the endpoint that people
    land on; `public` are endpoints that nobody has to sign in for.
    """
    app = Flask(import_name, static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as its session
        **sessions.cookie_settings(name, settings),
    )
    app.extensions["redress"] = Door(name, database, settings, home, public)
    app.teardown_appcontext(stop_reading)
    language.teach(app)
    sessions.recognise(app)
    CSRFProtect(app).exempt(again.go_on)  # it changes nothing
    sign_in.guard(app)
    openid.offer(app, settings)
    headers.protect(app)
    errors.explain(app)
    shared = Blueprint(
        "web",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    sign_in.routes(shared)
    again.routes(shared)
    openid.routes(shared)
    language.routes(shared)
    app.register_blueprint(shared)
    app.context_processor(lambda: {"asset": asset, "home": home, "by_issuer": openid.offered})
    return app


def asset(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it."""
    return url_for("web.static", filename=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    content = (Path(__file__).parent / "static" / name).read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]
