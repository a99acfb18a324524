"""Sending a signed request to an app and waiting three seconds for its answer.

This is the only place that reaches an app; another transport (Socket Mode) takes this place.
"""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx

from sandbox import traffic
from sandbox.bench import Bench
from sandbox.state.model import App, Json

SECONDS_TO_ANSWER = 3.0
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app said.

    `failure` is None for a 2xx in time; else ``operation_timeout``, ``connection_failed``,
    ``no_url`` or ``http_status_404`` and the like.
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
            found = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None


def client() -> httpx.AsyncClient:
    """The connection pool to the apps: kept alive shortly, never through a proxy."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=200, keepalive_expiry=1.0)
    return httpx.AsyncClient(
        trust_env=False, limits=limits, timeout=2 * SECONDS_TO_ANSWER, follow_redirects=False
    )


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature over a request's raw body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def as_payload(payload: Json) -> bytes:
    """An interaction as a form with the one field ``payload``."""
    return urlencode(
        {"payload": json.dumps(payload, ensure_ascii=False)}, errors="replace"
    ).encode()


async def deliver(
    http: httpx.AsyncClient,
    bench: Bench,
    app: App,
    url: str | None,
    body: bytes,
    kind: str,
    what: str,
    headers: dict[str, str] | None = None,
) -> Answer:
    """POST `body` (of content type `kind`) to an app, signed now; `what` names it in the log."""
    timestamp = str(int(time.time()))
    sent = {
        "content-type": kind,
        "accept": "application/json,*/*",
        "user-agent": _AGENT,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature(app.signing_secret, timestamp, body),
        **(headers or {}),
    }
    started = time.perf_counter()
    if url is None:
        answer = Answer(None, b"", 0.0, "no_url")
    else:
        answer = await _post(http, url, body, sent, started)
    traffic.record(
        bench.traffic,
        started,
        direction="out",
        what=what,
        app_id=app.id,
        status=answer.status,
        request=body,
        answer=answer.body,
        note=answer.failure or "",
        headers=sent,
    )
    return answer


async def _post(
    http: httpx.AsyncClient, url: str, body: bytes, headers: dict[str, str], started: float
) -> Answer:
    try:
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            response = await http.post(url, content=body, headers=headers)
    except TimeoutError:
        return Answer(None, b"", _ms(started), "operation_timeout")
    except (httpx.HTTPError, httpx.InvalidURL):
        return Answer(None, b"", _ms(started), "connection_failed")
    status = response.status_code
    failure = None if 200 <= status < 300 else f"http_status_{status}"
    return Answer(status, response.content, _ms(started), failure)


def _ms(started: float) -> float:
    return (time.perf_counter() - started) * 1000
