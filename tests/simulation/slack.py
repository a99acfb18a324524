"""A Slack in memory, at the wire: what the SDK opens, this answers, late, wrongly or not at all."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from unittest import mock
from urllib.request import Request

from core.db import Clock
from tests.simulation.faults import AFTER_SEND, BEFORE_SEND, Died, Faults
from tests.simulation.wire import (
    DELAYED,
    EARLY,
    FIVE,
    KINDS,
    LATE,
    RATE,
    REFUSED,
    TIMEOUT,
    Answer,
    failed,
    http_error,
    ok,
    payload_of,
)

DELETED = "card deleted by a person"
DELAY = (3, 30)  # seconds until such a message stands there after all
API, REPLIES = "https://slack.test/api/", "https://slack.test/reply/"
MOST_REPLIES, REPLY_SECONDS = 5, 30 * 60  # what a response_url is good for
QUIET_SECONDS = 7
MANY, SLACK = 10, 2  # so many posts of a channel in a row take as many seconds, two aside
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
    drawn_at: float  # when it came to show what it shows
    thread: str = ""

    @property
    def outbox(self) -> int:
        """The stored message that this one is, by its metadata."""
        return int(self.body["metadata"]["event_payload"]["outbox"])


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
        self.archived = ""  # the channel that nobody can post to for a while
        self.blind = ""  # the channel whose history may not be read for a while
        self.unseen: set[int] = set()  # stored messages that could not be looked for
        self.posts: dict[str, list[float]] = {}  # when somebody tried to post, by channel
        self._delayed: list[tuple[float, dict[str, Any]]] = []
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
        self.arrive()
        method = request.full_url.removeprefix(API)
        if request.full_url.startswith(REPLIES):
            method = "response_url"
        payload = payload_of(request)
        fault = self._fault()
        if fault == RATE or self._asked_for_quiet(method, payload):
            self._quiet[_lane(method, payload)] = self._now() + QUIET_SECONDS
            data = {"ok": False, "error": "ratelimited"}
            raise http_error(request, 429, data, {"Retry-After": str(QUIET_SECONDS)})
        if fault in EARLY:
            return failed(request, fault)
        refusal = self._refusal(method, payload)
        if refusal:
            return ok({"ok": False, "error": refusal})
        if fault == DELAYED:
            at = self._now() + self.chance.uniform(*DELAY)
            if method == "chat.postMessage":
                self._delayed.append((at, payload))
            return failed(request, TIMEOUT)
        answer = self._accept(method, request.full_url, payload)
        if self.faults.strike(AFTER_SEND):
            raise Died(AFTER_SEND)
        self.border()
        return failed(request, fault) if fault in LATE else answer

    def arrive(self) -> None:
        """What was held up on its way stands there now."""
        late = [payload for at, payload in self._delayed if at <= self._now()]
        self._delayed = [pair for pair in self._delayed if pair[0] > self._now()]
        for payload in late:
            self._post(payload)

    def _refusal(self, method: str, payload: dict[str, Any]) -> str:
        """What Slack answers without doing anything, for as long as it lasts."""
        if method == "response_url":
            return ""
        if self.revoked:
            return "token_revoked"
        channel = payload.get("channel", "")
        if channel and channel == self.archived and method.startswith("chat."):
            return "is_archived"
        if channel and channel == self.blind and method.startswith("conversations."):
            self.unseen |= {m.outbox for m in self.messages.values() if m.channel == channel}
            return "missing_scope"
        return ""

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
        """Invariant 12: nobody calls inside a Retry-After, or more than once a second for long."""
        early = self._now() < self._quiet.get(_lane(method, payload), 0) - 0.001
        if early and method in ("chat.postMessage", "chat.update"):
            self.broken(f"12: {method} to {payload['channel']} inside its Retry-After")
        if method == "chat.postMessage":
            posts = self.posts.setdefault(payload["channel"], [])
            posts.append(self._now())
            if len(posts) >= MANY and posts[-1] - posts[-MANY] < MANY - 1 - SLACK:
                self.broken(f"12: {MANY} posts into {payload['channel']} too fast")
        return early

    def _accept(self, method: str, url: str, payload: dict[str, Any]) -> Answer:
        if method == "response_url":
            return self._replied(url, payload)
        if method == "chat.postMessage":
            return ok(self._post(payload))
        if method == "chat.update":
            return ok(self._update((payload["channel"], payload["ts"]), payload))
        if method == "chat.delete":
            gone = self.messages.pop((payload["channel"], payload["ts"]), None)
            return ok({"ok": True} if gone else {"ok": False, "error": "message_not_found"})
        if method in ("conversations.history", "conversations.replies"):
            return ok(self._history(payload))
        if method == "conversations.open":
            return ok({"ok": True, "channel": {"id": f"D{payload['users']}"}})
        if method == "views.open":
            self.views[payload["trigger_id"]] = json.loads(payload["view"])
            return ok({"ok": True})
        if method == "auth.test":
            return ok({"ok": True, **IDENTITY})
        raise LookupError(method)

    def _post(self, payload: dict[str, Any]) -> dict[str, Any]:
        self._last += 1
        ts = f"{int(self._now())}.{self._last:06}"
        channel, thread = payload["channel"], payload.get("thread_ts", "")
        if thread and (channel, thread) not in self.messages:
            return {"ok": False, "error": "thread_not_found"}
        self.messages[channel, ts] = Posted(channel, ts, payload, self._now(), thread)
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
        message.drawn_at = self._now()
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
