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
from tests.simulation.faults import AFTER_SEND, BEFORE_SEND, Died, Faults

RATE, FIVE, LATE_FIVE = "429", "5xx before acceptance", "5xx after acceptance"
INTERNAL, LATE_INTERNAL = "internal_error before acceptance", "internal_error after acceptance"
TIMEOUT, LATE_TIMEOUT = "timeout before acceptance", "timeout after acceptance"
RESET, LATE_RESET, REFUSED = "reset before acceptance", "reset after acceptance", "no connection"
DELETED = "card deleted by a person"
EARLY = (FIVE, INTERNAL, TIMEOUT, RESET, REFUSED)
LATE = (LATE_FIVE, LATE_INTERNAL, LATE_TIMEOUT, LATE_RESET)
KINDS = (RATE, *EARLY, *LATE)
API, REPLIES = "https://slack.test/api/", "https://slack.test/reply/"
MOST_REPLIES, REPLY_SECONDS = 5, 30 * 60  # what a response_url is good for
QUIET_SECONDS = 7
PAGE = 3  # messages of a history at a time, so that pages are turned
IDENTITY = {
    "team_id": "T0001",
    "user_id": "UBOT",
    "bot_id": "BBOT",
    "url": "https://office.slack.test/",
}


@dataclass
class Posted:
    """A message that Slack has."""

    channel: str
    ts: str
    body: dict[str, Any]
    thread: str = ""

    @property
    def outbox(self) -> int:
        """The stored message that this one is, by its metadata."""
        return int(self.body["metadata"]["event_payload"]["outbox"])


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


