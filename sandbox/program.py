"""The sandbox's ASGI program: Slack's doors, the control API and the page on one port."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import starting
from sandbox import workspace as filling
from sandbox.api import file_bytes
from sandbox.api.entry import serve_call
from sandbox.api.rates import MODES, Rates
from sandbox.apps import events, socket_mode
from sandbox.apps.replies import serve_reply
from sandbox.apps.webhooks import serve_webhook
from sandbox.bench import Bench
from sandbox.control import acting
from sandbox.control import apps as app_routes
from sandbox.control import bench as bench_routes
from sandbox.control import scenes as scene_routes
from sandbox.control import traffic as traffic_routes
from sandbox.identity import consent, endpoints
from sandbox.keeping.store import Store, keep_on
from sandbox.page import live, serving
from sandbox.running import Running
from sandbox.state.model import Json
from sandbox.timekeeping import keep_time


def build(workspace: Json | str | Path | None, **options: Any) -> ASGIApp:
    """The program for one workspace; the options are those of `prepare`.

    Serve it with `sandbox.serve`: faults that break connections need the protocol set up there.
    """
    return program_of(prepare(workspace, **options))


def prepare(
    workspace: Json | str | Path | None,
    *,
    public_url: str = "http://127.0.0.1",
    app_url: str | None = None,
    rates: str = "all",
    manifests: Sequence[Path] = (),
    state: Path | None = None,
    scenes: Sequence[Path] = (),
) -> Running:
    """A workspace (a file's path, its JSON as a dict, or None for the example) ready to be served.

    `public_url` is where it will be reached, without a slash at the end; `app_url` the address of
    apps that name none; `rates` is ``off``, ``posts`` or ``all``; `manifests` are apps to install;
    `state` is the SQLite file that keeps everything: what it holds counts, and the workspace and
    manifests only where it is new; `scenes` are played once it serves. Raises BadWorkspaceError.
    """
    if rates not in MODES:
        raise ValueError(f"rates: one of {', '.join(MODES)}")
    source = starting.example(apps=not manifests) if workspace is None else workspace
    loaded = filling.load(source, app_url=app_url, public_url=public_url)
    store = None if state is None else Store(state)
    if store is None or not store.load(loaded):
        for path in manifests:
            starting.add_manifest(loaded, path, app_url)
    running = Running(loaded, Bench(Rates(rates)), store=store)
    loaded.feed.listeners.append(lambda change: events.hear(running, change))
    if store is not None:
        loaded.feed.listeners.append(store.hear)
    running.to_play = [starting.read_scene_file(path) for path in scenes]
    return running


def program_of(running: Running) -> ASGIApp:
    """The ASGI program of a prepared workspace."""
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

    async def webhook(request: Request) -> Response:
        return await serve_webhook(running.workspace, request)

    async def reply(request: Request) -> Response:
        return await serve_reply(running.workspace, request)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        running.background.start(keep_time(running))
        if running.store is not None:
            running.background.start(keep_on(running.store, running.workspace))
        for file in running.to_play:
            scene_routes.start(running, file)
        yield
        await running.background.stop()
        if running.store is not None:
            running.store.close(running.workspace)
        await running.http.aclose()

    return Starlette(
        routes=[
            Route("/actions/{team}/{key:path}", reply, methods=["POST"]),
            Route("/upload/v1/{key}", upload, methods=["POST", "PUT"]),
            Route("/files-pri/{file}/{name:path}", download, methods=["GET"]),
            Route("/sandbox/files/{file}", download, methods=["GET"]),
            Route("/services/{team}/{key:path}", webhook, methods=["POST"]),
            *consent.routes(running),
            *endpoints.routes(running),
            *acting.routes(running),
            *bench_routes.routes(running),
            *app_routes.routes(running),
            *scene_routes.routes(running),
            *traffic_routes.routes(running),
            live.route(running),
            socket_mode.route(running),
            *serving.routes(),
        ],
        lifespan=lifespan,
    )
