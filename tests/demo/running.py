"""A running demonstration, started as a newcomer starts it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.serving import free_ports
from tests.waiting import eventually


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
        eventually(
            lambda: httpx.get(f"http://127.0.0.1:{first}/healthz", trust_env=False).is_success
        )
        yield first
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
