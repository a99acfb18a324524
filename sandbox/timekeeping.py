"""What happens by itself when its moment has come: scheduled messages."""

import asyncio
import contextlib

from sandbox.api.scheduling import post_due
from sandbox.running import Running

LOOK_EVERY = 0.25  # seconds


async def keep_time(running: Running) -> None:
    """Look at the clock now and then, and at once whenever it was moved."""
    while True:
        post_due(running.workspace)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(running.background.moved.wait(), LOOK_EVERY)
