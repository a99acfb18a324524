"""The marketplace's own HTTP: what the desk asks, instructs and tells."""

import contextlib
import hmac
import json
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.marketplace import money
from demo.marketplace.money import Conflict, Odds, Unknown
from demo.marketplace.parties import reactions
from demo.marketplace.players import Players

BODY_LIMIT = 1_000_000
_PAYMENT = {"order_number": str, "amount": int, "currency": str, "sources": list}
_NOTICE = {
    "id": str,
    "number": str,
    "external_id": str,
    "order_number": str,
    "turn": int,
    "asked": list,
    "finished": bool,
}
_RECEIPT: dict[str, type] = {
    "number": str,
    "external_id": str,
    "order_number": str,
    "opened_at": str,
}
_ORDER = {"currency": str, "paid": int, "merchant": str}


@dataclass(slots=True)
class Config:
    """How this marketplace behaves, from now on. `delay` is a report's, in units of the pace."""

    token: str = ""
    odds: Odds = field(default_factory=Odds)
    delay: float = 0.2


def program(players: Players, config: Config, *, alive: bool = True) -> Starlette:
    """The ASGI application; `alive` lets its parties live in a thread of their own."""
    store = players.store

    async def health(_request: Request) -> Response:
        return JSONResponse({"ok": True})

    async def read_order(request: Request) -> Response:
        row = await run_in_threadpool(store.order, request.path_params["number"])
        if row is None:
            return _no(404, "unknown order")
        return JSONResponse({**json.loads(row["told"]), "refunded": row["refunded"]})

    async def read_funds(request: Request) -> Response:
        row = await run_in_threadpool(store.order, request.path_params["number"])
        if row is None:
            return _no(404, "unknown order")
        purse = store.purse(row["merchant"], row["currency"])
        return JSONResponse(
            {"held": row["held"], "balance": purse["balance"], "deposit": purse["deposit"]}
        )

    async def teach_order(request: Request) -> Response:
        told = await _object(request, _ORDER)
        if isinstance(told, Response):
            return told
        merchant, held = told.pop("merchant"), told.pop("held", told["paid"])
        locale = told.pop("locale", "en")
        number = request.path_params["number"]
        await run_in_threadpool(store.teach, number, merchant, held, locale, told)
        return Response(status_code=204)

    async def pay(request: Request) -> Response:
        told = await _object(request, _PAYMENT)
        if isinstance(told, Response):
            return told
        reference, at = request.path_params["reference"], time.time() + config.delay * players.pace
        try:
            await run_in_threadpool(money.pay, store, reference, told, config.odds, at)
        except Unknown as error:
            return _no(422, f"unknown: {error}")
        except Conflict:
            return _no(409, "the reference stands for another payment")
        return JSONResponse({"reference": reference}, 202)

    async def notify(request: Request) -> Response:
        notice = await _object(request, _NOTICE)
        if isinstance(notice, Response):
            return notice
        row = await run_in_threadpool(store.order, notice["order_number"])
        acts = reactions(notice, store.seed, row["locale"] if row else "en")
        await run_in_threadpool(store.remember, notice, acts, time.time(), players.pace)
        return Response(status_code=204)

    async def receipt(request: Request) -> Response:
        told = await _object(request, _RECEIPT)
        if isinstance(told, Response):
            return told
        await run_in_threadpool(store.receive, told)
        return Response(status_code=204)

    async def open_dispute(_request: Request) -> Response:
        number = await run_in_threadpool(players.open_next)
        if number is None:
            return _no(503, "the desk is away")
        return JSONResponse({"number": number}, 201)

    routes = [
        Route("/health", health),
        Route("/orders/{number}", read_order),
        Route("/orders/{number}", teach_order, methods=["PUT"]),
        Route("/orders/{number}/funds", read_funds),
        Route("/payments/{reference}", pay, methods=["PUT"]),
        Route("/notices/{id}", notify, methods=["PUT"]),
        Route("/receipts/{number}", receipt, methods=["PUT"]),
        Route("/disputes", open_dispute, methods=["POST"]),
    ]
    app = Starlette(routes=routes, lifespan=_living(players) if alive else None)
    app.add_middleware(Doorkeeper, token=config.token)
    return app


class Doorkeeper:
    """Lets in who knows the token; health is everybody's."""

    def __init__(self, app: Any, token: str) -> None:
        self.app = app
        self.expected = f"Bearer {token}".encode() if token else b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Hands the request on, or answers 401."""
        if scope["type"] == "http" and scope["path"] != "/health" and self.expected:
            given = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(given, self.expected):
                await _no(401, "unknown token")(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _living(players: Players) -> Any:
    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=players.live, args=(stop,), daemon=True)
        thread.start()
        yield
        stop.set()
        await run_in_threadpool(thread.join, 10)

    return lifespan


async def _object(request: Request, shape: dict[str, type]) -> dict[str, Any] | Response:
    """The body as an object with at least these names, or the answer that says it is none."""
    if int(request.headers.get("content-length") or 0) > BODY_LIMIT:
        return _no(413, "too large")
    try:
        data = json.loads(await request.body())
    except (ValueError, RecursionError):
        return _no(400, "not JSON")
    if not isinstance(data, dict):
        return _no(422, "not an object")
    for name, kind in shape.items():
        if not isinstance(data.get(name), kind) or (kind is int and data[name] < 0):
            return _no(422, f"{name}: not a {kind.__name__}")
    return data


def _no(status: int, reason: str) -> JSONResponse:
    return JSONResponse({"error": reason}, status)