@dataclass
class Reply:
    """What a response_url leads to."""

    channel: str
    ts: str
    since: float
    uses: int = 0


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
        self.deleted: set[int] = set()  # the stored messages that a person deleted
        self.views: dict[str, dict[str, Any]] = {}  # modals by the trigger that opened them
        self.told: dict[str, str] = {}  # what only the presser was told, by response_url
        self.calls = 0  # under way at this moment
        self.down = False  # nothing gets through for a while
        self.revoked = False
        self._replies: dict[str, Reply] = {}
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
        self.calls += 1
        try:
            return self._open(request)
        finally:
            self.calls -= 1

    def _open(self, request: Request) -> Answer:
        if self.faults.strike(BEFORE_SEND):
            raise Died(BEFORE_SEND)
        self.border()
        method = request.full_url.removeprefix(API)
        if request.full_url.startswith(REPLIES):
            method = "response_url"
        payload = _payload(request)
        fault = self._fault()
        if fault == RATE or self._asked_for_quiet(method, payload):
            self._quiet[_lane(method, payload)] = self._now() + QUIET_SECONDS
            data = {"ok": False, "error": "ratelimited"}
            raise _http(request, 429, data, {"Retry-After": str(QUIET_SECONDS)})
        if fault in EARLY:
            return _failed(request, fault)
        if self.revoked and method != "response_url":
            return _ok({"ok": False, "error": "token_revoked"})
        answer = self._accept(method, request.full_url, payload)
        if self.faults.strike(AFTER_SEND):
            raise Died(AFTER_SEND)
        self.border()
        return _failed(request, fault) if fault in LATE else answer

    def reply_url(self, channel: str, ts: str) -> str:
        """A fresh response_url, as every press on a message brings one."""
        url = f"{REPLIES}{len(self._replies)}"
        self._replies[url] = Reply(channel, ts, self._now())
        return url

    def delete(self, message: Posted) -> None:
        """A person deletes a message (fault 14)."""
        del self.messages[message.channel, message.ts]
        self.deleted.add(message.outbox)

    def _now(self) -> float:
        return self.clock().timestamp()

    def _fault(self) -> str:
        if self.down:
            return self.chance.choice((FIVE, TIMEOUT, REFUSED))
        for kind in KINDS:
            if self.faults.strike(kind):
                return kind
        return ""

    def _asked_for_quiet(self, method: str, payload: dict[str, Any]) -> bool:
        """Invariant 12: nobody posts into a channel inside its Retry-After."""
        early = self._now() < self._quiet.get(_lane(method, payload), 0) - 0.001
        if method == "chat.postMessage" and early:
            self.broken(f"12: a post into {payload['channel']} inside its Retry-After")
        return early

    def _accept(self, method: str, url: str, payload: dict[str, Any]) -> Answer:
        if method == "response_url":
            return self._replied(url, payload)
        if method == "chat.postMessage":
            return _ok(self._post(payload))
        if method == "chat.update":
            return _ok(self._update((payload["channel"], payload["ts"]), payload))
        if method == "chat.delete":
            gone = self.messages.pop((payload["channel"], payload["ts"]), None)
            return _ok({"ok": True} if gone else {"ok": False, "error": "message_not_found"})
        if method in ("conversations.history", "conversations.replies"):
            return _ok(self._history(payload))
        if method == "conversations.open":
            return _ok({"ok": True, "channel": {"id": f"D{payload['users']}"}})
        if method == "views.open":
            self.views[payload["trigger_id"]] = json.loads(payload["view"])
            return _ok({"ok": True})
        if method == "auth.test":
            return _ok({"ok": True, **IDENTITY})
        raise LookupError(method)

    def _post(self, payload: dict[str, Any]) -> dict[str, Any]:
        self._last += 1
        ts = f"{int(self._now())}.{self._last:06}"
        channel, thread = payload["channel"], payload.get("thread_ts", "")
        if thread and (channel, thread) not in self.messages:
            return {"ok": False, "error": "thread_not_found"}
        self.messages[channel, ts] = Posted(channel, ts, payload, thread)
        return {"ok": True, "ts": ts, "channel": channel}

    def _replied(self, url: str, payload: dict[str, Any]) -> Answer:
        reply = self._replies[url]
        reply.uses += 1
        if reply.uses > MOST_REPLIES or self._now() > reply.since + REPLY_SECONDS:
            return Answer(b'{"ok": false, "error": "expired_url"}', 404)
        if payload.get("replace_original"):
            done = self._update((reply.channel, reply.ts), payload)
            return Answer(b"ok", 200 if done["ok"] else 404)
        self.told[url] = payload["text"]
        return Answer(b"ok")

    def _update(self, key: tuple[str, str], payload: dict[str, Any]) -> dict[str, Any]:
        message = self.messages.get(key)
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        message.body = {**message.body, "text": payload["text"], "blocks": payload["blocks"]}
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
        page = found[start : start + PAGE]
        more = str(start + PAGE) if len(found) > start + PAGE else ""
        messages = [{"ts": m.ts, "metadata": m.body["metadata"]} for m in page]
        return {"ok": True, "messages": messages, "response_metadata": {"next_cursor": more}}


def _lane(method: str, payload: dict[str, Any]) -> str:
    return f"{method} {payload.get('channel', '')}" if method == "chat.postMessage" else method


def _payload(request: Request) -> dict[str, Any]:
    body = bytes(request.data or b"").decode()  # type: ignore[arg-type]
    if body.startswith("{"):
        return dict(json.loads(body))
    return dict(urllib.parse.parse_qsl(body))


def _ok(data: dict[str, Any]) -> Answer:
    return Answer(json.dumps(data).encode())


def _failed(request: Request, fault: str) -> Answer:
    """The fault, as it looks from the other end of the wire."""
    if fault in (INTERNAL, LATE_INTERNAL):
        return _ok({"ok": False, "error": "internal_error"})
    if fault in (FIVE, LATE_FIVE):
        raise _http(request, 503, {"ok": False, "error": "internal_error"})
    if fault in (TIMEOUT, LATE_TIMEOUT):
        raise TimeoutError("planted")
    if fault == REFUSED:
        raise urllib.error.URLError(ConnectionRefusedError("planted"))
    raise http.client.RemoteDisconnected("planted")


def _http(
    request: Request, code: int, data: dict[str, Any], more: dict[str, str] | None = None
) -> urllib.error.HTTPError:
    headers = Headers()
    for name, value in (more or {}).items():
        headers[name] = value
    body = io.BytesIO(json.dumps(data).encode())
    return urllib.error.HTTPError(request.full_url, code, "planted", headers, body)
