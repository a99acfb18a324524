"""Running the sandbox: in the foreground, or in a thread beside a test or a demo."""

import gc
import socket
import sys
import threading
from pathlib import Path
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox.program import build, prepare, program_of
from sandbox.starting import credentials
from sandbox.state.model import Json


class Connection(H11Protocol):
    """uvicorn's HTTP protocol, with the connection itself in reach of the faults that break it."""

    def connection_made(self, transport: Any) -> None:
        """Hand every request of this connection the means to break it off."""
        super().connection_made(transport)
        inner: ASGIApp = self.app

        async def with_connection(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})["sandbox.connection"] = transport
            await inner(scope, receive, send)

        self.app = with_connection


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    The protocol is named because asyncio only then turns Nagle's delay off: 40 ms an answer.
    """
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    sock.listen(2048)
    sock.setblocking(False)
    return sock


def server_for(app: ASGIApp) -> uvicorn.Server:
    """uvicorn as the sandbox needs it: quiet, on one port, with connections in reach of faults."""
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        lifespan="on",
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def run(workspace: Json | str | Path | None, host: str, port: int, **options: Any) -> None:
    """Serve in the foreground until interrupted; `options` are those of `prepare`.

    Messages are plain objects without cycles that live long: the collector is told to look at them
    rarely, or posting would slow down with every thousand of them.
    """
    gc.set_threshold(20_000, 50, 100)
    sock = listen(host, port)
    url = f"http://{host}:{sock.getsockname()[1]}"
    running = prepare(workspace, public_url=url, **options)
    sys.stdout.write(f"The sandbox is at {url}\n")
    if workspace is None:
        for app in running.workspace.apps.values():
            sys.stdout.writelines(f"{line}\n" for line in credentials(running.workspace, app))
    sys.stdout.flush()
    server_for(program_of(running)).run(sockets=[sock])


class Server:
    """A sandbox in a thread of this process, on a port of its own.

    ``with Server(workspace) as server: ...`` or `start` and `stop`; `url` is where it listens.
    `options` are those of `prepare`.
    """

    def __init__(
        self, workspace: Json | str | Path, host: str = "127.0.0.1", port: int = 0, **options: Any
    ) -> None:
        self._socket = listen(host, port)
        self.url = f"http://{host}:{self._socket.getsockname()[1]}"
        try:
            program = build(workspace, public_url=self.url, **options)
        except BaseException:
            self._socket.close()
            raise
        self._server = server_for(program)
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])

    def start(self) -> Self:
        """Start and return when requests are taken (the socket listens already)."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and wait for the thread to end."""
        self._server.should_exit = True
        self._thread.join(timeout=10)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
