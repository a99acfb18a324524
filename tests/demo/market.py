"""The demo marketplace for tests: served in this process, its parties act when a test says so."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from demo.marketplace.desk import Desk
from demo.marketplace.money import Odds
from demo.marketplace.players import Players
from demo.marketplace.program import Config, program
from demo.marketplace.store import Store


@contextmanager
def marketplace(
    folder: Path, desk_url: str, key: str, *, seed: int = 7, config: Config | None = None
) -> Iterator[tuple[Players, str]]:
    """A marketplace on a free port: its players, who act on `step`, and its address."""
    store = Store(str(folder / "marketplace.db"), seed)
    desk = Desk(desk_url, key)
    players = Players(store, desk, pace=0.0)
    config = config or Config(odds=Odds(0.0, 0.0))
    with _served(program(players, config, alive=False)) as url:
        yield players, url
    desk.close()
    store.close()


@contextmanager
def _served(app: object) -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        options = uvicorn.Config(app, log_level="error", ws="none")  # type: ignore[arg-type]
        server = uvicorn.Server(options)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(10)
