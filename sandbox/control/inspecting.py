"""One exchange under the glass: is its signature right, how to send it again, and as curl."""

import hashlib
import hmac
import shlex
import time
from typing import Any

import httpx
from starlette.requests import Request
from starlette.routing import Route

from sandbox import traffic
from sandbox.apps.outgoing import signature
from sandbox.control.wire import BadRequestError, endpoint
from sandbox.people.errors import CannotActError
from sandbox.running import Running
from sandbox.state.model import App, Json
from sandbox.traffic import SHOWN_BYTES, Exchange

_STAMP, _SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"


async def read_one(running: Running, request: Request) -> Json:
    """``GET /sandbox/traffic/N``: the exchange, its signature checked, and a curl command."""
    exchange = _exchange(running, request)
    return {
        **traffic.shape(exchange),
        "signature": _checked(running, exchange),
        "replays": _can_replay(exchange),
        "curl": _curl(running, request, exchange),
    }


async def replay(running: Running, request: Request) -> Json:
    """``POST /sandbox/traffic/N/replay``: send it again, signed anew; it is recorded again too."""
    exchange = _exchange(running, request)
    if not _can_replay(exchange):
        raise BadRequestError("what went through a socket, or was cut, cannot be sent again")
    started = time.perf_counter()
    headers, url = _headers(running, exchange), _url(request, exchange)
    status, answer, note = None, b"", "replayed"
    try:
        response = await running.http.post(url, content=exchange.request, headers=headers)
        status, answer = response.status_code, response.content
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        note = f"replayed: {type(error).__name__}"
    if exchange.direction == "out":
        traffic.record(
            running.bench.traffic, started, direction="out", what=exchange.what,
            app_id=exchange.app_id, status=status, request=exchange.request, answer=answer,
            note=note, headers=headers, url=exchange.url,
        )  # fmt: skip
    return {"ok": True, "status": status, "answer": answer.decode("utf-8", "replace")}


def _exchange(running: Running, request: Request) -> Exchange:
    wanted = request.path_params["n"]
    for exchange in running.bench.traffic.exchanges:
        if exchange.n == wanted:
            return exchange
    raise CannotActError("no_such_exchange", f"number {wanted} is not kept")


def _can_replay(exchange: Exchange) -> bool:
    whole = len(exchange.request) < SHOWN_BYTES
    return whole and exchange.transport == "http" and bool(exchange.url or _is_call(exchange))


def _is_call(exchange: Exchange) -> bool:
    return exchange.direction == "in"


def _app(running: Running, exchange: Exchange) -> App | None:
    return running.workspace.apps.get(exchange.app_id or "")


def _checked(running: Running, exchange: Exchange) -> Json | None:
    """Slack's signature, computed anew from what was sent; None where nothing was signed."""
    app, stamp = _app(running, exchange), exchange.headers.get(_STAMP, "")
    sent = exchange.headers.get(_SIGNATURE)
    if app is None or sent is None:
        return None
    base = f"v0:{stamp}:".encode() + exchange.request
    expected = "v0=" + hmac.new(app.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "base": base[:200].decode("utf-8", "replace") + ("…" if len(base) > 200 else ""),
        "expected": expected,
        "sent": sent,
        "matches": hmac.compare_digest(expected, sent),
        "age": round(max(0.0, exchange.at - float(stamp)), 1),
    }


def _headers(running: Running, exchange: Exchange) -> dict[str, str]:
    """The headers to send it again with: as they were, but signed now."""
    headers = {name: value for name, value in exchange.headers.items() if name != "query"}
    app = _app(running, exchange)
    if app is not None and _SIGNATURE in headers:
        stamp = str(int(time.time()))
        fresh = signature(app.signing_secret, stamp, exchange.request)
        headers.update({_STAMP: stamp, _SIGNATURE: fresh})
    return headers


def _url(request: Request, exchange: Exchange) -> str:
    if not _is_call(exchange):
        return exchange.url
    host, port = request.scope["server"]
    query = exchange.headers.get("query")
    return f"http://{host}:{port}/api/{exchange.what}" + (f"?{query}" if query else "")


def _curl(running: Running, request: Request, exchange: Exchange) -> str:
    """The request as a command for a shell; signed now, so good for five minutes."""
    parts: list[Any] = ["curl", "-sS", "-X", "POST", shlex.quote(_url(request, exchange))]
    for name, value in _headers(running, exchange).items():
        parts += ["-H", shlex.quote(f"{name}: {value}")]
    if exchange.request:
        parts += ["--data-binary", shlex.quote(exchange.request.decode("utf-8", "replace"))]
    return " ".join(parts)


def routes(running: Running) -> list[Route]:
    """The routes of this file."""
    return [
        Route("/sandbox/traffic/{n:int}", endpoint(running, read_one), methods=["GET"]),
        Route("/sandbox/traffic/{n:int}/replay", endpoint(running, replay), methods=["POST"]),
    ]
