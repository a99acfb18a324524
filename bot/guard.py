"""The guard in front of Bolt: size, age, signature and shape, before anything is parsed deeply.

Bolt parses JSON before it checks the signature and logs bodies it refuses; so it never sees a
request that has not passed here, and its own check is off. Nothing of a refused body is logged.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

MOST_BYTES = 1_000_000
MOST_AGE = 300  # seconds, either way

Start = Callable[[str, list[tuple[str, str]]], Any]
_STATUS = {
    400: "400 Bad Request",
    401: "401 Unauthorized",
    405: "405 Method Not Allowed",
    413: "413 Content Too Large",
}


class Rejected(Exception):
    """A request that goes no further; its status is all that is said about it."""

    def __init__(self, status: int) -> None:
        super().__init__(_STATUS[status])
        self.status = status


def read(environ: Mapping[str, Any], secret: str, now: float) -> dict[str, Any]:
    """What a genuine request says. Raises Rejected with the status to answer.

    `now` is the wall clock in seconds; the desk's moved time has no say in signatures.
    """
    if environ.get("REQUEST_METHOD") != "POST":
        raise Rejected(405)
    body = _body(environ)
    _check_signature(environ, body, secret, now)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Rejected(400) from None
    return _parsed(text, environ.get("CONTENT_TYPE", ""))


def answer(rejected: Rejected, start: Start) -> Iterable[bytes]:
    """The bare answer to a request that went no further."""
    start(_STATUS[rejected.status], [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]


def _body(environ: Mapping[str, Any]) -> bytes:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Rejected(400) from None
    if length > MOST_BYTES:
        raise Rejected(413)
    body: bytes = environ["wsgi.input"].read(max(0, length))
    return body


def _check_signature(environ: Mapping[str, Any], body: bytes, secret: str, now: float) -> None:
    stamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
    given = environ.get("HTTP_X_SLACK_SIGNATURE", "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 16 and given.isascii()):
        raise Rejected(401)
    if abs(now - int(stamp)) > MOST_AGE:
        raise Rejected(401)
    base = b"v0:" + stamp.encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, given):
        raise Rejected(401)


def _parsed(text: str, content_type: str) -> dict[str, Any]:
    """A form with a payload or a command, or JSON with a type; anything else is a 400."""
    if content_type.startswith("application/json"):
        data = _object(text)
        if not isinstance(data.get("type"), str):
            raise Rejected(400)
        return data
    try:
        form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    except ValueError:
        raise Rejected(400) from None
    if "payload" in form:
        data = _object(form["payload"])
        if not isinstance(data.get("type"), str) or not isinstance(data.get("user"), dict):
            raise Rejected(400)
        return data
    if "command" not in form or "user_id" not in form:
        raise Rejected(400)
    return form


def _object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):  # broken, or nested too deep
        raise Rejected(400) from None
    if not isinstance(data, dict):
        raise Rejected(400)
    return data
