"""What goes out to an app, in both of Slack's wrappings, and what comes back."""

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sandbox.ids import new_id
from sandbox.state.model import Json

INTERACTIVE, COMMANDS, EVENTS = "interactive", "slash_commands", "events_api"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One payload on its way to an app.

    `what` names it in the log; `kind` is what Socket Mode calls it; `url` is where it goes over
    HTTP; `attempt` and `reason` tell of earlier tries; `may_answer` whether an answer is looked at.
    """

    what: str
    kind: str
    payload: Json
    url: str | None
    may_answer: bool = True
    attempt: int = 0
    reason: str = ""

    @property
    def content_type(self) -> str:
        """What it is as the body of an HTTP request."""
        return "application/json" if self.kind == EVENTS else _FORM

    def body(self) -> bytes:
        """The body of an HTTP request: JSON, a form, or a form around JSON."""
        if self.kind == COMMANDS:
            return urlencode(self.payload, errors="replace").encode()
        text = json.dumps(self.payload, ensure_ascii=False)
        if self.kind == EVENTS:
            return text.encode("utf-8", "replace")
        return urlencode({"payload": text}, errors="replace").encode()

    def headers(self) -> dict[str, str]:
        """The headers that count retries and say why there is one."""
        if not self.attempt:
            return {}
        return {"x-slack-retry-num": str(self.attempt), "x-slack-retry-reason": self.reason}

    def envelope(self, envelope_id: str) -> Json:
        """The same for a socket."""
        wrapped: Json = {
            "envelope_id": envelope_id,
            "payload": self.payload,
            "type": self.kind,
            "accepts_response_payload": self.may_answer and self.kind != EVENTS,
        }
        if self.kind == EVENTS:
            wrapped.update(retry_attempt=self.attempt, retry_reason=self.reason)
        return wrapped

    def again(self, attempt: int, reason: str) -> "Outgoing":
        """The next try of the same payload."""
        return replace(self, attempt=attempt, reason=reason)

    def twin(self) -> "Outgoing":
        """The same once more by mistake: another event_id and no word of a retry."""
        fresh = {"event_id": new_id("Ev")} if "event_id" in self.payload else {}
        return replace(self, payload={**self.payload, **fresh}, attempt=0, reason="")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app said.

    `failure` is None for a 2xx (or an acknowledgement) in time; else ``operation_timeout``,
    ``connection_failed``, ``no_url`` or ``http_status_404`` and the like.
    """

    status: int | None
    body: bytes
    ms: float
    failure: str | None

    @property
    def ok(self) -> bool:
        """Whether the app answered with a 2xx within three seconds."""
        return self.failure is None

    def json(self) -> Json | None:
        """The body as a JSON object; an empty one for an empty body, None when it is no JSON."""
        text = self.body.strip()
        if not text:
            return {}
        try:
            found: Any = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature over a request's raw body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
