"""Who calls: an API key as a bearer token, which speaks for one source."""

from flask import abort, g, request

from core.desk import access as keys
from portal.door import Door
from portal.problems import problem


def admit(door: Door) -> None:
    """Lets a known key in and remembers its source. Ends the request with 401 otherwise."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    source = None
    if kind.lower() == "bearer" and secret.strip():
        source = door.database.read(keys.api_source, secret.strip())
    if source is None:
        abort(problem(401, "no_key"))
    g.source = source


def source() -> str:
    """The source that this request's key speaks for."""
    return str(g.source)
