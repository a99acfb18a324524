"""WSGI programs served on a free port for as long as a test needs them."""

import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from threading import Event, Thread
from typing import Any

from waitress.server import create_server


class Door:
    """A WSGI program that can be put in place after its address is known."""

    def __init__(self) -> None:
        self.program: Any = None

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        """Hands the request to whatever stands behind the door now."""
        return self.program(environ, start)


@contextmanager
def served(program: Any, threads: int = 8) -> Iterator[str]:
    """Serves the program on 127.0.0.1; gives its address."""
    server = create_server(program, host="127.0.0.1", port=0, threads=threads)
    stop = Event()

    def run() -> None:
        # The loop's own thread closes the server: from another one it would pull sockets away.
        while not stop.is_set():
            server.asyncore.loop(timeout=0.05, map=server._map, count=1)
        server.task_dispatcher.shutdown()
        server.close()
        server.asyncore.close_all(map=server._map)  # connections that nobody has closed yet

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        stop.set()
        thread.join(10)


def free_ports(count: int = 1) -> int:
    """The first of so many neighbouring ports that are free; drawn, as others look for some too."""
    for _ in range(1_000):
        first = random.randrange(20_000, 32_000)  # below those that the system hands out
        with ExitStack() as stack:
            try:
                for port in range(first, first + count):
                    probe = stack.enter_context(closing(socket.socket()))
                    probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise AssertionError("no free ports")
