"""Headers that every answer carries: nothing runs, frames or stays in a cache unless we say so."""

import secrets

from flask import Flask, Response, g, request

from web.desk import door
from web.sessions import is_secure

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KEPT = "public, max-age=31536000, immutable"  # static files: their address changes with them


def protect(app: Flask) -> None:
    """Adds the headers to every answer, error pages included."""
    app.after_request(_add)
    app.context_processor(lambda: {"nonce": nonce})


def keep() -> None:
    """The answer may be kept for good: its address changes with it."""
    g.kept = True


def nonce() -> str:
    """The word by which this page's own script and style are known."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _add(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = POLICY.format(nonce=nonce())
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    kept = request.endpoint == "web.static" or g.get("kept", False)
    headers["Cache-Control"] = KEPT if kept and response.status_code == 200 else "no-store"
    if is_secure(door().settings):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
