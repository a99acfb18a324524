"""The wire between the SDK and the simulated Slack: answers, HTTP errors, errors of the network."""

import http.client
import io
import json
import urllib.error
import urllib.parse
from dataclasses import dataclass, field
from email.message import Message as Headers
from typing import Any
from urllib.request import Request

RATE, FIVE, LATE_FIVE = "429", "5xx before acceptance", "5xx after acceptance"
INTERNAL, LATE_INTERNAL = "internal_error before acceptance", "internal_error after acceptance"
TIMEOUT, LATE_TIMEOUT = "timeout before acceptance", "timeout after acceptance"
RESET, LATE_RESET, REFUSED = "reset before acceptance", "reset after acceptance", "no connection"
DELAYED = "accepted long after a timeout"
EARLY = (FIVE, INTERNAL, TIMEOUT, RESET, REFUSED)
LATE = (LATE_FIVE, LATE_INTERNAL, LATE_TIMEOUT, LATE_RESET)
KINDS = (RATE, *EARLY, *LATE, DELAYED)


@dataclass
class Answer:
    """What urlopen gives back."""

    body: bytes
    status: int = 200
    headers: Headers = field(default_factory=Headers)

    @property
    def code(self) -> int:
        """The status, by its other name."""
        return self.status

    def read(self) -> bytes:
        """The body."""
        return self.body


def payload_of(request: Request) -> dict[str, Any]:
    body = bytes(request.data or b"").decode()  # type: ignore[arg-type]
    if body.startswith("{"):
        return dict(json.loads(body))
    return dict(urllib.parse.parse_qsl(body))


def ok(data: dict[str, Any]) -> Answer:
    return Answer(json.dumps(data).encode())


def failed(request: Request, fault: str) -> Answer:
    """The fault, as it looks from the other end of the wire."""
    if fault in (INTERNAL, LATE_INTERNAL):
        return ok({"ok": False, "error": "internal_error"})
    if fault in (FIVE, LATE_FIVE):
        raise http_error(request, 503, {"ok": False, "error": "internal_error"})
    if fault in (TIMEOUT, LATE_TIMEOUT):
        raise TimeoutError("planted")
    if fault == REFUSED:
        raise urllib.error.URLError(ConnectionRefusedError("planted"))
    raise http.client.RemoteDisconnected("planted")


def http_error(
    request: Request, code: int, data: dict[str, Any], more: dict[str, str] | None = None
) -> urllib.error.HTTPError:
    headers = Headers()
    for name, value in (more or {}).items():
        headers[name] = value
    body = io.BytesIO(json.dumps(data).encode())
    return urllib.error.HTTPError(request.full_url, code, "planted", headers, body)
