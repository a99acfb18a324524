"""Who is signed in: a row per session, a cookie per door, asked anew with every request (K21)."""

import secrets
from typing import Any

from flask import Flask, Response, current_app, g, request, session

from core.desk import access
from core.desk.people import Member
from core.settings import Settings
from web.desk import door

FORM, SESSION = "form", "session"
FORMS = "csrf_token"  # the forms' secret, by the name that Flask-WTF gives it
BY_ITSELF = "X-Redress-By-Itself"  # a page's script asks, at its own pace: nobody did anything


def cookie_name(door: str, use: str, *, secure: bool) -> str:
    """A cookie's name; over HTTPS the prefix keeps other hosts from planting it."""
    return f"{'__Host-' if secure else ''}redress_{door}_{use}"


def cookie_settings(door: str, settings: Settings) -> dict[str, Any]:
    """Flask's own cookie: the forms' secret, notes to show once, the language chosen."""
    secure = is_secure(settings)
    return {
        "SESSION_COOKIE_NAME": cookie_name(door, FORM, secure=secure),
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
    }


def is_secure(settings: Settings) -> bool:
    """Whether people reach this desk over HTTPS."""
    return settings.public_url.lower().startswith("https://")


def recognise(app: Flask) -> None:
    """Finds out, before anything else, who sends a request."""
    app.before_request(_find_person)


def person() -> Member | None:
    """Whoever is signed in."""
    found: Member | None = g.get("person")
    return found


def by_itself() -> bool:
    """Whether a page asks by itself: it is answered, but it is no use of the session.

    Otherwise a board left open on a wall would keep its session from ever idling.
    """
    return BY_ITSELF in request.headers


def secret() -> str | None:
    """The secret of the browser's session, alive or not."""
    return request.cookies.get(_name())


def remember(response: Response, session_secret: str) -> None:
    """Gives the browser its session; everything that an earlier session left there goes."""
    language = session.get("locale")
    session.clear()  # with it the forms' secret: no form filled before sign-in counts after it
    signed_in = door().database.read_wall(access.session, session_secret)
    if signed_in is not None:
        # Every form of this session says by it whose it is (web.again).
        session[FORMS] = f"{secrets.token_hex(20)}:{signed_in.person.id}"
    if language is not None:
        session["locale"] = language
    response.set_cookie(
        _name(),
        session_secret,
        max_age=int(access.ABSOLUTE.total_seconds()),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def forget(response: Response) -> None:
    """Takes the session from the browser."""
    session.clear()
    response.delete_cookie(
        _name(), secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True, path="/"
    )


def _name() -> str:
    found = door()
    return cookie_name(found.name, SESSION, secure=is_secure(found.settings))


def _find_person() -> None:
    held = secret()
    if request.endpoint == "web.static" or not held:
        return
    database = door().database
    signed_in = database.read_wall(access.session, held)
    if signed_in is None:
        return
    g.person = signed_in.person
    if signed_in.fading and not by_itself():
        database.transact_wall(access.seen, held)
