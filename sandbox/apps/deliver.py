"""Bringing a payload to an app, by HTTP or through a socket, and three seconds for its word.

This is the only place that reaches an app.
"""

import asyncio
import time

import httpx

from sandbox import faults, traffic
from sandbox.apps import links
from sandbox.apps.outgoing import Answer, Outgoing, signature
from sandbox.running import Running
from sandbox.state.model import App

SECONDS_TO_ANSWER = 3.0
_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


def reachable(running: Running, app: App, url: str | None) -> bool:
    """Whether there is any way to this app."""
    return bool(by_socket(running, app) or (url and app.socket_mode is not True))


def by_socket(running: Running, app: App) -> bool:
    """Whether an app is spoken to through its sockets."""
    return app.socket_mode is True or (app.socket_mode is None and bool(running.links.of(app)))


async def deliver(running: Running, app: App, out: Outgoing) -> Answer:
    """Bring `out` to an app; what a fault does to it on the way, it does unseen."""
    fault = faults.strike_delivery(running.bench.faults, out.what)
    note = "" if fault is None else f"fault: {fault.kind}"
    if fault is not None and fault.kind == "undelivered":
        await asyncio.sleep(SECONDS_TO_ANSWER)
        return Answer(None, b"", SECONDS_TO_ANSWER * 1000, "operation_timeout")
    if fault is not None and fault.kind == "late":
        await asyncio.sleep(fault.seconds)
    if fault is not None and fault.kind == "duplicate":
        running.background.start(_bring(running, app, out.twin(), note))
    return await _bring(running, app, out, note)


async def _bring(running: Running, app: App, out: Outgoing, note: str) -> Answer:
    started = time.perf_counter()
    socket = by_socket(running, app)
    if socket:
        request = headers = None
        answer = await _through_socket(running, app, out, started)
    else:
        request = out.body()
        headers = _headers(app, out, request)
        answer = await _post(running.http, out.url, request, headers, started)
    traffic.record(
        running.bench.traffic,
        started,
        direction="out",
        what=out.what,
        app_id=app.id,
        status=answer.status,
        request=out.body() if request is None else request,
        answer=answer.body,
        note=answer.failure or note,
        headers=headers or out.headers(),
        url=(out.url or "") if not socket else "",
        transport="socket" if socket else "http",
        out=out,
    )
    return answer


def _headers(app: App, out: Outgoing, body: bytes) -> dict[str, str]:
    timestamp = str(int(time.time()))
    return {
        "content-type": out.content_type,
        "accept": "application/json,*/*",
        "user-agent": _AGENT,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature(app.signing_secret, timestamp, body),
        **out.headers(),
    }


async def _through_socket(running: Running, app: App, out: Outgoing, started: float) -> Answer:
    if not running.links.of(app):
        return Answer(None, b"", 0.0, "no_socket")
    try:
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            said = await links.through(running.links, app, out)
    except TimeoutError:
        return Answer(None, b"", _ms(started), "operation_timeout")
    except ConnectionError:
        return Answer(None, b"", _ms(started), "connection_failed")
    return Answer(200, said, _ms(started), None)


async def _post(
    http: httpx.AsyncClient, url: str | None, body: bytes, headers: dict[str, str], started: float
) -> Answer:
    if url is None:
        return Answer(None, b"", 0.0, "no_url")
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
