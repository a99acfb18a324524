"""A running demonstration, started as a newcomer starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.serving import free_ports


@contextmanager
def demonstration(data: Path, **settings: str) -> Iterator[int]:
    """`redress demo` on free ports; gives the first of them. Nothing stays behind."""
    first = free_ports(3)
    process = subprocess.Popen(
        [sys.executable, "-c", "from cli import main; main()", "demo"],
        env={**os.environ, "PORT": str(first), "DATA": str(data), **settings},
        cwd=Path(__file__).parents[2],
    )
    try:
        wait_for(lambda: httpx.get(f"http://127.0.0.1:{first}/healthz", trust_env=False).is_success)
        yield first
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def wait_for(what: Callable[[], object], seconds: float = 90) -> None:
    """Waits until something is true; connections that fail count as not yet."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if what():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError("it never came true")
