"""The traffic from the bench: looking at an exchange, doing it again, taking it elsewhere."""

import hmac
import shlex
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox import traffic
from sandbox.apps.deliver import deliver
from sandbox.apps.outgoing import Answer, signature
from sandbox.control.wire import BadRequestError, endpoint, number_of
from sandbox.people.errors import CannotActError
from sandbox.running import Running
from sandbox.state.model import Json
from sandbox.traffic import Exchange

_TIMESTAMP, _SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"


async def read_traffic(running: Running, request: Request) -> Json:
    """``GET /sandbox/traffic?since=&limit=``: exchanges after number `since`, oldest first."""
    since = int(number_of(request, "since", 0))
    limit = max(1, int(number_of(request, "limit", 200)))
    kept = running.bench.traffic.exchanges
    found = [exchange for exchange in kept if exchange.n > since][-limit:]
    return {"exchanges": [traffic.shape(exchange) for exchange in found]}


async def read_exchange(running: Running, request: Request) -> Json:
    """``GET /sandbox/traffic/N``: one exchange, its signature checked, and as curl."""
    exchange = _find(running, request)
    return {
        **traffic.shape(exchange),
        "signature": _checked(running, exchange),
        "curl": _curl(running, exchange),
    }


def _find(running: Running, request: Request) -> Exchange:
    wanted = request.path_params["n"]
    for exchange in running.bench.traffic.exchanges:
        if str(exchange.n) == wanted:
            return exchange
    raise CannotActError("no_such_exchange", f"nothing has the number {wanted} (any more)")


def _checked(running: Running, exchange: Exchange) -> Json | None:
    """What an app has to compute to believe a request, and whether it comes out; None without."""
    app = running.workspace.apps.get(exchange.app_id or "")
    given = exchange.headers.get(_SIGNATURE)
    if app is None or given is None or exchange.cut:
        return None
    timestamp = exchange.headers[_TIMESTAMP]
    expected = signature(app.signing_secret, timestamp, exchange.request)
    return {
        "timestamp": timestamp,
        "base": f"v0:{timestamp}:" + exchange.request.decode("utf-8", "replace"),
        "given": given,
        "expected": expected,
        "matches": hmac.compare_digest(given, expected),
    }


def _curl(running: Running, exchange: Exchange) -> str | None:
    """The exchange as a command; None for what went through a socket."""
    if exchange.transport == "socket" or exchange.cut:
        return None
    url = exchange.url
    if exchange.direction == "in":
        url = running.workspace.public_url + url
    words = ["curl", "-sS", "-X", "POST", url]
    for name, value in exchange.headers.items():
        words += ["-H", f"{name}: {value}"]
    if exchange.request:
        words += ["--data-binary", exchange.request.decode("utf-8", "replace")]
    return shlex.join(words)


async def replay(running: Running, request: Request) -> Json:
    """``POST /sandbox/traffic/N/replay``: the same once more; to an app it is signed anew."""
    exchange = _find(running, request)
    if exchange.cut:
        raise BadRequestError("the request was too large to be kept whole")
    if exchange.direction == "in":
        answered = await _call_again(running, exchange)
    else:
        app = running.workspace.apps.get(exchange.app_id or "")
        if app is None or exchange.out is None:
            raise CannotActError("no_such_app", "its app is gone")
        answered = _told(await deliver(running, app, exchange.out))
    return {"ok": True, **answered, "n": running.bench.traffic.exchanges[-1].n}


async def _call_again(running: Running, exchange: Exchange) -> Json:
    url = running.workspace.public_url + exchange.url
    answer = await running.http.post(url, content=exchange.request, headers=exchange.headers)
    return {"status": answer.status_code, "answer": answer.text}


def _told(answer: Answer) -> Json:
    body: Any = answer.body.decode("utf-8", "replace")
    return {"status": answer.status, "answer": body, "failure": answer.failure}


def routes(running: Running) -> list[Route]:
    """The routes of this file."""
    table = [
        ("GET", "traffic", read_traffic),
        ("GET", "traffic/{n}", read_exchange),
        ("POST", "traffic/{n}/replay", replay),
    ]
    return [
        Route(f"/sandbox/{path}", endpoint(running, serve), methods=[method])
        for method, path, serve in table
    ]
