"""Programs that run beside a benchmark: started, waited for, stopped by their own id."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
REDRESS = ("-c", "import cli; cli.main()")  # the installed command, without looking for it
PATIENCE = 180.0  # seconds for a program to begin answering


@contextmanager
def beside(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    log: Path | None = None,
    patience: float = 10.0,
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs Python with these words beside this process, its errors in `log`.

    Afterwards it is asked to stop, and killed where it has not after `patience` seconds.
    """
    with (log or Path(os.devnull)).open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.kill()


def answers(url: str, process: subprocess.Popen[bytes]) -> None:
    """Waits until a program beside this one answers.

    Raises RuntimeError where it ends before, TimeoutError where it never does.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the program behind {url} ended with {process.returncode}")
        try:
            httpx.get(url, trust_env=False, timeout=2)
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing answers at {url}")
