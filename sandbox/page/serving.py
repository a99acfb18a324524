"""Serving the page: its files, and headers that let nothing foreign run in it."""

from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

OWN = Path(str(files("sandbox.page").joinpath("static")))
BLOCKKIT = Path(str(files("blockkit").joinpath("static")))

# Scripts and styles from here only; pictures from here and from this machine, where apps under
# test serve theirs; nothing inline, and no text ever becomes markup (trusted types).
DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' http://127.0.0.1:* http://localhost:*",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "frame-ancestors": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "require-trusted-types-for": "'script'",
}
POLICY = "; ".join(f"{name} {sources}" for name, sources in DIRECTIVES.items())
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}


class Guarded:
    """Static files with the page's headers on every answer."""

    def __init__(self, directory: Path) -> None:
        self.files = StaticFiles(directory=directory)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one file."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        await self.files(scope, receive, with_headers)


async def page(_request: Request) -> Response:
    """The page; permalinks (``/archives/…``) show it too and find their message by themselves."""
    return FileResponse(OWN / "index.html", headers=HEADERS)


async def bench(_request: Request) -> Response:
    """The engineers' page: traffic, faults and clock."""
    return FileResponse(OWN / "bench.html", headers=HEADERS)


def routes() -> list[BaseRoute]:
    """The page's routes; no path of Slack's API is among them."""
    return [
        Route("/", page, methods=["GET"]),
        Route("/sandbox/bench", bench, methods=["GET"]),
        Route("/archives/{rest:path}", page, methods=["GET"]),
        Mount("/sandbox/static", Guarded(OWN)),
        Mount("/sandbox/blockkit", Guarded(BLOCKKIT)),
    ]
