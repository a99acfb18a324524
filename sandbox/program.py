"""The sandbox's ASGI program: Slack's doors, the control API and the page on one port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import workspace as filling
from sandbox.api import file_bytes
from sandbox.api.entry import serve_call
from sandbox.api.rates import MODES, Rates
from sandbox.apps import events, socket_mode
from sandbox.apps.replies import serve_reply
from sandbox.bench import Bench
from sandbox.control import acting, inspecting
from sandbox.control import apps as app_routes
from sandbox.control import bench as bench_routes
from sandbox.page import live, serving
from sandbox.running import Running
from sandbox.state.model import Json
from sandbox.timekeeping import keep_time


def build(
    workspace: Json | str | Path,
    *,
    public_url: str = "http://127.0.0.1",
    app_url: str | None = None,
    rates: str = "all",
) -> ASGIApp:
    """The program for one workspace (a file's path, or its JSON as a dict).

    `public_url` is where it will be reached, without a slash at the end; `app_url` the address of
    apps that name none; `rates` is ``off``, ``posts`` or ``all``. Raises BadWorkspaceError. Serve
    it with `sandbox.serve`: faults that break connections need the protocol set up there.
    """
    if rates not in MODES:
        raise ValueError(f"rates: one of {', '.join(MODES)}")
    loaded = filling.load(workspace, app_url=app_url, public_url=public_url)
    running = Running(loaded, Bench(Rates(rates)))
    loaded.feed.listeners.append(lambda change: events.hear(running, change))
    rest = _rest(running)

    async def program(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/"):
            await serve_call(running.workspace, running.bench, scope, receive, send)
        else:
            await rest(scope, receive, send)

    return program


def _rest(running: Running) -> Starlette:
    async def upload(request: Request) -> Response:
        return await file_bytes.receive_bytes(running.workspace, request)

    async def download(request: Request) -> Response:
        return await file_bytes.serve_bytes(running.workspace, request)

    async def reply(request: Request) -> Response:
        return await serve_reply(running.workspace, request)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        running.background.start(keep_time(running))
        yield
        await running.background.stop()
        await running.http.aclose()

    return Starlette(
        routes=[
            Route("/actions/{team}/{key:path}", reply, methods=["POST"]),
            Route("/upload/v1/{key}", upload, methods=["POST", "PUT"]),
            Route("/files-pri/{file}/{name:path}", download, methods=["GET"]),
            Route("/sandbox/files/{file}", download, methods=["GET"]),
            *acting.routes(running),
            *bench_routes.routes(running),
            *app_routes.routes(running),
            *inspecting.routes(running),
            live.route(running),
            socket_mode.route(running),
            *serving.routes(),
        ],
        lifespan=lifespan,
    )
