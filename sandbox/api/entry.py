"""The door of the Web API: from an HTTP request to a method and back."""

import asyncio
import contextlib
import time
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from sandbox import faults, traffic
from sandbox.api import rates, wire
from sandbox.api.arguments import Arguments, read_arguments, text
from sandbox.api.asking import basic, find_token, needs_right
from sandbox.api.call import Call, accepted_scopes
from sandbox.api.errors import RefusedError, documented, invalid_arguments
from sandbox.api.facts import missing
from sandbox.api.table import METHODS, Method
from sandbox.bench import Bench
from sandbox.faults import Fault
from sandbox.ids import short_id
from sandbox.state.model import Json, Token, Workspace

Headers = tuple[tuple[bytes, bytes], ...]
_PREFIX = len("/api/")
_SHOWN = frozenset({b"content-type", b"authorization", b"user-agent"})


@dataclass(slots=True)
class Reply:
    """What goes back: status, body and headers besides the usual."""

    status: int
    body: bytes
    headers: Headers = ()


async def serve_call(
    workspace: Workspace, bench: Bench, scope: Scope, receive: Receive, send: Send
) -> None:
    """Serve one request to ``/api/METHOD``."""
    started = time.perf_counter()
    name = scope["path"][_PREFIX:]
    body = await wire.read_body(receive)
    if body is None:
        await wire.answer(send, b'{"ok":false,"error":"request_too_large"}', 413)
        return
    method = METHODS.get(name)
    call, refusal = await _understood(workspace, name, method, scope, body)
    channel = text(call.args, "channel") or text(call.args, "channel_id")
    fault = faults.strike(bench.faults, name, channel) if bench.faults else None
    if fault is None or fault.accepted or fault.kind == "slow":
        reply = refusal or _limited(bench, method, call, channel) or _answered(call, method)
    else:
        reply = Reply(200, b"")
    if fault is not None:
        await _struck(fault, reply, scope, receive, send)
    else:
        await wire.answer(send, reply.body, reply.status, reply.headers)
    traffic.record(
        bench.traffic,
        started,
        direction="in",
        what=name,
        app_id=call.bearer.app_id if call.bearer else None,
        status=reply.status,
        request=body,
        answer=reply.body,
        note="" if fault is None else f"fault: {fault.kind}",
        headers=_shown_headers(scope),
        url=_address(scope),
    )


def _shown_headers(scope: Scope) -> dict[str, str]:
    """What the log keeps of a request's headers: enough to send it again."""
    return {
        name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in _SHOWN
    }


def _address(scope: Scope) -> str:
    query = scope["query_string"]
    return f"{scope['path']}?{query.decode('latin-1')}" if query else str(scope["path"])


async def _understood(
    workspace: Workspace, name: str, method: Method | None, scope: Scope, body: bytes
) -> tuple[Call, Reply | None]:
    """The call, and the refusal that stops it here."""
    call = Call(workspace, name, {}, method.facts if method else {}, None)
    if method is None:
        unknown = {"ok": False, "error": "unknown_method", "req_method": name}
        return call, Reply(200, wire.dump(unknown))
    kind = wire.header(scope, b"content-type")
    try:
        call.args, call.uploads = await read_arguments(
            scope["query_string"], kind, body, takes_json=method.takes_json
        )
        call.warnings = _charset_warnings(kind)
        call.basic = basic(scope)
        call.bearer = find_token(workspace, scope, call.args, method)
        needs_right(call, method)
        _needs_arguments(name, call.args)
    except RefusedError as refused:
        return call, Reply(200, wire.dump(_refusal(refused)), _headers(call, method))
    return call, None


def _charset_warnings(kind: str) -> list[str]:
    """Slack minds JSON that does not say its encoding, and forms that do."""
    if kind.startswith("application/json") and "charset" not in kind:
        return ["missing_charset"]
    if kind.startswith("application/x-www-form-urlencoded") and "charset" in kind:
        return ["superfluous_charset"]
    return []


def _needs_arguments(name: str, args: Arguments) -> None:
    code, absent = missing(name, args)
    if code == "invalid_arguments":
        raise invalid_arguments(*(f"missing required field: {arg}" for arg in absent))
    if code:
        raise RefusedError(code)


def _limited(bench: Bench, method: Method | None, call: Call, channel: str | None) -> Reply | None:
    if call.bearer is None or method is None or bench.rates.mode == "off":
        return None
    wait = rates.wait_seconds(
        bench.rates, call.bearer.app_id, call.method, method.per_minute, channel
    )
    return _rate_limited(wait) if wait else None


def _rate_limited(wait: int) -> Reply:
    return Reply(429, b'{"ok":false,"error":"ratelimited"}', ((b"retry-after", b"%d" % wait),))


def _answered(call: Call, method: Method | None) -> Reply:
    if method is None:
        raise LookupError(call.method)
    try:
        payload: Json = {"ok": True, **method.handler(call)}
    except RefusedError as refused:
        if call.method != "api.test":
            refused.code = documented(refused.code, method.errors)
        payload = _refusal(refused)
    if call.warnings:
        payload["warning"] = ",".join(call.warnings)
        payload.setdefault("response_metadata", {})["warnings"] = call.warnings
    return Reply(200, wire.dump(payload), _headers(call, method))


def _refusal(refused: RefusedError) -> Json:
    return {"ok": False, "error": refused.code, **refused.extra}


def _headers(call: Call, method: Method) -> Headers:
    request_id = (b"x-slack-req-id", short_id(22).encode())
    token: Token | None = call.bearer
    scopes = call.scopes if token is not None else None
    if token is None or scopes is None:
        return (request_id,)
    accepted = accepted_scopes(method.facts, token.kind)
    return (
        request_id,
        (b"x-oauth-scopes", ",".join(sorted(scopes)).encode("latin-1", "replace")),
        (b"x-accepted-oauth-scopes", ",".join(accepted).encode()),
    )


async def _struck(fault: Fault, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as the fault wants, whatever the method had to say."""
    if fault.kind == "ratelimited":
        reply = _rate_limited(fault.retry_after)
    elif fault.kind == "status":
        reply = Reply(fault.status, b"upstream connect error")
    elif fault.kind == "error":
        reply = Reply(200, wire.dump({"ok": False, "error": fault.error}))
    elif fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    else:
        if fault.kind == "silence":
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(_gone(receive), fault.seconds)
        await break_off(scope, receive)
        return
    await wire.answer(send, reply.body, reply.status, reply.headers)


async def break_off(scope: Scope, receive: Receive) -> None:
    """Break the connection without an answer, and wait until the server knows."""
    scope["extensions"]["sandbox.connection"].abort()
    await _gone(receive)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
