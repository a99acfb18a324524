"""HTTP for the Web API, without a framework in between: a post must stay cheap."""

import json
from typing import Any

from starlette.types import Receive, Scope, Send

BODY_LIMIT = 5_000_000
_TYPE = (b"content-type", b"application/json; charset=utf-8")


async def read_body(receive: Receive) -> bytes | None:
    """The request's whole body, or None when it is larger than Slack would read."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body if len(body) <= BODY_LIMIT else None
    parts, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > BODY_LIMIT:
            return None
    return b"".join(parts)


def header(scope: Scope, name: bytes) -> str:
    """A request header by its lower-case name, or an empty text."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return ""


def dump(payload: Any) -> bytes:
    """JSON as it goes over the wire."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


async def answer(
    send: Send, body: bytes, status: int = 200, headers: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    """Send one whole JSON answer."""
    length = (b"content-length", b"%d" % len(body))
    await send(
        {"type": "http.response.start", "status": status, "headers": [_TYPE, length, *headers]}
    )
    await send({"type": "http.response.body", "body": body})
