"""What a running sandbox consists of: the workspace, the bench, and the way out to the apps."""

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import httpx

from sandbox import clock
from sandbox.apps.links import Links
from sandbox.bench import Bench
from sandbox.clock import Clock
from sandbox.keeping.store import Store
from sandbox.state.model import Workspace


@dataclass(slots=True)
class Background:
    """Work beside the requests, and waiting on the workspace's clock."""

    tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run `work` beside everything else, and keep hold of it until it ends."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def sleep(self, of: Clock, seconds: float) -> None:
        """Wait until the workspace's clock has gone on by `seconds`, by itself or by hand."""
        due = clock.now(of) + seconds
        while (left := due - clock.now(of)) > 0:
            patience = left if of.held_at is None else None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.moved.wait(), patience)

    def clock_moved(self) -> None:
        """Let those who wait on the clock look at it again."""
        self.moved.set()
        self.moved = asyncio.Event()

    async def stop(self) -> None:
        """Give up what is still under way."""
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def client() -> httpx.AsyncClient:
    """The connection pool to the apps: kept alive shortly, never through a proxy."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=200, keepalive_expiry=1.0)
    return httpx.AsyncClient(trust_env=False, limits=limits, timeout=6.0, follow_redirects=False)


@dataclass(slots=True)
class Running:
    """Handed to whatever serves a request."""

    workspace: Workspace
    bench: Bench
    http: httpx.AsyncClient = field(default_factory=client)
    links: Links = field(default_factory=Links)
    background: Background = field(default_factory=Background)
    scenes: dict[str, Any] = field(default_factory=dict)
    store: Store | None = None
    to_play: list[Any] = field(default_factory=list)
