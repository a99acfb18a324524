"""Blurred pictures of evidence, for Slack, which fetches them without a session.

The address is all there is to know: unguessable, signed, expiring, and no way to the original.
"""

from flask import Flask, Response, abort

from core.desk import pieces
from portal.door import Door

PICTURES = "/pictures"
_HEADERS = {
    "Cache-Control": "private, max-age=86400",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def register(app: Flask, door: Door) -> None:
    """Adds the pictures' address; it is no part of the marketplace's API."""

    def blurred(name: str) -> Response:
        found = door.database.read(pieces.picture, name, door.vault)
        if found is None:
            abort(404)
        return Response(found, mimetype="image/jpeg", headers=_HEADERS)

    app.add_url_rule(f"{PICTURES}/<string:name>", "picture", blurred)
