"""The door of the Web API: from an HTTP request to a method and back."""

import asyncio
import contextlib
import time
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from sandbox import faults, traffic
from sandbox.api import rates, wire
from sandbox.api.arguments import Arguments, read_arguments, text
from sandbox.api.call import Call, accepted_scopes, needs_scope
from sandbox.api.errors import RefusedError
from sandbox.api.table import METHODS, Method
from sandbox.bench import Bench
from sandbox.faults import Fault
from sandbox.ids import short_id
from sandbox.state.model import App, Json, Workspace

Headers = tuple[tuple[bytes, bytes], ...]
# Methods whose scope depends on the kind of channel, which the handler looks at.
_BY_CHANNEL_KIND = {
    "conversations.list", "conversations.info", "conversations.members", "conversations.history",
    "conversations.replies", "conversations.open",
}  # fmt: skip
_NO_TOKEN = {"api.test", "blocks.validate"}


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
    name = scope["path"][len("/api/") :]
    body = await wire.read_body(receive)
    if body is None:
        await wire.answer(send, b'{"ok":false,"error":"request_too_large"}', 413)
        return
    method = METHODS.get(name)
    args, caller, refusal = await _understood(workspace, name, method, scope, body)
    channel = text(args, "channel") or text(args, "channel_id")
    fault = faults.strike(bench.faults, name, channel) if bench.faults else None
    if fault is None or fault.accepted or fault.kind == "slow":
        reply = refusal or _limited(bench, name, method, caller, channel)
        if reply is None:
            reply = _call(workspace, name, method, args, caller, scope)
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
        app_id=caller.id if caller else None,
        status=reply.status,
        request=body,
        answer=reply.body,
        note="" if fault is None else f"fault: {fault.kind}",
    )


async def _understood(
    workspace: Workspace, name: str, method: Method | None, scope: Scope, body: bytes
) -> tuple[Arguments, App | None, Reply | None]:
    """The arguments and the caller, or the refusal that stops the call here."""
    if method is None:
        return {}, None, Reply(200, wire.dump(_unknown(name)))
    kind = wire.header(scope, b"content-type")
    try:
        args = await read_arguments(scope["query_string"], kind, body, takes_json=method.takes_json)
    except RefusedError as refused:
        return {}, None, Reply(200, wire.dump(_refusal(refused)))
    token = wire.header(scope, b"authorization").removeprefix("Bearer ").strip()
    token = token or str(args.pop("token", ""))
    caller = workspace.tokens.get(token)
    code = None
    if caller is None and (token or name not in _NO_TOKEN):
        code = "invalid_auth" if token else "not_authed"
    elif caller is not None and token == caller.app_token and name != "auth.test":
        code = "not_allowed_token_type"
    refusal = None if code is None else Reply(200, wire.dump({"ok": False, "error": code}))
    return args, caller, refusal


def _unknown(name: str) -> Json:
    return {"ok": False, "error": "unknown_method", "req_method": name}


def _limited(
    bench: Bench, name: str, method: Method | None, caller: App | None, channel: str | None
) -> Reply | None:
    if caller is None or method is None:
        return None
    wait = rates.wait_seconds(bench.rates, caller.id, name, method.per_minute, channel)
    return _rate_limited(wait) if wait else None


def _rate_limited(wait: int) -> Reply:
    return Reply(429, b'{"ok":false,"error":"ratelimited"}', ((b"retry-after", b"%d" % wait),))


def _call(
    workspace: Workspace,
    name: str,
    method: Method | None,
    args: Arguments,
    caller: App | None,
    scope: Scope,
) -> Reply:
    if method is None:
        raise LookupError(name)
    accepted = accepted_scopes(method.facts)
    call = Call(workspace, name, args, method.facts, caller)
    if caller is not None and name == "auth.test":
        call.on_app_token = caller.app_token in wire.header(scope, b"authorization")
    try:
        if caller is not None and name not in _BY_CHANNEL_KIND:
            needs_scope(call, *accepted)
        answer = method.handler(call)
        payload: Json = {"ok": True, **answer}
    except RefusedError as refused:
        payload = _refusal(refused)
    return Reply(200, wire.dump(payload), _headers(caller, accepted))


def _refusal(refused: RefusedError) -> Json:
    return {"ok": False, "error": refused.code, **refused.extra}


def _headers(caller: App | None, accepted: list[str]) -> Headers:
    request_id = (b"x-slack-req-id", short_id(22).encode())
    if caller is None or caller.scopes is None:
        return (request_id,)
    return (
        request_id,
        (b"x-oauth-scopes", ",".join(sorted(caller.scopes)).encode()),
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
