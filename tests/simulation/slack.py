"""A Slack in memory, at the wire: what the SDK opens, this answers, late, wrongly or not at all."""

import contextlib
import http.client
import io
import json
import urllib.error
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message as Headers
from random import Random
from typing import Any
from unittest import mock
from urllib.request import Request

from core.db import Clock
from tests.simulation.faults import Died, Faults

RATE, FIVE, LATE_FIVE = "429", "5xx before acceptance", "5xx after acceptance"
TIMEOUT, LATE_TIMEOUT = "timeout before acceptance", "timeout after acceptance"
RESET, LATE_RESET, REFUSED = "reset before acceptance", "reset after acceptance", "no connection"
AFTER_SEND = "died after send"
REVOKED, DELETED = "token revoked", "card deleted by a person"
KINDS = (RATE, FIVE, LATE_FIVE, TIMEOUT, LATE_TIMEOUT, RESET, LATE_RESET, REFUSED)


@dataclass
class Posted:
    """A message that Slack has."""

    channel: str
    ts: str
    body: dict[str, Any]
    thread: str = ""
    edits: int = 0

    @property
    def outbox(self) -> int:
        """The stored message that this one is, by its metadata."""
        return int(self.body["metadata"]["event_payload"]["outbox"])


@dataclass
class Answer:
    """What urlopen gives back."""

    body: bytes
    code: int = 200
    headers: Headers = field(default_factory=Headers)

    def read(self) -> bytes:
        """The body."""
        return self.body


class Slack:
    """The workspace, its faults, and whether callers keep out of it when it asked for quiet."""

    def __init__(
        self,
        chance: Random,
        clock: Clock,
        faults: Faults,
        border: Callable[[], None],
        broken: Callable[[str], None],
    ) -> None:
        self.chance, self.clock, self.faults = chance, clock, faults
        self.border, self.broken = border, broken
        self.messages: dict[tuple[str, str], Posted] = {}
        self.down = False  # nothing gets through for a while
        self.revoked = False
        self._quiet: dict[str, float] = {}  # until when which lane must not be called
        self._last = 0

    @contextlib.contextmanager
    def plugged_in(self) -> Iterator[None]:
        """While this lasts, the official SDK reaches this Slack and no other."""
        with (
            mock.patch("slack_sdk.web.base_client.urlopen", self.open),
            mock.patch("slack_sdk.webhook.client.urlopen", self.open),
        ):
            yield

    def open(self, request: Request, **_: Any) -> Answer:
        """One request, on the wire's terms: an answer, an HTTP error, an error of the network."""
        self.border()
        path = urllib.parse.urlparse(request.full_url).path
        method = path.rpartition("/")[2] if "/api/" in path else "response_url"
        payload = _payload(request)
        fault = self._fault()
        if fault is RATE or self._asked_for_quiet(method, payload):
            self._quieten(method, payload)
            raise _http(request, 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "7"})
        if fault in (FIVE, TIMEOUT, RESET, REFUSED):
            raise _network(request, fault)
        if self.revoked:
            return _ok({"ok": False, "error": "token_revoked"})
        data = self._accept(method, request.full_url, payload)
        if self.faults.strike(AFTER_SEND, 0.012):
            raise Died(AFTER_SEND)
        self.border()
        if fault in (LATE_FIVE, LATE_TIMEOUT, LATE_RESET):
            raise _network(request, fault)
        return _ok(data)

    def delete_a_card(self) -> None:
        """A person deletes a message at the top of a channel (fault 14)."""
        tops = [key for key, message in self.messages.items() if not message.thread]
        if tops and self.faults.strike(DELETED, 1.0):
            del self.messages[self.chance.choice(tops)]

    def _fault(self) -> str:
        if self.down:
            return self.chance.choice((FIVE, TIMEOUT, REFUSED))
        for kind in KINDS:
            if self.faults.strike(kind, 0.012):
                return kind
        return ""

    def _quieten(self, method: str, payload: dict[str, Any]) -> None:
        lane = f"{method} {payload.get('channel', '')}" if method == "chat.postMessage" else method
        self._quiet[lane] = self.clock().timestamp() + 7

    def _asked_for_quiet(self, method: str, payload: dict[str, Any]) -> bool:
        """Invariant 12: nobody posts into a channel inside its Retry-After."""
        lane = f"{method} {payload.get('channel', '')}"
        early = self.clock().timestamp() < self._quiet.get(lane, 0) - 0.001
        if method == "chat.postMessage" and early:
            self.broken(f"12: a post into {payload['channel']} inside its Retry-After")
        return early

    def _accept(self, method: str, url: str, payload: dict[str, Any]) -> dict[str, Any]:
        if method == "chat.postMessage":
            self._last += 1
            ts = f"{int(self.clock().timestamp())}.{self._last:06}"
            channel, thread = payload["channel"], payload.get("thread_ts", "")
            if thread and (channel, thread) not in self.messages:
                return {"ok": False, "error": "thread_not_found"}
            self.messages[channel, ts] = Posted(channel, ts, payload, thread)
            return {"ok": True, "ts": ts, "channel": channel}
        if method == "chat.update":
            return self._update((payload["channel"], payload["ts"]), payload)
        if method == "response_url":
            channel, ts = url.split("/")[-2:]
            return self._update((channel, ts), payload)
        if method in ("conversations.history", "conversations.replies"):
            return self._history(payload)
        return {"ok": True}

    def _update(self, key: tuple[str, str], payload: dict[str, Any]) -> dict[str, Any]:
        message = self.messages.get(key)
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        message.body |= {"text": payload["text"], "blocks": payload["blocks"]}
        message.edits += 1
        return {"ok": True, "ts": message.ts, "channel": message.channel}

    def _history(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Newest first, in pages; of a thread, all of it."""
        oldest, thread = float(payload.get("oldest", 0)), payload.get("ts", "")
        found = [
            message
            for message in reversed(self.messages.values())
            if message.channel == payload["channel"]
            and message.thread == thread
            and float(message.ts) > oldest
        ]
        start = int(payload.get("cursor") or 0)
        page = found[start : start + 3]
        more = str(start + 3) if len(found) > start + 3 else ""
        messages = [{"ts": m.ts, "metadata": m.body["metadata"]} for m in page]
        return {"ok": True, "messages": messages, "response_metadata": {"next_cursor": more}}


def _payload(request: Request) -> dict[str, Any]:
    body = bytes(request.data or b"").decode()  # type: ignore[arg-type]
    if body.startswith("{"):
        return dict(json.loads(body))
    return dict(urllib.parse.parse_qsl(body))


def _ok(data: dict[str, Any]) -> Answer:
    return Answer(json.dumps(data).encode())


def _http(
    request: Request, code: int, data: dict[str, Any], more: dict[str, str] | None = None
) -> urllib.error.HTTPError:
    headers = Headers()
    for name, value in (more or {}).items():
        headers[name] = value
    body = io.BytesIO(json.dumps(data).encode())
    return urllib.error.HTTPError(request.full_url, code, "planted", headers, body)


def _network(request: Request, fault: str) -> BaseException:
    if fault in (FIVE, LATE_FIVE):
        return _http(request, 503, {"ok": False, "error": "internal_error"})
    if fault in (TIMEOUT, LATE_TIMEOUT):
        return TimeoutError("planted")
    if fault == REFUSED:
        return urllib.error.URLError(ConnectionRefusedError("planted"))
    return http.client.RemoteDisconnected("planted")
